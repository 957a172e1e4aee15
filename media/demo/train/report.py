"""What is shipped: folders with cards and hashes, and the figures of the test draw."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import torch

from . import checkpoint, dataset, evaluate, picture
from .export import load_folder, save_folder
from .tables import tables

SAMPLES = 256


def export(work: Path, root: Path, cards: dict[str, str]) -> None:
    """Write every model's folder, `learning.json` and `hashes.json`; cards: model name -> text of its card."""
    hashes: dict[str, str] = {}
    for name, card in cards.items():
        save_folder(checkpoint.load_model(work / f"{name}.pt"), root / name, card)
        hashes[name] = hashlib.sha256((root / name / "model.safetensors").read_bytes()).hexdigest()
    _write(root / "hashes.json", hashes)
    logs = {name: (checkpoint.load(work / f"{name}.pt") or {"log": []})["log"] for name in ("base", "distilled", "grpo")}
    _write(root / "learning.json", logs)


def figures_of(root: Path, work: Path, name: str, seed: int) -> dict[str, Any]:
    """Sample and judge a shipped model on the test draw; kept in `work`, so that a later call has them at once."""
    stored = work / f"figures-{name}.pt"
    if stored.exists():
        return torch.load(stored, weights_only=False)
    problems = dataset.read(root / "countdown.jsonl")
    model, base = load_folder(root / name), load_folder(root / "base")
    s = evaluate.sampled(model, problems, SAMPLES, seed=seed)
    result = {
        "strict": s.strict,
        "answerOnly": s.answer_only,
        "underBase": evaluate.perplexities(base, problems, s),
        "entropyNats": evaluate.entropy_nats(model, problems, s),
    }
    torch.save(result, stored)
    return result


def figures(root: Path, work: Path, names: list[str], seed: int) -> None:
    """Write `figures.json` and `learning.svg`, and print the tables of README.md."""
    found = {name: figures_of(root, work, name, seed + at) for at, name in enumerate(names)}
    base = found["base"]["strict"]
    models = {}
    for name, f in found.items():
        models[name] = {
            "passAtK": evaluate.curve(f["strict"]),
            "answerOnlyPassAtK": evaluate.curve(f["answerOnly"]),
            "underBase": f["underBase"],
            "entropyNats": f["entropyNats"],
        }
        if name != "base":
            models[name]["lessBase"] = evaluate.differences(base, f["strict"], seed)
            models[name]["solvedBothBaseOtherNone"] = evaluate.two_by_two(base, f["strict"])
    _write(root / "figures.json", {"problems": len(base), "samples": SAMPLES, "temperature": 1, "models": models})
    written = _read(root / "figures.json")
    picture.write(root / "learning.svg", _read(root / "learning.json"), written)
    print(tables(written, _read(root / "hashes.json")))


def check(root: Path, names: list[str], seed: int, samples: int = 64) -> None:
    """Sample the shipped weights anew: raises SystemExit where pass@1 or a hash is not the stated one."""
    problems = dataset.read(root / "countdown.jsonl")
    stated = _read(root / "figures.json")["models"]
    hashes = _read(root / "hashes.json")
    wrong = []
    for at, name in enumerate(names):
        if hashlib.sha256((root / name / "model.safetensors").read_bytes()).hexdigest() != hashes[name]:
            wrong.append(f"{name}: other weights than those hashed")
        rate = evaluate.sampled(load_folder(root / name), problems, samples, seed=seed + at).strict.mean(1)
        # same problems, so only the sampling differs: 4 standard errors of the two means
        error = np.sqrt((rate * (1 - rate)).mean() / len(problems) * (1 / samples + 1 / SAMPLES))
        off = abs(rate.mean() - stated[name]["passAtK"]["1"])
        print(f"{name}: pass@1 {rate.mean():.4f}, stated {stated[name]['passAtK']['1']:.4f} (standard error {error:.4f})")
        if off > 4 * error:
            wrong.append(f"{name}: pass@1 {rate.mean():.4f} is not the stated one")
    if wrong:
        raise SystemExit("\n".join(wrong))


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
