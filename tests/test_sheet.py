"""The assignment as data: the real one first, then small ones, then bad ones."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from symattn.errors import UnknownName
from symattn.sheet import find_question, find_sheet, list_sheets, passed_over
from symattn.sheet_text import PrintedReading, SheetError, parse_sheet, read_sheet
from symattn.spans import Span

REPOSITORY = Path(__file__).resolve().parent.parent
ATTENTION = REPOSITORY / "derivations" / "attention"


@pytest.fixture(scope="module")
def sheet():
    return find_sheet(ATTENTION).sheet


def math(prose):
    return [span.body for span in prose if span.kind == "math"]


def plain(prose):
    return "".join(f"<{s.body}>" if s.kind == "math" else s.body for s in prose)


def test_the_points_and_the_grading_scale(sheet):
    assert {name: part.points for name, part in sheet.parts.items()} == {
        "q1a": 5, "q1b": 5, "q1c": 10, "q1d": 10, "q1e": 10, "q1f": 10, "q2a": 30,
    }  # fmt: skip
    assert sheet.points == 80
    assert sheet.grading == ((30, 3), (50, 4), (70, 5))
    assert [sheet.grade(points) for points in (0, 29, 30, 50, 69, 80)] == [None, None, 3, 4, 4, 5]


def test_the_questions(sheet):
    assert [(s.number, s.title) for s in sheet.sections] == [
        (1, "Single-head attention"),
        (2, "Programming"),
    ]
    assert sheet.title == "Single-head attention"
    first = sheet.sections[0].preamble
    assert [p.bullet for p in first] == [False, True, True, True, False, False, False]
    assert first[2].prose[0] == Span("math", "n")
    assert first[5].prose == (
        Span("display", r"\alpha_i = \frac{\exp(k_i \cdot q)}{\sum_{j=1}^n \exp(k_j \cdot q)}"),
    )
    assert math(first[6].prose) == [r"\cdot", r"v \cdot u = v^\top u"]


def test_the_mail_address_and_the_lab_stay_text(sheet):
    assert "julek@straszynski.pl" in plain(sheet.intro[1].prose)
    assert plain(sheet.part("q2a").statement) == "Complete Lab 3 at http://mimuw.edu.pl/~jks"


BARE = {
    "q1a": [],
    "q1b": [r"q, k_1, \dots, k_n", r"\alpha_i", r"\alpha_j"],
    "q1c": [r"k_i \cdot k_j = 0", r"i \neq j", "q", "c", "(v_i + v_j)/2", r"i \neq j"],
    "q1d": ["c = (v_i + v_j)/2", "i, j", "v_i", "S", r"s_1, \dots, s_S", r"a_1, \dots, a_t",
            "v_j", r"t_1, \dots, t_T", "M", "eM = v_i"],
    "q1e": ["k_i", r"\mu_i", r"\Sigma_i", r"\forall_i \Sigma_i = \epsilon I", r"\epsilon \ll 1",
            "q", "c", "(v_i + v_j)/2", r"i \neq j"],
    "q1f": [r"x \in \{1, \dots, n\}", r"\Sigma_x = \epsilon I + (\mu_x - \mu_x)/2",
            r"\{k_1, \dots, k_n\}", "c", "q"],
}  # fmt: skip


@pytest.mark.parametrize("name", BARE)
def test_formulas_outside_dollars_are_formulas(sheet, name):
    statement = sheet.part(name).statement
    assert math(statement) == BARE[name]
    words = " ".join(span.body for span in statement if span.kind == "text")
    assert not set(words) & set("\\$_~αμΣ")
    shown = plain(statement)
    assert " ." not in shown
    assert " ?" not in shown
    assert "  " not in shown


def test_words_stay_words(sheet):
    assert plain(sheet.part("q1f").statement).startswith(
        r"Let's modify the setting in (e) a bit. Let us fix some <x \in"
    )
    assert "i.e. <k_i" in plain(sheet.part("q1c").statement)


def test_both_readings_of_a_garbled_statement(sheet):
    assert sheet.part("q1d").readings == (
        PrintedReading("eM = v_i", struck=False),
        PrintedReading(r"c^\top M = v_i", struck=True),
    )
    assert sheet.part("q1f").readings == (
        PrintedReading(r"\Sigma_x = \epsilon I + (\mu_x - \mu_x)/2", struck=False),
        PrintedReading(r"\Sigma_x = \epsilon I + (\mu_x \mu_x^\top)/2", struck=True),
    )
    assert all(not sheet.part(name).readings for name in ("q1a", "q1b", "q1c", "q1e", "q2a"))


def test_a_display_inside_a_part(sheet):
    (display,) = [s for s in sheet.part("q1d").statement if s.kind == "display"]
    assert display.body == r"v_i = a_1 s_1 + \dots + a_t s_t"


def test_an_unknown_part(sheet):
    with pytest.raises(UnknownName, match=r"'q9z'.*q1a, q1b"):
        sheet.part("q9z")


# ----------------------------------------------------------------------------------------- finding


def test_the_default_sheet_is_found_from_anywhere(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    source = find_sheet()
    assert source.name == "attention"
    assert source.sheet.points == 80
    assert "attention" in [s.name for s in list_sheets()]


def test_a_question_has_an_address_on_its_sheet(tmp_path, monkeypatch):
    source, script = find_question("softmax/q1a")
    assert (source.name, script.stem) == ("softmax", "q1a")
    assert find_question("q1a")[0].name == "attention"
    for address, hint in {
        "softmx/q1a": "did you mean softmax?",
        "softmax/q9": "no question",
    }.items():
        with pytest.raises(UnknownName, match=re.escape(hint)):
            find_question(address)
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "assignment.txt").write_text("Q 1. Mine\n\n- (a) (1 point) Why?\n")
    (mine / "q1a.py").write_text("raise SystemExit")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UnknownName, match="no sheet 'mine'"):
        find_question("mine/q1a")  # only --sheet takes a folder at hand


def test_a_sheet_of_the_folder_at_hand_is_taken_only_when_told(monkeypatch, tmp_path):
    """Its scripts are programs, and it may be a folder of strangers' files."""
    folder = tmp_path / "derivations" / "attention"
    folder.mkdir(parents=True)
    for name in ("q1b.py", "q1a.py", "q1a_notes.py", "helper.py"):
        (folder / name).write_text("")
    (folder / "assignment.txt").write_text("Q 1. Mine\n\n- (a) (1 point) Why?\n")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "attention").symlink_to(folder)
    (tmp_path / "mine").symlink_to(folder)
    assert find_sheet("attention").folder == ATTENTION == find_question("q1a")[0].folder
    assert [s.folder for s in list_sheets() if s.name == "attention"] == [ATTENTION]
    assert passed_over() == (Path("derivations/attention"),)
    told = (folder, folder / "assignment.txt", "derivations/attention", "./attention", "mine")
    monkeypatch.setenv("SYMATTN_SHEETS", "")
    for name in (*told, "attention"):
        if name == "attention":
            monkeypatch.setenv("SYMATTN_SHEETS", "derivations")
        source = find_sheet(name)
        assert source.sheet.title == "Mine"
        assert list(source.scripts) == ["q1a", "q1b"]
        assert source.scripts["q1a"] == folder / "q1a.py"


