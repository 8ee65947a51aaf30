"""The JSON of `symattn check` is what its schema says, for every kind of verdict."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from symattn.check import check
from symattn.cli import app
from symattn.judge.job import finite
from symattn.judge.judge import out_of_budget

SUBMISSIONS = Path(__file__).resolve().parent / "data" / "submissions"
LINES = {
    "proved": ("q1c", r"q = \beta (k_i + k_j)"),
    "proved chain": ("q1c", r"\alpha_i = \alpha_j \approx \frac12, \quad \alpha_l \approx 0"),
    "confirmed": (
        "q1e",
        r"\operatorname{Cov}(c) \approx \frac{\epsilon \beta^2}{4} (v_i - v_j) (v_i - v_j)^\top",
    ),
    "refuted": ("q1d", r"M = S (S^\top S)^{-1} S^\top"),
    "refuted by samples": ("q1f", r"c \approx \frac{v_i + v_j}{2}"),
    "refuted shape": ("q1d", r"M = S^\top"),
    "refuted condition": ("q1b", r"(k_i - k_j) \cdot q \ge 10^6"),
    "undecided": ("q1c", r"q = s r (k_i + k_j)"),
    "unread": ("q1c", r"q = \frac{1}{"),
    "unread command": ("q1c", r"q = \input{/etc/passwd}"),
}


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    result = CliRunner().invoke(app, ["check", "--schema"])
    assert result.exit_code == 0
    found: dict[str, Any] = json.loads(result.stdout)
    Draft202012Validator.check_schema(found)
    return found


@pytest.fixture(scope="module")
def documents() -> dict[str, dict[str, Any]]:
    """What is printed for one line of each kind."""
    return {kind: finite(check(*line).to_json()) for kind, line in LINES.items()}


def faults(schema: dict[str, Any], document: Any) -> list[str]:
    return [e.message for e in Draft202012Validator(schema).iter_errors(document)]


@pytest.mark.parametrize("kind", LINES)
def test_a_line(kind: str, schema: dict[str, Any], documents: dict[str, Any]) -> None:
    document = documents[kind]
    assert document["verdict"] == kind.split(maxsplit=1)[0]
    assert faults(schema, json.loads(json.dumps(document, allow_nan=False))) == []


def test_a_line_whose_process_was_ended(schema: dict[str, Any]) -> None:
    assert faults(schema, out_of_budget("q1c", "q = 1", "too slow").to_json()) == []


def test_what_the_command_prints_of_a_line(schema: dict[str, Any]) -> None:
    result = CliRunner().invoke(app, ["check", *LINES["refuted"], "--json"])
    document = json.loads(result.stdout)
    assert faults(schema, document) == []
    assert document["counterexample"]["instance"]["S"]


@pytest.mark.parametrize("target", ["wrong.tex", ""])
def test_what_the_command_prints_of_files(
    target: str, schema: dict[str, Any], tmp_path: Path
) -> None:
    """A file; and a folder with a good and a bad one."""
    (tmp_path / "a.tex").write_bytes((SUBMISSIONS / "wrong.tex").read_bytes())
    (tmp_path / "b.tex").write_bytes(b"")
    where = SUBMISSIONS / target if target else tmp_path
    result = CliRunner().invoke(app, ["check", str(where), "--json", "--jobs", "1"])
    document = json.loads(result.stdout)
    assert len(document["files"]) == (1 if target else 2)
    assert faults(schema, document) == []


def without(name: str) -> Callable[[dict[str, Any]], None]:
    def change(d: dict[str, Any]) -> None:
        del d[name]

    return change


def with_value(*path: Any) -> Callable[[dict[str, Any]], None]:
    *place, last, value = path

    def change(d: Any) -> None:
        for step in place:
            d = d[step]
        d[last] = value

    return change


FIELDS = (
    "schema", "question", "latex", "verdict", "code", "reason", "evidence", "counterexample",
    "assumptions", "passed", "read_as", "nearest", "position", "caret", "links",
)  # fmt: skip
CHANGES: dict[str, Callable[[dict[str, Any]], None]] = {
    **{f"no {name}": without(name) for name in FIELDS},
    "another number": with_value("schema", 2),
    "an unknown verdict": with_value("verdict", "perhaps"),
    "an unknown code": with_value("code", "brand-new"),
    "a refuted line that passed": with_value("passed", True),
    "a number as a word": with_value("reason", 3),
    "a field that is not documented": with_value("score", 1),
    "an unknown kind of evidence": with_value("evidence", 0, "kind", "hearsay"),
    "an unknown code of evidence": with_value("evidence", 0, "code", "brand-new"),
    "an instance of words": with_value("counterexample", "instance", "S", "a matrix"),
    "a counterexample without a side": with_value("counterexample", {"text": ""}),
    "a negative place": with_value("position", -1),
    "a link without a verdict": with_value("links", 0, {"latex": "M = 0"}),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_document_is_refused(
    change: str, schema: dict[str, Any], documents: dict[str, Any]
) -> None:
    document = copy.deepcopy(documents["refuted"])
    CHANGES[change](document)
    assert faults(schema, document) != []


def test_every_field_is_required(schema: dict[str, Any], documents: dict[str, Any]) -> None:
    assert set(documents["proved"]) == set(FIELDS) == set(schema["$defs"]["line"]["required"])


def test_what_is_not_finite_is_named() -> None:
    assert json.dumps(finite({"a": [float("nan"), (1.0,)]}), allow_nan=False)
