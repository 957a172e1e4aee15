"""Supervised training on drawn sequences: the base from random weights, the distilled model from the base."""

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch

from . import checkpoint
from .mixture import Mixture, Source
from .model import Llama, trace_log_probs
from .muon import Muon

_SAVE_EVERY_STEPS = 100
_LOG_EVERY_STEPS = 50


@dataclass(frozen=True)
class Schedule:
    """Constant learning rates, then linear decay to zero over the last `decay` of the steps."""

    steps: int
    batch: int = 64
    muon_lr: float = 0.02
    adam_lr: float = 4e-3
    decay: float = 0.5

    def factor(self, step: int) -> float:
        return min(1.0, (self.steps - step) / (self.decay * self.steps))


def train(model: Llama, source: Source, schedule: Schedule, *, seed: int, path: Path) -> Llama:
    """Train to the schedule's end; goes on from `path` when a checkpoint lies there."""
    matrices = [model.attention, model.gate_up, model.down]
    others = [p for p in model.parameters() if all(p is not m for m in matrices)]
    adam = torch.optim.AdamW(others, schedule.adam_lr, betas=(0.9, 0.95), weight_decay=0.0, fused=True)
    optimizers = [Muon(matrices, schedule.muon_lr), adam]
    rates = [schedule.muon_lr, schedule.adam_lr]
    step, log = 0, []
    saved = checkpoint.load(path)
    if saved:
        step, log = saved["step"], saved["log"]
        model.load_state_dict(saved["model"])
        for optimizer, state in zip(optimizers, saved["optimizers"]):
            optimizer.load_state_dict(state)
    started, losses = time.monotonic() - (log[-1]["seconds"] if log else 0.0), []
    while step < schedule.steps:
        # the generator is made from the step, so that a start in the middle draws the same batches
        rows = source.batch(np.random.default_rng([seed, step]), schedule.batch)
        loss = -trace_log_probs(model, torch.from_numpy(rows.astype(np.int64))).mean()
        loss.backward()
        for optimizer, rate in zip(optimizers, rates):
            optimizer.param_groups[0]["lr"] = rate * schedule.factor(step)
            optimizer.step()
            optimizer.zero_grad()
        step += 1
        losses.append(loss.item())
        if step % _LOG_EVERY_STEPS == 0 or step == schedule.steps:
            log.append({"step": step, "loss": float(np.mean(losses)), "seconds": time.monotonic() - started})
            print(path.stem, json.dumps(log[-1]), flush=True)
            losses = []
        if step % _SAVE_EVERY_STEPS == 0 or step == schedule.steps:
            checkpoint.save(path, step=step, model=model, optimizers=optimizers, log=log)
    return model


def describe(schedule: Schedule, mixture: Mixture, seed: int) -> dict[str, object]:
    """What a model card and the record of a run say of the training."""
    return {"schedule": asdict(schedule), "mixture": asdict(mixture), "seed": seed}
