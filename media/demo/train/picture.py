"""`learning.svg`: the supervised losses, the GRPO reward and the pass@k curves, drawn without a plotting library."""

from html import escape
from math import ceil, log2
from pathlib import Path
from typing import Any

_COLOURS = ("#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#111111")
_WIDTH, _HEIGHT, _LEFT, _TOP, _RIGHT, _BOTTOM = 420, 300, 48, 30, 12, 40

Points = list[tuple[float, float]]


def smoothed(points: Points, window: int) -> Points:
    """Means over windows, at their last x."""
    ends = range(window, len(points) + 1, window)
    return [(points[end - 1][0], sum(y for _, y in points[end - window : end]) / window) for end in ends]


def write(path: Path, learning: dict[str, list[dict[str, Any]]], figures: dict[str, Any]) -> None:
    """Three panels side by side."""
    losses = {
        name: [(row["step"], row["loss"]) for row in learning[name] if row["loss"] < 0.35]
        for name in ("base", "distilled")
    }
    reward = {"GRPO": smoothed([(row["step"], row["reward"]) for row in learning["grpo"]], 10)}
    curves = {
        name: [(log2(int(k)), value) for k, value in model["passAtK"].items()]
        for name, model in figures["models"].items()
    }
    panels = [
        _panel("Supervised loss (nats per token)", "step", losses),
        _panel("Mean strict reward, means of 10 steps", "GRPO step", reward),
        _panel("Strict pass@k, held-out problems, T=1", "k", curves, ticks=[(i, str(2**i)) for i in range(9)]),
    ]
    inner = "".join(f'<g transform="translate({at * _WIDTH} 0)">{panel}</g>' for at, panel in enumerate(panels))
    size = f'width="{3 * _WIDTH}" height="{_HEIGHT}" viewBox="0 0 {3 * _WIDTH} {_HEIGHT}"'
    font = 'font-family="sans-serif" font-size="11"'
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {font}>'
        f'<rect width="100%" height="100%" fill="#fff"/>{inner}</svg>\n',
        encoding="utf-8",
    )


def _panel(title: str, x_name: str, series: dict[str, Points], ticks: list[tuple[float, str]] | None = None) -> str:
    xs = [x for points in series.values() for x, _ in points]
    ys = [y for points in series.values() for _, y in points]
    low_x, high_x = (0, max(xs))
    low_y, high_y = 0.0, ceil(max(ys) * 20) / 20

    def x_of(x: float) -> float:
        return _LEFT + (x - low_x) / (high_x - low_x) * (_WIDTH - _LEFT - _RIGHT)

    def y_of(y: float) -> float:
        return _TOP + (high_y - y) / (high_y - low_y) * (_HEIGHT - _TOP - _BOTTOM)

    parts = [f'<text x="{_LEFT}" y="18" font-weight="bold">{escape(title)}</text>']
    for i in range(5):
        y = low_y + i / 4 * (high_y - low_y)
        parts.append(f'<path d="M{_LEFT} {y_of(y):.1f}H{_WIDTH - _RIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{_LEFT - 4}" y="{y_of(y) + 4:.1f}" text-anchor="end">{y:.2f}</text>')
    for x, label in ticks or [(high_x * i / 4, f"{high_x * i / 4:.0f}") for i in range(5)]:
        parts.append(f'<text x="{x_of(x):.1f}" y="{_HEIGHT - 24}" text-anchor="middle">{label}</text>')
    parts.append(f'<text x="{_WIDTH / 2}" y="{_HEIGHT - 8}" text-anchor="middle">{escape(x_name)}</text>')
    for at, (name, points) in enumerate(series.items()):
        colour = _COLOURS[at % len(_COLOURS)]
        line = " ".join(f"{x_of(x):.1f},{y_of(y):.1f}" for x, y in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.6"/>')
        place = f'x="{_WIDTH - _RIGHT - 6}" y="{_HEIGHT - _BOTTOM - 8 - 14 * (len(series) - 1 - at)}" text-anchor="end"'
        parts.append(f'<text {place} fill="{colour}">{escape(name)}</text>')
    return "".join(parts)
