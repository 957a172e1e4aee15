"""`python -m train STAGE`, in media/demo: base, distilled, grpo, evaluate, export, or all of them in order."""

import argparse
import json
from pathlib import Path

import torch

from . import checkpoint
from .countdown import split
from .mixture import BASE, DISTILLED, Source
from .model import Llama, Shape
from .sft import Schedule, train

SEEDS: dict[str, int] = json.loads((Path(__file__).parent / "seeds.json").read_text())
BASE_SCHEDULE = Schedule(steps=6000)


def base(work: Path) -> None:
    """The mixture, from random weights."""
    source = Source(split(SEEDS["split"]).train, BASE)
    train(Llama(Shape(), seed=SEEDS["base"]), source, BASE_SCHEDULE, seed=SEEDS["base"], path=work / "base.pt")


STAGES = {"base": base}


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
