"""Each named inequality of the kernel, and each sign that is seen: it holds in numbers, and no more is seen."""

from __future__ import annotations

import numpy as np
import pytest
from sympy import (
    Abs,
    IndexedBase,
    Max,
    Min,
    Rational,
    Sum,
    asinh,
    atan,
    cos,
    cosh,
    erf,
    exp,
    lambdify,
    log,
    pi,
    sin,
    sqrt,
    symbols,
    tanh,
)

from symattn.algebra.arrays import compiled
from symattn.algebra.attention import i, j, k, l, m, n, q, v
from symattn.algebra.letters import Dot, Norm, OffSum
from symattn.algebra.sign import looks
from symattn.algebra.stable import Peak
from symattn.algebra.words import NOTHING
from symattn.kernel.inequalities import INEQUALITIES

a, b = symbols("a b", positive=True)
x, y = symbols("x y", real=True)
p, r = (IndexedBase(name, positive=True) for name in "pr")
u, w = (IndexedBase(name, real=True) for name in "uw")


def total(f, *apart):
    return OffSum(f, l, n, apart) if apart else Sum(f, (l, 1, n))


def double(f):
    return Sum(f, (l, 1, n), (m, 1, n))


ROWS = {
    "cauchy-schwarz": {
        "holds": [
            (Dot(q, k(i)), Norm(q) * Norm(k(i))),
            (Dot(-q, k(i) - v(j)), Norm(k(i) - v(j)) * Norm(q)),
            (a * total(u[l] * Dot(k(l), q)), a * Norm(total(u[l] * k(l))) * Norm(q)),
        ],
        "fails": [
            (Dot(q, k(i)), Norm(q)),
            (Dot(q, k(i)), Norm(q) * Norm(k(j))),
            (x * Dot(q, k(i)), x * Norm(q) * Norm(k(i))),
            (2 * Dot(q, k(i)), Norm(q) * Norm(k(i))),
            (Norm(q) * Norm(k(i)), Dot(q, k(i))),
        ],
    },
    "cauchy-schwarz-of-sums": {
        "holds": [
            (total(u[l] * w[l]) ** 2, total(u[l] ** 2) * total(w[l] ** 2)),
            (total(u[l]) ** 2, n * total(u[l] ** 2)),
            (total(u[l]) ** 2 / n**2, total(u[l] ** 2) / n),
            (total(p[l] * u[l]) ** 2, total(p[l]) * total(p[l] * u[l] ** 2)),
            (total(sqrt(p[l] * r[l])) ** 2, total(p[l]) * total(r[l])),
            (total(u[l] * w[l], i) ** 2, total(u[l] ** 2, i) * total(w[l] ** 2, i)),
            (double(u[l] * w[m]) ** 2, double(u[l] ** 2) * double(w[m] ** 2)),
        ],
        "fails": [
            (total(u[l] * w[l]) ** 2, total(u[l] ** 2) * total(w[l] ** 2, i)),
            (total(u[l] * w[l]) ** 2, total(u[l] ** 2) * total(w[l] ** 2) / 2),
            (total(u[l]) ** 2, (n - 1) * total(u[l] ** 2)),
            (total(u[l]) ** 2 / n, total(u[l] ** 2) / n),
            (x * total(u[l]) ** 2, x * n * total(u[l] ** 2)),
            # the weights have both signs
            (total(w[l] * u[l]) ** 2, total(w[l]) * total(w[l] * u[l] ** 2)),
            (total(u[l] ** 2) * total(w[l] ** 2), total(u[l] * w[l]) ** 2),
            (double(u[l] * w[m]) ** 2, double(u[l] ** 2) * double(w[m] ** 2) / 2),
            (double(u[l] * w[m]) ** 2, total(u[l] ** 2) * double(w[m] ** 2)),
            (total(u[l] * w[l]) ** 3, total(u[l] ** 2) * total(w[l] ** 2)),
        ],
    },
    "triangle": {
        "holds": [
            (Norm(q + k(i)), Norm(q) + Norm(k(i))),
            (Norm(total(p[l] * k(l))), total(p[l] * Norm(k(l)))),
            (Norm(2 * q - 3 * k(i)), 2 * Norm(q) + 3 * Norm(k(i))),
        ],
        "fails": [
            (Norm(q + k(i)), Norm(q) - Norm(k(i))),
            (Norm(total(u[l] * k(l))), total(u[l] * Norm(k(l)))),
            (Norm(2 * q - 3 * k(i)), 2 * Norm(q) + 2 * Norm(k(i))),
        ],
    },
    "tangent": {
        "holds": [
            (log(a), a - 1),
            (1 + x, exp(x)),
            (total(p[l] * log(r[l])), total(p[l] * (r[l] - 1))),
            (a * (1 + x - y), a * exp(x - y)),
            (-x, exp(-x) - 1),
            (b * tanh(a), a * b),
            (sin(a) + y, a + y),
            (atan(a), a),
            (asinh(a), a),
            (erf(a), 2 * a / sqrt(pi)),
            (sqrt(1 + a), 1 + a / 2),
            (x + 1, x + cosh(y)),
            (1 + x**2 / 2, cosh(x)),
            (1 - x**2 / 2, cos(x)),
            (Abs(tanh(x)), Abs(x)),
            (a * Abs(sin(x - y)), a * Abs(x - y)),
        ],
        "fails": [
            (log(a), a - Rational(11, 10)),
            (exp(x), 1 + x),
            (-log(a), 1 - a),
            (total(u[l] * log(r[l])), total(u[l] * (r[l] - 1))),
            (x * (1 + y), x * exp(y)),
            (1 - x, exp(x)),
            (tanh(x), x),
            (-tanh(a), -a),
            (x * tanh(a), x * a),
            (sin(x), x),
            (atan(x), x),
            (erf(a), a),
            (sqrt(1 + a), 1 + a / 3),
            (cosh(x), 1 + x**2 / 2),
            (cos(x), 1 - x**2 / 2),
            (Abs(x), Abs(tanh(x))),
            (Abs(tanh(x)), x),
        ],
    },
    "largest-exponent": {
        "holds": [
            (u[1], log(total(exp(u[l])))),
            (a * u[i] + w[i], log(total(exp(a * u[l] + w[l])))),
            (Peak(u[m], m, n), log(total(exp(u[l])))),
            (log(total(exp(u[l]))), Peak(u[m], m, n) + log(n)),
        ],
        "fails": [
            (2 * u[1], log(total(exp(u[l])))),
            (u[1] + w[1], log(total(exp(u[l])))),
            (log(total(exp(u[l]))), u[1]),
            (log(total(exp(u[l]))), Peak(u[m], m, n)),
            (u[1], log(total(exp(u[l]), 1))),
            (log(total(exp(u[l]))), Peak(w[m], m, n) + log(n)),
        ],
    },
}


