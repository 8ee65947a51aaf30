"""Scopes: what is said of an index is put in where it is said, and no sum captures another's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import IndexedBase, KroneckerDelta, S, Sum, Symbol, exp

from symattn.algebra.attention import i, j, k, l, m, n, v, z
from symattn.algebra.letters import Dot, Norm, OffSum, Vector
from symattn.algebra.plain import evaluate
from symattn.algebra.words import Rewriting, rewrite
from symattn.claims.definitions import Definitions
from symattn.hypotheses.base import Given
from symattn.hypotheses.families import Bounded, Distinct, Orthonormal, Replaced
from symattn.hypotheses.gaps import Nearest, WideGaps
from symattn.hypotheses.stands import Stands
from symattn.kernel import Context, Proof, Sign, Zero, prove

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


@pytest.mark.parametrize(("known", "x", "holds"), ROWS)
def test_a_range_holds_where_its_hypothesis_speaks(known, x, holds):
    found = prove([Sign(x)], Context(Given(known)))
    assert isinstance(found, Proof) is holds


def test_the_size_of_a_sum_still_gets_its_range():
    some = OffSum(S.One, l, n, (i, j))
    three = Given((Distinct((i, j, m)), WIDE))
    assert isinstance(prove([Sign(some, True)], Context(three)), Proof)
    assert not isinstance(prove([Sign(some, True)], Context(Given((APART, WIDE)))), Proof)


# sums bind their indices ---------------------------------------------------------------------------

OTHER = Given((Distinct((i, j, l)),))
PAIRS = Given((Distinct((i, j, l)), Orthonormal("k")))
NEAR = Given((Nearest(h, i, l),))
SAME = Given((Distinct((i, j)), Replaced(v(l), v(j))))
B = IndexedBase("B", real=True)
PICKED = Given(
    (Stands(B, lambda a: Sum(KroneckerDelta(a, m) * z(m), (m, 1, n)), lambda I: I["z"]),)
)
nested = Sum(Sum(exp(Dot(k(l), k(m))), (m, 1, n)) * v(l), (l, 1, n))
turned_in = Sum(Sum(exp(Dot(k(m), k(m))), (m, 1, n)) * v(l), (l, 1, n))
total = Sum(z(m), (m, 1, n))

CAPTURED = [  # hypotheses, what is not zero, and what is
    # that l is apart from i is not said of the index of a sum that is called l
    (OTHER, Sum(KroneckerDelta(l, i) * z(l), (l, 1, n)),
     Sum(KroneckerDelta(l, i) * z(l), (l, 1, n)) - z(i)),
    (OTHER, OffSum(KroneckerDelta(l, i) * z(l), l, n, (j,)),
     OffSum(KroneckerDelta(l, i) * z(l), l, n, (j,)) - z(i)),
    (OTHER, Sum(exp(KroneckerDelta(l, i)), (l, 1, n)) - n,
     Sum(exp(KroneckerDelta(l, i)), (l, 1, n)) - n - exp(1) + 1),
    (PAIRS, Sum(Dot(k(l), k(i)), (l, 1, n)), Sum(Dot(k(l), k(i)), (l, 1, n)) - 1),
    (NEAR, Sum(KroneckerDelta(l, i) * z(l), (l, 1, n)),
     Sum(KroneckerDelta(l, i) * z(l), (l, 1, n)) - z(i)),
    # what one v_l is, the others need not be
    (SAME, Norm(Sum(v(l), (l, 1, n)) - n * v(j)), Norm(v(l) - v(j))),
    # a name is called with the index that its own sum binds
    (PICKED, Sum(B[m], (m, 1, n)) - n * total, Sum(B[m], (m, 1, n)) - total),
    (PICKED, B[m] - total, B[m] - z(m)),
    # a sum inside a sum is not drawn into it
    (Given(()), nested - turned_in, nested - nested.xreplace({m: j})),
    (Given(()), Sum(KroneckerDelta(l, m) * Sum(z(l) * z(m), (m, 1, n)), (l, 1, n)) - Sum(z(m)**2, (m, 1, n)),
     Sum(KroneckerDelta(l, m) * Sum(z(l) * z(m), (m, 1, n)), (l, 1, n)) - z(m) * total),
]  # fmt: skip


@pytest.mark.parametrize(("known", "wrong", "right"), CAPTURED)
def test_no_index_is_captured(known, wrong, right):
    assert not isinstance(prove([Zero(wrong)], Context(known)), Proof)
    assert isinstance(prove([Zero(right)], Context(known)), Proof)


def test_a_definition_is_put_in_at_the_index_of_a_sum():
    value = Sum(KroneckerDelta(l, m) * z(m), (m, 1, n))
    names = Definitions().let(B[l], value, lambda I: I["z"])
    found = names.expand(Sum(B[m], (m, 1, n)))
    assert isinstance(prove([Zero(found - total)], Context()), Proof)
    assert not isinstance(prove([Zero(found - n * total)], Context()), Proof)


NAMES = st.sampled_from([i, j, l, m])
TERMS = st.recursive(
    st.one_of(
        NAMES.map(z),
        st.tuples(NAMES, NAMES).map(lambda two: KroneckerDelta(*two)),
        st.tuples(NAMES, NAMES).map(lambda two: Dot(k(two[0]), k(two[1]))),
    ),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: two[0] * two[1]),
        st.tuples(inner, inner).map(lambda two: two[0] + two[1]),
        inner.map(exp),
        st.tuples(inner, NAMES).map(lambda two: Sum(two[0], (two[1], 1, n))),
        st.tuples(inner, NAMES, NAMES).map(lambda t: OffSum(t[0], t[1], n, (t[2],))),
    ),
    max_leaves=5,
)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(TERMS, NAMES)
def test_the_normal_form_has_the_value_of_what_it_was_made_of(x, outer):
    """At any places of free indices, equal or not, also under the sum of a vector."""
    for e in (x, Dot(Sum(x * v(outer), (outer, 1, n)), v(i))):
        made = rewrite(e, Rewriting())
        rng = np.random.default_rng(0)
        for places in ((1, 2, 3, 1), (2, 2, 1, 3), (3, 1, 1, 1)):
            at = dict(zip("ijlm", places)) | {"n": 3, "d": 2, "z": rng.normal(size=3) / 3}
            at |= {"k": rng.normal(size=(3, 2)) / 3, "v": rng.normal(size=(3, 2))}
            values = [float(np.asarray(evaluate(y, dict(at)))) for y in (e, made)]
            assert np.isclose(*values, rtol=1e-9, atol=1e-9), (e, made, places)
