"""Where bundles stand, and which one a name means.

    find_bundle("fazhi-small@0.1.0", search_path(os.environ))  ->  Path("bundles/fazhi-small-0.1.0")

Places are searched in order: the folders of `FAZHI_BUNDLES`, then the package. The first place that has the name gives
it, and there a plain name means the newest version; it is refused where a folder called `NAME-…` has a manifest
that cannot be read, for that one may be newer. Only manifests are read here: whether a bundle can be used is for
`folder`, and the environment is the command line's to read.
"""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from fazhi.model.bundle.folder import MANIFEST, read_manifest
from fazhi.model.bundle.values import Manifest
from fazhi.model.reading import InputError

DEFAULT_BUNDLE = "fazhi-small"
SEARCH_PATH = "FAZHI_BUNDLES"
"""The variable with folders of bundles, separated as in PATH."""

_MOST_NAMED = 8  # bundles in an error's one line
_VERSION = re.compile(r"([0-9]{1,18}(?:\.[0-9]{1,18})*)(?![0-9])(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Listed:
    """A bundle that stands somewhere; of it only the manifest was read, or `fault` says why it could not be."""

    folder: Path
    manifest: Manifest | None
    fault: InputError | None = None

    @property
    def label(self) -> str:
        """`name@version`; the folder's name where the manifest does not tell."""
        return self.manifest.label if self.manifest else self.folder.name

    def is_called(self, name: str) -> bool:
        """Say whether a name, with or without `@version`, is the manifest's or the folder's."""
        if self.manifest is None:
            return name == self.folder.name
        names = (self.folder.name, self.manifest.name)
        return name in names or name in {f"{each}@{self.manifest.version}" for each in names}


@dataclass(frozen=True, slots=True)
class Place:
    """A folder in which bundles stand, in order of their folders' names."""

    folder: Path
    bundles: tuple[Listed, ...]


def search_path(environment: Mapping[str, str]) -> tuple[Path, ...]:
    """Return the folders that an environment names for bundles."""
    return tuple(Path(each) for each in environment.get(SEARCH_PATH, "").split(os.pathsep) if each)


def bundle_places(folders: Sequence[Path] = ()) -> tuple[Place, ...]:
    """Return everything that stands in folders and, last, in the package. A folder that is itself a bundle is one.

    Raises:
        InputError: One of the folders is none.
    """
    shipped = Path(str(resources.files("fazhi.model"))) / "bundles"
    return tuple(Place(folder, tuple(map(_listed, _bundles_in(folder)))) for folder in (*folders, shipped))


def find_bundle(wanted: str | Path | None = None, folders: Sequence[Path] = ()) -> Path:
    """Return the folder of a bundle.

    Args:
        wanted: A `Path` is the folder itself, and so is text with a separator in it. Other text is a name,
            `name@version`, or a bundle's folder beside us. Without it the default, by its name.
        folders: Searched for names before the package.

    Raises:
        InputError: No such bundle, or several: the line lists what there is.
    """
    if isinstance(wanted, Path):
        return wanted
    if wanted and os.sep in wanted:
        return Path(wanted)
    places = bundle_places(folders)
    named = _named(DEFAULT_BUNDLE if wanted is None else wanted, places)
    if wanted and _is_bundle(Path(wanted)):
        if named and not Path(wanted).samefile(named.folder):
            hint = f"write .{os.sep}{wanted} for the folder, {named.folder} for the other"
            raise InputError(wanted, f"is a folder here and a name of {named.label}", hint)
        return Path(wanted)
    if named is None:
        there = _enumerated([_described(each) for place in places for each in place.bundles])
        raise InputError(wanted or "''", "is neither a bundle folder nor the name of a bundle", f"there are: {there}")
    return named.folder


def _bundles_in(folder: Path) -> list[Path]:
    try:
        if _is_bundle(folder):
            return [folder]
        return sorted(path for path in folder.iterdir() if not path.name.startswith(".") and _is_bundle(path))
    except OSError as error:
        raise InputError(str(folder), f"is no folder of bundles ({error.strerror})", f"correct {SEARCH_PATH}") from None


def _is_bundle(folder: Path) -> bool:
    """Say whether a folder holds a manifest; one that may not be looked into does not."""
    try:
        return (folder / MANIFEST).is_file()
    except OSError:  # a name longer than names can be, a folder of somebody else
        return False


def _listed(folder: Path) -> Listed:
    try:
        return Listed(folder, read_manifest(folder))
    except InputError as error:
        return Listed(folder, None, error)


def _named(name: str, places: Sequence[Place]) -> Listed | None:
    """Return what a name means in the first place that has it.

    Raises:
        InputError: A bundle that may be the one that is meant cannot be read.
    """
    for place in places:
        found = [each for each in place.bundles if each.is_called(name)]
        for each in place.bundles:
            if each.fault and each not in found and each.folder.name.startswith(f"{name}-"):
                hint = f"repair or remove {each.folder}, or name the version: {name}@VERSION"
                raise InputError(name, f"may mean {each.folder.name}, which {each.fault.what}", hint)
        if found:
            return _newest(name, found)
    return None


def _newest(name: str, found: Sequence[Listed]) -> Listed:
    """Return the newest version of one bundle.

    Raises:
        InputError: The name means different bundles, or one version stands in two folders.
    """
    newest = max(map(_age, found))
    best = {each.folder.resolve(): each for each in found if _age(each) == newest}
    if len(best) > 1 or len({each.manifest and each.manifest.name for each in found}) > 1:
        there = _enumerated([f"{each.folder} ({each.label})" for each in found])
        raise InputError(name, "means more than one bundle", f"name one by its folder: {there}")
    return next(iter(best.values()))


def _age(each: Listed) -> tuple[tuple[int, ...], bool, str]:
    """Order versions by their numbers, 0.9 before 0.10; one with a suffix (1.0rc1) comes before the one without."""
    match = _VERSION.fullmatch(each.manifest.version) if each.manifest else None
    if match is None:
        return (), False, each.manifest.version if each.manifest else ""
    return tuple(map(int, match[1].split("."))), not match[2], match[2]


def _described(each: Listed) -> str:
    return f"{each.label} ({each.fault.what})" if each.fault else each.label


def _enumerated(names: Sequence[str]) -> str:
    rest = len(names) - _MOST_NAMED
    more = [f"{rest} more (see `fazhi bundle list`)"] if rest > 0 else []
    return ", ".join([*names[:_MOST_NAMED], *more]) or "none"
