"""The table of codes: every code of the sources is listed, and every listed one is used."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from symattn.check.codes import CODES, sentence
from symattn.cli import app

SOURCES = Path(__file__).resolve().parents[1] / "symattn"
TABLE = SOURCES / "check" / "codes.py"
JUDGING = ("check", "judge", "submission")
KEBAB = re.compile(r"[a-z]+(-[a-z]+)+")
# Words with a hyphen that the judging sources use for something else.
NO_CODES = frozenset(["cauchy-schwarz", "mac-roman"])
# Where the library's own classes take their code.
PLACES = {"Evidence": 2, "Verdict": 1, "Judgement": 1, "Finding": 1}


def trees() -> dict[Path, ast.Module]:
    return {
        path: ast.parse(path.read_text("utf-8"))
        for path in sorted(SOURCES.rglob("*.py"))
        if path != TABLE
    }


def taking_a_code(modules: dict[Path, ast.Module]) -> dict[str, int]:
    """Functions and classes with a parameter `code`, and where it stands."""
    found = dict(PLACES)
    for tree in modules.values():
        for node in ast.walk(tree):
            owner = node.name if isinstance(node, ast.ClassDef) else ""
            inner = node.body if owner else [node]
            for f in inner:
                if not isinstance(f, ast.FunctionDef) or (owner and f.name != "__init__"):
                    continue
                names = [a.arg for a in (*f.args.posonlyargs, *f.args.args)]
                if "code" in names:
                    at = names.index("code") - (names[0] == "self")
                    found[owner or f.name] = at
    del found["__init__"]
    return found


def literals(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from literals(node.body)
        yield from literals(node.orelse)
    elif isinstance(node, (ast.BoolOp, ast.Tuple, ast.List, ast.Set)):
        for item in getattr(node, "values", None) or getattr(node, "elts", ()):
            yield from literals(item)


def codes_in(path: Path, tree: ast.Module, places: dict[str, int]) -> Iterator[str]:
    """Every string that stands where a code is expected."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            at = places.get(name)
            if at is not None and at < len(node.args):
                yield from literals(node.args[at])
            for keyword in node.keywords:
                if keyword.arg == "code":
                    yield from literals(keyword.value)
        elif isinstance(node, ast.Assign):
            if any(isinstance(t, ast.Name) and t.id == "code" for t in node.targets):
                yield from literals(node.value)
        elif isinstance(node, ast.Compare) and getattr(node.left, "attr", "") == "code":
            for other in node.comparators:
                yield from literals(other)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            judging = path.relative_to(SOURCES).parts[0] in JUDGING
            if judging and KEBAB.fullmatch(node.value) and node.value not in NO_CODES:
                yield node.value


def used() -> dict[str, set[str]]:
    modules = trees()
    places = taking_a_code(modules)
    found: dict[str, set[str]] = {}
    for path, tree in modules.items():
        for code in codes_in(path, tree, places):
            if code:
                found.setdefault(code, set()).add(path.name)
    return found


def test_every_code_that_is_used_is_listed() -> None:
    unlisted = {code: where for code, where in used().items() if code not in CODES}
    assert unlisted == {}, "list it in symattn/check/codes.py and in verdict.schema.json"


def test_every_listed_code_is_used() -> None:
    strings = {
        node.value
        for tree in trees().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert [code for code in CODES if code not in strings] == []


@pytest.mark.parametrize(
    "source",
    [
        'Evidence("proof", "proved", "brand-new", "text")',
        'Unclear("unheard", "text")',
        'replace(found, code="brand-new")',
        'code = "wrong-limit" if moving else "unheard"',
        'found.code == "unheard"',
        'TABLE = {"Zero": "brand-new"}',
    ],
)
def test_the_scan_sees_a_new_code(source: str) -> None:
    """A code that is not listed is found wherever it may stand."""
    places = taking_a_code(trees())
    found = set(codes_in(SOURCES / "check" / "new.py", ast.parse(source), places))
    assert found - set(CODES)


def test_a_sentence_each() -> None:
    assert all(re.fullmatch(r"[A-Z].*\.", text) for text in CODES.values())
    assert len(set(CODES.values())) == len(CODES)
    with pytest.raises(KeyError):
        sentence("brand-new")


def test_the_command_prints_the_table() -> None:
    result = CliRunner().invoke(app, ["check", "--codes"])
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.stdout.splitlines()] == list(CODES)


def test_the_schema_lists_the_same_codes() -> None:
    schema = json.loads((TABLE.parent / "verdict.schema.json").read_text("utf-8"))
    assert schema["$defs"]["code"]["enum"] == sorted(CODES)
