"""Question 1 (f): one key varies along its own mean; what does the output look like then?"""

from __future__ import annotations

from functools import partial

import numpy as np
from scipy.integrate import quad
from scipy.special import expit, ndtr
from sympy import Rational, S, Sum, Symbol, exp, log, pi, sqrt

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
    mu,
    n,
    q,
    softmax,
    v,
    x,
    z,
)
from symattn.algebra.letters import Cov, Dot, Expect, OffSum, T, Var
from symattn.algebra.letters import Identity as Eye
from symattn.check import oracle
from symattn.derive.claim import (
    Claim,
    Exact,
    Identity,
    Inequality,
    IntegralTends,
    Leading,
    Sampled,
)
from symattn.derive.derivation import Derivation
from symattn.derive.noise import change_of_variable
from symattn.derive.prose import F, Text
from symattn.derive.question import Question, Specification
from symattn.derive.rules import centre, collect, expand_products, limit, separate, under
from symattn.hypotheses.base import Given, Instance
from symattn.hypotheses.families import Between, Distinct, Large, Named, Orthonormal
from symattn.hypotheses.gaussian import Covariance, GaussianKeys, isotropic, spiked
from symattn.pages.model import Bars, Curve, Figure

KEYS = (Orthonormal(r"\mu", "the means"), GaussianKeys(mu, Sigma))
AT_I = Given((Distinct((i, j)), *KEYS, spiked(d, epsilon, i)))
ELSEWHERE = Given((Distinct((i, j, x)), *KEYS, spiked(d, epsilon, x)))
AS_PRINTED = Given((Distinct((i, j)), *KEYS, isotropic(d, epsilon)))
MEAN = (v(i) + v(j)) / 2
tau = Symbol(r"\tau", positive=True)
y, a = Symbol("y", real=True), Symbol("a", positive=True)


def query(I: Instance) -> np.ndarray:
    return np.asarray(I[r"\beta"] * (I[r"\mu"][I["i"] - 1] + I[r"\mu"][I["j"] - 1]))


def sampled(I: Instance, *indices: str, count: int = 2000) -> np.ndarray:
    """Draw the named keys themselves, and return their logits: (count, len(indices))."""
    rng, at = np.random.default_rng([I["n"], I["i"]]), [I[index] - 1 for index in indices]
    drawn = oracle.gaussian_keys(rng, I[r"\mu"][at], I[r"\Sigma"][at], count)
    return np.asarray(drawn @ query(I))


def variance(samples: np.ndarray) -> oracle.Estimate:
    return oracle.mean_of((samples - samples.mean()) ** 2 * len(samples) / (len(samples) - 1))


def density_by_difference(I: Instance) -> float:
    """The slope of the distribution function P(weight <= a) = Phi(logit(a) / tau)."""
    step = 3e-4 * I["a"] * (1 - I["a"]) * min(I[r"\tau"], 1.0)
    tail = -1 if I["a"] > 0.5 else 1  # by symmetry: near 1 the difference would be lost

    def rise(width: float) -> float:
        high, low = I["a"] + width, I["a"] - width
        ends = [ndtr(tail * np.log(at / (1 - at)) / I[r"\tau"]) for at in (high, low)]
        return tail * float(ends[0] - ends[1]) / (2 * width)

    return (4 * rise(step) - rise(2 * step)) / 3  # Richardson: the error is of fourth order


def integral(I: Instance) -> float:
    """tau times the mean of weight times one minus weight, integrated numerically."""

    def f(y: float) -> float:
        return float(expit(y) * expit(-y) * np.exp(-(y**2) / (2 * I[r"\tau"] ** 2)))

    return float(quad(f, -60, 60, points=[0.0], limit=200)[0] / np.sqrt(2 * np.pi))


def exact_variance(I: Instance) -> Exact:
    width = 10.0 / I["shrink"]
    return Exact(0.25 - integral({**I, r"\tau": width}) / width, {r"\tau": width})


def deviation(I: Instance) -> float:
    return float(I[r"\beta"] * np.sqrt(0.5 + 4 * I[r"\epsilon"]))


