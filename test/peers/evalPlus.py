"""pass@k as EvalPlus reports it: its own function on lists of (n, c) and a k, averaged over the problems."""
import json
import sys

import numpy as np
from evalplus.eval import estimate_pass_at_k

asked = json.load(sys.stdin)
counts = asked["counts"]
totals, correct = np.array([n for n, _ in counts]), np.array([c for _, c in counts])
json.dump([float(estimate_pass_at_k(totals, correct, k).mean()) for k in asked["ks"]], sys.stdout)
