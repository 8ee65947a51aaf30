"""The moments of normal keys that the rules give are those that their law has."""

from __future__ import annotations

import numpy as np
import pytest
from sympy import (
    Abs,
    IndexedBase,
    Max,
    Rational,
    S,
    Sum,
    Symbol,
    cos,
    exp,
    log,
    pi,
    sqrt,
)

from symattn.algebra.arrays import compiled
from symattn.algebra.attention import (
    Sigma,
    alpha,
    beta,
    c,
    d,
    epsilon,
    i,
    j,
    k,
    l,
    m,
    mu,
    n,
    q,
    v,
    z,
)
from symattn.algebra.letters import Cov, Dot, Expect, Matrix, Norm, OffSum, Var
from symattn.check.gate import decide
from symattn.check.laws import (
    DrawnKeys,
    OutputOfNormalKeys,
    ShareOfNormalGap,
    estimated,
    exact,
    of_linear,
)
from symattn.check.named import ATTENTION, OF_LOGITS
from symattn.check.proof import evidence_of
from symattn.check.quadrature import with_moments
from symattn.claims import Identity
from symattn.claims.definitions import Defined, Definitions
from symattn.derive.derivation import Derivation
from symattn.derive.prose import words
from symattn.derive.question import Question, Specification
from symattn.errors import BrokenDerivation
from symattn.hypotheses.base import Given
from symattn.hypotheses.families import Arbitrary, Distinct, Named, Replaced
from symattn.hypotheses.free import Members
from symattn.hypotheses.gaussian import GaussianKeys, isotropic
from symattn.judge.exact_moments import at_keys
from symattn.judge.judge import check
from symattn.judge.judged import Judged
from symattn.kernel import Context, Zero

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
EXPS = exp(Dot(k(i), q)), exp(Dot(k(j), q))
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
    alpha(i) * alpha(j),
    alpha(i) / (EXPS[0] - EXPS[1]) + alpha(j),  # a pole: neither mean need exist
    alpha(i) + exp(EXPS[0]),
    alpha(i) + exp(Norm(k(i)) ** 2),
    alpha(i) + 1 / alpha(j),
]
WEIGHT = exp(Dot(k(l), q)) / Sum(exp(Dot(k(m), q)), (m, 1, n))
TERMS = [  # something made of the keys, and its mean by its terms
    (Dot(c, q) + Dot(k(i), q), Dot(Expect(c), q) + Dot(Expect(k(i)), q)),
    (c - k(i), Expect(c) - Expect(k(i))),
    (n * alpha(i), n * Expect(alpha(i))),
    (Sum(alpha(l) * v(l), (l, 1, n)), Sum(Expect(alpha(l)) * v(l), (l, 1, n))),
    (OffSum(alpha(l) * v(l), l, n, (i,)), OffSum(Expect(alpha(l)) * v(l), l, n, (i,))),
    (
        Sum(exp(Dot(k(l), q)) * v(l), (l, 1, n)) / Sum(exp(Dot(k(m), q)), (m, 1, n)),
        Sum(Expect(WEIGHT) * v(l), (l, 1, n)),
    ),
    (alpha(i) / (1 + EXPS[0]) + beta, Expect(alpha(i) / (1 + EXPS[0])) + beta),
]


@pytest.mark.parametrize("row", TERMS, ids=lambda row: str(row[0]))
def test_the_mean_of_a_sum_is_the_sum_of_the_means(row):
    x, means = row
    assert LAW.moment(Expect(x)) == means
    assert LAW.moment(Expect(alpha(i) * x)) != alpha(i) * means  # what is random stays inside


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
    definition = Expect(x**2) - Expect(x) ** 2 if x.is_commutative else None
    assert not x.is_commutative or LAW.moment(Var(x)) in (None, definition)


# --- what the law itself gives in numbers ----------------------------------------------------------

T = Symbol("t", real=True)
NOISE = isotropic(d, epsilon)
UNIT = Norm(q) ** 2 * epsilon
X, Y = Dot(k(i) - mu(i), q), Dot(k(i), q)
CLOSED = [
    # a statistic, its closed form, and a wrong one that is close to it
    (Expect(X**4), 3 * UNIT**2, UNIT**2 * Rational(3003, 1000)),
    (Expect(exp(20 * Y)), exp(20 * Dot(mu(i), q) + 200 * UNIT), exp(20 * Dot(mu(i), q) + 199 * UNIT)),
    (Expect(exp(8 * Y) * Y), (Dot(mu(i), q) + 8 * UNIT) * exp(8 * Dot(mu(i), q) + 32 * UNIT),
     Dot(mu(i), q) * exp(8 * Dot(mu(i), q) + 32 * UNIT)),
    (Expect(cos(X)), exp(-UNIT / 2), exp(-UNIT / 2) * Rational(1001, 1000)),
    (Expect(1 / (1 + exp(-X))), S.Half, Rational(501, 1000)),
    (Expect(Norm(k(i) - mu(i)) ** 6), epsilon**3 * d * (d + 2) * (d + 4), epsilon**3 * d**3),
    (Var(Y * Dot(k(j), q)), UNIT**2 + UNIT * (Dot(mu(i), q) ** 2 + Dot(mu(j), q) ** 2), UNIT**2),
    # a kink: whatever is said, no rule that steps over it may refute or confirm
    (Expect(Abs(X)), sqrt(2 * UNIT / pi), None),
    (Expect(Max(X, 0)), sqrt(UNIT / (2 * pi)), None),
]  # fmt: skip


