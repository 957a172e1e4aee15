"""GRPO (Shao et al., 2024) from the base with the strict 0/1 reward: no KL term, no entropy term.

One update a batch, so the ratio to the sampling policy is 1 and its clip never binds: the gradient is that of
advantage * log-probability. A group whose rewards are all equal has no advantage and is left out of the update.
"""

import json
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from . import checkpoint
from . import vocabulary as v
from .countdown import Problem, draw, prompt_ids
from .model import Llama, trace_log_probs
from .sampler import sample
from .verdict import strict

_SAVE_EVERY_STEPS = 10


@dataclass(frozen=True)
class Settings:
    """Steps at which a checkpoint is shipped, the batch and the optimiser's settings."""

    shipped: tuple[int, ...]
    problems: int = 16
    group: int = 16
    lr: float = 2e-4
    betas: tuple[float, float] = (0.9, 0.98)
    largest_norm: float = 1.0


def shipped_path(folder: Path, step: int) -> Path:
    """Where the checkpoint of a shipped step lies."""
    return folder / f"rl-{step}.pt"


def train(model: Llama, problems: list[Problem], settings: Settings, *, seed: int, folder: Path) -> None:
    """Train to the last shipped step; goes on from `grpo.pt` when it lies in the folder."""
    optimizer = torch.optim.Adam(model.parameters(), settings.lr, betas=settings.betas, fused=True)
    step, log = 0, []
    saved = checkpoint.load(folder / "grpo.pt")
    if saved:
        step, log = saved["step"], saved["log"]
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizers"][0])
    started = time.monotonic() - (log[-1]["seconds"] if log else 0.0)
    while step < settings.shipped[-1]:
        figures = _update(model, optimizer, problems, settings, [seed, step])
        step += 1
        log.append({"step": step, **figures, "seconds": time.monotonic() - started})
        print("grpo", json.dumps(log[-1]), flush=True)
        paths = [shipped_path(folder, step)] if step in settings.shipped else []
        if paths or step % _SAVE_EVERY_STEPS == 0:
            paths.append(folder / "grpo.pt")
        for path in paths:
            checkpoint.save(path, step=step, model=model, optimizers=[optimizer], log=log)


def _update(
    model: Llama, optimizer: torch.optim.Optimizer, problems: list[Problem], settings: Settings, seeds: list[int]
) -> dict[str, float]:
    seed = int(np.random.SeedSequence(seeds).generate_state(1)[0])
    chosen = draw(problems, settings.problems, seed)
    traces = sample(model, chosen, settings.group, generator=torch.Generator().manual_seed(seed))
    asked = [problem for problem in chosen for _ in range(settings.group)]
    judged = [float(strict(trace, *problem)) for trace, problem in zip(traces.tolist(), asked)]
    reward = torch.tensor(judged).view(settings.problems, settings.group)
    spread = reward.std(1, keepdim=True)
    advantage = ((reward - reward.mean(1, keepdim=True)) / (spread + 1e-6)).flatten()
    at = advantage.nonzero().squeeze(1)
    figures = {"reward": reward.mean().item(), "mixed": (spread > 0).float().mean().item()}
    if len(at) == 0:
        return figures
    prompts = torch.tensor([prompt_ids(*asked[i]) for i in at.tolist()])
    log_probs = trace_log_probs(model, torch.cat((prompts, traces[at]), dim=1))
    written = (traces[at] != v.PAD).float()
    loss = -(advantage[at, None] * log_probs * written).sum() / (traces != v.PAD).sum()
    loss.backward()
    norm = torch.nn.utils.clip_grad_norm_(model.parameters(), settings.largest_norm)
    optimizer.step()
    optimizer.zero_grad()
    nats = -(log_probs.detach() * written).sum(1).mean().item()
    return {**figures, "nats": nats, "norm": norm.item()}
