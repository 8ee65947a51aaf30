"""Question 1 (e): keys that are normal around orthonormal means; how large should the query be?"""

from __future__ import annotations

from functools import partial

import numpy as np
from scipy.special import lambertw
from sympy import Expr, Indexed, IndexedBase, LambertW, S, Sum, Symbol, exp, log, oo, sqrt

from symattn.algebra.arrays import compiled
from symattn.algebra.attention import (
    Sigma,
    beta,
    c,
    d,
    epsilon,
    i,
    j,
    k,
    l,
    mu,
    n,
    output,
    q,
    softmax,
    v,
)
from symattn.algebra.letters import Cov, Dot, Expect, Member, Norm, OffSum, T, Var, Vector
from symattn.check import oracle
from symattn.check.quadrature import Moments, output_moments
from symattn.derive.claim import Claim, Exact, Identity, Leading, Minimal, Solution, Tends
from symattn.derive.derivation import Derivation
from symattn.derive.noise import Small, exchanged, gaussian_moment, in_terms_of, leading, noise_only
from symattn.derive.prose import F, Text
from symattn.derive.question import Question, Specification
from symattn.derive.rules import centre, collect, inside, put, separate, solve_zero, under
from symattn.hypotheses.base import Given, Instance
from symattn.hypotheses.families import Distinct, Named, Orthonormal
from symattn.hypotheses.gaussian import GaussianKeys, isotropic
from symattn.pages.model import Curve, Figure, Mark

GIVEN = Given(
    (
        Distinct((i, j)),
        Orthonormal(r"\mu", "the means"),
        GaussianKeys(mu, Sigma),
        isotropic(d, epsilon),
    )
)
MEAN = (v(i) + v(j)) / 2
REST = OffSum(v(l) - MEAN, l, n, (i, j))
A, B, eta = Symbol("A", positive=True), Symbol("B", positive=True), Symbol(r"\eta", positive=True)
r, s = Symbol("r", real=True), Symbol("s", real=True)
y = Symbol("y", positive=True)
sigma2 = Symbol(r"\sigma", positive=True) ** 2


def g(index: Expr) -> Expr:
    """The noise of a logit: the logit minus its mean."""
    return Indexed(IndexedBase("g", real=True), index)


def query(I: Instance) -> np.ndarray:
    return np.asarray(I[r"\beta"] * (I[r"\mu"][I["i"] - 1] + I[r"\mu"][I["j"] - 1]))


def mean(I: Instance) -> np.ndarray:
    return np.asarray((I["v"][I["i"] - 1] + I["v"][I["j"] - 1]) / 2)


def rest(I: Instance) -> np.ndarray:
    """The sum over the other indices of value minus mean."""
    return np.asarray((I["v"] - mean(I)).sum(axis=0))


def sampled(I: Instance, *indices: str, count: int = 2000) -> np.ndarray:
    """Draw the named keys themselves, and return their logits: (count, len(indices))."""
    rng, at = np.random.default_rng(I["n"]), [I[index] - 1 for index in indices]
    drawn = oracle.gaussian_keys(rng, I[r"\mu"][at], I[r"\Sigma"][at], count)
    return np.asarray(drawn @ query(I))


def sampled_mean(I: Instance) -> oracle.Estimate:
    return oracle.mean_of(sampled(I, "l")[:, 0])


def sampled_variance(direction: np.ndarray) -> oracle.Estimate:
    count = len(direction)
    return oracle.mean_of((direction - direction.mean()) ** 2 * count / (count - 1))


def shrunk(I: Instance) -> dict[str, float]:
    """The noise of a logit and the weight of the others, shrunk together."""
    other, noise = 0.05 * I["shrink"], 0.4 * I["shrink"]
    scale = -np.log(other)
    return {r"\beta": scale, r"\epsilon": noise**2 / (2 * scale**2)}


def moments(I: Instance) -> Moments | None:
    if I["n"] > 4:
        return None  # the grid has 8**n points
    means = np.zeros(I["n"])
    means[[I["i"] - 1, I["j"] - 1]] = I[r"\beta"]
    variances = np.full(I["n"], 2 * I[r"\epsilon"] * I[r"\beta"] ** 2)
    return output_moments(means, variances, I["v"], mean(I), nodes=8)


def exact(part: str, I: Instance) -> Exact | None:
    symbols = shrunk(I)
    found = moments({**I, **symbols})
    if found is None:
        return None
    value = found.mean - mean(I) if part == "mean" else getattr(found, part)
    return Exact(value, symbols)


