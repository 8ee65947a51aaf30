"""Lines of strangers, right and wrong ones side by side: what is accepted, refuted, or neither."""

from __future__ import annotations

import re
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

INTERNAL = re.compile(
    r"\b(?:Sum|Product|Max|Min|Mul|Add|Pow|Piecewise|Indexed|Symbol|Dummy|Str|Tuple|Kronecker\w*|Dot|"
    r"Norm|Member|Matrix|Letter|OffSum|Peak|Pit|Holds|Expect|Listed|OfVector|Transposed|Inverse)\("
    r"|[a-z]\[[a-z_]|\*\*|\b_[a-z]+\d|object at|\w(?:Error|Exception)\b"
)
"""What only the program says: names of its classes, and how Python writes an expression."""


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_line_gets_the_verdict_that_it_deserves(question: str) -> None:
    """No wrong line is accepted and no right one refuted; most of them are decided."""
    missed, internal = [], []
    for name, expected, line in ROWS:
        if name != question:
            continue
        found = check(name, line, seconds=30, explain=False)
        if found.verdict not in ALLOWED[expected]:
            missed.append((line, expected, str(found)))
        if INTERNAL.search((found.reason + found.read_as).replace("\\left", "")):
            internal.append((line, found.reason, found.read_as))
    assert missed == []
    assert internal == []


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
            r"k_{i} \cdot q \gg k_{j} \cdot q, \forall j \ne i",
        ),
        ("q1c", r"\alpha_l \approx 0 \text{ for all } l", r"l \in \{l, i, j\}"),
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


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_is_read_is_all_that_was_said(question: str) -> None:
    """Nothing that decides is left out: judged again, what is shown has the verdict of the line."""
    other = []
    for name, _, line in ROWS[::4]:
        if name != question or r"\sim" in line:  # of a law its moments are shown
            continue
        found = check(name, line, seconds=30, explain=False)
        if found.verdict in ("unread", "undecided") or not found.read_as:
            continue
        again = check(name, found.read_as, seconds=30, explain=False)
        if again.verdict != found.verdict:
            other.append((line, found.verdict, found.read_as, str(again)))
    assert other == []


@pytest.mark.parametrize(
    ("question", "line", "meaning"),
    [
        ("q1c", r"\alpha_i \to 0, \quad \beta \to -\infty", r"\alpha_{i} \to 0, \beta \to -\infty"),
        ("q1c", r"c = \frac{v_i + v_j}{2}, \quad n = 2", r"c = \frac{v_{i} + v_{j}}{2}, n = 2"),
        ("q1c", r"\alpha_i \approx \frac12, \quad \beta = 1", r"\alpha_{i} \approx \frac{1}{2}, \beta = 1"),
        ("q1c", r"q = \frac{1}{\tau} (k_i + k_j)", r"q = \frac{k_{i} + k_{j}}{\beta}, \beta \to 0"),
        ("q1c", r"q = \beta (k_i + k_j), \quad |\beta| \gg 1",
         r"q = \beta \left(k_{i} + k_{j}\right), |\beta| \gg 1"),
        ("q1b", r"\Delta_l \gg 0 \text{ for all } l \ne i, j", r"\Delta_{l} \gg 0, \forall l \ne i, j"),
        ("q1b", r"\min_{l \ne i} (k_i - k_l) \cdot q \to \infty",
         r"\min_{l \ne i} \left(k_{i} - k_{l}\right) \cdot q \to \infty"),
        ("q1a", r"\alpha_i \ge 0 \text{ for all } i", r"\alpha_{i} \ge 0, i \in \{i, j, l\}"),
        ("q1f", r"c \approx v_i \text{ if } k_i \cdot \mu_i > 1",
         r"c \approx v_{i} \text{ if } \mu_{i} \cdot k_{i} > 1"),
        ("q1d", r"M = S S^\top = 2 S S^\top", r"M = S S^{\top} = 2 S S^{\top}"),
    ],
)  # fmt: skip
def test_conditions_and_chains_are_shown(question: str, line: str, meaning: str) -> None:
    """What is said beside the formula is shown as it was taken."""
    assert check(question, line, explain=False).read_as == meaning