def instances():
    """Yield values of all letters, some of them where an inequality is nearly an equality."""
    rng = np.random.default_rng(0)
    for turn in range(60):
        count, size = int(rng.integers(2, 6)), int(rng.integers(1, 4))
        flat = 0.1 if turn % 3 == 0 else 1.0
        made = {"n": count, "d": size, "i": 1, "j": 2}
        made |= {"k": rng.normal(size=(count, size)), "v": rng.normal(size=(count, size))}
        made["q"] = (1 if turn % 2 else -1) * made["k"][0] + flat * rng.normal(size=size)
        made |= {name: np.exp(flat * rng.normal(size=count)) for name in "pr"}
        made |= {name: rng.normal(size=count) for name in "uw"}
        made |= {name: float(np.exp(flat * rng.normal())) for name in "ab"}
        yield made | {name: float(flat * rng.normal()) for name in "xy"}


def holds(left, right) -> bool:
    sides = [(float(compiled(left)(I)), float(compiled(right)(I))) for I in instances()]
    return all(one <= two + 1e-12 * (1 + abs(two)) for one, two in sides)


def test_each_inequality_has_rows():
    assert set(ROWS) == set(INEQUALITIES)
    assert all(row.statement and row.source for row in INEQUALITIES.values())


@pytest.mark.parametrize("name", INEQUALITIES)
def test_what_is_recognised_holds_in_numbers(name):
    for left, right in ROWS[name]["holds"]:
        assert INEQUALITIES[name].recognises(left, right, NOTHING), (left, right)
        assert holds(left, right), (left, right)


@pytest.mark.parametrize("name", INEQUALITIES)
def test_what_fails_in_numbers_is_not_recognised(name):
    for left, right in ROWS[name]["fails"]:
        assert not holds(left, right), (left, right)
        for other in INEQUALITIES.values():
            assert not other.recognises(left, right, NOTHING), (left, right)


# --- signs that are seen from a form ------------------------------------------------------------

SEEN = {
    Max(x, 0) - x: 1,
    abs(x) + abs(y) - abs(x + y): 1,
    abs(x - y) - abs(abs(x) - abs(y)): 1,
    Max(x, 0) + Max(y, 0) - Max(x + y, 0): 1,
    y + 1 - Min(x, y): 2,
    Min(x, y) - Min(x, y, x + y): 1,
    1 - tanh(x): 2,
    2 + 2 * sin(x) + abs(y): 1,
    1 - erf(x) + a: 2,
    # of these none is certain
    Max(x, y) - x - y: 0,
    abs(x + y) - abs(x): 0,
    1 - 2 * tanh(x): 0,
    Min(x, y) - x: 0,
    1 - abs(x): 0,
}


@pytest.mark.parametrize("form", SEEN, ids=str)
def test_a_sign_that_is_seen_is_no_more_than_what_holds(form):
    values = [float(compiled(form)(I)) for I in instances()]
    assert looks(form) == SEEN[form]
    assert SEEN[form] == 0 or min(values) >= -1e-12
    assert SEEN[form] != 2 or min(values) > 0


def test_no_sign_is_seen_of_a_sum_of_largest_values_that_has_the_other():
    """Random sums of largest, smallest and absolute values, at random places."""
    rng = np.random.default_rng(7)
    places = rng.normal(size=(200, 2))
    certain = 0
    for _ in range(400):
        form = sum(
            int(rng.integers(-2, 3)) * kind(*(_linear(rng) for _ in range(1 if kind is Abs else 2)))
            for kind in rng.choice([Max, Min, Abs], size=3)
        ) + _linear(rng)
        if looks(form):
            certain += 1
            f = lambdify((x, y), form, "math")
            assert min(f(*place) for place in places) >= -1e-9, form
    assert certain > 5


def _linear(rng):
    return int(rng.integers(-1, 2)) * x + int(rng.integers(-1, 2)) * y
