"""The tables of README.md, from `figures.json` and `hashes.json`."""

from typing import Any

from .evaluate import KS


def tables(figures: dict[str, Any], hashes: dict[str, str]) -> str:
    """Markdown: pass@k, differences to the base, who solves what, likelihoods, hashes."""
    models: dict[str, dict[str, Any]] = figures["models"]
    heads = [str(k) for k in KS]
    parts = [
        _table(["strict pass@k", *heads], [[n, *(f"{m['passAtK'][k]:.3f}" for k in heads)] for n, m in models.items()]),
        _table(
            ["answer-only pass@k", *heads],
            [[n, *(f"{m['answerOnlyPassAtK'][k]:.3f}" for k in heads)] for n, m in models.items()],
        ),
        _table(
            ["less the base, strict", "k=1", "k=8", "k=64", "k=256", "both / base only / other only / neither"],
            [
                [
                    name,
                    *(_interval(m["lessBase"][k]) for k in ("1", "8", "64", "256")),
                    " / ".join(map(str, m["solvedBothBaseOtherNone"])),
                ]
                for name, m in models.items()
                if name != "base"
            ],
        ),
        _table(
            [
                "under the base",
                "PPL per token",
                "PPL, correct traces",
                "nats per trace",
                "nats, correct traces",
                "own entropy, nats per trace",
            ],
            [
                [
                    name,
                    f"{m['underBase']['perplexity']:.3f}",
                    f"{m['underBase']['perplexityCorrect']:.3f}",
                    f"{m['underBase']['nats']:.2f}",
                    f"{m['underBase']['natsCorrect']:.2f}",
                    f"{m['entropyNats']:.2f}",
                ]
                for name, m in models.items()
            ],
        ),
        _table(["model", "sha256 of model.safetensors"], [[name, f"`{h}`"] for name, h in hashes.items()]),
    ]
    return "\n".join(parts)


def _interval(values: list[float]) -> str:
    mean, low, high = values
    return f"{mean:+.3f} [{low:+.3f}, {high:+.3f}]"


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] + ["--:"] * (len(head) - 1), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
