"""Writes a Hugging Face folder of a demo model as GGUF for llama.cpp: `python -m train.gguf_export FOLDER FILE`.

llama.cpp has no word-level tokenizer. Its unigram one (that of T5) takes the likeliest cut into tokens: with equal
scores that is the one with the fewest tokens, which on the text of this task is the same, and a foreign letter becomes
<unk>. Weights stay fp16 (the norms fp32, as llama.cpp wants them); as fp32 they have the same values, but llama.cpp then
does not round the activations to fp16 either.
"""

import argparse
import json
from pathlib import Path

import gguf
import numpy as np
from safetensors.numpy import load_file

_NAMES = {
    "model.embed_tokens": "token_embd",
    "model.norm": "output_norm",
    "lm_head": "output",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
}


def name_in_gguf(name: str) -> str:
    """llama.cpp's name of a tensor of LlamaForCausalLM."""
    stem = name.removesuffix(".weight")
    if stem.startswith("model.layers."):
        _, _, layer, rest = stem.split(".", 3)
        return f"blk.{layer}.{_NAMES[rest]}.weight"
    return f"{_NAMES[stem]}.weight"


def interleaved(weight: np.ndarray, heads: int) -> np.ndarray:
    """Rows of q or k as llama.cpp's rotary embedding wants them: the two halves of a head in turns."""
    rows, columns = weight.shape
    return weight.reshape(heads, 2, rows // heads // 2, columns).swapaxes(1, 2).reshape(rows, columns)


def write(folder: Path, file: Path, *, float32: bool) -> None:
    """Write the GGUF of a folder."""
    config = json.loads((folder / "config.json").read_text())
    tokens = json.loads((folder / "tokenizer.json").read_text())
    vocabulary = sorted(tokens["model"]["vocab"], key=tokens["model"]["vocab"].__getitem__)
    special = {token["id"]: token["content"] for token in tokens["added_tokens"]}
    kinds = [gguf.TokenType.CONTROL if i in special else gguf.TokenType.NORMAL for i in range(len(vocabulary))]
    unknown = vocabulary.index(tokens["model"]["unk_token"])
    kinds[unknown] = gguf.TokenType.UNKNOWN

    writer = gguf.GGUFWriter(str(file), "llama")
    writer.add_name(folder.name)
    writer.add_vocab_size(config["vocab_size"])
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_rope_dimension_count(config["head_dim"])
    writer.add_rope_freq_base(config["rope_theta"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_file_type(gguf.LlamaFileType.ALL_F32 if float32 else gguf.LlamaFileType.MOSTLY_F16)
    writer.add_tokenizer_model("t5")
    writer.add_token_list([token.replace(" ", "\u2581") for token in vocabulary])
    writer.add_token_scores([-1.0] * len(vocabulary))
    writer.add_add_space_prefix(False)
    writer.add_remove_extra_whitespaces(False)
    writer.add_token_types(kinds)
    writer.add_eos_token_id(config["eos_token_id"])
    writer.add_pad_token_id(config["pad_token_id"])
    writer.add_unk_token_id(unknown)
    writer.add_add_bos_token(False)
    writer.add_add_eos_token(False)

    for name, weight in load_file(folder / "model.safetensors").items():
        if ".q_proj." in name or ".k_proj." in name:
            weight = interleaved(weight, config["num_attention_heads"])
        writer.add_tensor(name_in_gguf(name), weight.astype(np.float32) if float32 or weight.ndim == 1 else weight)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m train.gguf_export", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("file", type=Path)
    parser.add_argument("--float32", action="store_true", help="weights as fp32")
    options = parser.parse_args()
    write(options.folder, options.file, float32=options.float32)


if __name__ == "__main__":
    main()
