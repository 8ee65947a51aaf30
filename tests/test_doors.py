"""What comes in through the command line is data, and what goes out harms nobody."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from symattn.check import check
from symattn.cli import main
from symattn.commands.common import GONE, NO_OUTPUT
from symattn.pages import mathml
from symattn.submission.grades import Rubric, class_csv, grade
from symattn.submission.marks import Marking

RIGHT = r"q = \gamma (k_i + k_j)"
posix = pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")


def ended(*args: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(list(args))
    return end.value.code or 0


# a line is a line ----------------------------------------------------------------------------------

# (arguments, exit status): 0 is only for what was judged, and is right
LINES = [
    (("check", "q1c", r"-q = -\beta (k_i + k_j)"), 0),
    (("check", "q1c", "--", RIGHT), 0),
    (("check", "--json", "q1c", RIGHT), 0),
    (("check", "q1c", RIGHT, "--where", r"\gamma=\beta"), 0),
    (("check", "q1c", r"-q = -(k_i + k_j)/2"), 1),
    (("equal", "x", "-x"), 1),
    (("equal", "-x", "-x"), 0),
    (("equal", "-x", "-x", "--json"), 0),
    (("equal", r"-\sqrt{x^2}", "-x", "--positive", "x"), 0),
    (("check", "q1c", "--schema"), 2),
    (("check", "q1c", "--codes"), 2),
    (("check", "q1c", "--help"), 2),
    (("check", "-h", "q1c"), 2),
    (("check", "q1c", "--json"), 2),
    (("check", "q1c", "--all"), 2),
    (("check", "q1c", "--out"), 2),
    (("check", "q1c", "--jobs"), 2),
    (("check", "q1c", "--version"), 2),
    (("check", "q1c", "-"), 2),
    (("check", "q1c", "--", "--schema"), 2),
    (("equal", "x", "--help"), 2),
    (("equal", "x", "--json"), 2),
    (("check", "anna.tex", "--jsn"), 2),
    (("check", "--schema"), 0),
    (("check", "--help"), 0),
]


@pytest.mark.parametrize(("args", "status"), LINES, ids=[" ".join(args) for args, _ in LINES])
def test_what_begins_with_a_hyphen_is_a_line(args, status, capsys):
    assert ended(*args) == status


# what goes out -------------------------------------------------------------------------------------

STEERING = ["\x1b[31mproved", "\x1b]8;;http://x\x07", "\x9b2J", "\x7f", "\u202e", "\r", "\udcff"]


@pytest.mark.parametrize("text", STEERING, ids=ascii)
def test_nothing_steers_the_terminal(text, capsys):
    for args in (
        ("check", "q1c", rf"q = \beta (k_i + k_j) \text{{{text} where}}"),
        ("check", f"q1{text}", "q = 1"),
        ("check", f"{text}.tex"),
        ("check", "q1c", RIGHT, "--where", f"{text}=S"),
        ("equal", f"x{text}", "x"),
        ("show", f"q{text}"),
        ("sheet", f"a{text}"),
    ):
        status = ended(*args)
        printed = capsys.readouterr()
        assert status in range(4), args
        assert "defect" not in printed.err
        for line in (printed.out + printed.err).split("\n"):
            assert line.isprintable(), args


def test_json_of_odd_characters_is_json(capsys):
    line = "q = \x7f\x9b\udcff"
    status = ended("check", "q1c", line, "--json")
    printed = capsys.readouterr().out
    assert status == 2
    assert printed.isascii() or "�" in printed
    printed.encode("utf-8")
    assert json.loads(printed)["latex"] == line


def test_json_of_a_file_is_json(tmp_path, capsys):
    text = "\\section{Q1 (c)} \\[ q = \x7f\x9b k_i \\]"
    (tmp_path / "\x9b.tex").write_text(text, encoding="utf-8")
    ended("check", str(tmp_path / "\x9b.tex"), "--json")
    printed = capsys.readouterr().out
    assert not set(printed) & {"\x7f", "\x9b"}
    assert json.loads(printed)["files"]


def test_markup_in_a_path_is_text(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("SYMATTN_CACHE", "off")
    small = Path(__file__).parent / "sheets" / "small"
    for name in ("[link=x]a", "[/]", "[bold"):
        assert ended("sheet", str(small), "--no-pdf", "--out", str(tmp_path / name)) == 0
        assert name in capsys.readouterr().out
    (tmp_path / "anna.tex").write_text(r"\section{Q1 (c)} \[ " + RIGHT + r" \]", encoding="utf-8")
    assert ended("check", str(tmp_path / "anna.tex"), "--out", str(tmp_path / "[/b] c")) == 0
    assert "[/b] c" in capsys.readouterr().out


@posix
def test_a_name_as_long_as_may_be_stops_no_class(tmp_path, capsys):
    folder, out = tmp_path / "class", tmp_path / "out"
    folder.mkdir()
    names = ["a" * 251 + ".tex", "a" * 250 + "b.tex", "ä" * 125 + ".tex", "b.tex"]
    for name in names:
        (folder / name).write_text(r"\section{Q1 (c)} \[ " + RIGHT + r" \]", encoding="utf-8")
    assert ended("check", str(folder), "--out", str(out), "--jobs", "2") == 0
    assert len(list(out.glob("*.html"))) == len(names) + 1
    assert len((out / "class.csv").read_text("utf-8").splitlines()) == len(names) + 1


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
@pytest.mark.parametrize("before", ["", ";", "a;", "a; ", 'a;"'])
def test_no_cell_is_a_formula_for_any_spreadsheet(before, start):
    """One separates by commas, another by semicolons, a quote between them or not."""
    text = class_csv([grade(Marking(f"{before}{start}HYPERLINK(1).tex", error="empty"), Rubric())])
    for line in text.splitlines():
        for cell in line.replace(",", ";").split(";"):
            assert not cell.strip(' "').startswith(("=", "+", "-", "@"))


def run(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    python = f"{sys.executable} -m symattn"
    return subprocess.run(
        ["sh", "-c", command.replace("symattn", python)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )


@posix
@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("symattn list >&-", 0),
        ("symattn equal x y >&- 2>&-", 1),
        ("symattn equal x x <&- >&-", 0),
        ("symattn list >/dev/full", NO_OUTPUT),
        ("symattn equal x y --json >/dev/full", NO_OUTPUT),
        ("symattn --help >/dev/full", NO_OUTPUT),
        ("(symattn show q1c; echo $? >&2) | true", GONE),
        ("d=$(mktemp -d) && cd $d && rmdir $d && symattn equal x x", 0),
    ],
)
def test_the_surroundings_end_in_one_line_and_a_status(command, status):
    if "/dev/full" in command and not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    found = run(command, COLUMNS="abc", TERM="strange", PYTHONPATH=str(Path.cwd()))
    code = found.returncode
    if "echo $?" in command:
        *said, last = found.stderr.splitlines()
        assert said == []
        code = int(last)
    assert code == status
    assert "Traceback" not in found.stderr
    assert "defect" not in found.stderr
    assert len(found.stderr.splitlines()) <= 1


# what is judged ------------------------------------------------------------------------------------

# no verdict on these rests on nan, speaks Python or ends in an exception
ODD = [
    ("q1c", r"q = \arcsin 2 (k_i+k_j)"),
    ("q1c", r"q = \sqrt{1-n} (k_i+k_j)"),
    ("q1c", r"q = \sinh(10^4) (k_i+k_j)"),
    ("q1c", r"q = \beta (k_i+k_j), \quad \beta = \ln\ln\ln\ln\ln n"),
    ("q1e", r"q = \frac{1}{\delta_{ij}} (\mu_i + \mu_j)"),
    ("q1a", r"\|q\| \Rightarrow + 0"),
    ("q1f", r"\operatorname{Var}(k_i \cdot q) \Rightarrow \beta^2"),
    ("q1e", r"q = \beta (\mu_i + \mu_j), \quad \beta \gg \frac{S}{\sqrt{\epsilon}}"),
    ("q1e", r"q = \frac{\mu_i + \mu_j}{2} \epsilon^{-15}"),
    ("q1e", r"c \approx \frac{v_i + v_j}{2}, \quad \beta = k_j"),
    ("q1a", r"\alpha_i \le j \le 3"),
    ("q1e", r"q = \beta (\mu_i + \mu_d), \quad \beta \epsilon \ll 1"),
    ("q1d", r"M = (T T^\top)^{50} (S S^\top)^{60}"),
    ("q1d", "M = " + r"S S^\top " * 150),
]


@pytest.mark.parametrize(("question", "line"), ODD, ids=[line[:40] for _, line in ODD])
def test_no_verdict_is_nan_or_python(question, line):
    found = check(question, line)
    assert found.verdict in ("refuted", "undecided", "unread")
    said = json.dumps(found.to_json())
    assert "Error" not in said
    assert "NaN" not in said
    assert " nan" not in said


# what is shown of a stranger's formula --------------------------------------------------------------

STYLED = [
    r"\textcolor{white}{x}",
    r"\color{red}{x}",
    r"\colorbox{red}{x}",
    r"\hspace{-9999em} x",
    r"\kern-99em x",
    r"\mspace{-999mu} x",
    r"\hspace{99999em} x",
    r"\href{javascript:alert(1)}{x}",
    r"\style{position:fixed}{x}",
    r"\class{bad}{x}",
    r"\Huge x",
]


@pytest.mark.parametrize("latex", STYLED)
def test_a_formula_on_a_page_stays_a_formula(latex):
    shown = mathml.display((("", latex),))
    assert "x" in shown
    for word in ("color", "background", "href", "style=", "bad", "99", "mathsize"):
        assert word not in shown
