"""Checkpoints that survive a kill: written beside the old one, then renamed."""

import os
from pathlib import Path
from typing import Any

import torch
from torch.optim import Optimizer

from .model import Llama, Shape


def save(path: Path, *, step: int, model: Llama, optimizers: list[Optimizer], log: list[dict[str, Any]]) -> None:
    """Write everything that a later start needs to go on from `step`."""
    state = {
        "step": step,
        "model": model.state_dict(),
        "optimizers": [o.state_dict() for o in optimizers],
        "log": log,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".new")
    torch.save(state, temporary)
    os.replace(temporary, path)


def load(path: Path) -> dict[str, Any] | None:
    """The checkpoint, or None where there is none."""
    return torch.load(path, weights_only=True) if path.exists() else None


def load_model(path: Path) -> Llama:
    """The model alone; FileNotFoundError where the stage before has not been run."""
    state = load(path)
    if state is None:
        raise FileNotFoundError(f"{path}: run the stage that writes it first")
    model = Llama(Shape())
    model.load_state_dict(state["model"])
    return model
