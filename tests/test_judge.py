"""The judge: every author's test of every question, and the library and command forms."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from symattn.check import check
from symattn.check.author import find, run_author_tests
from symattn.cli import app
from symattn.errors import UnknownName

QUESTIONS = ("q1a", "q1b", "q1c", "q1d", "q1e", "q1f")


@pytest.mark.parametrize("name", QUESTIONS)
def test_author_tests(name: str) -> None:
    """Each line gets the verdict, and the code where one is stated, that its author wrote down."""
    trials = list(run_author_tests(find(name)))
    assert [str(t) for t in trials if not t.passed] == []
    least = 5 if name == "q1a" else 12
    assert len(trials) >= least
    words = {t.test.verdict for t in trials}
    assert {"refuted", "unread"} <= words
    assert words & {"proved", "confirmed"}


def test_it_never_compares_with_our_own_answer() -> None:
    """A right query written otherwise is right."""
    for line in (
        r"q = \gamma (k_i + k_j)",
        r"\vec{q} = t (\vec{k}_i + \vec{k}_j)",
        r"q = \beta (k_i + k_j) - \beta \sum_{l \ne i,j} k_l",
        r"q = C (k_a + k_b), \quad C \gg 0",
    ):
        assert check("q1c", line).passed, line


@pytest.mark.parametrize(
    ("question", "line", "nearest"),
    [
        ("q1d", r"M = S (S^\top S)^{-1} S^\top", "right with a factor 2"),
        ("q1d", r"M = -2 S (S^\top S)^{-1} S^\top", "sign"),
    ],
)
def test_the_nearest_right_answer_is_named(question: str, line: str, nearest: str) -> None:
    found = check(question, line)
    assert found.verdict == "refuted"
    assert nearest in found.nearest


def test_two_unknown_letters_are_asked_about() -> None:
    found = check("q1c", r"q = s r (k_i + k_j)")
    assert (found.verdict, found.code) == ("undecided", "ask-which-scale")


def test_an_unknown_question_is_named() -> None:
    with pytest.raises(UnknownName, match="q9z"):
        check("q9z", "q = 1")


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (r"q = \beta (k_i + k_j)", 0),
        (r"q = (k_i + k_j) / 2", 1),
        (r"q = \frac{1}{", 2),
        (r"q = s r (k_i + k_j)", 3),
    ],
)
def test_the_exit_status_marks(line: str, status: int) -> None:
    """0 right, 1 wrong, 2 unread, 3 undecided; the JSON says the same."""
    result = CliRunner().invoke(app, ["check", "q1c", line, "--json"])
    assert result.exit_code == status
    found = json.loads(result.stdout)
    assert found["schema"] == 1
    assert found["passed"] == (status == 0)
