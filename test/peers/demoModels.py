"""Log-probs of token rows by transformers, on folders of models as shipped; each model as GGUF too.

Standard input: {"train": folder of the package `train`, "models": [{"folder", "gguf", "rows": [[id, ...], ...]}]}.
Standard output: for each model and row, the log-probs (nats) of all tokens after the first.
"""
import json
import sys
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

asked = json.load(sys.stdin)
sys.path.insert(0, asked["train"])
from train import gguf_export  # noqa: E402


def log_probs(model, rows):
    with torch.no_grad():
        for row in rows:
            ids = torch.tensor([row])
            logits = model(ids).logits[0, :-1].log_softmax(-1)
            yield logits.gather(-1, ids[0, 1:, None])[:, 0].tolist()


answer = []
for one in asked["models"]:
    folder = Path(one["folder"])
    gguf_export.write(folder, Path(one["gguf"]), float32=True)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    texts = [tokenizer.decode(row) for row in one["rows"]]
    answer.append(
        {
            "logProbs": list(log_probs(model, one["rows"])),
            "texts": texts,
            "same": [tokenizer(text)["input_ids"] == row for text, row in zip(texts, one["rows"])],
        }
    )
json.dump(answer, sys.stdout)
