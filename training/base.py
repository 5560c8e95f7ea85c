"""A base encoder by folder or hub name: loaded, cut to its lower layers, frozen as the settings say; written."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from transformers import AutoModel, AutoTokenizer
from transformers.utils.logging import disable_progress_bar

from fazhi.model.reading import InputError

_HINT = "give a local folder or a hub name with fast tokenizer and weights, such as intfloat/multilingual-e5-small"
_SAMPLE = "法治政府建设"


@dataclass(frozen=True, slots=True, eq=False)
class Base:
    """An encoder as it comes, and the text of its tokenizer.json."""

    encoder: Any
    tokenizer: str


def load_base(name: str, layers: int, frozen_layers: int) -> Base:
    """Load a base encoder.

    Args:
        name: A local folder or a hub name.
        layers: How many are kept, from the input up; 0 keeps all.
        frozen_layers: How many of them are not tuned; embeddings never are.

    Raises:
        InputError: No such base, or one without tokenizer, or with fewer layers.
    """
    disable_progress_bar()  # type: ignore[no-untyped-call]  # the bar of tuning is the one that people wait for
    try:
        tokenizer = AutoTokenizer.from_pretrained(name)
        # On a processor with bf16 the backward pass of torch's fused attention takes a third of a step; written out it
        # takes a tenth of that. In float32 both are equally fast there. A GPU has its own fused kernels.
        encoder = AutoModel.from_pretrained(
            name,
            dtype=torch.float32,
            attention_probs_dropout_prob=0.0,
            add_pooling_layer=False,
            attn_implementation="sdpa" if torch.cuda.is_available() else "eager",
        )
    except (OSError, ValueError, KeyError, TypeError, ImportError, SafetensorError) as error:
        reason = str(error).strip().split("\n")[0]
        raise InputError(f"--base {name}", f"cannot be loaded ({reason})", _HINT) from None
    # Where the files of a tokenizer are missing, the library makes one that knows nothing but its special tokens.
    known = set(tokenizer(_SAMPLE, add_special_tokens=False)["input_ids"]) - {tokenizer.unk_token_id}
    if not tokenizer.is_fast or not known:
        raise InputError(f"--base {name}", "has no fast tokenizer that knows Chinese", _HINT)
    _cut(encoder, name, layers, frozen_layers)
    return Base(encoder, tokenizer.backend_tokenizer.to_str())


def check_length(name: str, encoder: Any, max_length: int) -> None:
    """Make sure that windows are no longer than an encoder has positions for.

    Raises:
        InputError: They are.
    """
    most = encoder.config.max_position_embeddings
    if max_length > most:
        raise InputError("max_length", f"is {max_length}, but {name} takes {most} tokens", "give a smaller number")


def write_base(encoder: Any, name: str, out: Path) -> None:
    """Write an encoder in half precision, with the tokenizer of the base it came from.

    Args:
        encoder: Halved in place.
        name: Of that base, as `load_base` takes it.
        out: Folder that is not there yet; written under a temporary name and renamed.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        encoder.half().save_pretrained(draft)
        AutoTokenizer.from_pretrained(name).save_pretrained(draft)
        draft.chmod(0o755)
        draft.replace(out)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _cut(encoder: Any, name: str, layers: int, frozen_layers: int) -> None:
    """Keep the lower layers, freeze the lowest and the embeddings."""
    found = getattr(getattr(encoder, "encoder", None), "layer", None)
    if found is None:
        raise InputError(f"--base {name}", f"is a {type(encoder).__name__}, not a BERT-like encoder", _HINT)
    for what, wanted in (("layers", layers), ("frozen_layers", frozen_layers)):
        if wanted > len(found):
            raise InputError(what, f"is {wanted}, but the base has {len(found)}", "give a smaller number")
    encoder.encoder.layer = found[: layers or len(found)]
    encoder.config.num_hidden_layers = len(encoder.encoder.layer)
    for part in (encoder.embeddings, *encoder.encoder.layer[:frozen_layers]):
        part.requires_grad_(requires_grad=False)
