"""A sheet of one's own: laid out, documented, judged from its script alone, run by pytest."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from click.testing import CliRunner
from sympy import S

from symattn.algebra.attention import c, d, i, k
from symattn.algebra.letters import Matrix
from symattn.check import study
from symattn.check.gate import decide
from symattn.check.named import ATTENTION as NAMES
from symattn.claims import Identity
from symattn.cli import app
from symattn.derive.script import derive
from symattn.errors import BrokenDerivation
from symattn.hypotheses.base import Given
from symattn.hypotheses.families import Arbitrary, Replaced
from symattn.judge.author import load
from symattn.judge.author_tests import judged_line, run_author_tests
from symattn.judge.inferred import inferred
from symattn.judge.judge import check
from symattn.sheet import find_sheet

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "docs" / "authoring.md").read_text("utf-8")
ATTENTION = find_sheet(ROOT / "derivations" / "attention")


def run(*args):
    return CliRunner().invoke(app, [*map(str, args)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The sheet of the guide: what `symattn new` writes, and the guide's text and scripts."""
    made = tmp_path_factory.mktemp("sheets") / "mine"
    assert run("new", made).exit_code == 0
    (text,) = re.findall(r"```text\n(.*?)```", GUIDE, re.DOTALL)
    (made / "assignment.txt").write_text(text)
    for code in re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL):
        name = re.match(r"# (q\d[a-z]\.py)\n", code)
        assert name, "a script of the guide begins with its name"
        (made / name[1]).write_text(code)
    return made


def test_the_guide_s_sheet_is_proved_and_judged(folder):
    source = find_sheet(folder)
    assert list(source.scripts) == list(source.sheet.parts) == ["q1a", "q1b"]
    for script in source.scripts.values():
        result = study.study(script)
        assert result.passed
        assert {v.verdict for v in result.verdicts.values()} == {"proved"}
        trials = list(run_author_tests(script))
        assert {t.test.verdict for t in trials} == {"proved", "refuted"}
        assert [str(t.found) for t in trials if not t.passed] == []


def test_every_word_of_the_guide_is_there():
    import symattn.vocabulary as words

    tables = GUIDE[GUIDE.index("## 4.") : GUIDE.index("## 5.")]
    said = {
        w
        for code in re.findall(r"`([^`\n]+)`", tables)
        for w in re.findall(r"\b([A-Z]\w{3,})", code)
    }
    assert len(said) > 15
    assert {w for w in said if not hasattr(words, w)} <= {"True"}


def test_new_writes_over_nothing(tmp_path):
    sheet = tmp_path / "mine"
    assert run("new", sheet).exit_code == 0
    before = {p: p.read_bytes() for p in sheet.iterdir()}
    for again in (sheet, sheet / "q1a", sheet / "q1d", tmp_path / "none" / "q1a"):
        assert run("new", again).exit_code != 0
    assert {p: p.read_bytes() for p in sheet.iterdir()} == before
    for more in ("q1b", "q2a.py"):
        assert run("new", sheet / more).exit_code == 0
    assert list(find_sheet(sheet).sheet.parts) == ["q1a", "q1b", "q2a"]
    assert run("verify", "--sheet", sheet).exit_code == 0


def pytest_on(folder):
    known = any(e.value == "symattn.collect" for e in entry_points(group="pytest11"))
    plugin = [] if known else ["-p", "symattn.collect"]
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", *plugin]
    return subprocess.run([*command, str(folder)], capture_output=True, text=True, cwd=folder)


def test_pytest_runs_a_sheet(folder, tmp_path):
    found = pytest_on(folder)
    assert (found.returncode, "failed" in found.stdout) == (0, False), found.stdout
    text = (folder / "q1a.py").read_text()
    (tmp_path / "assignment.txt").write_text((folder / "assignment.txt").read_text())
    # a claim and a line that are wrong, and a script that cannot run
    wrong = text.replace('"proved"', '"undecided"').replace(
        "return D\n",
        (
            '    D.state(Identity, "wrong", alpha(i) / alpha(j), exp(z(i) + z(j)))\n    return D\n'
        ).lstrip(),
    )
    (tmp_path / "q1a.py").write_text(wrong)
    (tmp_path / "q1b.py").write_text(
        text.replace("q1a", "q1b").replace("alpha(j))", "alpha(j) / w)")
    )
    found = pytest_on(tmp_path)
    assert found.returncode != 0
    assert re.search(r"FAILED q1a\.py::wrong", found.stdout), found.stdout
    assert re.search(r"FAILED q1a\.py::line 1", found.stdout), found.stdout
    assert re.search(r"FAILED q1b\.py::script", found.stdout), found.stdout
    assert re.search(r"q1b\.py, line \d+: .*\bw\b", found.stdout), found.stdout
    assert "Traceback" not in found.stdout


def test_a_plugin_that_is_not_used_imports_nothing():
    code = "import sys, symattn.collect; assert not {'sympy', 'numpy'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_sheet_with_a_refuted_claim_reaches_no_grade(folder, tmp_path):
    text = (folder / "q1a.py").read_text()
    (tmp_path / "assignment.txt").write_text((folder / "assignment.txt").read_text())
    (tmp_path / "q1b.py").write_text((folder / "q1b.py").read_text())
    for name, script in (
        ("right", text),
        (
            "wrong",
            text.replace(
                "return D\n",
                (
                    'D.state(Identity, "wrong", alpha(i) / alpha(j), exp(z(i) + z(j)))\n    return D\n'
                ),
            ),
        ),
    ):
        (tmp_path / "q1a.py").write_text(script)
        found = run("sheet", tmp_path, "--no-pdf", "--no-cache", "--out", tmp_path / name)
        page = (tmp_path / name / "answers.html").read_text()
        assert ("reach grade 5" in found.output, "reach grade 5" in page) == (
            (name == "right"),
        ) * 2
        assert ("no grade is counted" in found.output) == (name == "wrong")


