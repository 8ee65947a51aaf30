"""The judge: every author's test of every question, and the library and command forms."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from symattn.check import check
from symattn.cli import app
from symattn.errors import UnknownName
from symattn.judge.author import find
from symattn.judge.author_tests import run_author_tests

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


NEAREST = [
    ("q1d", r"M = S (S^\top S)^{-1} S^\top", "right with a factor 2"),
    ("q1d", r"M = -2 S (S^\top S)^{-1} S^\top", "right with the opposite sign"),
    ("q1d", r"M = 4 S (S^\top S)^{-1} S^\top", "right with a factor 1/2"),
    ("q1d", r"M = 2 S S^\top", "in place of"),
    ("q1c", r"q = \frac{k_i + k_j}{2}", r"right with a scale \beta in front that grows"),
    ("q1c", r"q = -\beta (k_i + k_j)", "right with the opposite sign"),
    ("q1c", r"q = \beta (k_i + k_l)", "k_{j}"),
    ("q1c", r"\alpha_i = \frac{e^\beta}{2 e^\beta + n}", "n - 2"),
    ("q1c", r"c = \frac{v_i + v_j}{2}", r"right with \approx or \to in place of ="),
    ("q1a", r"\sum_{i=1}^n \alpha_i \le 1 - 10^{-40}", r"right with \ge in place of \le"),
    ("q1e", r"\operatorname{Var}(k_l \cdot q) = \epsilon \beta^2", "right with a factor 2"),
    ("q1f", r"c \approx \frac{v_i + v_j}{2}", "right in the case"),
]


@pytest.mark.parametrize(("question", "line", "nearest"), NEAREST, ids=[x[1] for x in NEAREST])
def test_the_nearest_right_answer_is_named(question: str, line: str, nearest: str) -> None:
    found = check(question, line, seconds=30)
    assert found.verdict == "refuted"
    assert nearest in found.nearest


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("q1c", r"q = \beta k_i"),
        ("q1d", r"M = 0"),
        ("q1d", r"M = S^\top"),
        ("q1b", r"\|q\| \gg 0"),
        ("q1f", r"c \approx v_i"),
    ],
)
def test_nothing_is_named_where_no_single_change_helps(question: str, line: str) -> None:
    found = check(question, line, seconds=30)
    assert (found.verdict, found.nearest) == ("refuted", "")


def test_two_unknown_letters_are_asked_about() -> None:
    found = check("q1c", r"q = s r (k_i + k_j)")
    assert (found.verdict, found.code) == ("undecided", "ask-which-scale")


@pytest.mark.parametrize("line", [r"q = \beta (\mu_i + \mu_j)", r"\beta \gg \ln n"])
def test_a_right_query_says_for_which_scales(line: str) -> None:
    found = check("q1e", line)
    assert found.verdict == "proved"
    assert found.reason.endswith(r"for n e^{-\beta} \ll 1, \epsilon \beta^2 \ll 1")


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


# lines from strangers ------------------------------------------------------------------------------

TOWER = "2" + "".join("^{2" for _ in range(40)) + "}" * 40
HOSTILE = {
    "tower": ("q1c", rf"q = {TOWER} (k_i + k_j)"),
    "tower of numbers": ("q1c", r"q = 9^{9^{9^{9}}} (k_i + k_j)"),
    "tower of exponentials": ("q1c", r"q = e^{e^{e^{e^\beta}}} (k_i + 2 k_j)"),
    "huge power": ("q1c", r"q = \beta^{9^{9^{9}}} (k_i + k_j)"),
    "braces": ("q1c", "q = " + "{" * 10_000 + "k_i" + "}" * 10_000),
    "open braces": ("q1c", "q = " + "{" * 10_000),
    "brackets": ("q1c", "q = " + "(" * 3_000 + "k_i" + ")" * 3_000),
    "fractions": ("q1c", "q = " + r"\frac{1}{" * 300 + "2" + "}" * 300),
    "control characters": ("q1c", "q = \x00\x1b[31m\x07 k_i"),
    "right to left": ("q1c", "q = k_i \u202e + k_j"),
    "write18": ("q1c", r"q = \write18{ls} k_i"),
    "input": ("q1c", r"q = \input{/etc/passwd}"),
    "macro": ("q1c", r"\def\a{\a\a} q = \a"),
    "code": ("q1c", "q = __import__('os').system('ls')"),
    "long sum": ("q1c", r"q = \sum_{m=1}^{10^{12}} m (k_i + k_j)"),
    "long sum of keys": ("q1c", r"q = \sum_{m=1}^{10^{12}} k_m"),
    "long product": ("q1c", r"\alpha_i = \prod_{m=1}^{10^{9}} m"),
    "factorial": ("q1c", r"\alpha_i = (10^9)!"),
    "binomial": ("q1c", r"\alpha_i = \binom{10^9}{10^8}"),
    "many terms": ("q1c", "q = " + " + ".join(["k_i"] * 3_000)),
    "many digits": ("q1c", r"\alpha_i = " + "1" * 5_000),
    "division by zero": ("q1c", r"q = \frac{1}{0} (k_i + k_j)"),
    "hidden zero": ("q1c", r"q = \frac{1}{n - n} (k_i + k_j)"),
    "zero by zero": ("q1c", r"\alpha_i = \frac{0}{0}"),
    "logarithm of zero": ("q1c", r"\alpha_i = \ln 0"),
    "imaginary": ("q1c", r"\alpha_i = \sqrt{-1}"),
    "infinity": ("q1c", r"q = \infty (k_i + k_j)"),
    "infinity less infinity": ("q1c", r"q = (\infty - \infty) (k_i + k_j)"),
    "infinite weight": ("q1c", r"\alpha_i = \infty"),
    "huge scale": ("q1c", r"q = 10^{300} (k_i + k_j)"),
    "nothing": ("q1c", ""),
    "a relation alone": ("q1c", "="),
    "a letter alone": ("q1c", "q"),
    "power of a matrix": ("q1d", r"M = (S S^\top)^{10^{10}}"),
    "inverse of zero": ("q1d", r"M = 2 S (S^\top S - S^\top S)^{-1} S^\top"),
    "function of a matrix": ("q1d", r"M = \exp(S S^\top)"),
    "huge power of the noise": ("q1e", r"q = \epsilon^{-10^{10}} (\mu_i + \mu_j)"),
    "tower of the noise": ("q1e", r"q = \exp(\exp(1/\epsilon)) (\mu_i + \mu_j)"),
    "power of n": ("q1e", r"q = \epsilon^{-n} (\mu_i + \mu_j)"),
    "infinite gap": ("q1b", r"(k_i - k_j) \cdot q \ge \infty"),
    "huge gap": ("q1b", r"(k_i - k_j) \cdot q \ge 10^{10^{10}}"),
    "moment that is none": ("q1f", r"\mathbb{E}[\frac{1}{k_i \cdot q}] = 0"),
    "moment of a moment": ("q1f", r"\operatorname{Cov}(\operatorname{Cov}(c)) = 0"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_line_ends_in_one_plain_sentence(kind: str) -> None:
    """Never a pass, never a traceback, never the name of an exception of ours or of Python's."""
    question, line = HOSTILE[kind]
    found = check(question, line)
    assert found.verdict in ("unread", "undecided", "refuted")
    assert found.reason
    assert "\n" not in found.reason
    assert len(found.reason) < 600
    for name in ("Error", "Exception", "Traceback", "could not finish", "nan", "_more", "_y"):
        assert name not in found.reason
    if found.verdict == "unread" and line.strip():
        assert found.caret.endswith("^")
