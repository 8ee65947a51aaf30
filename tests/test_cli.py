"""The command line: what each command prints, how each failure ends, and what it leaves behind."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import symattn
from symattn.cli import COMMANDS, main
from symattn.commands.common import print_table

ROOT = Path(__file__).parent.parent
SMALL = Path(__file__).parent / "sheets" / "small"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYMATTN_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("SYMATTN_DEBUG", raising=False)


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    folder = tmp_path / "small"
    shutil.copytree(SMALL, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


class Done:
    """How a command ended, and what it printed."""

    def __init__(self, status: object, out: str, err: str) -> None:
        self.status = status or 0
        self.out, self.err = out, err

    @property
    def json(self) -> dict:
        return json.loads(self.out)


@pytest.fixture
def run(capsys):
    def call(*args: object) -> Done:
        with pytest.raises(SystemExit) as end:
            main([str(a) for a in args])
        printed = capsys.readouterr()
        assert "Traceback" not in printed.err + printed.out
        return Done(end.value.code, printed.out, printed.err)

    return call


def content(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


# Root may write anywhere, unless it gives that right up.
MORTAL = ("setpriv", "--bounding-set=-dac_override") if os.geteuid() == 0 else ()


def python(*args: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*MORTAL, sys.executable, *args],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )


# tables ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell", ["[green]7 proved[/], [bold red]3 refuted[/] x", "", r"\[x]", "é", "x" * 99]
)
@pytest.mark.parametrize("columns", [["question", ">points", "said"], [">a", "b", ">c"]])
def test_a_table_without_rich_is_the_one_with_rich(cell, columns, capsys, monkeypatch) -> None:
    rows = [["q1a", "5", cell], ["", "", ""], ["all", "50 of 80", "7"]]
    print_table("", columns, rows)
    found = capsys.readouterr().out
    monkeypatch.setattr("symattn.commands.common._laid_out", lambda *_: None)
    print_table("", columns, rows)
    assert found == capsys.readouterr().out


# help --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("args", [["--help"], ["sheet", "--help"], ["--version"], ["list"]])
def test_what_computes_nothing_imports_neither_sympy_nor_numpy(args: list[str]) -> None:
    code = (
        "import sys\nfrom symattn.cli import main\n"
        f"try: main({args!r})\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "found = {'sympy', 'numpy', 'scipy', 'latex2sympy2'} & set(sys.modules)\n"
        "assert not found, found\n"
    )
    done = python("-c", code)
    assert done.returncode == 0, done.stderr


def test_importing_symattn_imports_nothing() -> None:
    code = "import sys, symattn; assert not {'sympy', 'numpy', 'click'} & set(sys.modules)"
    assert python("-c", code).returncode == 0


def test_the_names_of_the_package_lead_somewhere() -> None:
    assert symattn.Verdict("confirmed", "c", "r").passed
    assert callable(symattn.study)
    assert all(not (ROOT / "symattn" / name).is_dir() for name in symattn.__all__)
    assert "Verdict" in dir(symattn)
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = symattn.no_such_name


def test_the_version_is_the_one_that_is_installed(run) -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    assert f'version = "{symattn.__version__}"' in text
    assert run("--version").out == f"symattn {symattn.__version__}\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_teaches(run, command: str) -> None:
    done = run(command, "--help")
    assert done.status == 0
    assert "Example" in done.out
    assert f"symattn {command}" in done.out
    assert COMMANDS[command][1].split()[0] in run("--help").out


def test_no_arguments_show_the_help(run) -> None:
    done = run()
    assert "Commands" in done.out + done.err


def test_python_m_symattn() -> None:
    done = python("-m", "symattn", "--version")
    assert done.stdout.startswith("symattn ")


# list, show, derive, verify ----------------------------------------------------------------------


def test_list(run, sheet: Path) -> None:
    assert "q1a" in run("list", sheet).out
    (found,) = run("list", sheet, "--json").json["sheets"]
    assert found["points"] == 12
    assert [(q["name"], q["derived"]) for q in found["questions"]] == [
        ("q1a", True),
        ("q2a", False),
    ]
    assert "attention" in run("list").out


def test_show(run, sheet: Path) -> None:
    shown = run("show", "q1a", "--sheet", sheet)
    for word in ("orthonormal", "scale", "5 points"):
        assert word in shown.out
    facts = run("show", "q1a", "--sheet", sheet, "--json").json
    assert facts["symbols"].items() >= {"k_l": "key", r"\beta": "scale"}.items()
    assert facts["unknown"] is None
    assert len(facts["hypotheses"]) == 2


def test_derive(run, sheet: Path) -> None:
    shown = run("derive", "q1a", "--sheet", sheet)
    assert "the keys are orthonormal" in shown.out
    assert "= exp(β)/(n + exp(β) - 1)" in shown.out
    facts = run("derive", "q1a", "--sheet", sheet, "--json").json
    (step,) = facts["steps"]
    assert step["checked"] == "proved"
    assert facts["claims"][0]["verdict"] == "proved"


def test_verify(run, sheet: Path) -> None:
    assert "identity-proved" in run("verify", "q1a", "--sheet", sheet).out
    args = ("verify", "--sheet", sheet, "--json", "--seed", 3, "--instances", 15)
    facts = run(*args).json
    assert (facts["seed"], facts["instances"], facts["passed"]) == (3, 15, True)
    (claim,) = facts["questions"][0]["claims"]
    assert {"verdict", "code", "reason", "evidence", "hypotheses", "obligations"} <= set(claim)
    numbers = next(e for e in claim["evidence"] if e["kind"] == "numbers")
    assert numbers["data"]["seed"] == 3
    assert numbers["data"]["valid"] >= 15  # and those that are chosen against the claim
    assert run(*args).json == facts


def test_too_few_instances_are_no_confirmation(run, sheet: Path) -> None:
    script = sheet / "q1a.py"
    fails = '    if instance["n"] > 2:\n        raise ValueError("too many")\n    keys, at'
    script.write_text(script.read_text("utf-8").replace("    keys, at", fails), "utf-8")
    facts = run("verify", "--sheet", sheet, "--json", "--instances", 3).json
    (claim,) = facts["questions"][0]["claims"]
    numbers = next(e for e in claim["evidence"] if e["kind"] == "numbers")
    assert (numbers["verdict"], numbers["code"]) == ("undecided", "too-few-points")
    assert claim["verdict"] == "undecided"


# the sheet ---------------------------------------------------------------------------------------


def refute(script: Path) -> None:
    """Let a script claim twice what it derived."""
    source = script.read_text("utf-8").replace(
        'D.identity("weight", chain)', 'D.state(Identity, "weight", alpha(i), 2 * chain.value)'
    )
    imports = "from symattn.claims import Identity\nfrom symattn.derive.rules"
    script.write_text(source.replace("from symattn.derive.rules", imports), "utf-8")


def test_the_sheet(run, sheet: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = run("sheet", sheet, "--out", out, "--no-pdf")
    assert "1 proved" in done.out
    assert "5 of 12" in done.out
    assert "grade 4" in done.out
    assert sorted(content(out)) == [
        "answers.html", "answers.tex", "figures/q1a-weight.pdf", "figures/q1a-weight.svg",
        "report.json",
    ]  # fmt: skip
    tex = (out / "answers.tex").read_text("utf-8")
    assert r"\label{q1a:weight}" in tex
    assert r"by \eqref{q1a:weight}." in tex
    assert "refers to a lab that is not part of this document" in tex
    assert "reach grade 4" in tex
    report = json.loads((out / "report.json").read_text("utf-8"))
    assert report["points"] == {
        "answered": 5, "total": 12, "grade": 4, "scale": [[2, 3], [5, 4]]
    }  # fmt: skip
    (question,) = report["questions"]
    formulas = question["formulas"]
    assert (formulas["printed"], formulas["read_back"], formulas["unread"]) == (4, 4, [])
    assert [said["role"] for said in formulas["said"]] == ["definition", "name", "name", "name"]
    assert formulas["not_checked"] == 0
    assert {e["kind"] for e in question["claims"][0]["evidence"]} == {"proof", "numbers", "reading"}
    assert report["unanswered"] == [{"name": "q2a", "points": 7}]


def test_the_full_style_adds_the_steps(run, sheet: Path, tmp_path: Path) -> None:
    for style, shown in (("brief", False), ("full", True)):
        run("sheet", sheet, "--out", tmp_path / style, "--no-pdf", "--style", style)
        tex = (tmp_path / style / "answers.tex").read_text("utf-8")
        assert ("the keys are orthonormal}" in tex) is shown


def test_a_step_that_cannot_be_read_back_is_named(run, sheet: Path, tmp_path: Path) -> None:
    script = sheet / "q1a.py"
    odd = r'D.start("odd", Symbol(r"\sigma^2") - n).by(expand_products())'
    source = script.read_text("utf-8").replace("    claim = D", f"    {odd}\n    claim = D")
    imports = "import expand_products, under\nfrom sympy import Symbol"
    script.write_text(source.replace("import under", imports), "utf-8")
    assert run("sheet", sheet, "--out", tmp_path / "out", "--no-pdf").status == 0
    done = run("sheet", sheet, "--out", tmp_path / "out", "--no-pdf", "--style", "full")
    assert done.status == 1
    assert "2 other formulas unread" in done.out
    assert r"the letter \sigma was not printed" in done.err


def test_the_same_input_gives_the_same_bytes(sheet: Path, tmp_path: Path) -> None:
    for seed in ("1", "2"):
        out = tmp_path / seed
        code = (
            "from symattn.cli import main\n"
            f"main(['sheet', {str(sheet)!r}, '--no-pdf', '--no-cache', '--out', {str(out)!r}])"
        )
        done = python(
            "-c", code, PYTHONHASHSEED=seed, LC_ALL="C", TZ="Asia/Tokyo" if seed == "1" else ""
        )
        assert done.returncode == 0, done.stderr
    assert content(tmp_path / "1") == content(tmp_path / "2")


def test_a_script_runs_by_itself(sheet: Path) -> None:
    done = python(str(sheet / "q1a.py"))
    assert done.returncode == 0, done.stderr
    assert "identity-proved" in done.stdout
    refute(sheet / "q1a.py")
    done = python(str(sheet / "q1a.py"))
    assert done.returncode == 1
    assert "refuted" in done.stdout


# names that do not exist -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["show", "qia"], ["no question 'qia'", "did you mean q1a", "There are q1a"]),
        (["verify", "q1a", "q9z"], ["no question 'q9z'"]),
        (["derive", "q2a"], ["on the sheet", "no script", "q2a.py"]),
    ],
)
def test_an_unknown_question(run, sheet: Path, args: list[str], words: list[str]) -> None:
    done = run(*args, "--sheet", sheet)
    assert done.status == 2
    for word in words:
        assert word in done.err
    assert done.out == ""


def test_an_unknown_sheet(run, tmp_path: Path) -> None:
    done = run("sheet", "atention", "--out", tmp_path / "out")
    assert done.status == 2
    assert "attention" in done.err
    assert not (tmp_path / "out").exists()
    (tmp_path / "empty").mkdir()
    assert "assignment.txt" in run("sheet", tmp_path / "empty").err


def test_a_sheet_without_scripts(run, sheet: Path, tmp_path: Path) -> None:
    (sheet / "q1a.py").unlink()
    done = run("sheet", sheet, "--out", tmp_path / "out")
    assert done.status == 2
    assert "no script" in done.err


def test_an_unknown_command(run) -> None:
    done = run("sheeet")
    assert done.status == 2
    assert "Did you mean sheet?" in done.err
    assert "verify" in done.err


# what is broken ----------------------------------------------------------------------------------

BROKEN = {
    "raises": (
        "    D = Derivation", "    raise ValueError('no luck')\n    D = Derivation",
        ["line", "ValueError: no luck"],
    ),
    "syntax": ("def query(", "def query((", ["line", "SyntaxError"]),
    "exits": ("GIVEN =", "raise SystemExit(0)\nGIVEN =", ["line", "SystemExit: 0"]),
    "import": ("import numpy as np", "import no_such_module", ["line", "no_such_module"]),
    "no derive": ("def derive()", "def derived()", ["defines no derive"]),
    "no question": ("QUESTION = Question(", "QUESTION = dict(", ["QUESTION is a dict"]),
    "another name": ('name="q1a"', 'name="q1b"', ["the question is called 'q1b'", "q1b.py"]),
    "nothing": ("    return D\n", "    return None\n", ["returns a NoneType"]),
    "wrong rule": (
        'under(GIVEN, "the keys are orthonormal")',
        'Rule("double", lambda e: 2 * e)',
        ["step 'double' of 'weight'", "refuted"],
    ),
    "wrong expectation": (
        '"the keys are orthonormal"))', '"the keys are orthonormal"), expect=beta)',
        ["gives", "line"],
    ),
    "same name twice": (
        "    D.show(claim", '    D.identity("weight", chain)\n    D.show(claim',
        ["two claims are called 'weight'"],
    ),
    "shown twice": ("    D.say(", "    D.show(claim)\n    D.say(", ["displayed twice"]),
    "a missing formula": ("{one} as", "{two} as", ["{two}"]),
    "a figure": ("scale = np.linspace", "raise OSError('gone')\n    scale = np", ["gone"]),
    "interrupts itself": (
        "    keys, at", "    raise MemoryError('too much')\n    keys, at", ["MemoryError", "line"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_script_is_one_message_and_leaves_what_was_there(
    run, sheet: Path, tmp_path: Path, case: str
) -> None:
    out = tmp_path / "out"
    run("sheet", sheet, "--out", out, "--no-pdf")
    before = content(out)
    old, new, words = BROKEN[case]
    script = sheet / "q1a.py"
    source = script.read_text("utf-8").replace("import under", "import Rule, under")
    assert old in source
    script.write_text(source.replace(old, new), "utf-8")
    done = run("sheet", sheet, "--out", out, "--no-pdf")
    assert done.status == 1
    assert "q1a" in done.err
    for word in words:
        assert word in done.err
    assert len(done.err.strip().splitlines()) <= 2
    assert content(out) == before
    script.write_text(source, "utf-8")
    assert run("sheet", sheet, "--out", out, "--no-pdf").status == 0
    assert content(out) == before


def test_a_claim_that_is_refuted_is_shown_and_ends_with_one(run, sheet: Path, tmp_path) -> None:
    refute(sheet / "q1a.py")
    done = run("sheet", sheet, "--out", tmp_path / "out", "--no-pdf")
    assert done.status == 1
    assert "1 refuted" in done.out
    assert "symattn verify" in done.err
    assert "refuted" in (tmp_path / "out" / "answers.tex").read_text("utf-8")
    verified = run("verify", "--sheet", sheet)
    assert verified.status == 1
    assert "left" in verified.out
    assert "right" in verified.out


def test_evidence_that_is_missing_is_named(run, sheet: Path, tmp_path: Path) -> None:
    script = sheet / "q1a.py"
    script.write_text(
        script.read_text().replace("    keys, at", "    1 / 0\n    keys, at"), "utf-8"
    )
    for _ in range(2):
        done = run("sheet", sheet, "--out", tmp_path / "out", "--no-pdf")
        assert done.status == 1  # a proof beside no numbers at all is not a pass
        assert "1 undecided" in done.out
        assert "q1a, weight: no numbers: only 0 valid instances" in done.err
        assert "division by zero" in done.err
    assert "1 claim without numbers" in (tmp_path / "out" / "answers.tex").read_text("utf-8")


@pytest.mark.parametrize("where", ["out", "out/below"])
def test_a_directory_that_is_a_file(run, sheet: Path, tmp_path: Path, where: str) -> None:
    (tmp_path / "out").write_text("in the way")
    done = run("sheet", sheet, "--out", tmp_path / where, "--no-pdf")
    assert done.status == 1
    assert "--out DIR" in done.err
    assert (tmp_path / "out").read_text() == "in the way"


def test_a_directory_that_may_not_be_written(sheet: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir(mode=0o500)
    done = python("-m", "symattn", "sheet", str(sheet), "--out", str(out), "--no-pdf")
    assert done.returncode == 1
    assert "Permission denied" in done.stderr
    assert "Traceback" not in done.stderr
    out.chmod(0o700)
    done = python("-m", "symattn", "sheet", str(sheet), "--out", str(out), "--no-pdf")
    assert done.returncode == 0, done.stderr


def test_an_unexpected_failure_is_one_message(run, sheet: Path, monkeypatch) -> None:
    def fails(_: object) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr("symattn.sheet.find_sheet", fails)
    done = run("list", sheet)
    assert done.status == 70
    assert "RuntimeError: a defect" in done.err
    assert "SYMATTN_DEBUG" in done.err


# equal and selftest --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "status", "says"),
    [
        ([r"\tanh x", r"\frac{e^{2x}-1}{e^{2x}+1}"], 0, "proved (identity-proved)"),
        ([r"\sqrt{x^2}", "x"], 1, "left 0.5, right -0.5"),
        ([r"\sqrt{x^2}", "x", "--positive", "x"], 0, "assuming x positive real"),
        ([r"\sqrt{x^2}", "x", "--nonnegative", "x"], 0, "assuming x nonnegative real"),
        ([r"\frac{\sqrt{x^2}}{x}", "1", "--real", "x"], 1, "left -1"),
        (["m^2", "m", "--integer", "m"], 1, "refuted (separated)"),
        ([r"S S^\top", r"S^\top S", "--shape", "S=d,d"], 1, "refuted (counterexample)"),
        ([r"(S S^\top)^\top", r"S S^\top", "--shape", "S=d,s"], 0, "proved"),
        ([r"S S^\top", r"S^\top S", "--shape", "S=d,s"], 1, "refuted (shape-mismatch)"),
        (["x +", "x"], 2, "unread"),
        (["x = y", "x"], 2, "one side was expected"),
        ([r"e^{-e^{x^2}}", "0"], 1, "refuted"),
    ],
)
def test_equal_says_so_by_its_status_too(run, args: list[str], status: int, says: str) -> None:
    done = run("equal", *args)
    assert done.status == status, done.out
    assert says in done.out
    facts = run("equal", *args, "--json")
    assert facts.status == status
    assert facts.json["verdict"] in done.out
    assert facts.json["left"] == args[0]


@pytest.mark.parametrize("shape", ["S", "S=d", "=d,s", "S=,s"])
def test_a_shape_that_cannot_be_read(run, shape: str) -> None:
    done = run("equal", "S", "S", "--shape", shape)
    assert done.status not in (0, 1)
    assert "S=d,s" in done.err


def test_the_selftest_of_a_small_sheet(run, sheet: Path) -> None:
    done = run("selftest", "q1a", "--sheet", sheet, "--workers", 1)
    assert done.status == 0, done.out + done.err
    assert "survives" in done.out
    facts = run("selftest", "--sheet", sheet, "--workers", 1, "--json").json
    assert facts["survivors"] == 0
    assert facts["mutants"] == facts["refused"] + facts["equal"] > 20
    assert f"None of {facts['mutants']} mutants" in done.out


# the PDF -----------------------------------------------------------------------------------------


def engine(folder: Path, script: str) -> Path:
    """A program called tectonic, and nothing else, to put on the PATH."""
    folder.mkdir()
    program = folder / "tectonic"
    program.write_text(f"#!{sys.executable}\n{script}", "utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return folder


def test_without_a_tex_engine_it_says_what_to_install(run, sheet, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    done = run("sheet", sheet, "--out", tmp_path / "out")
    assert done.status == 0
    assert "no TeX engine" in done.err
    assert "install" in done.err
    assert "answers.tex" in content(tmp_path / "out")
    assert run("sheet", sheet, "--out", tmp_path / "out", "--no-pdf").err == ""


def test_a_tex_error_leaves_what_was_there(run, sheet, tmp_path, monkeypatch) -> None:
    out = tmp_path / "out"
    run("sheet", sheet, "--out", out, "--no-pdf")
    before = content(out)
    said = r"! Undefined control sequence.\nl.7 \\foo\n"
    fails = f"open('answers.log', 'w').write('{said}')\nexit(1)\n"
    monkeypatch.setenv("PATH", str(engine(tmp_path / "bin", fails)))
    script = sheet / "q1a.py"
    script.write_text(script.read_text().replace("It tends to", "It goes to"), "utf-8")
    done = run("sheet", sheet, "--out", out)
    assert done.status == 1
    assert "Undefined control sequence (line 7" in done.err
    assert "--no-pdf" in done.err
    assert content(out) == before


def test_the_pdf_is_made_once_and_goes_when_it_is_no_longer_true(
    run, sheet, tmp_path, monkeypatch
) -> None:
    out = tmp_path / "out"
    works = (
        "import os\nopen('answers.pdf', 'wb').write(b'%PDF made')\nopen('answers.log', 'w').write("
        "'Overfull \\\\hbox (3.2pt too wide) in paragraph at lines 3--4\\n')\n"
        f"open({str(tmp_path / 'runs')!r}, 'a').write('x')\n"
    )
    monkeypatch.setenv("PATH", str(engine(tmp_path / "bin", works)))
    for _ in range(2):
        done = run("sheet", sheet, "--out", out)
        assert done.status == 0
        assert "Overfull" in done.err
        assert (out / "answers.pdf").read_bytes() == b"%PDF made"
    assert (tmp_path / "runs").read_text() == "x"

    run("sheet", sheet, "--out", out, "--no-pdf")
    assert (out / "answers.pdf").exists()  # it is still the PDF of this document
    script = sheet / "q1a.py"
    script.write_text(script.read_text().replace("It tends to", "It goes to"), "utf-8")
    run("sheet", sheet, "--out", out, "--no-pdf")
    assert not (out / "answers.pdf").exists()