def requires(candidate: Expr) -> tuple[Claim, ...]:
    """A query is right when its output at the mean keys tends to the mean of the two values as
    its scale grows, and the noise of the two logits' gap vanishes with epsilon at every scale."""

    def reached(I: Instance) -> np.ndarray:
        return oracle.output(I[r"\mu"], I["v"], compiled(candidate)(I))

    def noise(I: Instance) -> float:
        at = compiled(candidate)(I)
        return float(2 * I[r"\epsilon"] * at @ at)

    at_means = output(candidate).replace(
        lambda e: isinstance(e, Member) and e.name == "k", lambda e: mu(e.index)
    )
    gap = Var(Dot(k(i) - k(j), candidate))
    return (
        Tends(
            name="at-the-means",
            given=GIVEN,
            shown=c,
            f=at_means,
            variable=beta,
            point=oo,
            right=MEAN,
            oracle=reached,
        ),
        Tends(
            name="noise",
            given=GIVEN,
            shown=gap,
            f=gap,
            variable=epsilon,
            point=S.Zero,
            right=S.Zero,
            oracle=noise,
        ),
    )


QUESTION = Question(
    name="q1e",
    given=GIVEN,
    specification=Specification(
        unknown=q,
        wanted=Text.of(
            "{goal} as {eps}, with probability tending to 1",
            {"goal": F(c, r"\to", MEAN), "eps": F(epsilon, r"\to", S.Zero)},
        ),
        requires=requires,
    ),
    symbols={
        r"\mu_l": "mean of the key, orthonormal",
        r"\Sigma_l": "covariance of the key",
        r"\epsilon": "variance of a key along each axis",
        r"\beta": "scale of the query",
    },
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    Q = beta * (mu(i) + mu(j))
    query_claim = D.claim(
        Solution(name="query", given=GIVEN, shown=q, right=Q, requires=requires, oracle=query)
    )

    # The logits are normal; their exact mean and variance.
    first = D.start("mean of a logit", Expect(Dot(k(l), Q))).by(under(GIVEN, "orthonormal means"))
    logit_mean = D.identity("logit-mean", Expect(Dot(k(l), q)), first, sampled_mean)
    second = D.start("variance of a logit", Var(Dot(k(l), Q))).by(
        under(GIVEN, "covariance epsilon I, orthonormal means")
    )
    logit_var = D.identity(
        "logit-variance",
        Var(Dot(k(l), q)),
        second,
        lambda I: sampled_variance(sampled(I, "l")[:, 0]),
    )
    gap = D.start("variance of the gap", Var(Dot(k(i) - k(j), Q))).by(
        under(GIVEN, "independent keys")
    )
    gap_var = D.identity(
        "gap-variance",
        Var(Dot(k(i) - k(j), q)),
        gap,
        lambda I: sampled_variance(-np.diff(sampled(I, "i", "j"))[:, 0]),
    )

    # The output to first order in the noise g and in the weight of the others, eta = exp(-beta).
    def noisy(index: Expr) -> Expr:
        return logit_mean.right.subs(l, index) + g(index)

    start = Sum(softmax(l, noisy) * v(l), (l, 1, n)) - MEAN
    path = D.start("output with noise", start).by(centre(MEAN)).by(separate(i, j))
    path.by(inside(GIVEN, "sum over the keys")).by(in_terms_of(beta, eta))
    exact_path = path.value
    small = Small("g", r, (eta,), s)
    target = (g(i) - g(j)) / 4 * (v(i) - v(j)) + eta / 2 * REST
    linear = path.by(leading(small, [(1, 0), (0, 1)]), expect=target).value
    noise = {g(i): sigma2, g(j): sigma2}
    to_scale = put({sigma2: logit_var.right, eta: exp(-beta)})

    # Mean and covariance of the output.  The noise alone gives
    # no bias: exchanging i and j changes its sign, and the two have one law.
    bias = D.start("mean of c", linear).by(gaussian_moment(noise), expect=eta / 2 * REST)
    bias.by(to_scale)
    alone = noise_only(small).apply(exact_path)
    odd = alone + exchanged(alone, g(i), g(j))
    mean_claim = D.claim(
        Leading(
            name="mean",
            given=GIVEN,
            shown=Expect(c) - MEAN,
            right=bias.value,
            kept=bias.value,
            dropped=(odd,),
            exact=partial(exact, "mean"),
            order=exp(-2 * beta) + epsilon * beta**2 * exp(-beta),
            oracle=partial(exact, "mean"),
        )
    )
    noisy_part = leading(small, [(1, 0)]).apply(exact_path)
    spread = D.start("covariance of c", noisy_part * T(noisy_part)).by(gaussian_moment(noise))
    spread.by(to_scale, expect=epsilon * beta**2 / 4 * (v(i) - v(j)) * T(v(i) - v(j)))
    cov_claim = D.claim(
        Leading(
            name="covariance",
            given=GIVEN,
            shown=Cov(c),
            right=spread.value,
            kept=spread.value,
            exact=partial(exact, "covariance"),
            order=epsilon**2 * beta**4 + epsilon * beta**2 * exp(-beta),
            oracle=partial(exact, "covariance"),
        )
    )

    # The mean squared error as a function of the scale, and where it is least.
    u, w = Vector("u", d), Vector("w", d)
    letters = {v(i) - v(j): u, REST: w}
    square = D.start("squared error", Dot(linear, linear).xreplace(letters)).by(
        gaussian_moment(noise)
    )
    square.by(to_scale).by(put({Dot(u, u): A, Dot(w, w): B}))
    curve = square.value
    sized = GIVEN.and_(
        Named(
            A,
            Norm(v(i) - v(j)) ** 2,
            lambda I: np.sum((I["v"][I["i"] - 1] - I["v"][I["j"] - 1]) ** 2),
        ),
        Named(B, Norm(REST) ** 2, lambda I: np.sum(rest(I) ** 2)),
    )
    mse = D.claim(
        Leading(
            name="squared-error",
            given=sized,
            shown=Expect(Norm(c - MEAN) ** 2),
            right=curve,
            kept=curve,
            exact=partial(exact, "squared_error"),
            order=epsilon**2 * beta**4 + epsilon * beta**2 * exp(-beta) + exp(-3 * beta),
            oracle=partial(exact, "squared_error"),
        )
    )
    best = D.start("best scale", curve.diff(beta)).by(solve_zero(beta))
    plain = Given(())

    def best_at(I: Instance) -> float:
        return float(lambertw(2 * I["B"] / (I["A"] * I[r"\epsilon"])).real) / 2

    def curve_at(I: Instance) -> float:
        b, e = I[r"\beta"], I[r"\epsilon"]
        return float(e * b**2 * I["A"] / 4 + I["B"] * np.exp(-2 * b) / 4)

    best_claim = D.claim(
        Minimal(
            name="best-scale",
            given=plain,
            shown=beta,
            f=curve,
            variable=beta,
            right=best.value,
            oracle=curve_at,
            ranges={r"\epsilon": (1e-6, 1e-2)},
        )
    )
    balance = D.start("balance at the best scale", curve.diff(beta)).by(solve_zero(B))
    least = D.start("least error", curve).by(put({B: balance.value})).by(collect())
    D.claim(
        Identity(
            name="least-error",
            given=plain,
            shown=Expect(Norm(c - MEAN) ** 2),
            left=curve.subs(beta, best.value),
            right=least.value.subs(beta, best.value),
            ranges={r"\epsilon": (1e-6, 1e-2)},
            oracle=lambda I: curve_at({**I, r"\beta": best_at(I)}),
        )
    )

    D.answers(
        "As in (c), with the means in place of the keys, and a scale that is neither too "
        "small nor too large:"
    )
    D.show(query_claim, first=True)
    D.answers("with {range}.", range=F(log(n), r"\ll", beta, r"\ll", 1 / sqrt(epsilon)))
    D.say("For this query the logits are independent and normal, with")
    D.show(logit_mean, logit_var)
    D.say(
        "The scale has two sides. It must be large against {low}, or the other {many} keys keep "
        "a weight; and small against {high}, or the noise of the gap, {gap}, decides between "
        "{i} and {j}. To leading order",
        low=log(n),
        many=n - 2,
        high=1 / sqrt(epsilon),
        gap=F(gap_var.shown, "=", gap_var.right),
        i=i,
        j=j,
    )
    D.show(mean_claim, cov_claim)
    D.say(
        "With {A} and {B} the mean squared error is",
        A=F(A, "=", Norm(v(i) - v(j)) ** 2),
        B=F(B, "=", Norm(REST) ** 2),
    )
    D.show(mse)
    D.say("The first term falls and the second grows with the scale. Their sum is least at")
    D.show(best_claim)
    D.say(
        "with {W} the Lambert function, {law}; at this scale the error is {least}.",
        W=LambertW(y),
        law=F(LambertW(y) * exp(LambertW(y)), "=", y),
        least=least.value,
    )
    D.figure(
        partial(error_figure, mse),
        "Mean squared error against the scale: integrated exactly "
        "(dots) and to leading order (line); the mark is the optimal scale.",
    )
    return D


def error_figure(claim: Claim) -> Figure:
    """Three keys in general position, at one small epsilon."""
    rng = np.random.default_rng(5)
    I: Instance = {"n": 3, "i": 1, "j": 2, "v": rng.normal(size=(3, 2)), r"\epsilon": 2e-4}
    I |= {"A": np.sum((I["v"][0] - I["v"][1]) ** 2), "B": np.sum(rest(I) ** 2)}
    fine, coarse = np.linspace(0.5, 12, 200), np.linspace(0.75, 12, 24)
    line = compiled(claim.right)({**I, r"\beta": fine})
    dots = [moments({**I, r"\beta": b}).squared_error for b in coarse]
    best = float(lambertw(2 * I["B"] / (I["A"] * I[r"\epsilon"])).real) / 2
    return Figure(
        "error",
        "",
        r"scale $\beta$",
        "mean squared error",
        (
            Curve(tuple(fine), tuple(line), "leading order"),
            Curve(tuple(coarse), tuple(dots), "exact", "dots"),
        ),
        marks=(Mark(best, r"$\beta = W/2$"),),
        ylog=True,
    )


if __name__ == "__main__":
    from symattn.run import main

    main(__file__)
