"""The held-out problems that are shipped: drawn once, with a seed fixed in seeds.json before any training."""

import json
from pathlib import Path

from . import vocabulary as v
from .countdown import Problem, prompt_ids

COUNT = 150


def write(path: Path, problems: list[Problem]) -> None:
    """One JSON object a line: id, numbers, target, prompt, answer."""
    lines = []
    for at, (cards, target) in enumerate(problems, start=1):
        row = {
            "id": f"countdown-{at:03d}",
            "numbers": list(cards),
            "target": target,
            "prompt": v.decode(prompt_ids(cards, target)),
            "answer": str(target),
        }
        lines.append(json.dumps(row) + "\n")
    path.write_text("".join(lines), encoding="utf-8")


def read(path: Path) -> list[Problem]:
    """The problems of a file that `write` wrote."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [(tuple(row["numbers"]), row["target"]) for row in rows]
