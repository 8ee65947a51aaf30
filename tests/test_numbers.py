"""Laws of the numbers: instances are chosen against the claim, and what they cannot say they say so."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from sympy import (
    Abs,
    Add,
    Expr,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Rational,
    S,
    Sum,
    Symbol,
    exp,
    log,
    oo,
    pi,
    sqrt,
)

from symattn.algebra.attention import (
    Sigma,
    alpha,
    beta,
    d,
    epsilon,
    i,
    j,
    k,
    l,
    mu,
    n,
    q,
    v,
)
from symattn.algebra.letters import Dot, Expect, Matrix, Norm, Var, Vector
from symattn.check import oracle
from symattn.check.draws import SIZES, Plan, instances, met, uninhabited
from symattn.check.gate import PAGE, decide
from symattn.check.laws import DrawnKeys, OutputOfNormalKeys, degree
from symattn.check.named import ATTENTION
from symattn.check.numbers import measure
from symattn.check.quadrature import normal_grid, softmax_moments
from symattn.claims import Claim, Identity, Inequality, Leading, Minimal, Tends
from symattn.claims.definitions import Definitions
from symattn.hypotheses.base import Given, Hypothesis
from symattn.hypotheses.families import (
    Above,
    Arbitrary,
    AtLeast,
    Between,
    Distinct,
    Exactly,
    Orthonormal,
    Replaced,
    Vanishing,
)
from symattn.hypotheses.gaps import nonnegative
from symattn.hypotheses.gaussian import GaussianKeys, isotropic, spiked
from symattn.hypotheses.subspaces import OrthonormalBasis, UnitBasis

APART = Distinct((i, j))
s, t = (Symbol(name, integer=True, positive=True) for name in "st")
number_t, u = (Symbol(name, real=True) for name in "tu")
R, eta = Symbol("R", positive=True), Symbol(r"\eta", positive=True)
Sb, Tb = Matrix("S", d, s), Matrix("T", d, t)
FREE = Definitions().any(beta, epsilon, number_t, u, R, eta)


def said(left: Expr, right: Expr, *given: Hypothesis, kind=Identity, names=None, **more) -> Claim:  # type: ignore[no-untyped-def]
    names = names or FREE.of(ATTENTION)
    return names.claim(kind, "claim", Given(given), left, names.expand(right), **more)


def least(f: Expr, at: Expr, x: Symbol = beta) -> Claim:
    return said(x, at, kind=Minimal, names=FREE, f=f)


def tends(f: Expr, to: Expr, x: Symbol = beta, point: Expr = oo) -> Claim:
    return said(f, to, kind=Tends, names=FREE, variable=x, point=point)


def product(x: Symbol, *roots: int) -> Expr:
    return Mul(*[x - root for root in roots])


def hidden(*roots: int) -> Expr:
    """A polynomial in n that vanishes at some sizes, with its roots multiplied out."""
    return Add(*product(n, *roots).expand().args)


TOTAL = Sum(alpha(l), (l, 1, n))
SUM_AT = Sum(KroneckerDelta(l, 2) * alpha(l), (l, 1, n))

# what is right, what is wrong, and what is said of the wrong one
LAWS: list[tuple[str, Callable[[], Claim], Callable[[], Claim], str]] = [
    ("a context that nothing meets: three keys of two",
     lambda: said(TOTAL, S.One, Exactly(2)),
     lambda: said(TOTAL, S.One, AtLeast(3), Exactly(2)), "uninhabited"),
    ("three places among two keys",
     lambda: said(TOTAL, S.One, Distinct((i, j, l)), Exactly(3)),
     lambda: said(TOTAL, S.One, Distinct((i, j, l)), Exactly(2)), "uninhabited"),
    ("two scalars, each above the other",
     lambda: said(R / R, S.One, Above(R, eta)),
     lambda: said(R / R, S.One, Above(R, eta), Above(eta, R)), "uninhabited"),
    ("two ranges that do not meet",
     lambda: said(R / R, S.One, Between(R, S.Zero, S.One)),
     lambda: said(R / R, S.One, Between(R, S.Zero, S.One), Between(R, S(2), S(3))), "uninhabited"),
    ("two indices that nothing holds apart",
     lambda: said(KroneckerDelta(i, j), S.Zero, APART),
     lambda: said(KroneckerDelta(i, j), S.Zero), "counterexample"),
    ("a derivative without its delta",
     lambda: said(alpha(i) * (KroneckerDelta(i, j) - alpha(j)), -alpha(i) * alpha(j), APART),
     lambda: said(alpha(i) * (KroneckerDelta(i, j) - alpha(j)), -alpha(i) * alpha(j)),
     "counterexample"),
    ("one key", lambda: said(alpha(i), S.One, kind=Inequality, relation=r"\le", slack=S.Zero),
     lambda: said(alpha(i), S.One, kind=Inequality, relation="<", slack=S.Zero), "counterexample"),
    ("a size beyond the usual ones",
     lambda: said(TOTAL, 1 + 0 * n),
     lambda: said(TOTAL, 1 + product(n, *range(1, 13))), "counterexample"),
    ("the same, multiplied out",
     lambda: said(TOTAL, n / n),
     lambda: said(TOTAL, 1 + hidden(1, 2, 3, 4, 5, 8, 12, 17)), "counterexample"),
    ("a number of columns",
     lambda: said(s * beta, s * beta, UnitBasis(Sb)),
     lambda: said(product(s, 1, 2, 3, 4) * beta, S.Zero, UnitBasis(Sb)), "counterexample"),
    ("a scalar that is called as a size is",
     lambda: said(product(number_t, 1) * beta, number_t * beta - beta),
     lambda: said(product(number_t, 1, 2, 4) * beta, S.Zero), "counterexample"),
    ("a scalar and a size of one name",
     lambda: said(t * beta, beta * t, UnitBasis(Tb)),
     lambda: said(number_t * beta, beta * number_t, UnitBasis(Tb)), "name-clash"),
    ("both signs", lambda: said(sqrt(u**2), Abs(u)), lambda: said(sqrt(u**2), u), "counterexample"),
    ("a kink beyond the usual scalars",
     lambda: said(Abs(u - 900), Abs(900 - u)),
     lambda: said(Abs(u - 900), 900 - u), "counterexample"),
    ("a term that vanishes but at small scales",
     lambda: said(beta, beta + 0 * exp(-1000 * beta)),
     lambda: said(beta, beta + exp(-1000 * beta)), "counterexample"),
    ("a pole at one number of keys",
     lambda: said(TOTAL, (n + 2) / (n + 2)),
     lambda: said(TOTAL, 1 + 0 * n + Mul(n - 4, 1 / (n - 4), evaluate=False) - 1), "partly-defined"),
    ("what is least, or largest",
     lambda: least(beta**2 - 2 * beta, S.One),
     lambda: least(2 * beta - beta**2, S.One), "counterexample"),
    ("least outside of the domain",
     lambda: least(u**2 + 2 * u, -S.One, u),
     lambda: least(beta**2 + 2 * beta, -S.One), "counterexample"),
    ("least nearby only",
     lambda: least(u**4 - 2 * u**2 + u, Rational(-11071598716887, 10**13), u),
     lambda: least(u**3 - 3 * u, S.One, u), "counterexample"),
    ("a place that is off by a millionth",
     lambda: least(beta + 1 / beta, S.One),
     lambda: least(beta + 1 / beta, 1 + Rational(1, 10**6)), "counterexample"),
    ("a place that holds its own variable",
     lambda: least((beta - R) ** 2, R),
     lambda: least((beta - R) ** 2, R + 0 * beta + beta - beta * R / R + exp(-beta)), "wrong-limit"),
    ("a limit that holds its own variable",
     lambda: tends(R / beta, S.Zero), lambda: tends(R / beta, 1 / beta), "wrong-limit"),
    ("a limit in which nothing moves",
     lambda: tends(R + 1 / beta, R), lambda: tends(R, R), "nothing-moves"),
    ("a constant that is off by four in a thousand",
     lambda: tends(sqrt(1 / (2 * pi) + 1 / beta), 1 / sqrt(2 * pi)),
     lambda: tends(sqrt(1 / (2 * pi) + 1 / beta), Rational(1004, 1000) / sqrt(2 * pi)),
     "counterexample"),
    ("a slow limit is not told",
     lambda: tends(R + exp(-beta), R),
     lambda: tends(1 / log(2 + beta), S.Zero), "too-slow"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("right", "wrong", "code"), [row[1:] for row in LAWS], ids=[r[0] for r in LAWS]
)
@pytest.mark.parametrize("plan", [Plan(), PAGE.beside_proof], ids=["alone", "beside a proof"])
def test_what_is_right_agrees_and_what_is_wrong_does_not(
    right: Callable[[], Claim], wrong: Callable[[], Claim], code: str, plan: Plan
) -> None:
    found, _ = measure(right(), plan)
    assert found.verdict == "confirmed", found
    found, _ = measure(wrong(), plan)
    assert (found.verdict in ("refuted", "undecided"), found.code) == (True, code), found


def test_what_a_later_hypothesis_changes_is_made_again() -> None:
    """v_i = S a, and then S is made orthonormal: v_i follows."""
    a = Vector("a", s)
    given = Given((UnitBasis(Sb), Arbitrary(a), Replaced(v(i), Sb * a), OrthonormalBasis(Sb)))
    rng = np.random.default_rng(0)
    assert all(met(given, given.sample(rng, sizes)) for sizes in SIZES)


# moments ---------------------------------------------------------------------------------------

ISOTROPIC = Given((APART, Orthonormal(r"\mu", "the means"), GaussianKeys(mu, Sigma),
                   isotropic(d, epsilon)))  # fmt: skip
SPIKED = Given((*ISOTROPIC.hypotheses[:3], spiked(d, epsilon, i)))
QUERY = beta * (mu(i) + mu(j))
NORMAL = (
    ATTENTION.random(DrawnKeys(("n",)), OutputOfNormalKeys())
    .any(beta, epsilon)
    .let(q, QUERY, lambda I: oracle.pair_query(I, r"\mu"))
)
NOISE = 2 * epsilon * beta**2
MOMENTS: list[tuple[Expr, Expr, Given]] = [
    (Expect(Dot(k(i), q)), beta, ISOTROPIC),
    (Var(Dot(k(l), q)), NOISE, ISOTROPIC),
    (Var(Dot(k(i) - k(j), q)), 2 * NOISE, ISOTROPIC),
    (Var(Dot(k(i) + k(j), q)), 2 * NOISE, ISOTROPIC),
    (Var(Dot(k(i) - k(j), q)), beta**2 / 2 + 2 * NOISE, SPIKED),
    (Expect(Norm(k(i) - mu(i)) ** 2), d * epsilon, ISOTROPIC),
    (Expect(alpha(i) - alpha(j)), S.Zero, ISOTROPIC),
]


@pytest.mark.parametrize(("left", "right", "given"), MOMENTS, ids=[str(row[0]) for row in MOMENTS])
def test_a_moment_that_is_off_by_a_hundredth_is_refused(
    left: Expr, right: Expr, given: Given
) -> None:
    claim = NORMAL.claim(Identity, "claim", given, left, right)
    assert measure(claim)[0].verdict == "confirmed", measure(claim)
    for wrong in (right * Rational(101, 100) if right != 0 else Rational(1, 100),
                  right + epsilon**2 * beta**2):  # fmt: skip
        assert measure(claim.with_right(wrong))[0].code == "counterexample", wrong


@pytest.mark.parametrize("count", [1, 2, 3, 40, 2000])
def test_the_moments_of_a_softmax_are_integrated(count: int) -> None:
    """The means sum to one, as do the second moments; of few they are those of a product rule."""
    rng = np.random.default_rng(count)
    means, variances = (
        rng.choice([-3.0, 0.2, 4.0], size=count),
        rng.choice([0.0, 0.01, 0.4, 30.0], size=count),
    )
    mean, second = softmax_moments(means, variances)
    assert mean.sum() == pytest.approx(1, abs=1e-12)
    assert second.sum(axis=1) == pytest.approx(mean, rel=1e-9, abs=1e-15)
    # A mean that differs by rounding is the same; one that differs by more is not.
    nudge = 4 * (np.arange(count) == 0)
    same, apart = (softmax_moments(means + by * nudge, variances)[0] for by in (1e-15, 1e-12))
    assert same == pytest.approx(mean, rel=1e-13)
    assert (apart == mean).all() == (count == 1)
    if count > 3:
        return
    grid = normal_grid(means, variances, 30)
    weights = oracle.softmax(grid.points)
    assert grid.mass @ weights == pytest.approx(mean, abs=1e-8)
    assert (grid.mass * weights.T) @ weights == pytest.approx(second, abs=1e-8)


def test_a_statistic_of_a_higher_degree_is_not_taken_for_a_lower_one() -> None:
    instance = SPIKED.sample(np.random.default_rng(0), {"n": 6, "d": 6, "s": 1, "t": 1})
    full = instance | {r"\beta": 1.0}
    cubic = NORMAL.oracle(Expect(alpha(i) ** 3))
    assert cubic(full) is None  # six keys are too many for a grid
    few = SPIKED.sample(np.random.default_rng(0), {"n": 3, "d": 3, "s": 1, "t": 1})
    few |= {r"\beta": 1.0}
    grid = normal_grid(few[r"\mu"] @ oracle.pair_query(few, r"\mu"),
                       np.array([x @ oracle.pair_query(few, r"\mu") for x in
                                 few[r"\Sigma"] @ oracle.pair_query(few, r"\mu")]), 30)  # fmt: skip
    weights = oracle.softmax(grid.points)[:, few["i"] - 1]
    assert float(cubic(few)) == pytest.approx(float(grid.mass @ weights**3), rel=1e-9)


@pytest.mark.parametrize(
    ("x", "most"),
    [
        (Dot(k(i), q) * Dot(k(i), k(j)), 3),
        (Norm(k(i) + k(j)) ** 2 * Dot(k(i), q), 3),
        ((Dot(k(i), q) + 1) ** 2 - Dot(k(j), q), 2),
        (Dot(k(l), q), 0),
        (Norm(k(i)), None),
        (exp(Dot(k(i), q)), None),
        (1 / Dot(k(i), q), None),
        (Dot(k(i), q) ** beta, None),
    ],
)
def test_a_degree_is_shown_or_left_open(x: Expr, most: int | None) -> None:
    assert degree(x, frozenset([k(i), k(j)])) == most


def test_a_key_with_two_names_is_drawn_once() -> None:
    instance = ISOTROPIC.sample(np.random.default_rng(0), {"n": 3, "d": 3, "s": 1, "t": 1})
    instance |= {r"\beta": 1.0, "j": instance["i"]}
    assert float(NORMAL.oracle(Var(Dot(k(i) - k(j), q)))(instance)) == pytest.approx(0, abs=1e-15)


# more digits -----------------------------------------------------------------------------------

TINY = Rational(1, 10**13)


@pytest.mark.parametrize(
    ("left", "right", "apart"),
    [
        (exp(beta) * exp(-beta) * R, R, R * TINY),
        (exp(beta) * exp(-beta) * R, R, R * TINY * exp(-beta)),
        (exp(beta) * exp(-beta) * R, R, TINY * product(n, 3, 4, 5)),
        (2 * v(i) - v(i), v(i), TINY * v(j)),
    ],
)
def test_what_floats_do_not_show_is_looked_for_with_more_digits(
    left: Expr, right: Expr, apart: Expr
) -> None:
    assert decide(said(left, right, APART)).verdict == "proved"
    found = decide(said(left, right + apart, APART))
    assert (found.verdict, found.code) == ("refuted", "counterexample"), found


def test_digits_that_cancel_are_not_a_difference() -> None:
    """In floats the two sides differ in the eighth digit; with more digits they are one."""
    left = ((beta + 10**8) ** 3 - (beta + 10**8) ** 2 * 10**8) / (beta + 10**8) ** 2
    found, _ = measure(said(left, beta))
    assert found.verdict == "confirmed", found
    assert measure(said(left, beta * (1 + Rational(1, 10**6))))[0].verdict == "refuted"


# orders ----------------------------------------------------------------------------------------


def shrunk(size: float) -> dict[str, float]:
    scale = -float(np.log(0.05 * size))
    return {r"\beta": scale, r"\epsilon": size**2 / scale**2}


OTHERS, SPREAD = (n - 1) * exp(-beta), epsilon * beta**2
QUIET = Given((Vanishing((OTHERS, SPREAD)),))
# the order is right; it is not: too small in n, in beta, in epsilon, or without a term
ORDERS: list[tuple[Expr, Expr, list[Expr], list[Expr]]] = [
    (1 / (1 + OTHERS), S.One,
     [n * exp(-beta), n * exp(-beta) / 10**6, 10**6 * n * exp(-beta)],
     [exp(-beta), n * exp(-2 * beta), exp(-beta) / n**2, sqrt(n) * exp(-beta),
      n**2 * exp(-2 * beta), n * exp(-beta) / beta]),
    (1 / (1 + OTHERS + SPREAD), 1 - SPREAD,
     [n * exp(-beta) + epsilon**2 * beta**4, n * exp(-beta) + epsilon * beta**2],
     [n * exp(-beta), epsilon**2 * beta**4, exp(-beta) + epsilon**2 * beta**4,
      n * exp(-beta) + epsilon**3 * beta**6, n * exp(-beta) + epsilon**2 * beta**3]),
]  # fmt: skip


def of_order(left: Expr, right: Expr, order: Expr) -> Claim:
    return FREE.claim(
        Leading, "claim", QUIET, left, right, kept=right, order=order, paths=(shrunk,)
    )


@pytest.mark.parametrize(("left", "right", "fine", "small"), ORDERS, ids=["one", "two"])
def test_an_order_is_followed_in_every_symbol(
    left: Expr, right: Expr, fine: list[Expr], small: list[Expr]
) -> None:
    for order in fine:
        found, _ = measure(of_order(left, right, order))
        assert found.verdict == "confirmed", (order, found)
    refuted = 0
    for order in small:
        found, counter = measure(of_order(left, right, order))
        assert found.verdict in ("refuted", "undecided"), (order, found)
        refuted += counter is not None
    assert refuted >= len(small) - 1


def test_the_instance_that_is_shown_is_the_one_that_was_measured() -> None:
    left, right, _, small = ORDERS[0]
    claim = of_order(left, right, small[0])
    counter = measure(claim)[1]
    assert counter is not None
    at = {str(k): v for k, v in counter.instance.items()}
    assert claim.oracle.oracle(at) == pytest.approx(counter.left)  # type: ignore[attr-defined]


def test_instances_meet_what_is_given() -> None:
    claim = said(alpha(i), alpha(i), APART, Orthonormal("k"), AtLeast(3), Above(R, eta))
    found = list(instances(claim, Plan()))
    assert len(found) > 24
    assert all(met(claim.given, instance) for instance in found)
    assert max(instance["n"] for instance in found) >= 17


@pytest.mark.parametrize(("left", "beside"), [(beta * s, True), (beta, False)])
def test_a_size_is_put_beside_the_constants_where_it_is_a_number(left: Expr, beside: bool) -> None:
    claim = said(left, beta / 41, UnitBasis(Sb))
    assert (41 in {instance["s"] for instance in instances(claim, Plan())}) == beside


def test_a_number_is_no_size() -> None:
    """A scalar t takes no sizes; the sizes of what is not there are in no counterexample."""
    found, counter = measure(said(number_t * beta, S.Zero))
    assert found.verdict == "refuted"
    assert counter is not None
    assert isinstance(counter.instance["t"], float)


# what numbers alone do not confirm -----------------------------------------------------------------

_N = Symbol("n", integer=True, positive=True)
_K = Symbol(r"\kappa", positive=True)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (_N, Min(_N, 100000)),
        (KroneckerDelta(_N, 4999), S.Zero),
        (Max(_K, Rational(1, 10**9)), _K),
    ],
)
def test_a_case_that_no_instance_may_meet_is_not_passed_over(left, right):
    claim = Definitions().any(_K).claim(Identity, "case", Given(()), left, right)
    assert decide(claim).code == "case-not-excluded"


@pytest.mark.parametrize("kind", ["general", "twice", "whole", "on a line", "inside"])
def test_shares_that_are_not_negative_are_those_of_scipy(kind: str) -> None:
    from scipy.optimize import nnls

    rng = np.random.default_rng(0)
    for _ in range(40):
        system = rng.normal(size=(rng.integers(2, 8), rng.integers(1, 12)))
        system[-1] = 1
        if kind == "twice":
            system[:, -1] = system[:, 0]
        elif kind == "whole":
            system = np.round(system)
        elif kind == "on a line":
            system[1:-1] = 0
        elif kind == "inside":
            system[:-1, 0] = -system[:-1, 1:].sum(axis=1)
        wanted = np.eye(len(system))[-1]
        expected, found = nnls(system, wanted)[0], nonnegative(system, wanted)
        assert found.min() >= 0
        assert np.allclose(system @ found, system @ expected, atol=1e-9)


def test_a_letter_that_no_hypothesis_draws_is_named() -> None:
    """A newcomer who says how keys are drawn and not around what is told so."""
    names = FREE.let(Sigma(l), isotropic(d, epsilon).value(l), isotropic(d, epsilon).array)
    law = (GaussianKeys(mu, Sigma), isotropic(d, epsilon))
    claim = said(Norm(k(i)), S.Zero, *law, names=names)
    assert r"nothing gives \mu a value" in uninhabited(claim, Plan())
