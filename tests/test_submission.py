"""Whole submissions: what is found in them, what becomes of it, and bad files."""

from __future__ import annotations

import csv
import importlib
import io
import json
import multiprocessing
import os
import subprocess
import sys
import time
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest

from symattn.commands.common import failing
from symattn.commands.submissions import Wanted, check_submission, is_submission
from symattn.errors import SymattnError, UnknownName
from symattn.submission.class_report import marked_up, to_csv, to_data, to_json
from symattn.submission.grades import Rubric, class_csv, grade
from symattn.submission.headings import label, undressed
from symattn.submission.judging import SheetJudge, forget, judge_line, spelling
from symattn.submission.marking import MarkingOptions, mark_document, mark_file
from symattn.submission.marks import Marking
from symattn.submission.page import render
from symattn.submission.pool import check_all, submissions
from symattn.submission.rows import outline
from symattn.submission.scan import MAX_FORMULAS, read_document, read_source
from symattn.submission.source import MAX_BYTES, SubmissionError
from symattn.submission.summary import looks, right_of, sentence

sys.path.insert(0, str(Path(__file__).parent))
bombs = importlib.import_module("symattn_bombs")

DATA = Path(__file__).resolve().parent / "data" / "submissions"
KNOWN = bombs.KNOWN


EMPTY = Marking("z.tex", error="z.tex is empty")


def found(text, **more):
    return read_source(text, KNOWN, **more).formulas


def judged_as(text, **more):
    """What is displayed, as pairs (question, formula)."""
    return [(f.question, f.latex) for f in found(text, **more) if f.kind == "display"]


def formulas(text):
    return [latex for _, latex in judged_as(text)]


ECHO = MarkingOptions(bombs.Echo())


def marked(text, options=ECHO):
    return mark_document(read_source(text, KNOWN), "x.tex", options)


# headings ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "heading",
    [
        r"\section{Q1 (c)}", r"\section*{Question 1 (c)}", r"\subsection{1c)}", r"\section{q1c}",
        r"\section{Exercise 1.c}", r"\paragraph{Problem 1(c).}", r"\textbf{Question~1~(c)}",
        "Q1 (c)", "1c)", "(c)", "c) The query", r"\noindent\textbf{(c)} The query",
        r"\section{Solution to Question 1 (c)}", r"\subsection*{Part (c): the query}",
        r"\section{Anna Nowak, Question 1 (c)}", r"\section{1 (c) The query}",
        "\\section{Question 1}\n\\subsection{(c)}", "\\section{Q 1.}\n\\textbf{c)} text",
        "\\begin{enumerate}\n\\item[(c)] text",
        "\\begin{enumerate}[label=(\\alph*)]\n\\item x\n\\item y\n\\item z",
        "\\begin{enumerate}[(a)]\\setcounter{enumi}{2}\\item z",
        "\\begin{enumerate}\\item\\begin{enumerate}\\item x\\item y\\item z",
        "\\begin{questions}\\question\\begin{parts}\\part x\\part y\\part z",
    ],
)  # fmt: skip
def test_a_heading_names_its_question(heading):
    assert judged_as(heading + "\n$$ q = k_i $$") == [("q1c", "q = k_i")]


@pytest.mark.parametrize("heading", ["# Q1\n\n## (c)\n", "**(c)** text\n", "- (c) text\n"])
def test_a_markdown_heading_names_its_question(heading):
    assert judged_as(heading + "\n$$ q = k_i $$", markdown=True) == [("q1c", "q = k_i")]


@pytest.mark.parametrize(
    "heading",
    [
        r"\section{Introduction}", "A query is a vector.", "as we saw in\n(c) above",
        r"\section{1.3 Results}", r"\section{The 2d case}", r"\subsection{A proof}",
        "the answer a) of", r"\section{(c)}\section{Literature}", "% (c)",
        "\\begin{verbatim}\n(c)\n\\end{verbatim}",
    ],
)  # fmt: skip
def test_what_names_no_question(heading):
    assert judged_as(heading + "\n$$ q = k_i $$") == [("", "q = k_i")]


def test_a_letter_without_a_number_is_not_guessed_among_two():
    text = "(a)\n$$ q = k_i $$"
    assert read_source(text, ("q1a", "q2a")).formulas[0].question == ""
    assert read_source("Question 2\n\n" + text, ("q1a", "q2a")).formulas[0].question == "q2a"


def test_a_list_inside_an_answer_does_not_change_the_question():
    text = r"\subsection{(c)}\begin{enumerate}[(a)]\item $$q=1$$\end{enumerate} $$q=2$$"
    assert [q for q, _ in judged_as(text)] == ["q1c", "q1c"]


