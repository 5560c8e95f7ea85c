"""A tokenizer and the texts it is for to a smaller one: pieces that no text has and that can be spelt otherwise go.

    pruned(source, kept)  ->  text of tokenizer.json whose ids are the places in `kept`

Kept are pieces that occur, pieces of one character, what the tokenizer adds itself, and the unknown piece. So no
character that was known becomes unknown, and a text without any of the dropped pieces is cut as before: a unigram model
and WordPiece choose among the pieces of the text alone.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from tokenizers import Tokenizer

_WORD_START, _WORD_INSIDE = "▁", "##"


def kept_ids(tokenizer: Tokenizer, texts: Iterable[str]) -> list[int]:
    """Return the ids to keep, ascending."""
    used = {
        token for encoding in tokenizer.encode_batch(list(texts), add_special_tokens=False) for token in encoding.ids
    }
    own = {*tokenizer.get_added_tokens_decoder(), *tokenizer.encode("").ids, _unknown(tokenizer)}
    return sorted(
        token
        for piece, token in tokenizer.get_vocab().items()
        if token in used or token in own or len(piece.removeprefix(_WORD_START).removeprefix(_WORD_INSIDE)) <= 1
    )


def _unknown(tokenizer: Tokenizer) -> int | None:
    """Return the id of the piece that stands for whatever is unknown."""
    model = json.loads(tokenizer.to_str())["model"]
    return model["unk_id"] if "unk_id" in model else tokenizer.token_to_id(str(model.get("unk_token")))


def pruned(source: str, kept: Sequence[int]) -> str:
    """Return the text of tokenizer.json with the kept pieces alone, numbered anew.

    Args:
        source: Text of tokenizer.json.
        kept: Ids to keep, ascending.
    """
    new = {old: place for place, old in enumerate(kept)}
    data = json.loads(source)
    model = data["model"]
    if isinstance(model["vocab"], list):
        model["vocab"] = [model["vocab"][old] for old in kept]
        model["unk_id"] = new[model["unk_id"]]
    else:
        model["vocab"] = {piece: new[old] for piece, old in model["vocab"].items() if old in new}
    for each in data["added_tokens"]:
        each["id"] = new[each["id"]]
    data["post_processor"] = _renumbered(data["post_processor"], new)
    return json.dumps(data, ensure_ascii=False)


def _renumbered(processor: Any, new: dict[int, int]) -> Any:
    """Return what puts special tokens around a text, with their new ids."""
    if not processor:
        return processor
    if "special_tokens" in processor:
        special = processor["special_tokens"]
        return {**processor, "special_tokens": {name: _special(each, new) for name, each in special.items()}}
    pairs = {side: [piece, new[old]] for side in ("sep", "cls") for piece, old in (processor[side],)}
    return {**processor, **pairs}


def _special(token: dict[str, Any], new: dict[int, int]) -> dict[str, Any]:
    return {**token, "ids": [new[old] for old in token["ids"]]}
