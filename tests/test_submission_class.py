r"""Realistic submissions: what each line becomes, and what a file says its own letters stand for."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from symattn.commands.submissions import Wanted, check_submission
from symattn.commands.writing import written
from symattn.errors import OutputError
from symattn.submission.class_report import to_csv
from symattn.submission.judging import SheetJudge
from symattn.submission.marking import MarkingOptions, mark_document, mark_file
from symattn.submission.own_letters import (
    Definition,
    OwnLetters,
    defined_letter,
    in_words,
    is_said,
)
from symattn.submission.scan import read_document, read_source

CLASS = Path(__file__).resolve().parent / "data" / "submissions" / "class"
KNOWN = ("q1a", "q1b", "q1c", "q1d", "q1e", "q1f")
JUDGE = SheetJudge(bounded=False)

# file -> its questions with their states, and the lines with what became of them
EXPECTED = {
    "anna": (
        "q1c right, q1d right, q1e right",
        (
            "17 proved, 21 proved, 22 proved, 24 proved, 28 definition, 29 definition, 30 proved, "
            "30 proved, 31 proved, 35 proved"
        ),
    ),
    "bartek": (
        "q1a right, q1b right, q1c right, q1d right, q1e right",
        (
            "6 proved, 7 proved, 7 condition, 8 proved, 9 proved, 12 proved, 13 proved, 15 proved, "
            "16 proved"
        ),
    ),
    "chloe": (
        "q1c right, q1d right, q1e right, q1f missing",
        (
            "6 definition, 8 proved, 11 proved, 15 proved, 16 definition, 18 proved, "
            "19 restates-the-question, 20 proved, 23 proved, 24 definition, 26 proved"
        ),
    ),
    "dmitri": (
        "q1a right, q1b right, q1c wrong, q1d wrong, q1e wrong",
        "8 proved, 11 proved, 15 refuted, 15 refuted, 17 refuted, 19 refuted, 20 definition",
    ),
    "grace": (
        "q1c right, q1d wrong, q1e right",
        "7 proved, 9 proved, 11 proved, 16 proved, 17 proved, 22 refuted, 25 proved",
    ),
    "hana": (
        "q1c undecided, q1d unread, q1e unread, q1f unread",
        (
            "5 undecided, 6 unread, 7 proved, 8 proved, 9 unread, 10 proved, 11 proved, 13 unread, "
            "14 hypothesis, 16 unread, 17 unread, 19 undecided, 20 unread, 21 unread"
        ),
    ),
    "jonas": (
        "q1a right, q1b right, q1c right, q1d right, q1e right, q1f undecided",
        (
            "7 proved, 11 proved, 15 proved, 16 proved, 17 proved, 20 proved, 22 proved, 24 undecided"
        ),
    ),
    "katya": (
        "q1c right, q1d wrong, q1e right",
        "5 proved, 7 proved, 8 proved, 10 refuted, 12 proved",
    ),
    "liam": (
        "q1b right, q1c wrong, q1d wrong, q1e wrong, q1f in words",
        "4 proved, 6 refuted, 7 refuted, 9 refuted, 11 refuted",
    ),
    "mei": (
        "q1c right, q1d wrong, q1e right",
        "6 proved, 9 unread, 13 refuted, 17 proved",
    ),
    "ivan": (
        "q1c right, q1d right, q1e right",
        "12 not-an-answer, 14 proved, 16 proved, 21 proved, 22 proved, 26 definition, 27 proved",
    ),
}


def marked(text):
    return mark_document(read_source(text, KNOWN), "x.tex", MarkingOptions(JUDGE))


def became(marking):
    """The line and the verdict of each relation, or the code of what is not judged."""
    return ", ".join(
        f"{m.formula.line} {m.verdict if m.judged else m.finding.code}" for m in marking.marks
    )


@pytest.mark.parametrize("name", EXPECTED)
def test_a_submission(name):
    states, lines = EXPECTED[name]
    marking = mark_file(CLASS / f"{name}.tex", MarkingOptions(JUDGE, page=True))
    assert ", ".join(f"{q.question} {q.state}" for q in marking.questions) == states
    assert became(marking) == lines
    assert all(m.finding.reason and "\n" not in m.finding.reason for m in marking.marks)
    rows = list(csv.reader(io.StringIO(to_csv([marking]))))
    assert len(rows) == 1 + len(marking.marks)
    assert marking.page.count('<div class="mark">') == len(marking.marks)


def test_a_declared_encoding_is_used():
    marking = mark_file(CLASS / "eve.tex", MarkingOptions(JUDGE))
    assert not marking.remarks
    assert "für" in read_document(CLASS / "eve.tex", KNOWN).text.lower()
    states = {q.question: q.state for q in marking.questions}
    assert [states[q] for q in ("q1a", "q1c", "q1d", "q1e")] == ["right"] * 4
    assert ("20 hypothesis") in became(marking)


def test_included_files_are_listed_and_not_read():
    texts = [r.text for r in mark_file(CLASS / "chloe.tex", MarkingOptions(JUDGE)).remarks]
    assert texts[:2] == [
        r"\input{macros/mine.tex} is not followed",
        r"\include{chapter2} is not followed",
    ]
    assert "'Notation' names no question" in texts[2]


def test_what_cannot_be_read_says_what_to_write():
    marking = mark_file(CLASS / "hana.tex", MarkingOptions(JUDGE))
    said = [m.finding.reason for m in marking.marks if m.verdict == "unread"]
    assert all("write" in text or "give" in text or "state" in text for text in said[:6])
    assert all(m.finding.caret for m in marking.marks if m.verdict == "unread")


# definitions --------------------------------------------------------------------------------------

DEFINED = [
    (r"Let $A = S$. \[ M = 2 A (A^\top A)^{-1} A^\top \]", "right"),
    (r"\[ M = 2 P \] where $P = S (S^\top S)^{-1} S^\top$.", "right"),
    (r"Put $G = S^\top S$ and $P = S G^{-1} S^\top$. \[ M = 2 P \]", "right"),
    (r"\[ P = S (S^\top S)^{-1} S^\top \] \[ M = 2 P \]", "right"),
    (r"\[ P := S S^\top, \] so \[ M = 2 P \]", "wrong"),
    (r"Denote by $P$ the projection $S (S^\top S)^{-1} S^\top$. \[ M = 2 P \]", "right"),
    (r"Denote $S (S^\top S)^{-1} S^\top$ by $P$. \[ M = 2 P \]", "right"),
    (r"Let $P$ be the orthogonal projection $S (S^\top S)^{-1} S^\top$. \[ M = 2 P \]", "right"),
    (r"Let $A$ be the matrix with columns $s_1, \dots, s_S$. \[ M = 2 A A^+ \]", "right"),
    (r"\begin{align} P &= S S^+ \\ \intertext{and with $Q = 2 P$} M &= Q \end{align}", "right"),
    (r"\[ M = 2 P, \quad P = S S^\top \] \[ M = 2 P \]", "wrong"),
]


@pytest.mark.parametrize(("text", "state"), DEFINED, ids=[row[0] for row in DEFINED])
def test_letters_of_the_submission(text, state):
    (summary,) = marked("(d)\n\n" + text).questions
    assert summary.state == state


@pytest.mark.parametrize(
    "text",
    [
        r"\[ M = 2 P \]",
        r"\[ M = 2 P \] We see that $P = S S^+$ is large.",
        r"Let $P = P + 1$. \[ M = 2 P \]",
        r"Let $P = S S^+$ be wrong? \[ M = 2 Q \]",
        r"Let $P \ne S S^+$. \[ M = 2 P \]",
    ],
)
def test_what_is_not_said_is_not_taken(text):
    last = [m for m in marked("(d)\n\n" + text).marks if m.formula.kind == "display"][-1]
    assert not last.note
    assert last.group != "right"


def test_two_letters_that_stand_for_each_other_end():
    (mark,) = [m for m in marked("(d) Let $P = Q$ and $Q = P$. \\[ M = 2 P \\]").marks if m.about]
    assert mark.group != "right"


def test_the_scale_is_what_the_same_question_says():
    text = "(e)\n\n\\[ q = \\beta (\\mu_i + \\mu_j) \\] where $\\beta = 1/\\epsilon$.\n\n"
    marking = marked(text)
    assert became(marking) == "3 refuted, 3 definition"
    assert "of line 3" in marking.marks[0].note
    later = marked("(c)\n\nLet $\\beta = 2$.\n\n(e)\n\n\\[ q = \\beta (\\mu_i + \\mu_j) \\]")
    assert [q.state for q in later.questions if q.question == "q1e"] == ["right"]


def test_the_letters_of_the_question_are_not_defined_anew():
    (mark, *_) = marked("(d)\n\n\\[ M = S S^\\top \\] where $S = T$.").marks
    assert mark.verdict == "refuted"
    assert not mark.note


def test_the_last_definition_before_a_line_counts():
    text = "(d) Let $P = S S^\\top$. Let $P = S S^+$. \\[ M = 2 P \\] where $P = T$."
    assert [q.state for q in marked(text).questions] == ["right"]


def test_what_is_a_definition():
    assert defined_letter("A = S") == "A"
    assert defined_letter(r"P_S := S S^\top") == "P_{S}"
    assert defined_letter("A = A + 1") == defined_letter("A + 1 = S") == defined_letter("A") == ""
    assert is_said("First, let ")
    assert not is_said("Let us see. Then ")
    assert in_words("Let $P$ be the matrix $S$", 4) == ("P", "S")
    assert in_words("Let $P$ be a matrix of rank $s$", 4) is None
    chain = OwnLetters(Definition(f"A_{k}", f"A_{k} = A_{k + 1}", k, 1, "") for k in range(30))
    assert len(chain.needed("A_0 = x", "", (100, 110), ())) <= 8


# writing ------------------------------------------------------------------------------------------


def test_an_interrupt_leaves_nothing_half_written(tmp_path, monkeypatch):
    def interrupted(self, target):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        written(tmp_path, [("a.html", "text")])
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_one_sentence(tmp_path, monkeypatch):
    def full(self, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OutputError, match="No space left"):
        written(tmp_path, [("a.html", "text")])


def test_a_class_with_a_broken_file(tmp_path, capsys):
    for name in ("anna", "hana"):
        (tmp_path / f"{name}.tex").write_bytes((CLASS / f"{name}.tex").read_bytes())
    (tmp_path / "empty.tex").write_text("")
    (tmp_path / "picture.tex").write_bytes(b"\x89PNG\0\0")
    assert check_submission(str(tmp_path), Wanted(csv=True, jobs=1)) == 2
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert {row[0] for row in rows[1:]} == {"anna.tex", "hana.tex", "empty.tex", "picture.tex"}
    assert [row[6] for row in rows if row[0] == "empty.tex"] == ["bad-input"]