def test_headings_given_by_hand():
    text = "\\section{The orthonormal case}\n$$q=1$$\n\\section{Subspaces}\n$$M=1$$"
    mapped = {"the  orthonormal case": "q1c", "Subspaces": "q1d"}
    assert [q for q, _ in judged_as(text, mapped=mapped)] == ["q1c", "q1d"]
    assert judged_as("$$q=1$$", mapped={"*": "q1c"}) == [("q1c", "q=1")]
    document = read_source("$$q=1$$", KNOWN, {"nowhere": "q1c"})
    assert [r.text for r in document.remarks] == ["no heading says 'nowhere'"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Aufgabe 1\n\n## Teil c)\n$$q=1$$", ["q1c"]),
        ("问题1（c）\n\n$$q=1$$", ["q1c"]),
        ("> - **(c)** x\n\n$$q=1$$", ["q1c"]),
        ("**c.**\n\n$$q=1$$", ["q1c"]),
        ("**(c)** x\n\n(i) y\n\n$$q=1$$\n\n(v) z\n\n$$q=2$$", ["q1c", "q1c"]),
    ],
)
def test_headings_in_other_languages_and_marks(text, expected):
    read = read_source(text, KNOWN, markdown=True)
    assert [f.question for f in read.formulas] == expected


def test_the_rows_of_a_macro_that_displays_them_are_read():
    text = r"\newcommand{\eqs}[1]{\begin{align*}#1\end{align*}} (c) \eqs{q &= 1 \\ c &= 2}"
    assert [f.latex for f in found(text)] == ["q  = 1", "c  = 2"]


def test_labels():
    assert undressed(r"\textbf{Q1~\emph{(c)}}") == "Q1 (c)"
    assert label("(c)").letter == "c"
    assert not label("c.").sure
    assert [q for q, _ in judged_as("\\section*{c}\n$$q=1$$\n\\section{d.}\n$$M=1$$")] == [
        "q1c",
        "q1d",
    ]
    # anywhere else one letter is the letter, and no heading
    assert judged_as("\\section{A query}\n\\textbf{c}\n\n$$q=1$$") == [("", "q=1")]
    assert label("question 2").number == "2"


# displays ---------------------------------------------------------------------------------------

ENVIRONMENTS = (
    "equation equation* align align* gather gather* multline multline* eqnarray displaymath flalign"
).split()


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_display_is_found(environment):
    assert formulas(rf"\begin{{{environment}}} q = k_i . \end{{{environment}}}") == ["q = k_i"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (r"c &= a \\ &= b", ["c  = a", "c = b"]),
        (r"c &= a \\ &\to b \\ &= d", ["c  = a", r"c \to b", r"c \to d"]),
        (r"c &\le a \\ &< b \\ &\to d", [r"c  \le a", "c < b", r"b \to d"]),
        (r"c &= a \\ & + b", ["c  = a + b"]),
        (r"c &= (a \\ &= b)", ["c  = (a = b)"]),
        (r"c &= a + \\ & b", ["c  = a + b"]),
        (r"q &= k_i, & M &= S", ["q  = k_i", "M  = S"]),
        (r"q &= k_i && \text{(by 1)}", ["q  = k_i"]),
        (r"q &= k_i \\[2pt] c &= v \label{x} \nonumber", ["q  = k_i", "c  = v"]),
        (r"q &= \begin{cases} a & b \\ c & d \end{cases}", [None]),
        (r"q &\overset{(1)}{=} a \\ &\stackrel{!}{=} b", [r"q  \overset{(1)}{=} a", None]),
        (r"\begin{split} c &= a \\ &= b \end{split}", ["c  = a", "c = b"]),
    ],
)
def test_rows_and_chains(body, expected):
    rows = formulas(rf"\begin{{align}} {body} \end{{align}}")
    assert len(rows) == len(expected)
    for row, wanted in zip(rows, expected):
        assert wanted in (None, row)


def test_a_row_knows_its_line_and_what_was_carried_over():
    first, second = found("(c)\n\\begin{align}\nc &= a \\\\\n  &= b\n\\end{align}")
    assert (first.line, second.line) == (3, 4)
    assert (first.carried, second.carried) == ("", "c")
    assert second.source == "&= b"


def test_a_chain_without_a_left_side_is_not_guessed():
    (row,) = found(r"\begin{align} &= b \end{align}")
    assert row.fault


def test_comments_verbatim_and_the_preamble_do_not_count():
    text = "$$a=b$$\\begin{document}% $$q=1$$\n\\verb|$$q=2$$| 5\\% $$q=3$$ \\iffalse $$q=4$$ \\fi"
    assert formulas(
        text + "\\begin{lstlisting} $$q=5$$ \\end{lstlisting}\\end{document}$$q=6$$"
    ) == ["q=3"]


def test_markdown_code_does_not_count():
    text = "```\n$$q=1$$\n```\n`$$q=2$$` <!-- $$q=3$$ --> 5% $$q=4$$"
    assert judged_as(text, markdown=True) == [("", "q=4")]


