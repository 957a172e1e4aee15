"""Batched sampling with a key-value cache. All prompts have 9 tokens, so that rows stay in step."""

import torch
from torch import Tensor

from . import vocabulary as v
from .countdown import Problem, prompt_ids
from .model import KeyValues, Llama


@torch.no_grad()
def sample(
    model: Llama,
    problems: list[Problem],
    count: int,
    *,
    generator: torch.Generator,
    temperature: float = 1.0,
    limit: int = v.TRACE_TOKENS,
) -> Tensor:
    """`count` traces a problem: (problems * count, limit) token ids, a problem's side by side, padded after the end."""
    prompts = torch.tensor([prompt_ids(*problem) for problem in problems])
    cache = KeyValues(model.shape, len(problems), v.PROMPT_TOKENS + limit)
    logits = model(prompts, cache, skip=v.PROMPT_TOKENS - 1)[:, -1].repeat_interleave(count, dim=0)
    cache.repeat(count)
    traces = torch.full((len(problems) * count, limit), v.PAD)
    open_ = torch.ones(len(traces), dtype=torch.bool)
    for at in range(limit):
        weights = (logits / temperature).softmax(-1)
        # the smallest of independent exponentials with these rates falls on a token with its probability
        chosen = (torch.empty_like(weights).exponential_(generator=generator) / weights).argmin(-1)
        traces[:, at] = torch.where(open_, chosen, v.PAD)
        open_ &= chosen != v.END
        if at + 1 == limit or not open_.any():
            break
        logits = model(chosen[:, None], cache)[:, -1]
    return traces
