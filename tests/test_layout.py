"""The shape of the sources: one name for one thing."""

import ast
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[1] / "symattn"
FILES = sorted(ROOT.rglob("*.py"))


def _shared(names):
    """Return the names that more than one place has, with the places."""
    places = defaultdict(list)
    for name, place in names:
        places[name].append(place)
    return {name: found for name, found in places.items() if len(found) > 1}


def test_no_two_files_have_one_name():
    # A command may be called as what it runs: `symattn/commands/equal.py`, `symattn/check/equal.py`.
    files = [f for f in FILES if f.name != "__init__.py" and f.parent.name != "commands"]
    assert len(files) > 100
    assert _shared((f.name, str(f.relative_to(ROOT))) for f in files) == {}


def test_no_two_classes_have_one_name():
    classes = [
        (node.name, str(f.relative_to(ROOT)))
        for f in FILES
        for node in ast.parse(f.read_text("utf-8")).body
        if isinstance(node, ast.ClassDef)
    ]
    assert len(classes) > 200
    assert _shared(classes) == {}


def test_no_folder_is_passed_over_by_collectors():
    # Collectors of tests skip these, and with them the examples in docstrings.
    skipped = {"build", "dist", "venv", "node_modules"}
    assert not {part for f in FILES for part in f.relative_to(ROOT).parts} & skipped
