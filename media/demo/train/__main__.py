"""`python -m train STAGE`, in media/demo; `all` runs every stage in order. A killed stage goes on where it was."""

import argparse
import json
from pathlib import Path
from typing import Callable

import torch

from . import checkpoint, dataset, grpo, report
from .cards import cards
from .countdown import Problem, draw, split
from .mixture import BASE, DISTILLED, Source
from .model import Llama, Shape
from .sft import Schedule, train

SEEDS: dict[str, int] = json.loads((Path(__file__).parent / "seeds.json").read_text())
BASE_SCHEDULE = Schedule(steps=3600)
DISTILLED_SCHEDULE = Schedule(steps=2000)
GRPO = grpo.Settings(shipped=(40, 120, 270, 450))
ROOT = Path(__file__).parent.parent
CARDS = cards(BASE_SCHEDULE, DISTILLED_SCHEDULE, GRPO)


def held_out() -> list[Problem]:
    """The problems that are shipped."""
    return draw(split(SEEDS["split"]).test, dataset.COUNT, SEEDS["testDraw"])


def run_problems(work: Path) -> None:
    """Write the held-out problems."""
    dataset.write(ROOT / "countdown.jsonl", held_out())


def run_base(work: Path) -> None:
    """Supervised steps on the mixture, from random weights."""
    source = Source(split(SEEDS["split"]).train, BASE)
    train(Llama(Shape(), seed=SEEDS["base"]), source, BASE_SCHEDULE, seed=SEEDS["base"], path=work / "base.pt")


def run_distilled(work: Path) -> None:
    """Supervised steps on the exact solver's correct paths, division included, from the base."""
    source = Source(split(SEEDS["split"]).train, DISTILLED)
    model = checkpoint.load_model(work / "base.pt")
    train(model, source, DISTILLED_SCHEDULE, seed=SEEDS["distilled"], path=work / "distilled.pt")


def run_grpo(work: Path) -> None:
    """GRPO from the base."""
    model = checkpoint.load_model(work / "base.pt")
    grpo.train(model, split(SEEDS["split"]).train, GRPO, seed=SEEDS["grpo"], folder=work)


def run_export(work: Path) -> None:
    """Write the folders, `hashes.json` and `learning.json`."""
    report.export(work, ROOT, CARDS)


def run_figures(work: Path) -> None:
    """Write `figures.json` from the shipped folders."""
    report.figures(ROOT, work, list(CARDS), SEEDS["evaluation"])


def run_check(work: Path) -> None:
    """Hold what is shipped against the split, the stated hashes and the stated figures; needs no checkpoint."""
    trained = {cards for cards, _ in split(SEEDS["split"]).train}
    shipped = dataset.read(ROOT / "countdown.jsonl")
    if shipped != held_out() or any(cards in trained for cards, _ in shipped):
        raise SystemExit("countdown.jsonl is not the draw of held-out problems")
    report.check(ROOT, list(CARDS), SEEDS["check"])


STAGES: dict[str, Callable[[Path], None]] = {
    "problems": run_problems,
    "base": run_base,
    "distilled": run_distilled,
    "grpo": run_grpo,
    "export": run_export,
    "figures": run_figures,
    "check": run_check,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m train", description=__doc__)
    parser.add_argument("stage", choices=[*STAGES, "all"])
    parser.add_argument("--work", type=Path, default=Path("train/work"), help="folder of checkpoints")
    parser.add_argument("--threads", type=int, default=1, help="torch threads (one is fastest on a shared machine)")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    for name, stage in STAGES.items():
        if options.stage in (name, "all"):
            stage(options.work)


main()
