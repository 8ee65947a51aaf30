"""Laws of the sign of a scalar, and of the points at which it is asked before a proof is looked for."""

import pytest
from sympy import Sum, exp, log, symbols

from symattn.algebra.attention import i, k, l, n, q
from symattn.algebra.letters import Dot, Norm, OffSum
from symattn.algebra.sign import nonnegative, positive
from symattn.algebra.somewhere import negative_somewhere, not_zero_somewhere

a, b = symbols("a b", positive=True)
s = symbols("s", nonnegative=True)
x = symbols("x", real=True)
m = symbols("m", integer=True, positive=True)


def whole(index):
    return Sum(exp(Dot(k(index), q)), (index, 1, n))


SIGNS = [
    (b * (1 + a), 2),
    (-b * (-1 - a), 2),
    ((-1 - a) ** -3 * (-b - s), 2),
    ((-1 - a) * (-s), 1),
    ((-1 - a) ** 2, 2),
    ((a - b) ** 2, 1),
    (-log(a / (1 + a)) * a, 2),
    (1 - 1 / (1 + a), 2),
    (n - 1, 1),
    (OffSum(exp(a), l, n, (i,)), 1),
    (OffSum(exp(a), l, n + 1, (i,)), 2),
    (whole(l), 2),
    # None of these has a sign.
    (a - b, 0),
    (-b * (1 + a), 0),
    ((-1 - a) ** -1, 0),
    ((-1 - a) * (-b) * (-1 - s), 0),
    (-log(1 - a), 0),  # it is not real everywhere
    (-log(1 + a), 0),
    (x * (1 + a), 0),
    (n - 2, 0),
    (1 - OffSum(exp(-a), l, n, (i,)), 0),
    (Norm(q) - Dot(k(i), q), 0),
]


@pytest.mark.parametrize(("form", "sign"), SIGNS, ids=str)
def test_a_sign_is_seen_where_there_is_one(form, sign):
    assert (nonnegative(form), positive(form)) == (sign >= 1, sign == 2)
    assert not (sign and negative_somewhere(form))


NOTHING = [
    whole(l) - whole(m),
    whole(l) - OffSum(exp(Dot(k(l), q)), l, n, (i,)) - exp(Dot(k(i), q)),
    Norm(k(i)) * (1 + a) - a * Norm(k(i)) - Norm(k(i)),
    log(exp(a) * exp(b)) - a - b,
]


@pytest.mark.parametrize("x", NOTHING, ids=str)
def test_what_vanishes_is_zero_at_every_point(x):
    assert not not_zero_somewhere(x)
    assert not_zero_somewhere(x + a)
    assert negative_somewhere(x - a)
