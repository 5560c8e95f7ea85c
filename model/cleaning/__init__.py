"""Repair and normalise text and keep an alignment: every clean character knows the original one it came from.

    clean("  質(zhì)量，２０２０年")  ->  Cleaned(text="质量,2020年", origin=[2, 9, 10, 11, …])

Takes decoded text, gives `Cleaned`; cuts nothing: one line of clean text is one paragraph line of the file. A clean
character always stands for exactly one original character, so a clean span is an original span. Steps, in order:

1. one character for one: spaces, full-width forms, one form of punctuation (`characters`);
2. left out: zero-width characters, pinyin in brackets, the breaks of hard-wrapped lines, surplus blanks
   (`blanks`, `pinyin`, `wrapping`);
3. one for one again: traditional to simplified, straight quotation marks to curly ones, Latin full stops to Chinese
   ones (`traditional`, `characters`).

Characters that a conversion destroyed are marked and flagged (`damage`), never guessed.
"""

from fazhi.model.cleaning.alignment import Cleaned, clean
from fazhi.model.cleaning.blanks import BLANKS
from fazhi.model.cleaning.damage import is_damaged

CLEANING_VERSION = "1"
"""Goes into bundles: scores hold for text that was cleaned this way. Raise it when the output changes."""

__all__ = ["BLANKS", "CLEANING_VERSION", "Cleaned", "clean", "is_damaged"]