def test_a_broken_display_costs_itself_only():
    first, second = found("$$ q = k_i\n\n$$ M = S $$")
    assert first.fault == "$$ is not closed"
    assert second.latex == "M = S"
    first, second = found(r"\begin{align} q &= k_i \begin{equation} M = S \end{equation}")
    assert first.fault
    assert second.latex == "M = S"


def test_inline_formulas_with_a_relation_are_listed():
    assert [
        f.latex for f in found(r"Let $d$ be, $k_i \ne 0$, \(q = k_i\), costs \$5 and \$6.")
    ] == [
        r"k_i \ne 0",
        "q = k_i",
    ]


# macros -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("definition", "use", "expected"),
    [
        (r"\newcommand{\bk}{\mathbf{k}}", r"\bk_i", r"\mathbf{k}_i"),
        (r"\newcommand\bk{\mathbf{k}}", r"\bk_i", r"\mathbf{k}_i"),
        (r"\def\bk{\beta}", r"\bk k", r"\beta k"),
        (r"\def\bk{\beta}", r"\bk{}k", r"\beta{}k"),
        (r"\newcommand{\ip}[2]{#1^\top #2}", r"\ip{k}{q}", r"k^\top q"),
        (r"\newcommand{\ip}[2]{#1^\top #2}", r"\ip k{q}", r"k^\top q"),
        (r"\def\h#1{\frac{#1}{2}}", r"\h{\h{x}}", r"\frac{\frac{x}{2}}{2}"),
        (r"\DeclareMathOperator{\sm}{softmax}", r"\sm(x)", r"\operatorname{softmax}(x)"),
        (r"\newcommand{\o}[3]{#1#2#3}", r"\o{a}{b}{c}", r"abc"),
        (r"\newcommand{\o}[1][x]{#1}", r"\o[a]", r"a"),
        (r"\newcommand{\o}[1][x]{#1}", r"\o + b", r"x + b"),
        (r"\newcommand{\o}[2][x]{#1#2}", r"\o{b}", r"xb"),
        (r"\DeclarePairedDelimiter{\n}{\lVert}{\rVert}", r"\n*{q}", r"\lVert q \rVert"),
        (r"\DeclarePairedDelimiter\n\lVert\rVert", r"\n{q}", r"\n{q}"),
        (r"\NewDocumentCommand{\o}{m m}{#2 #1}", r"\o{a}{b}", r"b a"),
        (r"\NewDocumentCommand{\o}{o m}{#2 #1}", r"\o{a}{b}", r"\o{a}{b}"),
        (r"\let\eps\varepsilon", r"\eps k", r"\varepsilon k"),
        (r"\DeclareMathOperator*{\sm}{soft}", r"\sm(x)", r"\operatorname{soft}(x)"),
        (r"\newcommand{\a}{x}\renewcommand{\a}{y}", r"\a", "y"),
    ],
)
def test_macros_are_expanded(definition, use, expected):
    assert formulas(rf"{definition} \[ q = {use} \]") == [f"q = {expected}"]


def test_macros_that_stand_for_an_environment():
    text = r"\def\be{\begin{equation}}\newcommand{\ee}{\end{equation}} \be q = k_i \ee $$ M = S $$"
    assert formulas(text) == ["q = k_i", "M = S"]


@pytest.mark.parametrize(
    "definitions",
    [
        r"\def\x{\x}",
        r"\def\x{\y}\def\y{\x\x}",
        "".join(rf"\def\{a}{{{(chr(92) + b) * 10}}}" for a, b in zip("xabcde", "abcdef")),
        r"\newcommand{\x}{\y{\y{\y{\y{aaaaaaaaaa}}}}}\newcommand{\y}[1]{#1#1#1#1#1#1#1#1#1#1#1}",
        r"\newcommand{\x}[1]{#1}",
    ],
)
def test_macros_do_not_grow_without_bound(definitions):
    (formula,) = found(rf"{definitions} $$ q = \x$$")
    assert formula.fault


# marking ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "state", "status"),
    [
        ("$$q = fine$$", "right", 0),
        ("$$q = bad$$", "wrong", 1),
        ("$$q = fine$$ $$q = bad$$", "partly right", 1),
        ("$$q = open$$", "undecided", 3),
        ("$$q = odd$$", "unread", 2),
        ("$$c = fine$$", "missing", 2),
        ("$$c = other$$ text", "missing", 2),
        ("$$q = fine$$ $$x = odd$$", "right", 0),
        ("$$q = fine$$ $$q = odd$$", "right", 0),
        ("$$q = fine$$ $$q = open$$", "undecided", 3),
        ("$$q = fine$$ $$x = open$$", "right", 3),
        ("$q = bad$ is too small, hence $$q = fine$$", "right", 3),
        ("$q = fine$", "right", 0),
        ("$k_i = bad$ $$q = fine$$", "right", 3),
    ],
)
def test_the_state_of_a_question(body, state, status):
    marking = marked("(c)\n" + body)
    assert [(q.question, q.state) for q in marking.questions] == [("q1c", state)]
    assert marking.exit_status == status


