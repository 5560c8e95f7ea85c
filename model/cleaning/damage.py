"""Characters destroyed in conversion: flagged, never guessed.

is_damaged("专家�熘贫?")   ->  True   (U+FFFD)
is_damaged("改革!癳政务")    ->  True   (a mark fused with a character outside GB 2312)
is_damaged("怎么办?我们研究")  ->  False
"""

import re

# A private-use character at the head of a line is a bullet of Word's Symbol font, not damage.
_CERTAIN = re.compile(r"\ufffd|(?<!^)[\ue000-\uf8ff]|锟斤拷|烫烫烫")
_LOST_RUN = re.compile(r"[\u4e00-\u9fff]\?{2,}[\u4e00-\u9fff]")
_BESIDE = re.compile(r"(?<=[\u4e00-\u9fff])[?!]|[?!](?=[\u4e00-\u9fff])")


def is_damaged(clean: str) -> bool:
    """Tell whether clean text shows traces of lost or mis-decoded bytes."""
    if _CERTAIN.search(clean) or _LOST_RUN.search(clean):
        return True
    sides = (
        clean[max(match.start() - 1, 0)] + clean[match.end() : match.end() + 1] for match in _BESIDE.finditer(clean)
    )
    return any(_is_rare(char) for pair in sides for char in pair)


def _is_rare(char: str) -> bool:
    """Tell whether simplified text would hardly use this ideograph: outside GB 2312's 6,763 characters."""
    return "\u4e00" <= char <= "\u9fff" and not char.encode("gb2312", "ignore")
