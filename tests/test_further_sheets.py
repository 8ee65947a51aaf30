"""The sheets beside the first, and what they asked for: derivatives, permutations, all keys known."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from sympy import Abs, IndexedBase, KroneckerDelta, Rational, S, Sum, Symbol, exp, log, sin, sqrt

from symattn.algebra.attention import alpha, beta, d, delta, i, j, k, l, m, n, q, softmax, z
from symattn.algebra.letters import Dot, Member, Norm, OffSum, Partial, Vector
from symattn.check.named import OF_LOGITS
from symattn.check.study import examine, examine_claim
from symattn.claims import Identity, Inequality
from symattn.claims.definitions import Definitions
from symattn.cli import app
from symattn.derive.derivation import Derivation
from symattn.derive.prose import F, words
from symattn.derive.question import Question, Specification
from symattn.derive.script import derive
from symattn.errors import BrokenDerivation
from symattn.hypotheses.base import Given
from symattn.hypotheses.families import (
    AtLeast,
    Between,
    Distinct,
    EqualNorms,
    Named,
    Only,
    Replaced,
)
from symattn.hypotheses.free import Members, Permutation, Reals, Scalar
from symattn.judge.author_tests import run_author_tests
from symattn.pages.notation import defined
from symattn.sheet import find_question, find_sheet

ROOT = Path(__file__).parents[1] / "derivations"
SHEETS = {name: find_sheet(ROOT / name) for name in ("softmax", "exploration")}
SCRIPTS = [s for sheet in SHEETS.values() for s in sheet.scripts.values()]


# Integrals that no rule takes: two rules of quadrature agree on them.
CONFIRMED = {"q5d": {"half", "recursion", "next"}}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda s: f"{s.parent.name}-{s.stem}")
def test_every_claim_is_proved_or_known_to_be_integrated(script):
    found = examine(derive(script))
    measured = {name for name, v in found.items() if v.verdict == "confirmed"}
    assert measured == CONFIRMED.get(script.stem, set())
    assert {
        name: str(v) for name, v in found.items() if name not in measured and v.verdict != "proved"
    } == {}
    assert [str(t.found) for t in run_author_tests(script) if not t.passed] == []


TOLD = {  # letters of a question's own that no words explain; those of q3b's query stand in them
    "softmax/q1b": ["E", "H"], "softmax/q1c": ["L", "F"], "softmax/q1e": [], "softmax/q4d": ["c"],
    "exploration/q1a": ["g", "h", "c"], "exploration/q3b": ["r_{l}", "s_{l}"], "attention/q1c": [],
}  # fmt: skip


@pytest.mark.parametrize("address", TOLD)
def test_a_page_says_what_its_own_letters_stand_for(address):
    derivation = derive(find_question(address)[1])
    said = defined(derivation)
    letters = [text.strip("$").split(" = ")[0] for text in said]
    assert letters == TOLD[address]
    known = {one.name: one for one in derivation.question.names.defined}
    for text, letter in zip(said, letters, strict=True):
        one = known[letter.removesuffix("_{l}")]
        worded = replace(derivation, explanation=[])
        worded.say("Where {it}.", it=F(one.letter, "=", one.value))
        assert text not in defined(worded)


def test_a_script_is_a_page():
    lengths = [len(script.read_text("utf-8").splitlines()) for script in SCRIPTS]
    assert len(lengths) >= 21
    assert sum(lengths) / len(lengths) <= 60
    for sheet in SHEETS.values():
        assert list(sheet.scripts) == list(sheet.sheet.parts)


s, y = IndexedBase(r"\sigma", integer=True, positive=True), IndexedBase("y", real=True)
L, t, rho = (Symbol(name, real=True) for name in ("L", "t", r"\rho"))
SCALED = Definitions().let(alpha(l), softmax(l, lambda index: beta * z(index)))
NAMES = SCALED.let(L, Sum(y[m] * alpha(m), (m, 1, n)))
FREE = Given((Scalar(beta), Reals(y)))
BOTH, ORDER = Given((Only((i, j)),)), Given((Permutation(s), Reals(y)))
size = Symbol(r"\rho", positive=True)
p_i, p_j = (softmax(index, lambda at: beta * z(at)) for index in (i, j))
mean = Sum(y[l] * softmax(l, lambda at: beta * z(at)), (l, 1, n))
LOG = Definitions().let(L, log(Sum(exp(beta * z(m)), (m, 1, n))))
MEAN = Sum(z(m) * softmax(m, lambda at: beta * z(at)), (m, 1, n))
VARIANCE = Sum(softmax(l, lambda at: beta * z(at)) * (z(l) - MEAN) ** 2, (l, 1, n))

ROWS = [  # names, hypotheses, left, right, twin: a right side that is wrong
    (NAMES, FREE, Partial(alpha(i), z(j)), beta * p_i * (KroneckerDelta(i, j) - p_j), -beta * p_i * p_j),
    (NAMES, FREE, Partial(alpha(i), z(i)), beta * p_i * (1 - p_i), p_i * (1 - p_i)),
    (NAMES, FREE, Partial(L, y[j]), p_j, p_i),
    (NAMES, FREE, Partial(L, z(j)), beta * p_j * (y[j] - mean), beta * p_j * y[j]),
    (NAMES, FREE, Partial(alpha(i), y[j]), S.Zero, p_i),
    (LOG, FREE, Partial(L, z(i), z(j)), beta**2 * p_i * (KroneckerDelta(i, j) - p_j), -(beta**2) * p_i * p_j),
    (LOG, FREE, Partial(Partial(L, z(i)), z(i)), beta**2 * p_i * (1 - p_i), beta**2 * p_i),
    (LOG, FREE, Partial(L, beta, beta), VARIANCE, VARIANCE + (VARIANCE - n) ** 2 / 10**8),
    (Definitions(), BOTH, Sum(z(l), (l, 1, n)), z(i) + z(j), z(i) + 2 * z(j)),
    (Definitions(), BOTH, OffSum(z(l), l, n, (i,)), z(j), z(i)),
    (Definitions(), BOTH, Sum(Sum(z(l) * z(m), (l, 1, n)), (m, 1, n)), (z(i) + z(j)) ** 2, z(i) * z(j)),
    (Definitions(), ORDER, Sum(y[s[l]], (l, 1, n)), Sum(y[l], (l, 1, n)), Sum(l * y[l], (l, 1, n))),
    (Definitions(), ORDER, Sum(y[s[l]] * exp(y[s[l]]), (l, 1, n)), Sum(y[l] * exp(y[l]), (l, 1, n)),
     Sum(exp(y[l]), (l, 1, n))),
    (Definitions(), Given((EqualNorms("k", size),)), Norm(k(i) - k(j)) ** 2,
     2 * size**2 - 2 * Dot(k(i), k(j)), size**2 - 2 * Dot(k(i), k(j))),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row[2]))
def test_a_right_claim_is_proved_and_its_twin_refused(row):
    names, given, left, right, wrong = row
    asked = Question("q1a", given, Specification(None, words("it")), names)
    found = {}
    for name, side in (("right", right), ("wrong", wrong)):
        D = Derivation(asked)
        found[name] = examine_claim(D.state(Identity, name, left, side)).verdict
    assert found["right"] == "proved"
    assert found["wrong"] in ("refuted", "undecided")


ROUGH = [  # derivatives that numbers do not tell: true ones, and none is refuted
    (Abs(t) ** 3, Partial(L, t), 3 * t * Abs(t)),
    (Abs(t) ** 3, Partial(L, t, t), 6 * Abs(t)),
    (delta * log(delta), Partial(L, delta, delta), 1 / delta),
    (
        sqrt(delta * (1 - delta)),
        Partial(L, delta, delta),
        -S.One / (4 * (delta * (1 - delta)) ** Rational(3, 2)),
    ),
    (sin(1000 * t), Partial(L, t, t), -1000000 * sin(1000 * t)),
]


@pytest.mark.parametrize("row", ROUGH, ids=lambda row: str(row[1]) + str(row[0]))
def test_a_true_derivative_is_not_refuted_where_numbers_do_not_tell_it(row):
    value, shown, right = row
    given = Given((Scalar(t), Between(delta, S.Zero, S.One)))
    D = Derivation(
        Question("q1a", given, Specification(None, words("it")), Definitions().let(L, value))
    )
    for name, side, refused in (
        ("right", right, ("refuted",)),
        ("wrong", right + 1, ("proved", "confirmed")),
    ):
        assert examine_claim(D.state(Identity, name, shown, side)).verdict not in refused


WRONG = [  # what the hypotheses do not say
    (Given((Distinct((i, j)),)), Sum(z(l), (l, 1, n)), z(i) + z(j)),
    (ORDER, Sum(y[s[l]] * y[l], (l, 1, n)), Sum(y[l] ** 2, (l, 1, n))),
    (ORDER, OffSum(y[s[l]], l, n, (i,)), OffSum(y[l], l, n, (i,))),
    (ORDER, Sum(y[s[s[l]]] * y[s[l]], (l, 1, n)), Sum(y[l] ** 2, (l, 1, n))),
    (Given((EqualNorms("k", size),)), Dot(k(i), k(j)), size**2),
    (Given((EqualNorms("k", size),)), Norm(q) ** 2, size**2),
]


@pytest.mark.parametrize("row", WRONG, ids=lambda row: str(row[1]))
def test_what_hypotheses_do_not_say_is_not_proved(row):
    given, left, right = row
    D = Derivation(Question("q1a", given, Specification(None, words("it"))))
    assert examine_claim(D.state(Identity, "wrong", left, right)).verdict in (
        "refuted",
        "undecided",
    )


@pytest.mark.parametrize("fewest", [1, 2])
def test_a_strict_bound_is_proved_where_there_are_two_keys(fewest):
    D = Derivation(
        Question("q1a", Given((AtLeast(fewest),)), Specification(None, words("it")), OF_LOGITS)
    )
    entropy = -Sum(alpha(l) * log(alpha(l)), (l, 1, n))
    for made in (
        D.state(Inequality, "less", alpha(i), S.One, relation="<"),
        D.positive("entropy", entropy),
    ):
        found = examine_claim(made)
        assert found.verdict == ("proved" if fewest == 2 else "undecided"), str(found)
        assert fewest == 2 or "it is strict" in found.reason


TIED = [  # derivatives that would be of something else than they say
    (FREE, NAMES, Partial(t, z(j)), "nothing says what t stands for"),
    (FREE, NAMES, Partial(L, alpha(j)), "stands for something else"),
    (FREE, NAMES, Sum(Partial(alpha(i), z(l)), (l, 1, n)), "under a sum"),
    (Given((Scalar(beta), Named(t, z(i)))), NAMES.let(L, t**2), Partial(L, z(i)), "a hypothesis says"),
    (Given((Replaced(Vector("r", d), k(i)),)), Definitions().let(L, Dot(Vector("r", d), q) * t),
     Partial(L, t), "a hypothesis says"),
    (Given((Reals(y), OF_LOGITS.stands(alpha(l)))), Definitions().let(L, Sum(alpha(l) * y[l], (l, 1, n))),
     Partial(L, z(i)), "a hypothesis says"),
]  # fmt: skip


@pytest.mark.parametrize("row", TIED, ids=lambda row: row[3])
def test_a_derivative_holds_fixed_what_it_says(row):
    given, names, shown, said = row
    D = Derivation(Question("q1a", given, Specification(None, words("it")), names))
    D.any(t)
    with pytest.raises(BrokenDerivation, match=said):
        D.state(Identity, "wrong", shown, S.Zero)


HYPOTHESES = [  # and an instance that misses it
    (Reals(IndexedBase("y", positive=True)), {"y": np.array([1.0, -1.0, 2.0])}),
    (Members(Member("u", l, d)), {"u": np.ones((2, 4))}),
    (Scalar(Symbol("t", positive=True)), {"t": -1.0}),
    (Permutation(s), {r"\sigma": np.array([1, 1, 3])}),
    (Only((i, j)), {"i": 1, "j": 1}),
    (EqualNorms("k", size), {"k": np.diag([1.0, 2.0, 1.0, 1.0])[:3], r"\rho": 1.0}),
]


@pytest.mark.parametrize("row", HYPOTHESES, ids=lambda row: type(row[0]).__name__)
def test_samples_meet_their_hypothesis_and_others_do_not(row):
    hypothesis, other = row
    given = Given((hypothesis,))
    for seed in range(5):
        instance = given.sample(np.random.default_rng(seed), {"n": 3, "d": 4, "s": 2, "t": 1})
        assert hypothesis.holds(instance)
    assert not hypothesis.holds({**instance, **other})


def test_all_sheets_and_one_page_over_them(tmp_path, monkeypatch):
    """The pages of further sheets are what out/ holds, and each claim of the index leads to one."""
    from symattn.commands import sheet as command

    monkeypatch.setattr(command, "find_sheet", lambda name: SHEETS["softmax"])
    monkeypatch.setattr(command, "further", lambda source: [SHEETS["exploration"]])
    found = CliRunner().invoke(app, ["sheet", "--all", "--no-pdf", "--out", str(tmp_path)])
    assert found.exit_code == 0, found.output
    kept = ROOT.parent / "out"
    for ours, theirs in (
        (tmp_path, kept / "softmax"),
        (tmp_path / "exploration", kept / "exploration"),
    ):
        for name in ("answers.html", "answers.tex", "report.json"):
            assert (ours / name).read_bytes() == (theirs / name).read_bytes(), name
    page = (tmp_path / "index.html").read_text()
    reports = [
        json.loads((tmp_path / at / "report.json").read_text()) for at in (".", "exploration")
    ]
    claims = [claim["verdict"] for r in reports for q in r["questions"] for claim in q["claims"]]
    integrated = sum(map(len, CONFIRMED.values()))
    assert page.count('<li class="proved"') == len(claims) - integrated > 80
    assert page.count('<li class="confirmed"') == integrated
    links = re.findall(r'href="([^"#]*answers\.html)#([\w-]+)"', page)
    assert sum(anchor.startswith("claim-") for _, anchor in links) == len(claims)
    for href, anchor in links:
        text = (tmp_path / href).read_text()
        assert f'id="{anchor}"' in text
        # From a claim one goes to the formula in the text that it is.
        assert all(f'id="{there}"' in text for there in re.findall(r'href="#(eq-[^"]+)"', text))


TIED = """
from symattn.vocabulary import *