@pytest.mark.parametrize(("shown", "right", "wrong"), CLOSED, ids=[str(row[0]) for row in CLOSED])
def test_a_true_moment_is_never_refuted_and_a_close_one_never_accepted(shown, right, wrong):
    given = Given((Distinct((i, j)), Members(mu(l)), LAW, NOISE, Arbitrary(q)))
    names = Definitions().let(Sigma(l), NOISE.value(l), NOISE.array).random(DrawnKeys(("n",)))
    verdict = decide(names.claim(Identity, "x", given, shown, right)).verdict
    if wrong is None:
        assert verdict == "undecided"
        wrong = right * Rational(11, 10)
    else:
        assert verdict in ("proved", "confirmed")
    assert decide(names.claim(Identity, "x", given, shown, wrong)).verdict in (
        "refuted",
        "undecided",
    )


def test_few_draws_that_decide_all_have_no_standard_error():
    rng = np.random.default_rng(0)
    light, heavy = rng.normal(size=2000), np.exp(4 * rng.normal(size=2000))
    assert estimated(Expect(beta), light) is not None
    assert estimated(Expect(beta), heavy) is None
    with np.errstate(all="ignore"):
        assert estimated(Expect(beta), np.full(2000, np.inf)) is None


@pytest.mark.parametrize("x", [Abs(T), exp(900 * T), exp(-900 * T), log(1 + exp(T))], ids=str)
def test_what_is_no_polynomial_where_the_draws_lie_is_not_taken_for_one(x):
    law = with_moments(np.array([5.0]), np.array([[9.0]]))
    with np.errstate(all="ignore"):
        assert exact(Expect(x), {T: law.points[:, 0]}, law.mass, {"n": 2}) is None


def test_a_share_that_lies_where_the_line_does_not_reach_has_no_value():
    rho, y = Symbol(r"\rho", positive=True), Symbol("y", real=True)
    moved = rho / (rho + (1 - rho) * exp(y))
    law = ShareOfNormalGap()
    assert law(Expect(moved), {r"\tau": 1.0, "y": 1.0, "n": 2}) is not None
    assert law(Expect(moved), {r"\tau": 10.6, "y": 112.0, "n": 2}) is None


@pytest.mark.parametrize(("total", "verdict"), [(S.One, "confirmed"), (S(2), "refuted")])
@pytest.mark.parametrize("inside", [True, False])
def test_the_mean_weights_are_one_together(total, verdict, inside):
    """The index of the sum moves in the mean: it was read as one place, and the true sum refuted."""
    noise = isotropic(d, epsilon)
    names = OF_LOGITS.let(Sigma(l), noise.value(l), noise.array).random(OutputOfNormalKeys())
    given = Given((Members(mu(l)), LAW, noise, Arbitrary(q), Members(v(l))))
    weights = Sum(alpha(l), (l, 1, n))
    shown = Expect(weights) if inside else Sum(Expect(alpha(l)), (l, 1, n))
    assert decide(names.claim(Identity, "x", given, shown, total)).verdict == verdict


@pytest.mark.parametrize(
    "logits",
    [
        lambda I: I["k"] @ I["q"],
        lambda I: np.full(I["n"], I["k"][0] @ I["q"]),  # of the first keys alone
        lambda I: I["k"] @ I["q"] / np.max(np.abs(I["k"])),  # of all samples together
        lambda I: np.array([one @ I["q"] for one in I["k"]]),
        lambda I: (I["k"] @ I["q"]).reshape(-1)[: I["n"]],
    ],
)
@pytest.mark.parametrize("x", [z(i), z(i) * z(j), Dot(k(i), q) - z(j), Sum(z(l), (l, 1, n))])
def test_samples_at_once_are_what_each_gives_by_itself(logits, x):
    judged = Judged(defined=(Defined(z(l), Dot(k(l), q), logits),))
    rng = np.random.default_rng(0)
    keys, instance = rng.normal(size=(7, 3, 3)), {"q": rng.normal(size=3), "n": 3, "i": 1, "j": 2}
    each = [compiled(x)(judged.arrays({**instance, "k": some})) for some in keys]
    assert np.allclose(at_keys(x, keys, instance, judged), each)