def test_a_sheet_that_is_not_there(tmp_path):
    with pytest.raises(UnknownName, match=r"no sheet 'atention'; there are: .*attention"):
        find_sheet("atention")
    with pytest.raises(UnknownName, match=r"holds no assignment\.txt"):
        find_sheet(tmp_path)


# --------------------------------------------------------------------------------------- bad sheets

GOOD = "Q 1. Vectors\n\n- (a) (2 points) Is $q$ one?\n"
BAD = {
    "": "no question",
    "Grading\n\nAll of you pass.\n": "no question",
    "Q ?. Vectors\n\n- (a) (2 points) Why?\n": "line 1: not the heading",
    "Q 1 Vectors\n\n- (a) (2 points) Why?\n": "line 1: not the heading",
    "Q 1. Vectors\n": "line 1: a question without parts",
    "Q 1. Vectors\n\n- (a) (? points) Why?\n": "line 3: a part without a letter, or with odd points",
    "Q 1. Vectors\n\n- (?) (2 points) Why?\n": "line 3: a part without a letter, or with odd points",
    "Q 1. Vectors\n\n- (a) (2 points)\n": "line 3: a part that asks nothing",
    "Q 1. Vectors\n\n- (b) (2 points) Why?\n": r"line 3: part \(a\) is expected",
    GOOD + "- (a) (2 points) Why?\n": r"line 4: part \(b\) is expected",
    GOOD + "- a remark\n": "line 4: text that belongs to no part",
    GOOD + "\nQ 1. Again\n- (a) (1 point) Why?\n": "line 5: question 1 is there twice",
    GOOD + "- (b) (2 points) Is $q one?\n": "line 4: a dollar sign",
    GOOD + "- (b) (2 points) Is $$q$ one?\n": "line 4: a dollar sign",
    GOOD + "- (b) (2 points) Is ~~$q$ one?\n": "line 4: a reading that is struck out",
    "- (a) (2 points) Why?\n" + GOOD: "line 1: a part before the first question",
    "Grading\n\n- 30 points\n\n" + GOOD: "line 3: not a line of a grading scale",
    "- 30 points - 3\n- 20 points - 4\n" + GOOD: "does not rise",
}


