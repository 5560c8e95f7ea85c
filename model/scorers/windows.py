"""Paragraphs to token windows, the one way in which every encoder sees them, in training and in tagging.

    "passage: 一、工作 | 3 | 推进放管服…"  ->  [<s> context … own … </s>], and where the paragraph's own tokens lie

A paragraph that is longer than a window goes on in further windows, each of which repeats the context; nothing is cut
off but the beginning (prefix, outermost headings) of a context that would fill half a window. Pooling is the encoder's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

from fazhi.model.reading import InputError
from fazhi.model.report import Paragraph

LEAST_LENGTH = 16
"""Tokens of the shortest window: half of it for the context leaves some for the paragraph."""
_MOST_LENGTH = 1 << 16  # no encoder has so many positions


@dataclass(frozen=True, slots=True)
class Window:
    """One input of an encoder.

    Attributes:
        row: Which paragraph of the batch it belongs to.
        ids: Token ids, special tokens included.
        start: First of the paragraph's own tokens in `ids`.
        end: One past the last of them.
    """

    row: int
    ids: tuple[int, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class WindowSettings:
    """How an encoder is fed; stands in the manifest of its bundle.

    Attributes:
        prefix: Stands before every text, as the base encoder was trained (`passage: ` for e5).
        max_length: Tokens of a window, special tokens included.

    Raises:
        ValueError: No text, or no length that a window can have.
    """

    prefix: str
    max_length: int

    def __post_init__(self) -> None:
        """Refuse what a manifest may bring: it is not hashed itself."""
        if not isinstance(self.prefix, str):
            raise ValueError(f"prefix is {type(self.prefix).__name__}, not text")
        if not isinstance(self.max_length, int) or not LEAST_LENGTH <= self.max_length <= _MOST_LENGTH:
            raise ValueError(f"max_length is {self.max_length!r:.20}, not {LEAST_LENGTH} to {_MOST_LENGTH}")


@dataclass(frozen=True, slots=True, eq=False)
class Windower:
    """A tokenizer with its settings."""

    tokenizer: Tokenizer
    settings: WindowSettings

    @classmethod
    def load(cls, path: Path, settings: WindowSettings) -> "Windower":
        """Read tokenizer.json.

        Raises:
            InputError: Missing or damaged.
        """
        try:
            tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # noqa: BLE001  # the library raises plain Exception for whatever is wrong
            raise InputError(str(path), f"is no tokenizer ({error})", "copy or export the bundle again") from None
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return cls(tokenizer, settings)

    def windows(self, paragraphs: Sequence[Paragraph]) -> list[Window]:
        """Return the windows of paragraphs, in order."""
        contexts = [self.settings.prefix + each.model_context for each in paragraphs]
        texts = [context + each.clean for context, each in zip(contexts, paragraphs, strict=True)]
        encoded = self.tokenizer.encode_batch(texts, add_special_tokens=False)
        special = self._special
        found: list[Window] = []
        for row, (context, encoding) in enumerate(zip(contexts, encoded, strict=True)):
            split = sum(end <= len(context) for _, end in encoding.offsets)
            found += self._cut(row, encoding.ids[:split], encoding.ids[split:], special)
        return found

    def _cut(self, row: int, context: list[int], own: list[int], special: tuple[list[int], list[int]]) -> list[Window]:
        """Deal a paragraph's own tokens out into windows, with special tokens before and after."""
        before, after = special
        context = context[max(0, len(context) - self.settings.max_length // 2) :]
        head = [*before, *context]
        room = self.settings.max_length - len(head) - len(after)
        parts = [own[start : start + room] for start in range(0, len(own), room)] or [[]]
        return [Window(row, (*head, *part, *after), len(head), len(head) + len(part)) for part in parts]

    @property
    def _special(self) -> tuple[list[int], list[int]]:
        """Return the special tokens before and after a text: whatever the tokenizer puts around one."""
        bare = self.tokenizer.encode("法", add_special_tokens=False).ids
        whole = self.tokenizer.encode("法", add_special_tokens=True).ids
        start = next((place for place in range(len(whole)) if whole[place : place + len(bare)] == bare), 0)
        return whole[:start], whole[start + len(bare) :]
