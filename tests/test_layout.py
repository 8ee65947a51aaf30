"""The shape of the sources: one name for one thing."""

import ast
from collections import defaultdict
from importlib import import_module
from pathlib import Path

import pytest

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


# imports ---------------------------------------------------------------------------------------

# Each may import what stands above it in this list, and nothing below; a row may be one file.
ORDER = (
    "errors", "spans", "cache",
    "algebra", "latex", "hypotheses", "kernel", "claims", "derive", "check",
    "layouts", "sheet_text", "sheet", "judge", "pages", "submission", "document", "serving",
    "vocabulary", "program", "commands", "run", "cli",
    "collect", "__main__",
)  # fmt: skip

# A public name may stand higher than what makes it; it is handed out when it is asked for.
DOORS = {
    ("check", "judge.judge"),  # `from symattn.check import check`
}


def _module(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports():
    """Return all (module, module it imports), also inside functions and for types."""
    modules = {_module(f) for f in FILES}
    found = set()
    for f in FILES:
        for node in ast.walk(ast.parse(f.read_text("utf-8"))):
            names = []
            if isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{f}: a relative import"
                names = [(node.module or "", a.name) for a in node.names]
            elif isinstance(node, ast.Import):
                names = [(a.name, "") for a in node.names]
            for base, name in names:
                base = base.removeprefix("symattn").removeprefix(".") if "symattn" in base else None
                if base is None:
                    continue
                whole = f"{base}.{name}".strip(".")
                found.add((_module(f), whole if whole in modules else base))
    return {(a, b) for a, b in found if a != b and b}


def test_imports_go_down_only():
    place = {name: at for at, name in enumerate(ORDER)}
    upwards = {
        (a, b) for a, b in _imports() if a and place[a.split(".")[0]] < place[b.split(".")[0]]
    }
    assert upwards == DOORS


def test_no_import_goes_round():
    imports = _imports()
    assert imports >= DOORS
    below = defaultdict(set)
    for a, b in imports - DOORS:
        below[a].add(b)
    done, path = set(), []

    def visit(module):
        assert module not in path, " -> ".join([*path[path.index(module) :], module])
        if module not in done:
            path.append(module)
            for other in sorted(below[module]):
                visit(other)
            done.add(path.pop())

    for module in sorted(below):
        visit(module)


@pytest.mark.parametrize("package", ["symattn", "symattn.latex", "symattn.submission"])
def test_each_name_that_a_package_hands_out_is_there(package):
    module = import_module(package)
    assert all(hasattr(module, name) for name in module.__all__)
