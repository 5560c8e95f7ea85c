"""What earned a theme: the sentence of a paragraph, and the words in it, that count most for it. Values only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a paragraph.

    Attributes:
        start: First code point in the decoded text.
        end: One past the last.
        text: As in the file, `decoded[start:end]`.
        clean: The same as a span of the paragraph's clean text.
        drop: By how much the log-odds of the theme's score fall when the stretch is left out; more than 0.
        without: The score that is left then.
    """

    start: int
    end: int
    text: str
    clean: tuple[int, int]
    drop: float
    without: float


@dataclass(frozen=True, slots=True)
class Earned:
    """A theme, the sentence that counts most for it, and the words in the sentence.

    Attributes:
        words: None where the score falls without the sentence, but without none of its pieces alone.
    """

    theme: str
    sentence: Stretch
    words: Stretch | None
