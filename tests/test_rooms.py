"""The rules of the house: who may import whom, what a core install loads, which names are public."""

import ast
import subprocess
import sys
import tomllib
from importlib.metadata import entry_points

import pytest

import fazhi.model

ALLOWED = {
    "model": {"model"},
    "training": {"training", "model"},
    "annotation": {"annotation", "model"},
    "serving": {"serving", "model"},
}
MODEL_ORDER = [
    "reading",
    "writing",
    "cleaning",
    "report",
    "labels",
    "showing",
    "bundle",
    "scorers",
    "tagger",
    "encoder",
]
HEAVY = {
    "torch",
    "transformers",
    "datasets",
    "sklearn",
    "scipy",
    "pandas",
    "fastapi",
    "uvicorn",
    "label_studio_sdk",
    "pyarrow",
}


def sources(root, room):
    files = sorted((root / room).rglob("*.py"))
    assert files, room
    return files


def imported(path):
    """Yield the dotted names that a file imports, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module


@pytest.mark.parametrize("room", ALLOWED)
def test_rooms_import_only_what_the_table_allows(root, room):
    for path in sources(root, room):
        rooms = {name.split(".")[1] for name in imported(path) if name.startswith("fazhi.")}
        assert rooms <= ALLOWED[room], f"{path} imports {rooms - ALLOWED[room]}"


@pytest.mark.parametrize("room", ALLOWED)
def test_no_file_imports_a_room_by_its_folder_name(root, room):
    for path in sources(root, room):
        assert not {name.split(".")[0] for name in imported(path)} & set(ALLOWED), path


def test_files_in_model_import_only_rooms_above_them(root):
    for path in sources(root, "model"):
        place = path.relative_to(root / "model").parts[0].removesuffix(".py")
        if place == "__init__":
            continue
        for name in imported(path):
            if name.startswith("fazhi.model."):
                other = name.split(".")[2]
                assert MODEL_ORDER.index(other) <= MODEL_ORDER.index(place), f"{path} imports {name}"


def test_only_known_files_stand_in_the_namespace(root):
    assert not (root / "fazhi").exists()
    assert not list(root.glob("__init__.py"))


def test_every_package_is_listed_for_installation(root):
    listed = set(tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"])
    found = {
        "fazhi." + ".".join(path.parent.relative_to(root).parts)
        for room in ALLOWED
        for path in (root / room).rglob("__init__.py")
    }
    assert listed == found


def test_every_dependency_is_pinned(root):
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    ]
    names = {name.split(">")[0].split("=")[0].lower() for name in wanted}
    pins = (root / "constraints.txt").read_text(encoding="utf-8").lower().splitlines()
    assert names <= {line.split("==")[0] for line in pins if "==" in line}
    assert "torch==2.13.0" in pins
    assert not [line for line in pins if line.startswith(("nvidia", "cuda"))]


def loaded_after(code):
    """Return the top-level modules that a fresh interpreter holds after running code."""
    script = f"import sys\n{code}\nprint(' '.join({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


def test_importing_the_model_room_is_light():
    loaded = loaded_after("import fazhi.model")
    assert not loaded & (HEAVY | {"numpy", "opencc", "socket"})


def test_tagging_loads_no_heavy_library(root):
    seed = next((root / "seeds" / "reports").glob("003*"))
    loaded = loaded_after(f"from fazhi.model import load_tagger\nload_tagger().tag({str(seed)!r})")
    assert not loaded & HEAVY


def test_tagging_into_a_file_draws_nothing(root, tmp_path):
    seed = next((root / "seeds" / "reports").glob("003*"))
    loaded = loaded_after(
        f"sys.argv = ['fazhi', 'tag', {str(seed)!r}, '-o', {str(tmp_path / 'x.html')!r}]\n"
        "from fazhi.serving.cli import main\ntry: main()\nexcept SystemExit: pass"
    )
    assert (tmp_path / "x.html").exists()
    assert not loaded & (HEAVY | {"rich", "xlsxwriter"})


def test_public_names_of_the_model_room():
    assert set(fazhi.model.__all__) == {
        "InputError", "Paragraph", "Report", "TaggedParagraph", "TaggedReport", "Tagger", "load_tagger", "read_document",
        "segment",
    }  # fmt: skip
    for name in fazhi.model.__all__:
        assert getattr(fazhi.model, name).__name__ == name
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        fazhi.model.nonsense  # noqa: B018


def test_rooms_offer_their_commands_by_entry_point():
    found = {entry.name: entry.load() for entry in entry_points(group="fazhi.commands")}
    assert set(found) == {"train", "evaluate", "export", "annotate", "round", "serve"}


def test_nothing_names_a_machine(root):
    for room in (*ALLOWED, "tests"):
        for path in sources(root, room):
            text = path.read_text(encoding="utf-8")
            assert "/" + "work/" not in text, path
            assert "../" + "shared" not in text, path