@pytest.mark.parametrize("text", BAD)
def test_a_bad_sheet_names_the_line(text, tmp_path):
    with pytest.raises(SheetError, match=BAD[text]):
        parse_sheet(text)
    path = tmp_path / "assignment.txt"
    path.write_text(text)
    with pytest.raises(SheetError, match=r"assignment\.txt: .*" + BAD[text]) as caught:
        read_sheet(path)
    assert "\n" not in str(caught.value)


def test_what_cannot_be_read(tmp_path):
    with pytest.raises(SheetError, match="cannot be read"):
        read_sheet(tmp_path)
    path = tmp_path / "assignment.txt"
    path.write_bytes(b"Q 1. V\n\xff\xfe")
    with pytest.raises(SheetError, match="line 2: not UTF-8"):
        read_sheet(path)
    path.write_bytes(b" " * 2_000_000)
    with pytest.raises(SheetError, match="at most"):
        read_sheet(path)


def test_reading_a_sheet_does_not_import_sympy():
    code = "import sys, symattn.sheet as s; s.find_sheet().sheet; assert 'sympy' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=REPOSITORY)


# ------------------------------------------------------------------------------------------ layouts

LAYOUTS = {  # each asks for the same two parts of the same question
    "markdown": "# Sheet\n\n## 1. Vectors\n\nLet $q$ be one.\n\n### (a)\nWhy?\n\n### (b)\nWhen?\n",
    "no numbers": "# Sheet\n\n## Vectors\n\nLet $q$ be one.\n\n- (a) Why?\n- (b) When?\n",
    "letters": "Title: Sheet\n\nProblem 1: Vectors\nLet $q$ be one.\n\n(a) Why?\n(b) When?\n",
    "list": "# Sheet\n## Question 1: Vectors\n\nLet $q$ be one.\n\n1. Why?\n2. When?\n",
    "enumerate": "\\title{Sheet}\n\\begin{document}\n\\section*{Vectors}\nLet $q$ be one.\n"
    "\\begin{enumerate}\n\\item Why?\n\\item[(b)] When?\n\\end{enumerate}\n\\end{document}\n",
    "brackets": "# Sheet\n## Exercise 1. Vectors\n\nLet $q$ be one.\n\na) Why?\nb) When?\n",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_natural_layouts_of_one_sheet(layout):
    sheet = parse_sheet(LAYOUTS[layout])
    assert (sheet.title, sheet.points, sheet.sections[0].title) == ("Sheet", 0, "Vectors")
    assert plain(sheet.sections[0].preamble[0].prose) == "Let <q> be one."
    asked = {name: plain(part.statement) for name, part in sheet.parts.items()}
    assert asked == {"q1a": "Why?", "q1b": "When?"}


POINTED = (
    "(a) (2 points) Why?",
    "(a) Why? [2]",
    "- (a) [2 pts] Why?",
    "1. Why? (2 marks)",
    "a. (2p.) Why?",
)


@pytest.mark.parametrize("part", POINTED)
def test_points_stand_first_or_last(part):
    sheet = parse_sheet(f"Author: A\nCourse: C\n\n- from 2 points: grade 3\n\n## 4. V\n\n{part}\n")
    assert [(p.name, p.points, plain(p.statement)) for p in sheet.parts.values()] == [
        ("q4a", 2, "Why?")
    ]
    assert (sheet.author, sheet.course, sheet.grade(2), sheet.grade(1)) == ("A", "C", 3, None)


def test_a_question_without_parts_is_its_own():
    sheet = parse_sheet("## 1. Vectors (3 points)\n\nIs $q$ one?\n\n## 2. Norms\n\nIs $k$?\n")
    assert {name: part.points for name, part in sheet.parts.items()} == {"q1a": 3, "q2a": 0}
