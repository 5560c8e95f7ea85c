"""A new project on the server: a title and the scheme in, an empty project with its labelling interface out."""

from fazhi.annotation.client import ORDERS, Project, Studio
from fazhi.annotation.interface import check_interface, interface_of
from fazhi.model.labels import Scheme
from fazhi.model.reading import InputError

_SHORTEST, _LONGEST = 3, 50  # characters of a title, by the server's rule


def create_project(studio: Studio, title: str, annotators: int, order: str, scheme: Scheme) -> Project:
    """Make a project.

    Args:
        studio: Where.
        title: What it is called; no other project may be.
        annotators: How many people are asked about each paragraph.
        order: One of `ORDERS`.
        scheme: What the interface offers.

    Raises:
        InputError: A title that is taken, too short or too long; no such order; or the server refuses.
    """
    if not _SHORTEST <= len(title.strip()) <= _LONGEST:
        what = f"should have {_SHORTEST} to {_LONGEST} characters, has {len(title.strip())}"
        raise InputError(repr(title), what, "give another title")
    if title.strip().isdecimal():
        raise InputError(repr(title), "is a number, as projects have", "give it a name")
    if order not in ORDERS:
        raise InputError("--order", f"knows no {order}", f"choose {' or '.join(ORDERS)}")
    config = interface_of(scheme)
    check_interface(config)
    if title.strip() in studio.titles():
        raise InputError(
            studio.url, f"has a project called {title.strip()!r} already", "push into it, or give another title"
        )
    return studio.create(title.strip(), config, annotators, order)
