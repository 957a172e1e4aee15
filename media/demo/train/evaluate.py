"""Figures of the models on the test draw: pass@k, paired differences to the base, perplexities, entropy."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from . import vocabulary as v
from .countdown import Problem, prompt_ids
from .model import Llama, trace_log_probs
from .sampler import sample
from .verdict import answer_only, strict

KS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
RESAMPLES = 10_000
_PROBLEMS_AT_ONCE = 4


@dataclass(frozen=True)
class Sampled:
    """Traces (problems, samples, tokens) with both verdicts (problems, samples)."""

    traces: Tensor
    strict: np.ndarray
    answer_only: np.ndarray


def sampled(model: Llama, problems: list[Problem], count: int, *, seed: int, temperature: float = 1.0) -> Sampled:
    """`count` judged samples of each problem."""
    generator = torch.Generator().manual_seed(seed)
    parts = [
        sample(model, problems[at : at + _PROBLEMS_AT_ONCE], count, generator=generator, temperature=temperature)
        for at in range(0, len(problems), _PROBLEMS_AT_ONCE)
    ]
    traces = torch.cat(parts).view(len(problems), count, -1)
    rows = traces.tolist()
    return Sampled(
        traces,
        np.array([[strict(t, *p) for t in group] for p, group in zip(problems, rows)]),
        np.array([[answer_only(t, p[1]) for t in group] for p, group in zip(problems, rows)]),
    )


def pass_at_k(correct: np.ndarray, k: int) -> np.ndarray:
    """Unbiased pass@k of each problem, verdicts (problems, n): 1 - C(n - c, k) / C(n, k) (Chen et al., 2021, eq. 1)."""
    n, c = correct.shape[1], correct.sum(1)
    return np.array([1.0 if n - ci < k else 1.0 - np.prod(1.0 - k / np.arange(n - ci + 1, n + 1)) for ci in c])


def curve(correct: np.ndarray) -> dict[int, float]:
    """Mean pass@k over the problems."""
    return {k: float(pass_at_k(correct, k).mean()) for k in KS if k <= correct.shape[1]}


def differences(base: np.ndarray, other: np.ndarray, seed: int) -> dict[int, list[float]]:
    """pass@k of other less base with its 95 % interval: paired bootstrap over problems, percentiles."""
    rng = np.random.default_rng(seed)
    chosen = rng.integers(len(base), size=(RESAMPLES, len(base)))
    result: dict[int, list[float]] = {}
    for k in KS:
        if k <= base.shape[1]:
            each = pass_at_k(other, k) - pass_at_k(base, k)
            low, high = np.quantile(each[chosen].mean(1), (0.025, 0.975))
            result[k] = [float(each.mean()), float(low), float(high)]
    return result


@torch.no_grad()
def trace_nats(model: Llama, problems: list[Problem], traces: Tensor) -> tuple[np.ndarray, np.ndarray]:
    """-log p(trace | prompt) in nats and token counts, each (problems, samples); the end token counts."""
    nats, tokens = [], []
    for problem, group in zip(problems, traces):
        prompt = torch.tensor([prompt_ids(*problem)]).expand(len(group), -1)
        written = group != v.PAD
        log_probs = trace_log_probs(model, torch.cat((prompt, group), dim=1))
        nats.append(-(log_probs * written).sum(1).double().numpy())
        tokens.append(written.sum(1).numpy())
    return np.array(nats), np.array(tokens)


def perplexities(base: Llama, problems: list[Problem], s: Sampled, most: int = 64) -> dict[str, Any]:
    """Perplexity per token and nats per trace under the base, of the first `most` samples and of the correct ones."""
    nats, tokens = trace_nats(base, problems, s.traces[:, :most])
    right = s.strict[:, :most]
    return {
        "perplexity": float(np.exp(nats.sum() / tokens.sum())),
        "perplexityCorrect": float(np.exp(nats[right].sum() / tokens[right].sum())),
        "nats": float(nats.mean()),
        "natsCorrect": float(nats[right].mean()),
    }


def entropy_nats(model: Llama, problems: list[Problem], s: Sampled, most: int = 64) -> float:
    """Sequence entropy at T=1, the mean of -log p over the model's own samples."""
    return float(trace_nats(model, problems, s.traces[:, :most])[0].mean())


def two_by_two(base: np.ndarray, other: np.ndarray) -> list[int]:
    """Problems solved at least once by both, the base only, the other only, neither."""
    b, o = base.any(1), other.any(1)
    return [int((b & o).sum()), int((b & ~o).sum()), int((~b & o).sum()), int((~b & ~o).sum())]