def test_what_is_not_judged_says_why():
    marking = marked("$$q=1$$\n\nQ2 (a)\n$$q=1$$\n\n(1) x\n\nQ1 (c) $$x$$ $$other = 1$$")
    assert [(m.verdict, m.finding.code) for m in marking.marks] == [
        ("not judged", code)
        for code in ("no-question", "unknown-question", "no-relation", "not-an-answer")
    ]
    assert (marking.state, marking.exit_status) == ("missing", 2)
    assert marked("no formula").exit_status == 2


def test_time_for_a_file_is_bounded():
    options = MarkingOptions(bombs.Echo(), file_seconds=0.2)
    marking = marked("(c)\n$$q = slow$$ $$q = slow$$ $$q = slow$$", options)
    assert [m.finding.code for m in marking.marks] == ["fine", "out-of-time", "out-of-time"]
    assert marking.exit_status == 3


@pytest.mark.parametrize(
    ("lines", "judged"), [(["slow"] * 100, 100), (["slow", "slow a", "slow b"], 2)]
)
def test_a_line_that_is_repeated_takes_no_more_time(lines, judged):
    options = MarkingOptions(bombs.Echo(), file_seconds=0.5)
    marking = marked("(c)\n" + " ".join(f"$$q = {line}$$" for line in lines), options)
    assert [m.finding.code for m in marking.marks].count("fine") == judged


def test_left_sides_are_known_in_any_font():
    assert spelling(r"\mathbf{q}^*") == spelling("q")
    assert spelling(r"\alpha_{1}") == spelling(r"\alpha_l") != spelling(r"\alpha")
    assert spelling(r"\mathbb{E}[c]") == spelling(r"\operatorname{E}(c)")
    assert spelling("q^2") != spelling("q")
    assert spelling("}{") == ()


# with the real judge ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def right():
    return mark_file(DATA / "right.tex")


def test_a_right_submission(right):
    assert [(q.question, q.state) for q in right.questions] == [("q1c", "right"), ("q1d", "right")]
    assert right.exit_status == 0
    assert right.counts()["wrong"] == 0


def test_a_wrong_submission():
    marking = mark_file(DATA / "wrong.tex")
    assert [(q.question, q.state) for q in marking.questions] == [
        ("q1c", "wrong"),
        ("q1d", "wrong"),
    ]
    query, _, half, shape = marking.marks
    assert query.finding.counterexample
    assert "factor 2" in half.finding.nearest
    assert shape.finding.code == "shape-mismatch"
    assert marking.exit_status == 1


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        (r"In half of the samples $c \approx v_i$.", "proved"),
        (r"W połowie próbek $c \approx v_j$.", "proved"),
        (r"In half of the samples $c \approx \frac{v_i + v_j}{2}$.", "refuted"),
        (r"In more than half of the samples $c \approx v_i$.", "undecided"),
        (r"It is not so that $c \approx v_i$ in half of the samples.", "undecided"),
    ],
)
def test_half_of_the_samples_said_beside_a_formula_is_its_probability(sentence, verdict):
    document = read_source(f"# (f)\n\n{sentence}\n", KNOWN, markdown=True)
    (mark,) = mark_document(document, "x.md").marks
    assert mark.finding.verdict == verdict


def test_what_follows_from_a_wrong_answer_says_so():
    text = "# (c)\n\n$$q = \\beta k_i$$\n\n$$c \\to v_i$$\n\n$$c \\to v_j$$"
    _, follows, other = mark_document(read_source(text, KNOWN, markdown=True), "x.md").marks
    assert "follows from what line 3 says, and that is wrong" in follows.finding.reason
    assert "follows" not in other.finding.reason
    assert {follows.finding.verdict, other.finding.verdict} == {"refuted"}


def test_a_hostile_submission():
    marking = mark_file(DATA / "hostile.tex", MarkingOptions(page=True))
    states = {q.question: q.state for q in marking.questions}
    assert states["q1c"] == "unread"
    assert states["q1d"] != "right"
    assert all(m.group != "right" for m in marking.marks)
    assert marking.remarks[0].text == r"\input{/etc/passwd} is not followed"
    assert all(m.finding.reason and "\n" not in m.finding.reason for m in marking.marks)
    assert "root:" not in marking.page


def test_letters_that_one_question_has_not():
    judge = SheetJudge(where=(("A", "S"),), bounded=False)
    finding = judge.judge("q1c", r"q = \beta (k_i + k_j)", 5)
    assert finding.verdict == "proved"
    assert any("--where" in text for text in finding.assumptions)


