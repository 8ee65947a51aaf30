"""Every question of the assignment: what it derives, and that each check of it can fail."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sympy import Rational, S, Symbol, exp, log, sin, sqrt

from symattn import run
from symattn.algebra.arrays import compiled
from symattn.check.draws import Plan
from symattn.check.gate import PAGE, decide
from symattn.check.numbers import measure
from symattn.check.oracle import Estimate
from symattn.claims import Identity, Inequality, Tends
from symattn.derive.lineage import taken_up
from symattn.derive.script import derive
from symattn.hypotheses.base import Given
from symattn.sheet import find_sheet, question_names

ROOT = Path(__file__).parent.parent
SOURCE = find_sheet(ROOT / "derivations" / "attention")
QUESTIONS = question_names(SOURCE)

# Their kept terms are exact; what is left out is measured, not bounded.
CONFIRMED = {
    "q1e": {"mean", "covariance", "squared-error"},
    "q1f": {"mean", "covariance", "weight-variance", "share-variance"},
}


@pytest.fixture(scope="module", params=QUESTIONS)
def question(request):
    return request.param, derive(SOURCE.scripts[request.param])


def test_all_parts_that_have_a_script_are_here():
    assert QUESTIONS == ("q1a", "q1b", "q1c", "q1d", "q1e", "q1f")


def test_every_claim_is_proved_or_known_to_be_measured(question):
    name, derivation = question
    verdicts = run.examine(derivation)
    assert {v.verdict for v in verdicts.values()} <= {"proved", "confirmed"}
    assert {n for n, v in verdicts.items() if v.verdict != "proved"} == CONFIRMED.get(name, set())
    for verdict in verdicts.values():
        assert {e.kind for e in verdict.evidence} == {"proof", "numbers", "reading"}
        numbers, reading = (e for e in verdict.evidence if e.kind != "proof")
        assert (numbers.verdict, reading.verdict) == ("confirmed", "confirmed")


def test_what_a_claim_takes_up_stands_in_it(question):
    """An edge leads back, and is gone when the right side that it stands for is another one."""
    _, derivation = question
    edges = taken_up(derivation.claims)
    names = list(edges)
    for name, used in edges.items():
        assert all(names.index(one) < names.index(name) for one in used)
        for one in used:
            bent = [
                c if c.name != one else c.with_right(c.right + Symbol("bent"))
                for c in derivation.claims
                if c.name == one or c.right != derivation.named(one).right
            ]
            assert one not in taken_up([*bent, derivation.named(name)])[name]


@pytest.mark.parametrize("seed", [1, 2])
def test_the_numbers_agree_on_other_instances(question, seed):
    _, derivation = question
    for claim in derivation.claims:
        found, _ = measure(claim, Plan(seed=seed))
        assert found.verdict == "confirmed", f"{claim.name}: {found.text}"


def shifted(value):
    """A value that is wrong by a thousandth of its largest entry, or by ten standard errors."""
    if isinstance(value, Estimate):
        return replace(value, value=value.value + 10 * np.max(value.error))
    value = np.asarray(value, dtype=float)
    return value + 1e-3 * max(float(np.max(np.abs(value), initial=0)), 1.0)


def test_an_oracle_that_is_slightly_wrong_disagrees_with_every_identity(question):
    _, derivation = question
    identities = [c for c in derivation.claims if isinstance(c, Identity)]
    assert identities
    for claim in identities:
        found, _ = measure(replace(claim, oracle=lambda I, right=claim.oracle: shifted(right(I))))
        assert found.verdict == "refuted", claim.name


B = Symbol(r"\beta", positive=True)


@pytest.mark.parametrize(
    ("f", "right", "word"),
    [
        (B, S.Infinity, "proved"),
        (log(B), S.Infinity, "proved"),
        (exp(B**2), S.Infinity, "proved"),  # floats overflow on the way
        (-B, S.NegativeInfinity, "proved"),
        (B, S.NegativeInfinity, "refuted"),
        (exp(-B), S.Infinity, "refuted"),
        (1 - 1 / B, S.Infinity, "undecided"),  # it rises all the way, to 1
        (1 - exp(-B), S.Infinity, "undecided"),
        (1 / B, S.Zero, "proved"),  # floats do not come near
        (1 / sqrt(B), S.Zero, "proved"),
        (exp(-B) + Rational(1, 1000), S.Zero, "refuted"),  # floats come near, to another limit
        (exp(-B) + Rational(1, 10), S.Zero, "refuted"),
    ],
    ids=str,
)
def test_a_limit_is_not_what_floats_come_near_to(f, right, word):
    claim = Tends(
        name="limit", given=Given(()), shown=f, right=right, oracle=compiled(f),
        f=f, variable=B, point=S.Infinity,
    )  # fmt: skip
    assert decide(claim).verdict == word


def test_an_oracle_that_raises_now_and_then_confirms_nothing(question):
    _, derivation = question
    claim = next(c for c in derivation.claims if isinstance(c, Identity))

    def fails(I):
        if I["n"] == 3:
            raise LookupError("no such key")
        return claim.oracle(I)

    found, _ = measure(replace(claim, oracle=fails))
    assert (found.verdict, found.code) == ("undecided", "instances-raised")
    assert "no such key" in found.text


def test_a_derivation_is_the_same_twice(question):
    name, derivation = question
    again = derive(SOURCE.scripts[name])
    assert [c.latex for c in again.claims] == [c.latex for c in derivation.claims]
    assert [s.after for s in again.steps] == [s.after for s in derivation.steps]


def test_a_script_runs_by_itself(tmp_path):
    done = subprocess.run(
        [sys.executable, str(SOURCE.scripts["q1d"])],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("identity-proved") == 14


BENT = {
    "a steep exponential": lambda x: exp(20 * x),
    "a large power": lambda x: x**5,
    "a huge factor": lambda x: x * 10**280,
    "a tiny factor": lambda x: x / 10**280,
    "many waves": lambda x: sin(1000 * x),
    "beside a large number": lambda x: x + 10**9,
    "what cancels": lambda x: (1 + x / 10**9) - 1,
}
"""Functions that turn a rounding error into a difference."""


INCREASING = set(BENT) - {"many waves"}


@pytest.mark.parametrize("bend", BENT)
def test_nothing_true_is_refuted_by_its_rounding(question, bend):
    """A function of both sides of what is proved; floats lose its digits, and may not deny it."""
    _, derivation = question
    for claim in derivation.claims:
        if not (claim.shown.is_commutative and claim.right.is_commutative):
            continue
        if isinstance(claim, Inequality) and bend in INCREASING:
            more = {"relation": claim.relation, "slack": S.Zero}
        elif isinstance(claim, Identity):
            more = {}
        else:
            continue
        names, f = claim.oracle.names, BENT[bend]
        bent = names.claim(type(claim), "x", claim.given, f(claim.shown), f(claim.right), **more)
        assert decide(bent, replace(PAGE, printed=False)).verdict != "refuted", claim.name
