"""Traces for the tests: sampled from the shipped models, with transformers' log-probs: `python -m train.reference FILE`."""

import argparse
import json
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM

from . import dataset
from . import vocabulary as v
from .countdown import prompt_ids
from .export import load_folder
from .sampler import sample
from .verdict import strict

ROOT = Path(__file__).parent.parent
PROBLEMS = 17
SAMPLES = 2


@torch.no_grad()
def lines(name: str, seed: int) -> list[str]:
    """One JSON object a trace of a model: the problem's place, token ids, text, log-probs, strict verdict."""
    torch.set_num_threads(1)
    problems = dataset.read(ROOT / "countdown.jsonl")[:PROBLEMS]
    generator = torch.Generator().manual_seed(seed)
    traces = sample(load_folder(ROOT / name), problems, SAMPLES, generator=generator)
    reference = AutoModelForCausalLM.from_pretrained(ROOT / name, dtype=torch.float32).eval()
    result = []
    for row, trace in enumerate(traces.tolist()):
        at = row // SAMPLES
        ids = prompt_ids(*problems[at]) + [i for i in trace if i != v.PAD]
        log_probs = reference(torch.tensor([ids])).logits[0, :-1].log_softmax(-1)
        chosen = log_probs.gather(-1, torch.tensor(ids[1:])[:, None])[v.PROMPT_TOKENS - 1 :, 0]
        line = {
            "model": name,
            "problem": at,
            "ids": ids,
            "text": v.decode(ids),
            "logProbs": [round(p, 6) for p in chosen.tolist()],
            "strict": strict(trace, *problems[at]),
        }
        result.append(json.dumps(line))
    return result


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m train.reference", description=__doc__)
    parser.add_argument("file", type=Path)
    names = list(json.loads((ROOT / "hashes.json").read_text()))
    text = "\n".join(line for at, name in enumerate(names) for line in lines(name, at))
    parser.parse_args().file.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
