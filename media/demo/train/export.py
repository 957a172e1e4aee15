"""Writes a model as a Hugging Face folder that transformers and vLLM load unchanged."""

import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save
from torch import Tensor

from . import vocabulary as v
from .model import Llama, Shape


def weights(model: Llama) -> dict[str, Tensor]:
    """The weights under LlamaForCausalLM's names, fp16."""
    return {name: t.detach().to(torch.float16).contiguous() for name, t in _parts(model).items()}


def _parts(model: Llama) -> dict[str, Tensor]:
    tensors: dict[str, Tensor] = {
        "model.embed_tokens.weight": model.embedding,
        "model.norm.weight": model.last_norm,
        "lm_head.weight": model.output,
    }
    for i in range(model.shape.layers):
        layer = f"model.layers.{i}"
        for j, name in enumerate("qkvo"):
            tensors[f"{layer}.self_attn.{name}_proj.weight"] = model.attention[i, j]
        tensors[f"{layer}.mlp.gate_proj.weight"] = model.gate_up[i, 0]
        tensors[f"{layer}.mlp.up_proj.weight"] = model.gate_up[i, 1]
        tensors[f"{layer}.mlp.down_proj.weight"] = model.down[i]
        tensors[f"{layer}.input_layernorm.weight"] = model.norms[i, 0]
        tensors[f"{layer}.post_attention_layernorm.weight"] = model.norms[i, 1]
    return tensors


def load_folder(folder: Path) -> Llama:
    """The model of a folder, computing in fp32 with the fp16 weights that are shipped."""
    model = Llama(Shape())
    stored = load_file(str(folder / "model.safetensors"))
    with torch.no_grad():
        for name, part in _parts(model).items():
            part.copy_(stored[name].float())
    return model


def config(shape: Shape) -> dict[str, Any]:
    """config.json"""
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "vocab_size": shape.vocabulary,
        "hidden_size": shape.width,
        "intermediate_size": shape.inner,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "num_key_value_heads": shape.heads,
        "head_dim": shape.head,
        "hidden_act": "silu",
        "max_position_embeddings": shape.positions,
        "rms_norm_eps": shape.norm_eps,
        "rope_theta": shape.rope_theta,
        "rope_scaling": None,
        "attention_bias": False,
        "attention_dropout": 0.0,
        "mlp_bias": False,
        "tie_word_embeddings": False,
        "bos_token_id": None,
        "eos_token_id": v.END,
        "pad_token_id": v.PAD,
        "use_cache": True,
        "torch_dtype": "float16",
    }


def tokenizer() -> dict[str, Any]:
    """tokenizer.json: words with the space before them; the strings of the tokens put together are the text."""
    special = [
        {
            "id": i,
            "content": v.TOKENS[i],
            "single_word": False,
            "lstrip": False,
            "rstrip": False,
            "normalized": False,
            "special": True,
        }
        for i in (v.PAD, v.END, v.UNKNOWN)
    ]
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": special,
        "normalizer": None,
        "pre_tokenizer": {
            "type": "Split",
            "pattern": {"Regex": v.WORD_PATTERN},
            "behavior": "Isolated",
            "invert": False,
        },
        "post_processor": None,
        "decoder": {"type": "Fuse"},
        "model": {"type": "WordLevel", "vocab": v.IDS, "unk_token": v.TOKENS[v.UNKNOWN]},
    }


# The last message, and before an assistant's the one that it answers; a line break ends what is no assistant's.
CHAT_TEMPLATE = (
    "{% for message in (messages[-2:] if messages[-1]['role'] == 'assistant' else messages[-1:]) %}"
    "{{ message['content'] }}"
    "{% if message['role'] != 'assistant' and not message['content'].endswith('\\n') %}{{ '\\n' }}{% endif %}"
    "{% endfor %}"
)


def tokenizer_config(shape: Shape) -> dict[str, Any]:
    """tokenizer_config.json. These models know no conversation: see CHAT_TEMPLATE."""
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": shape.positions,
        "bos_token": None,
        "eos_token": v.TOKENS[v.END],
        "pad_token": v.TOKENS[v.PAD],
        "unk_token": v.TOKENS[v.UNKNOWN],
        "add_bos_token": False,
        "add_eos_token": False,
        "clean_up_tokenization_spaces": False,
        "chat_template": CHAT_TEMPLATE,
    }


def generation_config() -> dict[str, Any]:
    """generation_config.json: plain sampling at T=1, the setting of the figures."""
    return {
        "do_sample": True,
        "temperature": 1.0,
        "top_p": 1.0,
        "top_k": 0,
        "bos_token_id": None,
        "eos_token_id": v.END,
        "pad_token_id": v.PAD,
        "max_new_tokens": 40,
    }


def save_folder(model: Llama, folder: Path, card: str) -> None:
    """Write the folder; the same weights give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "config.json": config(model.shape),
        "generation_config.json": generation_config(),
        "tokenizer.json": tokenizer(),
        "tokenizer_config.json": tokenizer_config(model.shape),
    }
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / "model.safetensors").write_bytes(save(weights(model), metadata={"format": "pt"}))
    (folder / "README.md").write_text(card, encoding="utf-8")
