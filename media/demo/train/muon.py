"""Muon: momentum whose matrices are made orthogonal by Newton-Schulz (Jordan et al., 2024)."""

from typing import Iterable

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

_COEFFICIENTS = (3.4445, -4.7750, 2.0315)


def orthogonal(gradient: Tensor, steps: int = 5) -> Tensor:
    """Nearest semi-orthogonal matrices, roughly, of a batch (count, rows, columns)."""
    a, b, c = _COEFFICIENTS
    tall = gradient.size(-2) > gradient.size(-1)
    x = gradient.mT if tall else gradient
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(steps):
        square = x @ x.mT
        x = a * x + (b * square + c * square @ square) @ x
    return x.mT if tall else x


class Muon(Optimizer):
    """For stacks of matrices (..., rows, columns), each treated alone."""

    def __init__(self, stacks: Iterable[nn.Parameter], lr: float, momentum: float = 0.95) -> None:
        super().__init__(stacks, {"lr": lr, "momentum": momentum})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]  # no closures here
        for group in self.param_groups:
            for p in group["params"]:
                state = self.state[p]
                if not state:
                    state["momentum"] = torch.zeros_like(p)
                average = state["momentum"].lerp_(p.grad, 1 - group["momentum"])
                update = p.grad.lerp(average, group["momentum"])
                update = orthogonal(update.reshape(-1, *p.shape[-2:])).view_as(p)
                p.add_(update, alpha=-group["lr"] * max(1.0, p.size(-2) / p.size(-1)) ** 0.5)
