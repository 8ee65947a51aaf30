"""Lines of strangers, right and wrong ones side by side: what is accepted, refuted, or neither."""

from __future__ import annotations

from pathlib import Path

import pytest

from symattn.check import check

ROWS = [
    row.split("\t")
    for row in Path(__file__)
    .with_name("data")
    .joinpath("lines.tsv")
    .read_text("utf-8")
    .splitlines()
]
QUESTIONS = sorted({row[0] for row in ROWS})
ALLOWED = {
    "right": {"proved", "confirmed"},
    "wrong": {"refuted"},
    "notright": {"refuted", "undecided", "unread"},
    "notwrong": {"proved", "confirmed", "undecided", "unread"},
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_line_gets_the_verdict_that_it_deserves(question: str) -> None:
    """No wrong line is accepted and no right one refuted; most of them are decided."""
    missed = []
    for name, expected, line in ROWS:
        if name != question:
            continue
        found = check(name, line, seconds=30, explain=False)
        if found.verdict not in ALLOWED[expected]:
            missed.append((line, expected, str(found)))
    assert missed == []


def test_the_table_holds_both_kinds_for_every_question() -> None:
    for question in QUESTIONS:
        kinds = {row[1] for row in ROWS if row[0] == question}
        assert "right" in kinds
        assert kinds & {"wrong", "notright"}
