"""What a bound rests on is found where it is there, and not where the bound is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import pytest
from sympy import IndexedBase, S, Sum, Symbol, exp, log, symbols

from symattn.algebra.attention import alpha, delta, i, j, k, l, n, q, z
from symattn.algebra.letters import Dot, Norm, OffSum
from symattn.algebra.words import Rewriting
from symattn.check.gate import decide
from symattn.check.named import ATTENTION, OF_LOGITS
from symattn.check.study import examine_claim
from symattn.claims import Squeezed
from symattn.claims.search import along, signed
from symattn.derive.derivation import Derivation
from symattn.derive.prose import words
from symattn.derive.question import Question, Specification
from symattn.errors import BrokenDerivation
from symattn.hypotheses.base import Given
from symattn.hypotheses.families import Distinct
from symattn.hypotheses.gaps import Dominates, WideGaps
from symattn.hypotheses.simplex import Simplex
from symattn.hypotheses.stands import Stands
from symattn.kernel import Context, Proof, Sign, Zero, prove

a, b = symbols("a b", positive=True)
DELTA, P = IndexedBase(r"\Delta", real=True), IndexedBase("p", positive=True)
gamma = Symbol(r"\gamma", positive=True)
APART = Distinct((i, j))
NAMES = Stands(
    DELTA, lambda x: Dot(k(i) - k(x), q), lambda I: (I["k"][I["i"] - 1] - I["k"]) @ I["q"]
)
WIDE, LARGE = (
    Given((APART, WideGaps(DELTA, i, gamma), NAMES)),
    Given((APART, Dominates(DELTA, i, delta), NAMES)),
)
PLAIN, SHARES = Given((APART,)), Given((Simplex(P),))
REST = OffSum(exp(-DELTA[l]), l, n, (i,))
TOTAL = Sum(exp(z(l)), (l, 1, n))

# A gap, what is given, and whether it is nonnegative.
GAPS = [
    (TOTAL - exp(z(i)), PLAIN, True),
    (TOTAL - exp(z(i)) - exp(z(j)), PLAIN, True),
    (TOTAL - exp(z(i)) - exp(z(j)), Given(()), False),  # the two may be one
    (exp(z(i)) - TOTAL / n, PLAIN, False),
    (exp(z(i)) + exp(z(j)) - 2 * exp((z(i) + z(j)) / 2), PLAIN, True),
    (exp(z(i)) + exp(z(j)) - 3 * exp((z(i) + z(j)) / 2), PLAIN, False),
    ((n - 1) * exp(-gamma) - REST, WIDE, True),
    ((n - 2) * exp(-gamma) - REST, WIDE, False),
    ((n - 1) * exp(-gamma) - REST, PLAIN, False),
    (1 / (1 + REST) - 1 / (1 + (n - 1) * exp(-gamma)), WIDE, True),
    (delta / (1 - delta) - exp(-DELTA[j]), LARGE, True),
    (delta - exp(-DELTA[j]), LARGE, False),
    (DELTA[j] - log((1 - delta) / delta), LARGE, True),
    (DELTA[j] - log(1 / delta), LARGE, False),
    (log(TOTAL) - z(i), PLAIN, True),
    (z(i) + log(n) - log(TOTAL), PLAIN, False),
]  # fmt: skip


@pytest.mark.parametrize(("gap", "given", "expected"), GAPS)
def test_the_form_of_a_gap(gap, given, expected):
    """What is found is the gap, and the kernel sees its sign; what is wrong is not found."""
    found = signed(gap, given.rewriting)
    assert (found is not None) is expected
    if expected:
        assert isinstance(prove([Zero(gap - found), Sign(found)], Context(given)), Proof)


CHAINS = [
    ((1 + a, exp(a), exp(a) + b), "tangent"),
    ((-exp(-a), a - 1), "tangent"),
    ((Dot(k(i), q), Norm(k(i)) * Norm(q)), "cauchy-schwarz"),
    ((-Norm(k(i)) * Norm(q), -Dot(k(i), q), Norm(k(i)) ** 2 - Dot(k(i), q)), "cauchy-schwarz"),
    ((Norm(k(i) - k(j)), Norm(k(i)) + Norm(k(j))), "triangle"),
    ((1 + a, exp(a), a), None),  # the second step goes down
    ((exp(a), 1 + a), None),
    ((Norm(k(i)) * Norm(q), Dot(k(i), q)), None),
    ((Norm(k(i)) + Norm(k(j)), Norm(k(i) - k(j))), None),
]


@pytest.mark.parametrize(("steps", "name"), CHAINS)
def test_each_step_of_a_chain_is_seen(steps, name):
    found = along(steps, PLAIN.rewriting)
    if name is None:
        assert found is None
    else:
        slack, theorems = found
        assert [t.name for t in theorems] == [name]
        gained = sum((t.right - t.left for t in theorems), slack)
        assert isinstance(
            prove([Zero(steps[-1] - steps[0] - gained), *theorems], Context(PLAIN)), Proof
        )


def test_a_strict_chain_gains_something():
    assert along((a, a), PLAIN.rewriting) == (S.Zero, ())
    assert along((a, a), PLAIN.rewriting, strict=True) is None
    assert along((a, a + b), PLAIN.rewriting, strict=True) == (b, ())


def derivation(given):
    asked = Specification(None, words("a bound"))
    return Derivation(Question(name="q1a", given=given, names=ATTENTION, specification=asked))


def test_a_bound_through_what_stands_between():
    """Its mutants are refused: a smaller bound, and what was found for another one."""
    D = derivation(WIDE)
    claim = D.at_least("wide", alpha(i), 1 / (1 + (n - 1) * exp(-gamma)), through=(1 / (1 + REST),))
    assert examine_claim(claim).verdict == "proved"
    for wrong in (1 / (1 + (n - 2) * exp(-gamma)), claim.right + S(1) / 10**6):
        assert decide(claim.with_right(wrong)).verdict == "refuted"
    assert not decide(replace(claim, slack=claim.slack * 2)).passed
    with pytest.raises(BrokenDerivation, match=r"not seen that .* is at most"):
        D.at_least("high", alpha(i), 1 / (1 + REST / 2), through=(1 / (1 + REST),))


def test_a_bound_of_probabilities_through_a_tangent():
    D = derivation(SHARES)
    entropy = -Sum(P[l] * log(P[l]), (l, 1, n))
    tangent = [log(n) + Sum(P[l] * x, (l, 1, n)) for x in (log(1 / (n * P[l])), 1 / (n * P[l]) - 1)]
    claim = D.at_most("entropy", entropy, log(n), through=tangent)
    assert examine_claim(claim).verdict == "proved"
    assert decide(claim.with_right(log(n) - S(1) / 100)).verdict == "refuted"


def test_what_a_limit_is_between_is_found():
    D = derivation(WIDE)
    beta = Symbol(r"\beta", positive=True)
    scaled, rest = 1 / (1 + (n - 1) * exp(-beta * gamma)), OffSum(exp(-beta * DELTA[l]), l, n, (i,))
    given = {"variable": beta, "point": S.Infinity, "low": scaled, "high": S.One}
    names = ATTENTION.let(q, beta * q)
    found = D.state(
        Squeezed, "one", alpha(i), S.One, names=names, through=(1 / (1 + rest),), **given
    )
    assert decide(found).verdict == "proved"
    wrong = D.state(Squeezed, "two", alpha(i), S.One, names=names, **{**given, "low": 2 * scaled})
    assert decide(wrong).verdict != "proved"


def test_one_rewriting_is_a_claim():
    D = derivation(Given((APART,)))
    claim = D.follows("ratio", alpha(i) / alpha(j), "cancel", exp(z(i) - z(j)), names=OF_LOGITS)
    assert decide(claim).verdict == "proved"
    with pytest.raises(BrokenDerivation, match="'cancel' of 'wrong'"):
        D.follows("wrong", alpha(i) / alpha(j), "cancel", exp(z(j) - z(i)), names=OF_LOGITS)


def test_a_polynomial_that_is_too_long_is_not_written_out():
    """Nothing is found, and nothing of ten thousand million terms is tried."""
    small = S.One / 10**10
    assert signed(a - log(a) - 1 - small, Rewriting()) is None
    assert signed(a ** (10**10) - a, Rewriting()) is None


ASKS = """
import {first}
from sympy import Expr
asked = []
facts = ("positive", "negative", "zero", "integer", "rational", "real", "finite", "even", "prime")
handlers = {{f"_eval_is_{{f}}": lambda self, f=f: asked.append(f) for f in facts}}
assert type("Asks", (Expr,), handlers)().is_positive is None
print(asked)
"""


def _order_of_facts(first, seed):
    return subprocess.run(
        [sys.executable, "-c", ASKS.format(first=first)],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONHASHSEED": str(seed)},
    ).stdout  # fmt: skip


def test_facts_are_asked_for_in_one_order():
    assert len({_order_of_facts("symattn.algebra", seed) for seed in range(3)}) == 1
