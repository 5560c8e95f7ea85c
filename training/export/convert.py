"""A BERT encoder's weights to CTranslate2's own files.

    write_encoder(folder, weights, config, kept, "int8")  ->  folder/model.bin, folder/config.json

The specification of BERT as in CTranslate2's converter, filled from arrays, without its pooler and for the kept rows of
the embeddings alone (that converter wants a field of the configuration that newer transformers no longer write).
"""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from ctranslate2.specs import common_spec, transformer_spec
from numpy.typing import NDArray

from fazhi.model.reading import InputError
from fazhi.model.scorers.fast import ENCODER_FILES

Weights = Mapping[str, NDArray[np.float32]]


def write_encoder(folder: Path, weights: Weights, config: Mapping[str, Any], kept: Sequence[int], numbers: str) -> None:
    """Write the encoder's files.

    Args:
        folder: Where they go.
        weights: State of a Hugging Face `BertModel`, by name.
        config: Its configuration.
        kept: Rows of the word embeddings, in their new order.
        numbers: One of `fazhi.model.scorers.fast.NUMBERS`.

    Raises:
        InputError: Another kind of encoder than BERT.
    """
    if (config.get("model_type"), config.get("hidden_act")) != ("bert", "gelu"):
        what = f"has a {config.get('model_type')} encoder with {config.get('hidden_act')}"
        raise InputError("export", what, "only BERT encoders with gelu can be exported; use the torch bundle")
    own = {name: np.array(value) for name, value in weights.items()}  # quantising writes into the arrays it is given
    spec = _spec(own, config, kept)
    spec.register_vocabulary([str(place) for place in range(len(kept))])
    spec.config.layer_norm_epsilon = config["layer_norm_eps"]
    spec.validate()
    spec.optimize(quantization=numbers)
    with tempfile.TemporaryDirectory(dir=folder) as written:
        spec.save(written)
        for name in ENCODER_FILES:
            (Path(written) / name).replace(folder / name)


def _spec(weights: Weights, config: Mapping[str, Any], kept: Sequence[int]) -> Any:
    encoder = transformer_spec.TransformerEncoderSpec(
        config["num_hidden_layers"],
        config["num_attention_heads"],
        pre_norm=False,
        activation=common_spec.Activation.GELU,
        layernorm_embedding=True,
        num_source_embeddings=2,
        embeddings_merge=common_spec.EmbeddingsMerge.ADD,
    )
    encoder.scale_embeddings = False
    encoder.embeddings[0].weight = weights["embeddings.word_embeddings.weight"][list(kept)]
    encoder.embeddings[1].weight = weights["embeddings.token_type_embeddings.weight"]
    encoder.position_encodings.encodings = weights["embeddings.position_embeddings.weight"]
    _norm(encoder.layernorm_embedding, weights, "embeddings.LayerNorm")
    for number, layer in enumerate(encoder.layer):
        _layer(layer, weights, f"encoder.layer.{number}")
    return transformer_spec.TransformerEncoderModelSpec(encoder)


def _layer(spec: Any, weights: Weights, name: str) -> None:
    inputs = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
    fused = spec.self_attention.linear[0]
    fused.weight = np.concatenate([weights[f"{each}.weight"] for each in inputs])
    fused.bias = np.concatenate([weights[f"{each}.bias"] for each in inputs])
    _linear(spec.self_attention.linear[1], weights, f"{name}.attention.output.dense")
    _norm(spec.self_attention.layer_norm, weights, f"{name}.attention.output.LayerNorm")
    _linear(spec.ffn.linear_0, weights, f"{name}.intermediate.dense")
    _linear(spec.ffn.linear_1, weights, f"{name}.output.dense")
    _norm(spec.ffn.layer_norm, weights, f"{name}.output.LayerNorm")


def _linear(spec: Any, weights: Weights, name: str) -> None:
    spec.weight, spec.bias = weights[f"{name}.weight"], weights[f"{name}.bias"]


def _norm(spec: Any, weights: Weights, name: str) -> None:
    spec.gamma, spec.beta = weights[f"{name}.weight"], weights[f"{name}.bias"]
