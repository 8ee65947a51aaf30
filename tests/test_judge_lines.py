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


@pytest.mark.parametrize(
    ("question", "line", "meaning"),
    [
        ("q1c", r"q = t (k_a + k_b)", r"q = \beta \left(k_{i} + k_{j}\right)"),
        ("q1c", r"q = k_a", "q = k_{i}"),
        (
            "q1b",
            r"k_m \cdot q \gg k_l \cdot q, \quad \forall l \ne m",
            r"k_{i} \cdot q \gg k_{j} \cdot q, for every j other than i",
        ),
        ("q1c", r"\alpha_l \approx 0 \text{ for all } l", r"and for l = i, l = j"),
        ("q1b", r"n \ge 2 \implies \Delta_l \to \infty", r"n \ge 2 \implies \Delta_{l} \to \infty"),
        ("q1c", r"q = \frac{1}{", ""),
    ],
)
def test_it_says_how_the_line_was_read(question: str, line: str, meaning: str) -> None:
    """Right or wrong, in the question's own letters; of what is not read there is nothing to say."""
    found = check(question, line, explain=False)
    assert meaning in found.read_as
    assert bool(meaning) == bool(found.read_as)
    assert found.to_json()["read_as"] == found.read_as
