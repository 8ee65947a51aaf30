"""What a hypothesis says of every index but some is put in where it holds, and nowhere else."""

from __future__ import annotations

import pytest
from sympy import IndexedBase, S, Sum, Symbol, exp

from symattn.algebra.attention import i, j, k, l, m, n
from symattn.algebra.letters import Dot, Norm, OffSum, Vector
from symattn.hypotheses.base import Given
from symattn.hypotheses.families import Bounded, Distinct
from symattn.hypotheses.gaps import Nearest, WideGaps
from symattn.kernel import Context, Proof, Sign, prove

gamma, R = Symbol(r"\gamma", positive=True), Symbol("R", positive=True)
GAP, d = IndexedBase(r"\Delta", real=True), Symbol("d", integer=True, positive=True)
h = Vector("h", d)
norm = Norm(k(l) - h)
WIDE, APART = WideGaps(GAP, i, gamma), Distinct((i, j))
SHORT = Bounded(norm, l, R, (i, j))
turned = -Dot(k(i) - h, k(l) - h)

ROWS = [  # hypotheses, expression, whether it is certainly nonnegative
    ((WIDE, APART), OffSum(GAP[l] - gamma, l, n, (i,)), True),
    ((WIDE, APART), OffSum(GAP[l] - gamma, l, n, (i, j)), True),
    ((WIDE, APART), OffSum(GAP[l] - gamma, l, n, (j,)), False),
    ((WIDE, APART), Sum(GAP[l] - gamma, (l, 1, n)), False),
    ((WIDE, APART), GAP[l] - gamma, False),
    ((WIDE, Distinct((i, l))), GAP[l] - gamma, True),
    ((WIDE, Distinct((j, l))), GAP[l] - gamma, False),
    ((WIDE, Distinct((i, l))), Sum(GAP[l] - gamma, (l, 1, n)), False),
    ((WIDE, Distinct((i, l))), GAP[l] - gamma + Sum(exp(GAP[m]), (m, 1, n)), True),
    ((WIDE, APART), OffSum(Sum(GAP[l] - gamma, (l, 1, n)), m, n, (i,)), False),
    ((WIDE, APART), OffSum((GAP[l] - gamma) * exp(GAP[m]), l, n, (i,)), True),
    ((SHORT, APART), R - norm, False),
    ((SHORT, Distinct((i, l))), R - norm, False),
    ((SHORT, Distinct((i, j, l))), R - norm, True),
    ((SHORT, APART), OffSum(R - norm, l, n, (i,)), False),
    ((SHORT, APART), OffSum(R - norm, l, n, (i, j)), True),
    ((SHORT, APART), Sum(R - norm, (l, 1, n)), False),
    ((Nearest(h, i, l),), turned, True),
    ((Nearest(h, i, l),), Sum(turned, (l, 1, n)), False),
    ((Nearest(h, i, l),), OffSum(turned, l, n, (i,)), True),
    ((Nearest(h, i, l),), -turned, False),
]  # fmt: skip


@pytest.mark.parametrize(("given", "x", "holds"), ROWS, ids=str)
def test_a_range_holds_where_its_hypothesis_speaks(given, x, holds):
    found = prove([Sign(x)], Context(Given(given)))
    assert isinstance(found, Proof) is holds


def test_the_size_of_a_sum_still_gets_its_range():
    some = OffSum(S.One, l, n, (i, j))
    given = Given((Distinct((i, j, m)), WIDE))
    assert isinstance(prove([Sign(some, True)], Context(given)), Proof)
    assert not isinstance(prove([Sign(some, True)], Context(Given((APART, WIDE)))), Proof)
