"""Which bundle a name means: places in order, the newest version, one clear line for anything else."""

import shutil
from pathlib import Path

import pytest
from bundle_copies import edit, release

from fazhi.model.bundle import bundle_places, find_bundle, search_path
from fazhi.model.reading import InputError


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """A folder with two versions of one bundle beside each other; we stand in another, empty folder."""
    for version in ("0.9.0", "0.10.0"):
        release(tmp_path / "shelf" / f"small-{version}", name="fazhi-small", version=version)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "shelf"


def test_the_environment_names_folders_as_path_does():
    assert search_path({"FAZHI_BUNDLES": "/a::b/c:"}) == (Path("/a"), Path("b/c"))
    assert search_path({}) == ()


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("fazhi-small", "small-0.10.0"),
        ("fazhi-small@0.9.0", "small-0.9.0"),
        ("small-0.9.0", "small-0.9.0"),
        ("small-0.9.0@0.9.0", "small-0.9.0"),
    ],
)
def test_a_name_means_the_newest_version_and_one_with_a_version_that_one(shelf, name, folder):
    assert find_bundle(name, [shelf]) == shelf / folder


def test_the_package_is_searched_last(shelf):
    shipped, default = find_bundle("linear"), find_bundle()
    assert (default.name, default.parent) == ("fazhi-small", shipped.parent)
    assert find_bundle("linear", [shelf]) == find_bundle("fazhi-linear", [shelf]) == shipped
    old = release(shelf / "linear", version="0.0.1")
    assert find_bundle("fazhi-linear", [shelf]) == old
    assert find_bundle(None, [shelf]) == shelf / "small-0.10.0"
    assert find_bundle("fazhi-linear@0.1.0", [shelf]) == shipped
    assert [place.folder for place in bundle_places([shelf])] == [shelf, shipped.parent]


def test_earlier_folders_come_first(shelf, tmp_path):
    other = release(tmp_path / "other" / "x", name="fazhi-small", version="0.1.0")
    assert find_bundle("fazhi-small", [tmp_path / "other", shelf]) == other
    assert find_bundle("fazhi-small", [shelf, tmp_path / "other"]) == shelf / "small-0.10.0"


@pytest.mark.parametrize(
    ("older", "newer"),
    [("0.9", "0.10"), ("1.0rc1", "1.0"), ("1.0rc1", "1.0rc2"), ("1", "1.0.1"), ("nightly", "0.1"), ("9" * 50, "1.0")],
)
def test_versions_in_their_order(tmp_path, older, newer):
    release(tmp_path / "a", name="m", version=newer)
    release(tmp_path / "b", name="m", version=older)
    assert find_bundle("m", [tmp_path]) == tmp_path / "a"


def test_a_path_is_the_folder_itself_and_text_may_be_one(shelf, monkeypatch):
    assert find_bundle(Path("linear")) == Path("linear")
    assert find_bundle("./linear") == Path("linear")
    assert find_bundle(str(shelf / "small-0.9.0")) == shelf / "small-0.9.0"
    monkeypatch.chdir(shelf)
    assert find_bundle("small-0.9.0") == Path("small-0.9.0")
    assert find_bundle("small-0.9.0", [Path()]) == Path("small-0.9.0")  # the same folder both ways


def test_a_folder_here_never_takes_the_place_of_a_name(shelf):
    shipped, default = find_bundle("linear"), find_bundle()
    Path("linear").mkdir()
    assert find_bundle("linear") == shipped  # an empty folder is no bundle
    release(Path("linear/x")).rename("linear/y")
    shutil.copytree("linear/y", "linear", dirs_exist_ok=True)
    assert find_bundle() == default
    with pytest.raises(InputError, match=r"^linear: is a folder here and a name of fazhi-linear@.* — write \./linear"):
        find_bundle("linear")


def test_an_unknown_name_lists_what_there_is(shelf):
    edit(shelf / "small-0.9.0" / "manifest.json", bundle_format=0)
    for name in ("nonsense", "fazhi-small@0.9.0", "n" * 5000):
        with pytest.raises(InputError) as error:
            find_bundle(name, [shelf])
        assert str(error.value) == (
            f"{name}: is neither a bundle folder nor the name of a bundle — there are: fazhi-small@0.10.0, "
            "small-0.9.0 (is of bundle format 0, not 2), fazhi-small@0.1.0, fazhi-linear@0.1.0"
        )
    with pytest.raises(InputError, match="^'': is neither"):
        find_bundle("", [shelf])
    assert find_bundle("small-0.9.0", [shelf]) == shelf / "small-0.9.0"  # reading it says what is wrong


def test_many_bundles_are_counted_on_the_line(tmp_path):
    for number in range(10):
        (tmp_path / f"b{number}").mkdir()
        (tmp_path / f"b{number}" / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="b7 .*, 4 more .see `fazhi bundle list`.$"):
        find_bundle("nonsense", [tmp_path])


def test_one_version_in_two_folders_is_refused_unless_they_are_one(shelf):
    (shelf / "current").symlink_to(shelf / "small-0.10.0")
    assert find_bundle("fazhi-small", [shelf]).samefile(shelf / "small-0.10.0")
    release(shelf / "twice", name="fazhi-small", version="0.10.0")
    with pytest.raises(InputError, match=r"fazhi-small: means more than one bundle — .*small-0\.10\.0.*twice"):
        find_bundle("fazhi-small", [shelf])
    assert find_bundle("fazhi-small@0.9.0", [shelf]) == shelf / "small-0.9.0"


def test_a_name_of_different_bundles_is_refused(shelf):
    release(shelf / "fazhi-small", name="fazhi-large", version="3.0.0")
    with pytest.raises(InputError, match="means more than one bundle"):
        find_bundle("fazhi-small", [shelf])


def test_a_damaged_bundle_is_never_passed_over_for_an_older_one(shelf):
    damaged = release(shelf / "fazhi-small-0.11.0", name="fazhi-small", version="0.11.0")
    (damaged / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(
        InputError, match=r"^fazhi-small: may mean fazhi-small-0\.11\.0, which cannot be read .*@VERSION"
    ):
        find_bundle("fazhi-small", [shelf])
    with pytest.raises(InputError, match="may mean"):
        find_bundle(None, [shelf])
    assert find_bundle("fazhi-small@0.10.0", [shelf]) == shelf / "small-0.10.0"
    assert find_bundle("fazhi-linear", [shelf]) == find_bundle("linear")


def test_a_folder_that_is_itself_a_bundle_is_one(shelf):
    assert find_bundle("fazhi-small", [shelf / "small-0.9.0"]) == shelf / "small-0.9.0"


def test_a_folder_that_is_none_is_named(shelf):
    with pytest.raises(InputError, match="gone: is no folder of bundles .No such file or directory. — correct FAZHI"):
        find_bundle("linear", [shelf / "gone"])


def test_drafts_of_an_interrupted_export_are_no_bundles(shelf):
    (shelf / "small-0.10.0").rename(shelf / ".small-0.10.0-old-77")
    assert find_bundle("fazhi-small", [shelf]) == shelf / "small-0.9.0"
