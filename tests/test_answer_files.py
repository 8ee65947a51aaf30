"""Whole answer files in the manner of real ones: the state of each question."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pytest

from symattn.submission.judging import SheetJudge
from symattn.submission.marking import MarkingOptions, mark_file

DATA = Path(__file__).resolve().parent / "data" / "answers"
with (DATA / "expected.tsv").open(encoding="utf-8") as table:
    ROWS = [tuple(row.values()) for row in csv.DictReader(table, delimiter="\t")]


@cache
def marked(name):
    return mark_file(DATA / name, MarkingOptions(SheetJudge(bounded=False)))


@pytest.mark.parametrize(("name", "question", "state"), ROWS, ids=lambda text: text)
def test_the_state_of_a_question(name, question, state):
    states = {q.question: q.state for q in marked(name).questions}
    assert states.get(question) == state


def test_every_file_is_expected_to_say_something():
    assert {name for name, *_ in ROWS} == {p.name for p in DATA.iterdir()} - {"expected.tsv"}


def test_what_is_meant_by_a_stroke_is_asked_once_and_answered_for_the_file():
    """`1/2 \\beta`: the second formula refers to the first, and `--where` answers for both."""
    asked = [m.finding for m in marked("half.md").marks if m.finding.code == "two-readings"]
    assert [("--where" in f.reason, "line 3" in f.reason) for f in asked] == [
        (True, False), (False, True),
    ]  # fmt: skip
    for said, state in (("(1/2) x", "right"), ("1/(2 x)", "wrong")):
        judge = SheetJudge(where=(("1/2 x", said),), bounded=False)
        states = {q.state for q in mark_file(DATA / "half.md", MarkingOptions(judge)).questions}
        assert state in states
