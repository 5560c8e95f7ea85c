"""Where a server is said to be, and whether it is a Label Studio that answers there. Asks nothing itself."""

from ipaddress import ip_address

import httpx

from fazhi.model.reading import InputError


def address_of(url: str) -> str:
    """Return an address without a final slash.

    Raises:
        InputError: None, or one that holds a name and password.
    """
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise InputError(url, f"is no address ({error})", "give one like http://127.0.0.1:8080") from None
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise InputError(url, "is no address of a server", "give one like http://127.0.0.1:8080")
    if parsed.userinfo or parsed.query or parsed.fragment:
        raise InputError("--url", "holds more than an address", "give one like http://127.0.0.1:8080")
    return url.rstrip("/")


def is_loopback(address: str) -> bool:
    """Say whether the address is this machine, to which no proxy leads."""
    host = httpx.URL(address).host
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check_is_label_studio(answer: httpx.Response, address: str) -> None:
    """Check what is answered to a question for the version, before any token is shown.

    Raises:
        InputError: It leads elsewhere, or something else answers.
    """
    if answer.is_redirect:
        where = answer.headers.get("location", "elsewhere").removesuffix("/api/version")
        raise InputError(address, f"leads to {where:.200}", "give that address, if you trust it")
    try:
        version = answer.json()
    except ValueError:
        version = None
    if answer.status_code != httpx.codes.OK or not isinstance(version, dict) or "release" not in version:
        what = f"is no Label Studio (it answers {answer.status_code} to /api/version)"
        raise InputError(address, what, "check the address and the port")