def mean(I: Instance) -> np.ndarray:
    return np.asarray((I["v"][I["i"] - 1] + I["v"][I["j"] - 1]) / 2)


def drawn(I: Instance, count: int = 4000) -> np.ndarray:
    """Draw the logits alone: they are independent normals."""
    rng = np.random.default_rng([I["n"], I["i"]])
    means, variances = np.zeros(I["n"]), np.full(I["n"], 2 * I[r"\epsilon"] * I[r"\beta"] ** 2)
    means[[I["i"] - 1, I["j"] - 1]] = I[r"\beta"]
    variances[I["i"] - 1] += I[r"\beta"] ** 2 / 2
    return np.asarray(means + np.sqrt(variances) * rng.normal(size=(count, I["n"])))


def sampled_mean(I: Instance) -> oracle.Estimate:
    return oracle.mean_of(oracle.softmax(drawn(I)) @ I["v"])


def sampled_covariance(I: Instance) -> oracle.Estimate | None:
    if I["n"] > 5:
        return None  # few keys and many samples: the term in 1 / tau is small
    outputs = oracle.softmax(drawn(I, 60_000)) @ I["v"]
    spread = outputs - outputs.mean(axis=0)
    return oracle.mean_of(spread[:, :, None] * spread[:, None, :])


QUESTION = Question(
    name="q1f",
    given=AT_I,
    specification=Specification(
        unknown=c,
        wanted=Text.of("the law of {c} for {q}", {"c": c, "q": F(q, "=", beta * (mu(i) + mu(j)))}),
        requires=lambda candidate: (),
    ),
    symbols={
        r"\mu_l": "mean of the key, orthonormal",
        "x": "index of the key that varies along its mean",
        r"\tau": "standard deviation of the gap between the two logits",
    },
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    Q = beta * (mu(i) + mu(j))
    pair = Dot(k(i) - k(j), q)

    # As printed, what is added to the covariance is zero.
    printed = D.start("as printed", epsilon * Eye(d) + (mu(x) - mu(x)) / 2, AS_PRINTED).by(
        collect()
    )
    as_printed = D.identity(
        "as-printed",
        Sigma(x),
        printed,
        lambda I: I[r"\Sigma"][I["x"] - 1],
        left=Sigma(x),
    )

    # The varying key is one of the pair (say i): the gap of the two logits is wide.
    own = D.start("variance of the logit", Var(Dot(k(i), Q)), AT_I).by(
        under(AT_I, "covariance with the spike"), expect=beta**2 * (Rational(1, 2) + 2 * epsilon)
    )
    D.identity("logit-variance", Var(Dot(k(i), q)), own, lambda I: variance(sampled(I, "i")[:, 0]))
    wide = D.start("variance of the gap", Var(Dot(k(i) - k(j), Q)), AT_I).by(
        under(AT_I, "independent keys"), expect=beta**2 * (Rational(1, 2) + 4 * epsilon)
    )
    gap_var = D.identity(
        "gap-variance",
        Var(pair),
        wide,
        lambda I: variance(-np.diff(sampled(I, "i", "j"))[:, 0]),
    )
    centred = D.start("mean of the gap", Expect(Dot(k(i) - k(j), Q)), AT_I).by(
        under(AT_I, "orthonormal means")
    )
    D.identity(
        "gap-mean",
        Expect(pair),
        centred,
        lambda I: oracle.mean_of(-np.diff(sampled(I, "i", "j"))[:, 0]),
    )

    # Between i and j the weight is logistic in the gap; the others keep little.
    among = Given((Distinct((i, j)),))
    logistic = D.start("share of i", softmax(i) / (softmax(i) + softmax(j)), among).by(
        collect(), expect=1 / (1 + exp(z(j) - z(i)))
    )
    share = D.identity(
        "logistic",
        alpha(i) / (alpha(i) + alpha(j)),
        logistic,
        lambda I: (
            oracle.softmax(I["z"])[I["i"] - 1]
            / oracle.softmax(I["z"])[[I["i"] - 1, I["j"] - 1]].sum()
        ),
    )
    others = OffSum(exp(z(l)), l, n, (i, j))
    pairs = exp(z(i)) + exp(z(j))
    rest = D.claim(
        Inequality(
            name="others",
            given=among,
            shown=1 - alpha(i) - alpha(j),
            relation=r"\le",
            left=1 - softmax(i) - softmax(j),
            right=others / exp(z(j)),
            slack=others * (exp(z(i)) + others) / (exp(z(j)) * (pairs + others)),
            oracle=lambda I: 1 - oracle.softmax(I["z"])[[I["i"] - 1, I["j"] - 1]].sum(),
        )
    )

    # The law of the weight: a normal variable through the logistic function.
    normal = exp(-(y**2) / (2 * tau**2)) / (tau * sqrt(2 * pi))
    law = D.start("density of the weight", normal).by(change_of_variable(y, log(a / (1 - a)), a))
    inside = Given((Between(a, S.Zero, S.One),))
    density = D.claim(
        Identity(
            name="density",
            given=inside,
            shown=Symbol("f", positive=True),
            left=normal.subs(y, log(a / (1 - a))) / (a * (1 - a)),
            right=law.value,
            oracle=density_by_difference,
            ranges={r"\tau": (0.3, 10)},
        )
    )
    sigmoid = 1 / (1 + exp(-y))
    symmetric = D.start("mean of the weight", sigmoid + sigmoid.subs(y, -y), among).by(collect())
    D.identity(
        "symmetric",
        sigmoid + sigmoid.subs(y, -y),
        symmetric,
        lambda I: expit(I["y"]) + expit(-I["y"]),
    )
    rise = sigmoid.diff(y)
    both = D.start("slope of the logistic", rise, among).by(
        collect(), expect=sigmoid * (1 - sigmoid)
    )
    constant = 1 / sqrt(2 * pi)
    high = D.start("total rise", sigmoid).by(limit(y)).value
    low = D.start("total rise", sigmoid.subs(y, -y)).by(limit(y)).value
    rate = D.claim(
        IntegralTends(
            name="rate",
            given=among,
            shown=tau * Expect(alpha(i) * (1 - alpha(i))),
            right=constant * (high - low),
            integrand=both.value * constant,
            primitive=sigmoid,
            point=y,
            constant=constant,
            exponent=-(y**2) / (2 * tau**2),
            variable=tau,
            low=low,
            high=high,
            oracle=integral,
        )
    )
    weight_variance = Rational(1, 4) - rate.right / tau
    D.claim(
        Leading(
            name="weight-variance",
            given=among,
            shown=Var(alpha(i)),
            right=weight_variance,
            kept=weight_variance,
            order=tau**-3,
            exact=exact_variance,
            oracle=exact_variance,
        )
    )

    # The output: the weight of i moves it along the segment between the two values.
    start = Sum(softmax(l) * v(l), (l, 1, n)) - MEAN
    split = (
        D.start("output", start, among)
        .by(centre(MEAN))
        .by(separate(i, j))
        .by(
            expand_products(),
            expect=(softmax(i) - softmax(j)) / 2 * (v(i) - v(j))
            + OffSum(softmax(l) * (v(l) - MEAN), l, n, (i, j)),
        )
    )
    D.claim(
        Identity(
            name="segment",
            given=among,
            shown=c - MEAN,
            left=start,
            right=split.value,
            oracle=lambda I: oracle.softmax(I["z"]) @ I["v"] - mean(I),
        )
    )
    far = Given(
        (
            *AT_I.without(Covariance),
            spiked(d, epsilon, i, (1e-6, 1e-5)),
            Large(beta, 14, 60),
            Named(tau, sqrt(gap_var.right), deviation),
        )
    )
    half = symmetric.value / 2
    mean_claim = D.claim(
        Leading(
            name="mean",
            given=far,
            shown=Expect(c),
            right=half * (v(i) + v(j)),
            kept=half * v(i) + (1 - half) * v(j),
            order=n * exp(-beta),
            exact=Sampled(sampled_mean),
            oracle=sampled_mean,
        )
    )
    spread = (v(i) - v(j)) * T(v(i) - v(j))
    cov_claim = D.claim(
        Leading(
            name="covariance",
            given=far,
            shown=Cov(c),
            right=weight_variance * spread,
            kept=weight_variance * spread,
            order=tau**-3 + n * exp(-beta),
            exact=Sampled(sampled_covariance),
            oracle=sampled_covariance,
        )
    )

    # The varying key is neither i nor j: its logit does not see the spike.
    away = D.start("elsewhere", Var(Dot(k(x), Q)), ELSEWHERE).by(
        under(ELSEWHERE, "the spike is orthogonal to the query")
    )
    elsewhere = D.identity(
        "elsewhere", Var(Dot(k(x), q)), away, lambda I: variance(sampled(I, "x")[:, 0])
    )

    D.answers(
        "As printed, {zero} adds nothing, and the answer to (e) stands. With {spike} and "
        "{x} one of the pair, say {xi}, the output becomes a fair coin as {beta} grows: it "
        "is close to {vi} in half of the samples and close to {vj} in the others, and rarely "
        "near their mean, which is still its expectation. For any other {x} nothing changes.",
        zero=F(Sigma(x), "=", as_printed.right),
        spike=F(Sigma(x), "=", epsilon * Eye(d) + mu(x) * T(mu(x)) / 2),
        x=x,
        xi=F(x, "=", i),
        beta=beta,
        vi=v(i),
        vj=v(j),
    )
    D.show(mean_claim, cov_claim, first=True)
    D.say(
        "Here {tau} is the standard deviation of the gap of the two logits, whose mean is 0:",
        tau=tau,
    )
    D.show(gap_var)
    D.say(
        "Between {i} and {j} the weight is logistic in that gap, {logistic}, and the others keep "
        "little, {rest}. So the weight of {i} is logit-normal, with density, at a point {a} between "
        "0 and 1,",
        a=a,
        i=i,
        j=j,
        logistic=F(share.shown, "=", share.right),
        rest=F(rest.shown, r"\le", rest.right),
    )
    D.show(density)
    D.say(
        "It is symmetric, so its mean is {half}. As {tau} grows it gathers at 0 and 1, at the rate",
        half=half,
        tau=tau,
    )
    D.show(rate)
    D.say(
        "so the covariance of {c} reaches a quarter of {spread} like one over {tau}. If {x} is "
        "neither {i} nor {j}, then {var}, as in (e).",
        c=c,
        spread=spread,
        tau=tau,
        x=x,
        i=i,
        j=j,
        var=F(elsewhere.shown, "=", elsewhere.right),
    )
    D.figure(
        partial(coin_figure, density),
        "The weight of one key of the pair over 20000 samples "
        "of 16 keys, and the density; for a small and a large scale.",
    )
    return D


def coin_figure(claim: Claim) -> Figure:
    """Sampled weights of the full attention, n = 16, against the logit-normal density."""
    curves, bars = [], []
    places = np.linspace(0.005, 0.995, 199)
    for scale, style in ((3.0, "dashed"), (8.0, "line")):
        I: Instance = {"n": 16, "i": 1, "j": 2, r"\beta": scale, r"\epsilon": 1e-3}
        weights = oracle.softmax(drawn(I, 20000))[:, 0]
        if style == "line":
            heights, edges = np.histogram(weights, bins=40, range=(0, 1), density=True)
            bars.append(Bars(tuple(edges), tuple(heights), rf"samples, $\beta = {scale:g}$"))
        height = compiled(claim.right)({"a": places, r"\tau": deviation(I)})
        curves.append(Curve(tuple(places), tuple(height), rf"density, $\beta = {scale:g}$", style))
    return Figure("coin", "", r"weight $\alpha_i$", "density", tuple(curves), tuple(bars))


if __name__ == "__main__":
    from symattn.run import main

    main(__file__)
