"""The page of a class and the pages that are handed back."""

from __future__ import annotations

import re

import pytest

from symattn.commands.submissions import Wanted, check_submission
from symattn.pages.spoken import shortened, told
from symattn.submission.document import SubmittedFormula
from symattn.submission.judging import Finding, KeptVerdicts
from symattn.submission.marks import Marked, Marking, Summary
from symattn.submission.page import render_feedback, render_index, same_lines

MARKUP = "<img src=x onerror=alert(1)>"


def marked(latex, verdict="refuted", code="counterexample", reason="it fails", **more):
    formula = SubmittedFormula(latex, latex, 0, len(latex), 7, "display", "q1c", "Q1 (c)")
    return Marked(formula, Finding(verdict, code, reason, **more), "unknown")


def file_of(name, *marks, state="wrong"):
    return Marking(name, marks, (Summary("q1c", state, dict.fromkeys(["right"], 0)),))


WRONG = marked(
    r"q = t (k_a - k_b)",
    nearest=r"right with \beta (k_i + k_j) in place",
    assumptions=(r"for $q = \beta (k_i + k_j)$",),
    counterexample={"instance": {"n": 3, r"\beta": 1.0}, "text": "at n = 3: c is 1, not 2"},
    read_as=r"q = \beta \left(k_{i} - k_{j}\right)",
)


def test_lines_that_are_read_as_the_same_are_one():
    other = marked(r"q = \lambda (k_a - k_b)", read_as=WRONG.finding.read_as)
    apart = marked("q = 0", read_as="q = 0")
    found = same_lines(
        [
            (file_of("a", WRONG, WRONG), "a.html"),
            (file_of("b", other), ""),
            (file_of("c", apart), ""),
        ]
    )
    assert [[place[0] for place in row.places] for row in found] == [["a", "b"]]
    right = marked("q = 1", "proved", read_as=WRONG.finding.read_as)
    assert same_lines([(file_of("a", WRONG), ""), (file_of("b", right), "")]) == []


def test_what_a_person_has_to_look_at_stands_first_and_each_row_says_its_states():
    rows = [(file_of("a", state="right"), ""), (file_of("b", state="in words"), ""),
            (Marking("c", error="c is empty"), ""), (file_of("d", WRONG), "")]  # fmt: skip
    page = render_index(rows)
    found = re.findall(r'<tr class="student ([^"]*)"><th scope="row">(\w)', page)
    assert [name for _, name in found] == ["b", "c", "a", "d"]
    assert ["human" in classes for classes, _ in found] == [True, True, False, False]
    # a choice of the filter hides all rows but those that carry its class
    states = re.findall(r"<option>([^<]*)</option>", page.split("</select>")[0])
    number = states.index("in words")
    rule = (
        rf"#filter-1 option:nth-of-type\({number + 1}\):checked\) tr.student:not\(.is-1-{number}\)"
    )
    assert re.search(rule, page)
    assert [f"is-1-{number}" in classes for classes, _ in found] == [True, False, False, False]
    assert "<script" not in page


def test_what_is_handed_back_says_nothing_of_the_answer_unless_asked():
    marking = file_of(
        "anna.tex", WRONG, marked("q = 1", "undecided", "leading-order", "write k_i + k_j")
    )
    page = render_feedback(marking)
    assert "c is 1, not 2" in page
    assert "in place" not in page
    assert "Assumes" not in page
    assert "write" not in page
    assert "in place" in render_feedback(marking, answers=True)
    bare = marked("q = 2", reason="the answer is k_i + k_j")
    assert "it does not hold" in render_feedback(file_of("b.tex", bare))
    assert "the answer is" not in render_feedback(file_of("b.tex", bare))


def test_what_strangers_wrote_is_text_on_every_page():
    mark = marked(MARKUP, reason=MARKUP, nearest=f"${MARKUP}$", read_as=MARKUP,
                  counterexample={"instance": {MARKUP: MARKUP}, "text": MARKUP})  # fmt: skip
    rows = [(file_of(MARKUP, mark), "a.html"), (file_of(MARKUP + "2", mark), "b.html")]
    for page in (render_index(rows), render_feedback(rows[0][0], answers=True)):
        assert "<img" not in page
        assert "&lt;img" in page or "<mo>&lt;</mo>" in page


@pytest.mark.parametrize("width", range(1, 60))
def test_no_formula_is_cut_in_the_middle(width):
    text = r"c tends to \frac{v_{i} + v_{j}}{2} and $a + \frac{b}{c}$ is \left(x + y\right), not d"
    cut = shortened(text, width)
    assert cut.count("{") == cut.count("}")
    assert cut.count("$") % 2 == 0
    assert cut.count(r"\left") == cut.count(r"\right")
    assert "<code>" not in str(told(cut))


def test_the_command_writes_what_is_handed_back(tmp_path, capsys):
    folder, out = tmp_path / "class", tmp_path / "back"
    folder.mkdir()
    for name in ("a.tex", "b.tex"):
        text = r"\section*{Q1 (c)} \[ q = (k_i + k_j)/2 \]"
        (folder / name).write_text(text, encoding="utf-8")
    assert check_submission(str(folder), Wanted(feedback=out)) == 1
    assert sorted(path.name for path in out.iterdir()) == ["a.tex.html", "b.tex.html"]
    page = (out / "a.tex.html").read_text("utf-8")
    assert "0.3837" in page
    assert "right with" not in page
    (folder / "c.tex").write_text(r"\section*{Q1 (c)} \[ q = (k_i + k_j)/2 \]", encoding="utf-8")
    assert check_submission(str(folder / "c.tex"), Wanted(feedback=out, answers=True)) == 1
    assert "right with" in (out / "c.tex.html").read_text("utf-8")
    capsys.readouterr()


class Counting:
    """A judge of one question that counts what it is asked, and says how long it took."""

    def __init__(self, spent=0.1, code="limit-proved"):
        self.spent, self.code, self.lines = spent, code, []
        self.questions = self.asked = self.quantities = self.letters = self.prepare = lambda *_: ()

    def judge(self, question, latex, seconds):
        self.lines.append(latex)
        return Finding("proved", self.code, "", spent=self.spent)


def test_a_line_that_a_class_repeats_is_judged_once():
    inner = Counting()
    judge = KeptVerdicts(inner)
    for question, latex in [("q1c", "a"), ("q1c", "a"), ("q1d", "a"), ("q1c", "b"), ("q1c", "a ")]:
        assert judge.judge(question, latex, 5.0).spent == 0.1
    assert inner.lines == ["a", "a", "b", "a "]
    judge.judge("q1c", "a", 0.05)  # it would not have been judged in so little time
    assert inner.lines[4:] == ["a"]


def test_a_line_that_a_file_repeats_costs_its_time_once():
    inner = Counting(spent=1.0)
    judge = KeptVerdicts(inner, once=True)
    assert [judge.judge("q1c", "a", 5.0).spent for _ in range(3)] == [1.0, 0.0, 0.0]


@pytest.mark.parametrize("code", ["out-of-time", "out-of-budget", "not-judged"])
def test_what_was_not_decided_for_want_of_time_is_judged_again(code):
    inner = Counting(code=code)
    judge = KeptVerdicts(inner)
    assert [judge.judge("q1c", "a", 5.0).code for _ in range(2)] == [code] * 2
    assert len(inner.lines) == 2
