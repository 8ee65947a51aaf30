"""Questions that somebody wrote with the guide alone, and what two moments say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sympy import IndexedBase, KroneckerDelta, Rational, S, Sum, Symbol, exp, sqrt

from symattn.algebra.attention import i, j, l, n
from symattn.algebra.letters import Expect, Var
from symattn.check.gate import decide
from symattn.check.laws import TwoPoints
from symattn.check.study import examine
from symattn.claims import Identity
from symattn.claims.definitions import Definitions
from symattn.derive.script import derive
from symattn.hypotheses.base import Given
from symattn.hypotheses.independent import Dependent, Independent
from symattn.judge.author_tests import run_author_tests
from symattn.sheet import find_sheet

SHEETS = Path(__file__).parent / "sheets"
SHEET, MIXED = find_sheet(SHEETS / "newcomer"), find_sheet(SHEETS / "mixed")
GUIDE = (Path(__file__).parents[1] / "docs" / "authoring.md").read_text("utf-8")


@pytest.mark.parametrize(
    "script",
    [*SHEET.scripts.values(), *MIXED.scripts.values()],
    ids=lambda p: f"{p.parent.name}-{p.stem}",
)
def test_every_claim_is_proved(script):
    found = examine(derive(script))
    assert {claim: str(v) for claim, v in found.items() if v.verdict != "proved"} == {}
    assert [str(t.found) for t in run_author_tests(script) if not t.passed] == []


def test_one_module_is_opened_and_the_scripts_are_short():
    texts = [script.read_text("utf-8") for script in SHEET.scripts.values()]
    imports = {line for text in texts for line in re.findall(r"^from .*|^import .*", text, re.M)}
    assert {line for line in imports if "symattn" in line} == {"from symattn.vocabulary import *"}
    lines = [sum(bool(line.strip()) for line in text.splitlines()) for text in texts]
    assert sum(lines) <= 200
    assert "Independent(" in GUIDE


e, f = IndexedBase("e", real=True), IndexedBase("f", real=True)
a, s = Symbol("a", real=True), Symbol("s", positive=True)
UNIT, ANY = Independent((e, f)), Independent((e, f), a, s)
PRODUCT, TOTAL = Sum(e[l] * f[l], (l, 1, n)), Sum(e[l], (l, 1, n))

# What is known, a statistic, its value, and a wrong one.
MOMENTS = [
    (UNIT, Expect(PRODUCT), S.Zero, n),
    (UNIT, Var(PRODUCT), n, n + 1),
    (UNIT, Var(PRODUCT / sqrt(n)), S.One, Rational(101, 100)),
    (UNIT, Var(TOTAL / n), 1 / n, 1 / n**2),
    (UNIT, Expect(e[i] * e[j]), KroneckerDelta(i, j), S.Zero),
    (UNIT, Var(e[i] + e[j]), 2 + 2 * KroneckerDelta(i, j), S(2)),  # the two may be one
    (ANY, Expect(PRODUCT), n * a**2, n * a),
    (ANY, Var(PRODUCT), n * (s**2 + 2 * a**2 * s), n * s**2),
    (ANY, Expect(e[i] ** 2), s + a**2, s),
]


def claim(given, shown, right):
    return (
        Definitions().random(TwoPoints(given)).claim(Identity, "x", Given((given,)), shown, right)
    )


@pytest.mark.parametrize(("given", "shown", "right", "wrong"), MOMENTS)
def test_moments_of_independent_numbers(given, shown, right, wrong):
    assert decide(claim(given, shown, right)).verdict == "proved"
    assert decide(claim(given, shown, wrong)).verdict == "refuted"


@pytest.mark.parametrize(
    ("shown", "right"),
    [
        (Expect(e[i] ** 3), S.Zero),
        (Expect(e[i] ** 4), S.One),  # of the values 1 and -1 alone
        (Expect(e[i] ** 4), S(3)),  # of normal numbers alone
        (Var(e[i] ** 2), S(2)),
        (Expect(exp(e[i])), exp(S.Half)),
    ],
)
def test_more_than_two_moments_are_not_known(shown, right):
    assert UNIT.moment(shown) is None
    assert decide(claim(UNIT, shown, right)).verdict == "refuted"


def test_families_that_are_one_are_not_independent():
    together = Given((Dependent(UNIT),))
    told = (
        Definitions()
        .random(TwoPoints(UNIT))
        .claim(Identity, "x", together, Expect(PRODUCT), S.Zero)
    )
    assert decide(told).verdict == "refuted"
