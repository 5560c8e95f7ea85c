"""What a Label Studio says when it refuses, to one line for the user.

    refusal_of(url, 401, {"detail": "Invalid token."}, "…")  ->  "http://ls: refuses the token (Invalid token.) — …"

Its answers are objects, lists or pages of HTML; tokens are never in them, and pages are not shown.
"""

from typing import Any

from fazhi.model.reading import InputError

_ANOTHER = "copy a token from Account & Settings into LABEL_STUDIO_API_KEY or the file of --token-file"
_LEGACY = "use a personal access token, or let an administrator enable legacy tokens"


class UnreachableError(InputError):
    """Nothing answered, or the answer broke off: what was sent may have arrived."""


def refusal_of(address: str, status: int | None, body: Any, missing: str) -> InputError:
    """Return the error that an answer means.

    Args:
        address: The server.
        status: HTTP status; None where the library refused before sending.
        body: As the library decoded it.
        missing: What 404 means here.
    """
    detail = said(body)
    if status == 401:  # noqa: PLR2004 - statuses are known by their numbers
        hint = _LEGACY if "legacy" in detail else _ANOTHER
        return InputError(address, f"refuses the token ({detail})", hint)
    if status == 404:  # noqa: PLR2004
        return InputError(address, missing, "check the project; it may have been deleted")
    if status is not None and status >= 500:  # noqa: PLR2004
        return UnreachableError(address, f"failed with {status} ({detail})", "look into its log, then try again")
    if status is not None and 300 <= status < 400:  # noqa: PLR2004
        return InputError(address, "leads to another address", "open it in a browser and give the address it ends at")
    return InputError(address, f"refuses that ({status or 'before sending'}: {detail})")


def said(body: Any) -> str:
    """Return what an answer says, on one line and not long."""
    if isinstance(body, dict):
        found = body.get("validation_errors") or body.get("detail") or body
        return f"{_flat(found):.500}"
    if isinstance(body, str) and "<" in body:
        return "a page of HTML"
    return f"{_flat(body):.500}"


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_flat(each)}" for name, each in value.items())
    if isinstance(value, list):
        return "; ".join(map(_flat, value))
    return " ".join(str(value).split())
