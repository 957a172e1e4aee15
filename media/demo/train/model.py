"""The Llama architecture, lean enough to train on one CPU thread; numerically transformers' LlamaForCausalLM."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from . import vocabulary as v


@dataclass(frozen=True)
class Shape:
    """Sizes of the network."""

    vocabulary: int = len(v.TOKENS)
    width: int = 128
    layers: int = 4
    heads: int = 4
    inner: int = 352
    positions: int = 64
    rope_theta: float = 10000.0
    norm_eps: float = 1e-5

    @property
    def head(self) -> int:
        return self.width // self.heads


class KeyValues:
    """Keys and values (layers, rows, heads, positions, head) of the positions read so far."""

    def __init__(self, shape: Shape, rows: int, positions: int) -> None:
        size = (shape.layers, rows, shape.heads, positions, shape.head)
        self.keys = torch.empty(size)
        self.values = torch.empty(size)
        self.length = 0

    def repeat(self, times: int) -> None:
        """Give each row `times` copies side by side."""
        self.keys = self.keys.repeat_interleave(times, dim=1)
        self.values = self.values.repeat_interleave(times, dim=1)


class Llama(nn.Module):
    """Weights of like shape lie stacked, so that the optimiser treats them in one batch.

    attention (layers, 4, width, width): q, k, v, o; gate_up (layers, 2, inner, width); down (layers, width, inner).
    """

    cos: Tensor
    sin: Tensor

    def __init__(self, shape: Shape = Shape(), seed: int = 0) -> None:
        super().__init__()
        self.shape = shape
        s, g = shape, torch.Generator().manual_seed(seed)

        def normal(*size: int, std: float) -> nn.Parameter:
            return nn.Parameter(torch.randn(*size, generator=g) * std)

        self.embedding = normal(s.vocabulary, s.width, std=0.2)
        self.attention = normal(s.layers, 4, s.width, s.width, std=s.width**-0.5)
        self.gate_up = normal(s.layers, 2, s.inner, s.width, std=s.width**-0.5)
        self.down = nn.Parameter(torch.zeros(s.layers, s.width, s.inner))
        self.norms = nn.Parameter(torch.ones(s.layers, 2, s.width))
        self.last_norm = nn.Parameter(torch.ones(s.width))
        self.output = nn.Parameter(torch.zeros(s.vocabulary, s.width))
        with torch.no_grad():
            self.attention[:, 3].zero_()
        cos, sin = _rotations(shape)
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)

    def forward(self, ids: Tensor, cache: KeyValues | None = None, *, skip: int = 0) -> Tensor:
        """Logits (rows, positions - skip, vocabulary) of ids (rows, positions), after what the cache holds."""
        s = self.shape
        rows, count = ids.shape
        start = cache.length if cache else 0
        cos, sin = self.cos[start : start + count], self.sin[start : start + count]
        x = F.embedding(ids, self.embedding)
        layers = zip(self.attention.unbind(), self.gate_up.unbind(), self.down.unbind(), self.norms.unbind())
        for at, (attention, gate_up, down, norms) in enumerate(layers):
            h = F.rms_norm(x, (s.width,), norms[0], s.norm_eps)
            qkv = F.linear(h, attention[:3].reshape(3 * s.width, s.width)).view(rows, count, 3, s.heads, s.head)
            q, k, value = qkv.permute(2, 0, 3, 1, 4).unbind()
            q, k = _rotate(q, cos, sin), _rotate(k, cos, sin)
            if cache:
                cache.keys[at, :, :, start : start + count] = k
                cache.values[at, :, :, start : start + count] = value
                k, value = cache.keys[at, :, :, : start + count], cache.values[at, :, :, : start + count]
            mixed = F.scaled_dot_product_attention(q, k, value, is_causal=count > 1)
            x = x + F.linear(mixed.transpose(1, 2).reshape(rows, count, s.width), attention[3])
            h = F.rms_norm(x, (s.width,), norms[1], s.norm_eps)
            gate, up = F.linear(h, gate_up.reshape(2 * s.inner, s.width)).chunk(2, dim=-1)
            x = x + F.linear(F.silu(gate) * up, down)
        if cache:
            cache.length += count
        return F.linear(F.rms_norm(x[:, skip:], (s.width,), self.last_norm, s.norm_eps), self.output)


def trace_log_probs(model: Llama, rows: Tensor) -> Tensor:
    """Log-probs of all tokens after the prompt at T=1: (rows, trace tokens)."""
    logits = model(rows[:, :-1], skip=v.PROMPT_TOKENS - 1)
    return logits.log_softmax(-1).gather(-1, rows[:, v.PROMPT_TOKENS :, None]).squeeze(-1)


def _rotations(shape: Shape) -> tuple[Tensor, Tensor]:
    frequency = shape.rope_theta ** (-torch.arange(0, shape.head, 2, dtype=torch.float32) / shape.head)
    angle = torch.outer(torch.arange(shape.positions, dtype=torch.float32), frequency)
    angle = torch.cat((angle, angle), dim=-1)
    return angle.cos(), angle.sin()


def _rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    low, high = x.chunk(2, dim=-1)
    return x * cos + torch.cat((-high, low), dim=-1) * sin