def test_caches_are_emptied_between_lines_of_a_class():
    from symattn.algebra.arrays import _compiled

    judge_line("q1c", r"q = \beta (k_i + k_j)", (), None, 5)
    assert _compiled.cache_info().currsize
    forget()
    assert not _compiled.cache_info().currsize
    assert judge_line("q1c", r"q = \beta (k_i + k_j)", (), None, 5).verdict == "proved"


# bad files --------------------------------------------------------------------------------------

BAD = {
    "empty": (b"", "is empty"),
    "blank": (b" \n\n", "is empty"),
    "binary": (b"\x7fELF\0\0\0", "is not text"),
    "utf16": (b"\xff\xfea", "is not text"),
    "large": (b"a" * MAX_BYTES, "only files below 5 MB are read"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_one_sentence(name, tmp_path):
    content, said = BAD[name]
    path = tmp_path / "x.tex"
    path.write_bytes(content)
    marking = mark_file(path, ECHO)
    assert said in marking.error
    assert "\n" not in marking.error
    assert marking.exit_status == 2
    with pytest.raises(SymattnError, match=said):
        check_submission(str(path), Wanted())


def test_files_that_are_none(tmp_path):
    fifo = tmp_path / "x.tex"
    os.mkfifo(fifo)
    assert "not a regular file" in mark_file(fifo, ECHO).error
    assert "no file" in mark_file(tmp_path / "y.tex", ECHO).error
    assert "is a directory" in mark_file(tmp_path, ECHO).error
    assert mark_file("a\0b.tex", ECHO).error


def test_bytes_that_are_not_utf8_are_said_and_not_guessed(tmp_path):
    path = tmp_path / "x.tex"
    path.write_bytes("Zażółć\n(c)\n\n(c)\n$$q = fine$$ $$q = ó$$".encode("iso8859-2"))
    document = read_document(path, KNOWN)
    assert "not UTF-8" in document.remarks[0].text
    assert document.formulas[0].latex == "q = fine"
    assert "\N{REPLACEMENT CHARACTER}" in document.formulas[1].latex


def test_utf16_and_other_line_ends(tmp_path):
    path = tmp_path / "x.tex"
    path.write_bytes("(c)\r\n$$q = fine$$\r\n".encode("utf-16"))
    (formula,) = read_document(path, KNOWN).formulas
    assert (formula.question, formula.line) == ("q1c", 2)


PIECES = [
    "{", "}", "$", "$$", "\\[", "\\textbf{", "\\begin{align}", "\\a", "a\n", "(c)\n\n", "\\item ",
    "%", "\\begin{enumerate}", "`", "\\def\\a{", "\\section{", "\\verb|", "~", "\\iffalse", "\n",
    "\\[ a \\\\", "\\newcommand{\\x}{\\x\\x}$$\\x$$", "\\item[[", "\x1b[2J", "$$a$$\\$",
]  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("markdown", [False, True])
def test_a_long_run_of_anything_ends_soon(piece, markdown):
    size = 400_000
    start = time.thread_time()
    try:
        document = read_source((piece * size)[:size], KNOWN, markdown=markdown)
        assert len(document.formulas) < MAX_FORMULAS
    except SubmissionError:
        pass  # it holds too much, and is not read in part
    assert time.thread_time() - start < 30  # only an endless scan takes so long


def test_every_formula_of_a_long_file_is_judged_or_the_file_is_refused(tmp_path):
    formulas = [rf"\[ q = fine_{{{k}}} \]" for k in range(10_000)]
    assert len(marked("(c)\n" + "\n\n".join(formulas)).marks) == 10_000
    path = tmp_path / "long.tex"
    path.write_text("(c)\n" + "\n\n".join(formulas * 2 + formulas[:1]), encoding="utf-8")
    marking = mark_file(path, ECHO)
    assert "holds more than 20000 formulas" in marking.error
    assert marking.exit_status == 2


def test_ten_thousand_braces():
    (formula,) = found("(c)\n$$ q = " + "{" * 10_000 + "k" + "}" * 10_000 + "$$")
    finding = SheetJudge(bounded=False).judge("q1c", formula.latex, 5)
    assert finding.verdict == "unread"


# what is printed ----------------------------------------------------------------------------------


def test_csv_keeps_spreadsheets_from_calculating():
    text = "(c)\n\\begin{align} =cmd|'/c calc'!A0 \\end{align} $$ q = bad,\"x\" $$ $$ -q = @ $$"
    rows = list(csv.reader(io.StringIO(to_csv([marked(text)]))))
    assert rows[0][:3] == ["file", "question", "line"]
    assert all(len(row) == len(rows[0]) for row in rows)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_json_has_a_schema():
    markings = [marked("(c)\n$$ q = bad $$"), Marking("y.tex", error="y.tex is empty")]
    data = json.loads(to_json(markings))
    assert data["schema"] == 1
    assert data["states"] == {"error": 1, "wrong": 1}
    mark = data["files"][0]["marks"][0]
    assert mark["verdict"] == "refuted"
    assert mark["question"] == "q1c"
    assert data["files"][1]["error"] == "y.tex is empty"
    assert to_data(markings)["files"][1]["exit_status"] == 2


def test_the_page_escapes_everything_and_fetches_nothing(right):
    hostile = "\\section{(c)}\n</td><script>alert(1)</script>\n$$ q = bad <img src=x> & \x1b $$\n"
    page = render(hostile, marked(hostile))
    assert "<script" not in page
    assert "<img" not in page
    assert "\x1b" not in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    whole = render((DATA / "right.tex").read_text(), right)
    assert "<math" in whole
    assert whole == render((DATA / "right.tex").read_text(), right)


# many files ---------------------------------------------------------------------------------------


@pytest.fixture
def school(tmp_path):
    for name, text in {
        "anna": "(c)\n$$q = fine$$", "bob": "(c)\n$$q = bad$$", "cleo": "(c)\n$$q = kill$$",
        "dan": "(c)\n$$q = raise$$", "eve": "", "fay": "(c)\n$$q = fine$$",
    }.items():  # fmt: skip
        (tmp_path / f"{name}.tex").write_text(text)
    (tmp_path / "notes.txt").write_text("not a submission")
    return tmp_path


def test_a_worker_that_dies_costs_its_own_file(school):
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(2, mp_context=context) as executor:
        found = list(check_all(submissions(school), ECHO, executor=executor))
    assert [m.name for m in found] == [
        f"{n}.tex" for n in ("anna", "bob", "cleo", "dan", "eve", "fay")
    ]
    assert [m.exit_status for m in found] == [0, 1, 2, 2, 2, 0]
    assert "its worker died" in found[2].error
    assert "a defect of the judge" in found[3].error
    assert "is empty" in found[4].error


def test_any_executor_will_do(school):
    (school / "cleo.tex").unlink()

    class Here:
        """An executor as small as can be."""

        def submit(self, function, *args):
            future = Future()
            try:
                future.set_result(function(*args))
            except ValueError as error:
                future.set_exception(error)
            return future

    paths = submissions(school)
    with ThreadPoolExecutor(2) as threads:
        results = [list(check_all(reversed(paths), ECHO, executor=e)) for e in (threads, Here())]
    results.append(list(check_all(paths, ECHO, jobs=2)))
    assert results[0] == results[1] == results[2]
    assert [m.exit_status for m in results[0]] == [0, 1, 2, 2, 0]


def test_an_executor_that_is_shut_down(school):
    (school / "cleo.tex").unlink()
    executor = ThreadPoolExecutor(1)
    executor.shutdown()
    assert [m.exit_status for m in check_all(submissions(school), ECHO, executor=executor)] == [
        0, 1, 2, 2, 0,
    ]  # fmt: skip


def test_links_in_a_directory_are_not_followed(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("(c)\n$$q=1$$")
    folder = tmp_path / "class"
    folder.mkdir()
    (folder / "x.tex").symlink_to(secret)
    (marking,) = check_all(submissions(folder), MarkingOptions(bombs.Echo(), links=False))
    assert "symbolic link" in marking.error


def test_a_directory_without_submissions(tmp_path):
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.4")
    with pytest.raises(SubmissionError, match=r"holds no \.tex, \.md, \.qmd or \.ipynb file"):
        submissions(tmp_path)


def test_a_folder_of_folders_is_read_and_what_is_left_out_is_said(tmp_path, capsys):
    for student in ("anna", "bob"):
        (tmp_path / student).mkdir()
        (tmp_path / student / "answers.md").write_text("(c)\n\n$$q = \\beta (k_i + k_j)$$\n")
    (tmp_path / "anna" / "scan.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / ".hidden.tex").write_text("(c) $$q = 1$$")
    out = tmp_path / "marked"
    assert check_submission(str(tmp_path), Wanted(out=out, jobs=1, json=True)) == 0
    captured = capsys.readouterr()
    printed = json.loads(captured.out)
    assert [f["name"] for f in printed["files"]] == ["anna/answers.md", "bob/answers.md"]
    assert "anna/scan.pdf is left out: a PDF is not read" in captured.err
    assert len(list(out.glob("*answers.md*.html"))) == 2


NOTEBOOK = {
    "nbformat": 4,
    "cells": [
        {"cell_type": "markdown", "source": ["## (c)\n", "\n", "$$q = \\beta (k_i + k_j)$$"]},
        {"cell_type": "code", "source": ["q = 0"], "outputs": []},
        {"cell_type": "markdown", "source": "## (d)\n\n$$M = S$$"},
    ],
}


def test_a_notebook_is_its_markdown_cells(tmp_path):
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps(NOTEBOOK))
    found = read_document(path, ("q1c", "q1d"))
    assert [(f.question, f.latex) for f in found.formulas] == [
        ("q1c", r"q = \beta (k_i + k_j)"),
        ("q1d", "M = S"),
    ]
    for broken in (
        "{}",
        "[]",
        '{"cells": 3}',
        '{"cells": [{"cell_type": "markdown"}]}',
        "[" * 10**5,
    ):
        path.write_text(broken)
        with pytest.raises(SubmissionError, match="is no notebook"):
            read_document(path)


@pytest.mark.parametrize("name", ["a.pdf", "a.typ", "a.png", "a.docx"])
def test_what_is_not_read_says_what_to_do(tmp_path, name):
    (tmp_path / name).write_bytes(b"x")
    with pytest.raises(SubmissionError, match=r"read|export"):
        read_document(tmp_path / name)


# what a question's own text is, and what its answer
TOLD_APART = [
    (
        r"\begin{parts}\part[5] Find $c = bad$. \ifans{$q = fine$}\end{parts}",
        [("c = bad", "question-text"), ("q = fine", "fine")],
    ),
    (
        "(c) Find $q = bad$.\n\\begin{solution}\n$$q = fine$$\n\\end{solution}",
        [("q = bad", "question-text"), ("q = fine", "fine")],
    ),
    ("(c) $q = bad$\n$$q = fine$$", [("q = bad", "bad"), ("q = fine", "fine")]),
]


@pytest.mark.parametrize(("text", "became"), TOLD_APART)
def test_the_text_of_a_question_is_told_from_its_answer(text, became):
    marking = marked(text, MarkingOptions(bombs.Echo(), mapped=(("*", "q1c"),)))
    assert [(m.formula.latex, m.finding.code) for m in marking.marks] == became


def test_a_sub_item_is_no_part_and_sections_may_count_by_letters():
    found = read_source("(c)\n\ni) $$q = 1$$\n\n(ii) $$q = 2$$", ("q1c", "q1d"))
    assert [f.question for f in found.formulas] == ["q1c", "q1c"]
    counted = r"\renewcommand\thesubsection{(\alph{subsection})}"
    text = counted + "\n" + "\n".join(rf"\subsection{{X}} $$q = {n}$$" for n in range(4))
    found = read_source(text, ("q1c", "q1d"))
    assert [f.question for f in found.formulas] == ["", "", "q1c", "q1d"]


def test_an_aligned_formula_in_a_command_that_is_not_known_is_said():
    found = read_source("(c)\n\\eqs{\nq &= 1 \\\\\nc &= 2\n}", ("q1c",))
    (formula,) = found.formulas
    assert (formula.question, formula.fault.split(",")[0]) == ("q1c", r"\eqs is not known here")
    assert read_source("\\author{A & B \\\\ C}", ("q1c",)).formulas == ()


# the command --------------------------------------------------------------------------------------


def test_what_is_a_file_and_what_a_question(tmp_path):
    assert is_submission("nowhere.tex")
    assert is_submission(str(tmp_path))
    assert not is_submission("q1c")
    assert not is_submission("a\0b")


def test_the_command_judges_a_class(tmp_path, capsys):
    out = tmp_path / "out"
    assert check_submission(str(DATA), Wanted(out=out, jobs=2, json=True)) == 1
    printed = json.loads(capsys.readouterr().out)
    names = [f["name"] for f in printed["files"]]
    assert names == sorted(names)
    assert {"hostile.tex", "right.tex", "wrong.tex", "class/anna.tex"} <= set(names)
    assert json.loads((out / "marks.json").read_text()) == printed
    assert (out / "marks.csv").read_text().startswith("file,question,line")
    assert 'href="right.tex.html"' in (out / "index.html").read_text()
    assert not [p for p in out.iterdir() if p.name.startswith(".")]


def test_the_command_judges_a_file(capsys):
    assert check_submission(str(DATA / "notes.md"), Wanted()) == 0
    printed = capsys.readouterr().out
    assert "proved" in printed
    assert "q1d" in printed


def test_the_command_line(tmp_path):
    def ran(*arguments):
        command = [sys.executable, "-m", "symattn", "check", *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    wrong = ran(str(DATA / "wrong.tex"), "--csv")
    assert wrong.returncode == 1
    assert len(wrong.stdout.splitlines()) == 5
    (tmp_path / "empty.tex").write_text("")
    for name, said in (
        ("empty.tex", "is empty"),
        ("none.tex", "there is no file"),
        (".", "no .tex"),
    ):
        if name == ".":
            (tmp_path / "empty.tex").unlink()
        bad = ran(str(tmp_path / name))
        assert bad.returncode == 2
        assert said in bad.stderr
        assert "Traceback" not in bad.stderr


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        (Wanted(mapped=["x=q1z"]), UnknownName),
        (Wanted(mapped=["x"]), SymattnError),
        (Wanted(where=["x"]), SymattnError),
    ],
)
def test_options_that_say_nothing(wanted, error):
    with pytest.raises(error):
        check_submission(str(DATA / "right.tex"), wanted)


def test_an_unwritable_directory_is_one_sentence(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    with pytest.raises(SystemExit) as ended, failing():
        check_submission(str(DATA / "notes.md"), Wanted(out=tmp_path / "file" / "out"))
    assert ended.value.code == 1
    assert "could not be written" in capsys.readouterr().err


# what a teacher sees first -------------------------------------------------------------------------


def test_a_submission_in_one_line():
    wrong = mark_file(DATA / "wrong.tex")
    first, second = looks(wrong)
    assert (first.place, first.more) == ("q1c line 7", 1)
    assert str(second) == "q1d line 13: refuted, right with a factor 2 (and 1 more)"
    assert right_of(wrong) == "0 of 2"
    assert sentence(wrong).startswith("0 of 2 right; q1c line 7: refuted, right with a scale")
    assert sentence(wrong, 1).endswith("(and 1 more); …")
    right = mark_file(DATA / "right.tex")
    assert not looks(right)
    table = class_csv([grade(m, Rubric({"q1c": 10.0})) for m in (right, wrong, EMPTY)]).splitlines()
    assert table[0].startswith("file,name,id,q1")
    assert table[0].endswith("right,state,to look at,override,comment")
    assert table[-1].endswith("error,z.tex is empty,,")


def test_what_is_missing_or_has_no_heading_is_said():
    nothing = mark_document(read_source("\\section{(c)}\nI do not know.", KNOWN), "a.tex")
    assert [str(look) for look in looks(nothing)] == ["q1c: no formula says what is asked for"]
    loose = mark_document(read_source("$$q = k_i$$", KNOWN), "a.tex")
    assert [str(look) for look in looks(loose)] == ["line 1: no heading names a question"]
    assert "no formula is found" in sentence(mark_document(read_source("Hello.", KNOWN), "a.tex"))


def test_a_relation_in_words_is_a_relation():
    assert [r.kind for r in outline(r"c \text{ tends to } v_i, \beta \gg 0").relations] == ["->"]
    assert not outline(r"c \text{ or } v_i").relations


def test_a_backslash_before_a_bracket_is_shown():
    from rich.text import Text

    for text in (r"\[ is not closed", r"\left[ a \right]", "[bold]x[/]", r"a \[2pt] b"):
        assert Text.from_markup(marked_up(text)).plain == text


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        (r"Take $q = \beta(k_i+k_j)$ with $\beta \to \infty$.", "proved"),
        (r"Take $q = \beta(k_i+k_j)$ with $\beta$ small.", "refuted"),
        (r"Take $q = \beta(k_i+k_j)$ for $\beta \in (0, 1)$.", "refuted"),
        (r"One cannot take $q = \beta(k_i+k_j)$, $\beta\to\infty$.", "undecided"),
        (r"It is false that $c \to \frac{v_i+v_j}{2}$.", "undecided"),
    ],
)
def test_a_sentence_counts_with_its_formula(sentence, verdict):
    assert first_verdict("(c)", sentence) == verdict


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        (r"If $k_i \cdot \mu_i > 1$, then $c \approx v_i$.", "proved"),
        (r"If $k_i \cdot \mu_i > 1$, then $c \approx v_j$.", "refuted"),
        (r"When $\|k_i\|$ is large, $c \approx v_i$.", "undecided"),
        (r"In some samples $c \approx v_i$, in others $c \approx v_j$.", "proved"),
    ],
)
def test_a_condition_may_stand_before_its_formula(sentence, verdict):
    assert first_verdict("(f)", sentence) == verdict


def first_verdict(heading, sentence):
    """Return the verdict of the first formula of a sentence that is judged."""
    document = read_source(f"\\section{{{heading}}}\n{sentence}\n", KNOWN)
    options = MarkingOptions(judge=SheetJudge(bounded=False))
    found = [m.finding.verdict for m in mark_document(document, "x.tex", options).marks]
    return next(one for one in found if one in ("proved", "confirmed", "refuted", "undecided"))


def test_the_parts_of_a_numbered_list_are_told_by_their_letters():
    text = "1. (a) $\\sum_l \\alpha_l = 1$\n2. (b) $k_i \\cdot q \\gg 1$\n10) c) $q = k_i$\n3. Then $c = v_i$\n"
    found = read_source(text, known=("q1a", "q1b", "q1c"))
    assert [f.question for f in found.formulas] == ["q1a", "q1b", "q1c", "q1c"]