@pytest.mark.parametrize("x", [c, Dot(c, q), alpha(i), 2 * alpha(i) - alpha(j), c - v(i)])
def test_moments_of_what_is_linear_are_those_of_points_of_the_same_moments(x):
    rng = np.random.default_rng(1)
    mean, root = np.array([0.5, 0.3, 0.2]), rng.normal(size=(3, 3)) / 9
    instance = {"q": rng.normal(size=2), "v": rng.normal(size=(3, 2)), "n": 3, "i": 1, "j": 2}
    law = with_moments(mean, root @ root.T)

    def values(rows):
        return {c: rows @ instance["v"], alpha(i): rows[:, 0], alpha(j): rows[:, 1]}

    kind = Var if x.is_commutative else Cov
    for statistic in (Expect(x), kind(x)):
        found = of_linear(statistic, values, mean, root @ root.T, instance)
        assert np.allclose(found, exact(statistic, values(law.points), law.mass, instance))
    assert of_linear(Expect(alpha(i) ** 2), values, mean, root @ root.T, instance) is None


y, w = IndexedBase("y", real=True), Symbol("w", real=True)
KEYED = (Members(mu(l)), LAW, isotropic(d, epsilon), Members(v(l)))
OWN = Definitions().let(y[l], Dot(k(l), q))
HIDDEN = [  # what is random, and is not seen to be: (hypotheses, names, a statistic, a false value)
    ((Arbitrary(q), Replaced(v(i), k(i))), ATTENTION, Expect(alpha(i) * Dot(v(i), q)), S.Zero),
    ((Replaced(q, k(i)),), ATTENTION, Expect(Dot(k(j), q)), Dot(mu(j), q)),
    (
        (Arbitrary(q), Named(w, Dot(k(i), q))),
        ATTENTION,
        Expect(w * Dot(k(i), q)),
        w * Dot(mu(i), q),
    ),
    ((Arbitrary(q),), ATTENTION.let(y[l], Dot(k(l), q)), Expect(y[i] * alpha(i)), S.Zero),
    ((Arbitrary(q),), ATTENTION.let(w, Norm(k(i))), Var(w * Dot(k(i), q)), S.Zero),
    (
        (Arbitrary(q),),
        ATTENTION.let(z(l), Dot(k(l), q)),
        Var(z(i) + Dot(k(j), q)),
        epsilon * Norm(q) ** 2,
    ),
    ((), ATTENTION.let(q, beta * k(i)), Expect(Dot(c, q)), S.Zero),
    ((), ATTENTION.let(q, beta * k(i)), Expect(c), v(i)),
    (
        (Arbitrary(q), Replaced(v(i), k(i))),
        ATTENTION,
        Expect(c),
        Sum(Expect(alpha(l)) * v(l), (l, 1, n)),
    ),
    ((Arbitrary(q), OWN.stands(y[l])), ATTENTION, Expect(y[i] * alpha(i)), S.Zero),
    ((Arbitrary(q),), ATTENTION.let(alpha(l), Dot(k(l), q) ** 2), Expect(alpha(i)), S.Zero),
]


@pytest.mark.parametrize("row", HIDDEN, ids=lambda row: str(row[2]))
def test_what_is_made_of_something_random_is_random(row):
    more, names, shown, right = row
    names = names.random(DrawnKeys(), OutputOfNormalKeys())
    given = Given((Distinct((i, j)), *KEYED, *more))
    D = Derivation(Question("q1a", given, Specification(None, words("it")), names))
    with pytest.raises(BrokenDerivation, match=r"random|is not what"):
        D.state(Identity, "x", shown, right)


def test_a_scalar_that_stands_for_something_random_is_not_taken_out_of_a_mean():
    for put, verdict in (((), "proved"), ((Named(w, Dot(k(i), q)),), "undecided")):
        context = Context(Given((*KEYED, Arbitrary(q), *put)))
        same = Zero(Expect(w * Dot(k(i), q)) - w * Dot(mu(i), q))
        assert evidence_of([same], context).verdict == verdict


@pytest.mark.parametrize("put", [Replaced(v(i), k(i)), Replaced(q, k(i))], ids=str)
def test_a_mean_is_taken_of_what_the_letters_stand_for(put):
    given = Given((*KEYED, *(() if put.letter == q else (Arbitrary(q),)), put))
    for inside, outside in (
        (alpha(i) * v(i), Expect(alpha(i)) * v(i)),
        (alpha(i) * q, Expect(alpha(i)) * q),
        (Dot(k(j), q), Dot(mu(j), q)),
        (Sum(alpha(l) * v(l), (l, 1, n)), Sum(Expect(alpha(l)) * v(l), (l, 1, n))),
    ):
        if inside.has(put.letter) or (inside.has(Sum) and put.letter != q):
            assert evidence_of([Zero(Expect(inside) - outside)], Context(given)).verdict != "proved"


def test_the_mean_of_an_exponential_is_known_in_lines():
    for factor, verdict in ((1, "proved"), (2, "refuted")):
        line = (
            rf"\mathbb{{E}}[e^{{k_l \cdot q}}] = e^{{{factor} \epsilon \beta^2}}, \quad l \ne i, j"
        )
        assert check("q1e", line).verdict == verdict
