"""pass@k of Chen et al. 2021 (their numerically stable product) and the percentile bootstrap over problems, with numpy."""
import json
import sys

import numpy as np


def pass_at_k(n, c, k):
    return 1.0 if n - c < k else 1.0 - np.prod(1.0 - k / np.arange(n - c + 1, n + 1))


def curve(counts, ks, draws, seed):
    rates = np.array([[pass_at_k(n, c, k) for k in ks] for n, c in counts])
    random = np.random.default_rng(seed)
    picks = random.integers(0, len(counts), size=(draws, len(counts)))
    means = np.stack([rates[pick].mean(axis=0) for pick in picks])
    low, high = np.percentile(means, [2.5, 97.5], axis=0)
    return [{"k": k, "passAtK": a, "low": b, "high": c} for k, a, b, c in zip(ks, rates.mean(axis=0), low, high)]


asked = json.load(sys.stdin)
json.dump([curve(run["counts"], run["ks"], asked["draws"], 7) for run in asked["runs"]], sys.stdout)
