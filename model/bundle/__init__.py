"""The saved model: a folder that can be found by name, read with suspicion, and held as a frozen value.

    read_bundle(find_bundle("linear")).decisions.theme_thresholds  ->  (0.45, 0.41, …)

`values` is what it is, `folder` writes and reads it, `finding` knows where bundles stand and which one a name means.
What the scorer's files mean is for `scorers`.
"""

from fazhi.model.bundle.finding import (
    DEFAULT_BUNDLE,
    SEARCH_PATH,
    Listed,
    Place,
    bundle_places,
    find_bundle,
    search_path,
)
from fazhi.model.bundle.folder import (
    check_place,
    clear_drafts,
    identity_of,
    mismatches,
    read_bundle,
    read_manifest,
    write_bundle,
)
from fazhi.model.bundle.values import BUNDLE_FORMAT, Bundle, Decisions, Manifest, SectionChain

__all__ = [
    "BUNDLE_FORMAT",
    "DEFAULT_BUNDLE",
    "SEARCH_PATH",
    "Bundle",
    "Decisions",
    "Listed",
    "Manifest",
    "Place",
    "SectionChain",
    "bundle_places",
    "check_place",
    "clear_drafts",
    "find_bundle",
    "identity_of",
    "mismatches",
    "read_bundle",
    "read_manifest",
    "search_path",
    "write_bundle",
]
