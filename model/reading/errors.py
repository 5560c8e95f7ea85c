"""The one error for a user's mistake. Everything else is a bug and keeps its traceback."""


class InputError(Exception):
    """Tell the user what is wrong with what they gave, in one line.

        InputError("reports/a.doc", "is a Word 97 file", "save it as .txt first")
        -> "reports/a.doc: is a Word 97 file — save it as .txt first"

    Args:
        where: File, `file:line`, option or setting.
        what: What was found there, with the value.
        hint: What to do next; may be empty.
    """

    def __init__(self, where: str, what: str, hint: str = "") -> None:
        """Keep the three parts; `str()` joins them into the line that is shown."""
        super().__init__(where, what, hint)
        self.where, self.what, self.hint = where, what, hint

    def __str__(self) -> str:
        """Return `where: what — hint`, on one line whatever a file name contains."""
        return one_line(f"{self.where}: {self.what}" + (f" — {self.hint}" if self.hint else ""))


def one_line(text: str) -> str:
    """Return text that stays on its line: what cannot be printed, line breaks too, becomes a replacement character."""
    return "".join(char if char.isprintable() else "�" for char in text)