a, s = Vector("a", d), Symbol("s", real=True)
OUT, TOTAL = Sum(exp(z(l)) * v(l), (l, 1, n)), Sum(exp(z(l)), (l, 1, n))
QUESTION = Question(
    name="q1a",
    given=Given((Replaced(a, OUT), Named(s, log(TOTAL)))[@]),
    names=Definitions().let(c, OUT / TOTAL),
    specification=Specification(None, words("the output {c}", c=c)),
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    D.state(Identity, "share", c, [right])
    D.answers("It is [share]".replace(" [", chr(10) + "    ["))
    return D


TESTS = (AuthorTest(r"c = [line]", "proved"), AuthorTest("c = v_i", "refuted"))
"""


@pytest.mark.parametrize(
    ("at", "right", "line"),
    [("[:1]", "a / TOTAL", r"\frac{a}{\sum_l e^{z_l}}"), ("[1:]", "exp(-s) * OUT", r"e^{-s} \sum_l e^{z_l} v_l"),
     ("", "exp(-s) * a", "e^{-s} a")],
)  # fmt: skip
def test_logits_that_a_hypothesis_is_made_of_are_not_those_of_keys(tmp_path, at, right, line):
    text = TIED.replace("[@]", at).replace("[right]", right).replace("[line]", line)
    script = tmp_path / "q1a.py"
    script.write_text(text)
    assert [str(t.found) for t in run_author_tests(script) if not t.passed] == []


HEADS = r"""
from symattn.vocabulary import *

p, a, b = (Vector(name, d) for name in "pab")
rho = IndexedBase(r"\rho", real=True)
SECOND = Sum(rho[l] * v(l), (l, 1, n))
QUESTION = Question(
    name="q1a",
    given=Given((Simplex(rho), Arbitrary(p))),
    names=ATTENTION.let(a, SECOND + p).let(b, (c + a) / 2),
    specification=Specification(None, words("{b}", b=b)),
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    D.state(Identity, "mean", b, (c + SECOND + p) / 2)
    alike = ATTENTION.let(rho[l], alpha(l))
    D.state(Identity, "alike", Sum(rho[l], (l, 1, n)), S.One, names=alike)
    D.answers("Of [mean]".replace(" [", chr(10) + "    ["))
    return D


TESTS = (
    AuthorTest("b = c", "refuted"),  # what one claim puts for rho holds in no line
    AuthorTest(r"\rho_i = \alpha_i", "refuted"),
    AuthorTest(r"b = c \quad \text{for } p = q", "undecided", "condition-unused"),
    AuthorTest("b = (c + a) / 2", "proved"),
)
"""
SLOPES = r"""
from symattn.vocabulary import *

L, g = Symbol("L", real=True), IndexedBase("g", real=True)
QUESTION = Question(
    name="q1a",
    given=Given(()),
    names=OF_LOGITS.let(L, -log(alpha(i))).let(g[l], alpha(l) - KroneckerDelta(i, l)),
    specification=Specification(None, words("{L}", L=L)),
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    D.state(Identity, "gradient", Partial(L, z(j)), alpha(j) - KroneckerDelta(i, j))
    D.state(Identity, "entry", g[j], alpha(j) - KroneckerDelta(i, j))
    D.answers("Of [gradient, entry]".replace(" [", chr(10) + "    ["))
    return D


TESTS = (
    AuthorTest(r"g_l = \alpha_l, \quad l \ne i", "proved"),
    AuthorTest(r"\frac{\partial L}{\partial z_l} = \alpha_l \text{ for } l \ne i", "proved"),
    AuthorTest(r"g_l = \alpha_l + 1, \quad l \ne i", "refuted"),
    AuthorTest(r"g_l = \alpha_l \quad \forall l", "refuted"),
)
"""


@pytest.mark.parametrize("text", [HEADS, SLOPES], ids=["heads", "slopes"])
def test_a_line_is_judged_by_what_the_question_says_and_the_line_itself(tmp_path, text):
    script = tmp_path / "q1a.py"
    script.write_text(text)
    assert [str(t.found) for t in run_author_tests(script) if not t.passed] == []