@pytest.mark.parametrize("name", ["q1a", "q1b", "q1c", "q1d", "q1e", "q1f"])
def test_what_is_inferred_decides_no_line_otherwise(name):
    """Without its judged file a question leaves more lines undecided, and none is turned round."""
    script = ATTENTION.scripts[name]
    full = load(script)
    judged = inferred(full, derive(script))
    asked = replace(full, judged=judged, quantities=judged.listed(full))
    decided = 0
    for test in full.tests:
        found = judged_line(asked, test)
        decided += found.verdict == test.verdict
        pair = (test.verdict in ("proved", "confirmed"), found.verdict in ("proved", "confirmed"))
        assert not (found.verdict == "refuted" and pair[0]), f"{test.latex}: {found}"
        assert not (pair[1] and not pair[0]), f"{test.latex}: {found}"
    assert decided >= {"q1a": 33, "q1c": 95, "q1d": 40}.get(name, 5)


@pytest.mark.parametrize("latex", [r"q = k_j", r"q = \frac{k_i}{2}"])
def test_a_limit_of_a_weight_is_refuted_by_its_value(folder, latex):
    found = check(folder / "q1b.py", latex)
    assert (found.verdict, found.code) == ("refuted", "fixed-scale"), str(found)
    assert "not 1" in found.reason


FAULTS = {  # what a script gives, or does -> what is said
    "given=[Distinct((i, j))]": "given is a Given, and a list came",
    "given=Given((i,))": "a tuple of hypotheses, and i is none",
    "given=Given((GaussianKeys(mu, Sigma), Independent((U,))))": "both say what is random",
    "D.let(U[1], z(l))": "define u.l., at the index l",
    "D.let(U[l, l], z(l))": "at two different indices",
    "given=Given((Reals(U)))": "comma behind a single one",
    "given=Given((Distinct(i, j),))": "it is Distinct.indices.: The named indices",
    "given=Given((Named(Symbol('s')),))": "it is Named.symbol, value, array.",
    "Named(U[l], z(l))": "Definitions...let",
    "D.state('x', Identity, alpha(i), alpha(i))": "takes a kind of claim first, and 'x' is none",
    "D.at_most('x', alpha(i), 1, 'strict')": "given= takes hypotheses, and 'strict' is none",
    "D.start('x', alpha(i), 'strict')": "given= takes hypotheses",
    "D.state(Identity, 'x', Dot(k(i), w) + 0 * Symbol('w'), z(i))": "NameError",
    "Partial(Partial(Partial(alpha(i), z(j)), z(i)), z(l))": "by one name or by two",
    'given=Given((Stands(U, lambda at: beta * z(at), lambda I: I["b"] * I["z"]),))': "nothing before it draws b",
    "D.start('x', alpha(i)).by(exp)": "asks for a rule",
    "D.start('x', alpha(i)).by(Rule('mine', lambda e: e.args[17]))": "step 'mine' of 'x': the rule does not",
    "D.start('x', alpha(i)).under('cancel', expect=alpha(j))": "step 'cancel' of 'x' gives",
    "D.any(U)": "any.. takes scalars",
    "D.state(Identity, 'one', Sum(alpha(l), (l, 1, n)), 1.0)": "a float came",
    "D.state(Identity, 'one', Sum(alpha(l), (l, 1, n)), '1')": "a str came",
    "D.state(Identity, 'w', alpha(i) * Symbol('w'), alpha(i))": "nothing defines w",
    "D.state(Identity, 'z', alpha(i) * Dot(Vector('z', d), k(i)), alpha(i))": "use another name",
    "D.positive('one', alpha(i)); D.say('the weight [one] is')": "stands inside a sentence",
    "D.say('the weight {one}')": "no formula has that name",
    "D.show('one')": "no claim is called 'one'",
    "Named(Vector('p', d), Vector('q', d))": "Replaced.u, ...",
    "Named(Symbol('s'), Vector('q', d))": "Replaced.u, ...",
    "Replaced(Matrix('W', d, d) * c, c)": "is none",
    "Replaced(Vector('p', d), Matrix('W', d, d))": "p is d x 1, and W is d x d",
    "Annihilates(Matrix('W', d, d), k(l))": "takes a tuple of the matrices",
    "TwoPoints((U, U), 0, 1)": "TwoPoints takes the hypothesis",
}


def test_a_matrix_may_be_zero():
    W = Matrix("W", d, d)
    given = Given((Arbitrary(W), Replaced(W, S.Zero)))
    for right, verdict in ((k(i), "proved"), (2 * k(i), "refuted")):
        claim = NAMES.claim(Identity, "x", given, k(i) + W * c, right)
        assert decide(claim).verdict == verdict


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_a_script_is_told_with_its_line(fault, tmp_path):
    given = fault if fault.startswith("given=") else "given=Given(())"
    body = "D.positive('x', alpha(i))" if fault.startswith("given=") else fault
    (tmp_path / "q1a.py").write_text(
        "from symattn.vocabulary import *\n"
        'U = IndexedBase("u", real=True)\n'
        f'QUESTION = Question(name="q1a", names=OF_LOGITS, {given},\n'
        '    specification=Specification(None, words("it")))\n'
        "def derive():\n"
        "    D = Derivation(QUESTION)\n"
        f"    {body}\n"
        "    return D\n"
    )
    with pytest.raises(
        BrokenDerivation, match=rf"^q1a\.py, line [37]: .*{FAULTS[fault]}"
    ) as caught:
        derive(tmp_path / "q1a.py")
    assert not re.search("(Attribute|Type|Index|Key)Error: '", str(caught.value))
