"""The moments of normal keys that the rules give are those that their law has."""

from __future__ import annotations

import numpy as np
import pytest
from sympy import Sum, exp

from symattn.algebra.arrays import compiled
from symattn.algebra.attention import Sigma, alpha, beta, c, d, i, j, k, l, mu, n, q, v
from symattn.algebra.letters import Cov, Dot, Expect, Matrix, Norm, Var
from symattn.check.laws import DrawnKeys
from symattn.hypotheses.gaussian import GaussianKeys

LAW = GaussianKeys(mu, Sigma)
A = Matrix("A", d, d)
KNOWN = [
    Dot(k(i), k(j)),
    Norm(k(i)) ** 2,
    Norm(k(i) - k(j)) ** 2,
    Norm(k(i) - q) ** 2,
    beta * Dot(2 * k(i) - k(j), k(i) + q) + n,
    Dot(k(i), q) * Dot(k(j), q),
    Dot(k(i), q) ** 2,
    Dot(k(i) - k(j), q) ** 2,
    Dot(k(i), v(j)) * Dot(k(l), q),
    Dot(k(i) + q, q) * (1 + Dot(k(i), q)),
    Dot(k(i), q) / Norm(q),
    k(i) - 2 * k(j) + q,
    A * k(i),
]
SUMS = [
    (Sum(Norm(k(l)) ** 2, (l, 1, n)), lambda I: np.sum(I[r"\mu"] ** 2) + _traces(I).sum()),
    (
        Sum(Dot(k(l), k(i)), (l, 1, n)),
        lambda I: I[r"\mu"][I["i"] - 1] @ I[r"\mu"].sum(axis=0) + _traces(I)[I["i"] - 1],
    ),
]
UNKNOWN = [
    Dot(k(i), k(i)) ** 2,
    Dot(k(i), Sigma(j) * k(i)),
    Dot(k(i), A * k(j)),
    Dot(k(i), q) * Norm(k(i)) ** 2,
    Dot(k(i), q) * k(i),
    Dot(k(i), q) ** 3,
    Norm(k(i)),
    1 / Dot(k(i), q),
    exp(Norm(k(i)) ** 2),
    alpha(i),  # made of the keys, though no key is seen in it
    Dot(c, q) + Dot(k(i), q),
    c - k(i),
]


def _traces(I):
    return np.trace(I[r"\Sigma"], axis1=1, axis2=2)


def instance(turn: int):
    """Return values of all letters; the places i, j and l are one in some."""
    rng = np.random.default_rng(turn)
    places = {"i": 1, "j": 1 + turn % 2, "l": 1 + turn % 3}
    roots = rng.normal(size=(3, 2, 2))
    return places | {
        "n": 3, "d": 2, r"\mu": rng.normal(size=(3, 2)), r"\Sigma": roots @ roots.swapaxes(1, 2),
        "q": rng.normal(size=2), "v": rng.normal(size=(3, 2)), "A": rng.normal(size=(2, 2)), r"\beta": 1.3,
    }  # fmt: skip


@pytest.mark.parametrize("x", KNOWN, ids=str)
def test_a_mean_is_that_of_the_law(x):
    found = LAW.moment(Expect(x))
    assert found is not None
    assert not found.has(Expect)
    for turn in range(6):
        I = instance(turn)
        wanted = DrawnKeys()(Expect(x), I)
        assert not hasattr(wanted, "error"), "the law was sampled"
        assert np.allclose(np.ravel(compiled(found)(I)), np.ravel(wanted), rtol=1e-9), turn


@pytest.mark.parametrize("x", [k(i), 2 * k(i) - k(j), k(i) + k(j) + q, beta * k(l) - k(l)], ids=str)
def test_a_covariance_is_that_of_the_law(x):
    found = LAW.moment(Cov(x))
    for turn in range(6):
        I = instance(turn)
        middle, made = compiled(x)({**I, "k": I[r"\mu"]}), np.zeros((2, 2))
        for at in range(3):  # one key moves by one in every coordinate
            moved = I[r"\mu"].copy()
            moved[at] += 1.0
            (c, _) = compiled(x)({**I, "k": moved}) - middle
            made += c**2 * I[r"\Sigma"][at]
        assert np.allclose(compiled(found)(I), made), turn


@pytest.mark.parametrize("x", [A * k(i), Dot(k(i), q) * q, Sum(k(l), (l, 1, n)), c], ids=str)
def test_a_covariance_that_is_no_sum_of_keys_is_not_known(x):
    assert LAW.moment(Cov(x)) is None


@pytest.mark.parametrize(("x", "wanted"), SUMS, ids=[str(x) for x, _ in SUMS])
def test_a_mean_of_a_sum(x, wanted):
    found = LAW.moment(Expect(x))
    for turn in range(6):
        I = instance(turn)
        assert np.isclose(compiled(found)(I), wanted(I)), turn


@pytest.mark.parametrize("x", UNKNOWN, ids=str)
def test_what_takes_more_than_two_moments_is_not_known(x):
    assert LAW.moment(Expect(x)) is None
    assert not x.is_commutative or LAW.moment(Var(x)) is None
