"""A new project on the server: a title and a labelling interface in, an empty project out."""

from fazhi.annotation.client import ORDERS, Project, Studio
from fazhi.annotation.interface import check_interface
from fazhi.model.reading import InputError

_SHORTEST, _LONGEST = 3, 50  # characters of a title, by the server's rule


def create_project(studio: Studio, title: str, annotators: int, order: str, config: str) -> Project:
    """Make a project.

    Args:
        studio: Where.
        title: What it is called; no other project may be.
        annotators: How many people are asked about each paragraph.
        order: One of `ORDERS`.
        config: Its labelling interface.

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
    check_interface(config)
    if title.strip() in studio.titles():
        raise InputError(
            studio.url, f"has a project called {title.strip()!r} already", "push into it, or give another title"
        )
    return studio.create(title.strip(), config, annotators, order)


def found_or_made(studio: Studio, wanted: str, config: str) -> Project:
    """Return the project of that number or title; made with the interface where no project has the title.

    Raises:
        InputError: No project of that number, several of that title, or a title that the server refuses.
    """
    if wanted.isdecimal() or wanted.strip() in studio.titles():
        return studio.project(wanted.strip())
    return create_project(studio, wanted, 1, ORDERS[0], config)
