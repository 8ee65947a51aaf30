"""Question 1 (f): one key varies along its own mean; what does the output look like then?"""

from functools import partial

from symattn.vocabulary import *

KEYS = (Orthonormal(r"\mu", "the means"), GaussianKeys(mu, Sigma))
SPIKE = spiked(d, epsilon, i)
AT_I = Given((Distinct((i, j)), *KEYS, SPIKE))
ELSEWHERE = Given((Distinct((i, j, x)), *KEYS, spiked(d, epsilon, x)))
AS_PRINTED = Given((Distinct((i, j)), *KEYS, isotropic(d, epsilon)))
AMONG = Given((Distinct((i, j)),))
MEAN = (v(i) + v(j)) / 2
tau, rho, f = (Symbol(name, positive=True) for name in (r"\tau", r"\rho", "f"))
g = Symbol("g", real=True)
NORMAL = exp(-(g**2) / (2 * tau**2)) / (tau * sqrt(2 * pi))
query = partial(oracle.pair_query, family=r"\mu")


def deviation(I: Instance) -> float:
    """The standard deviation of the gap between the two logits."""
    return float(I[r"\beta"] * np.sqrt(0.5 + 4 * I[r"\epsilon"]))


QUESTION = Question(
    name="q1f",
    given=AT_I,
    names=OF_LOGITS.random(DrawnKeys(), ShareOfNormalGap(NORMAL), OutputOfNormalKeys()),
    specification=Specification(
        c, words("the law of {c} for {q}", q=F(q, "=", beta * (mu(i) + mu(j))))
    ),
    symbols={
        "x": "index of the key that varies along its mean",
        r"\tau": "standard deviation of the gap of the two logits",
        "g": "a value of that gap",
        r"\rho": "share of one key in the pair",
        "f": "density of that share",
    },
)


def far(scale: float) -> dict[str, float]:
    """A scale of the query, with noise that is small at that scale."""
    small = {r"\beta": scale, r"\epsilon": 1e-8}
    return {**small, r"\tau": deviation(small)}


def derive() -> Derivation:
    D = Derivation(QUESTION)
    D.let(q, beta * (mu(i) + mu(j)), query)
    D.any(tau, g)
    pair = Dot(k(i) - k(j), q)

    # As printed, what is added to the covariance is zero.
    printed = D.start("as printed", epsilon * Eye(d) + (mu(x) - mu(x)) / 2, AS_PRINTED)
    D.state(Identity, "as-printed", Sigma(x), printed.by(collect()).value, AS_PRINTED)

    # The varying key is one of the pair (say i): the gap of the two logits is wide.
    own, wide = (beta**2 * (S.Half + times * epsilon) for times in (2, 4))
    D.follows("logit-variance", Var(Dot(k(i), q)), "covariance with the spike", own)
    D.follows("gap-variance", Var(pair), "independent keys", wide)
    D.follows("gap-mean", Expect(pair), "orthonormal means")

    # Between i and j the weight is logistic in the gap; the others keep little.
    share = D.start("share of i", alpha(i) / (alpha(i) + alpha(j)), AMONG)
    D.identity("logistic", share.by(collect(), expect=1 / (1 + exp(z(j) - z(i)))))
    rest = OffSum(exp(z(l)), l, n, (i, j))
    D.at_most("others", 1 - alpha(i) - alpha(j), rest / exp(z(j)), AMONG)

    other = Given((Distinct((i, j, l)), *AT_I.hypotheses[1:]))
    exactly = OF_LOGITS.let(q, beta * (mu(i) + mu(j)), query).random(LinearInKeys())
    normal = "the generating function of a normal variable"
    D.follows("other-moment", Expect(exp(Dot(k(l) - k(j), q))), normal, None, other, exactly)

    # The law of the share: a normal variable through the logistic function.
    odds, sigmoid = log(rho / (1 - rho)), 1 / (1 + exp(-g))
    law = D.start("density of the share", NORMAL).by(change_of_variable(g, odds, rho)).value
    D.let(
        f, NORMAL.subs(g, odds) / (rho * (1 - rho)),
        lambda I: quadrature.logit_normal_density(I[r"\rho"], I[r"\tau"]),
    )  # fmt: skip
    inside = Given((Between(rho, S.Zero, S.One),))
    D.state(Identity, "density", f, law, inside)
    D.let(rho, sigmoid)
    symmetric = D.start("mean of the share", sigmoid + sigmoid.subs(g, -g), AMONG)
    half = D.identity("symmetric", symmetric.by(collect())).right / 2
    slope = D.start("slope of the logistic", sigmoid.diff(g), AMONG)
    slope.by(collect(), expect=sigmoid * (1 - sigmoid))
    high, low = (
        D.start("total rise", end).by(limit(g)).value for end in (sigmoid, sigmoid.subs(g, -g))
    )
    constant, even = 1 / sqrt(2 * pi), Expect(rho * (1 - rho))
    rate = D.state(
        IntegralTends, "rate", tau * even, constant * (high - low), AMONG,
        integrand=slope.value * constant, primitive=sigmoid, point=g, constant=constant,
        exponent=-(g**2) / (2 * tau**2), variable=tau, low=low, high=high,
    ).right  # fmt: skip
    second = D.start("variance of the share", half * (1 - half) - even, AMONG, Definitions())
    variance = second.by(put({even: rate / tau})).value
    D.state(
        Leading, "share-variance", Var(rho), variance, AMONG, kept=variance,
        order=tau**-3, paths=(lambda size: {r"\tau": 10 / size},),
    )  # fmt: skip

    # The output: the weight of i moves it along the segment between the two values.
    along = (softmax(i) - softmax(j)) / 2 * (v(i) - v(j))
    beside = OffSum(softmax(l) * (v(l) - MEAN), l, n, (i, j))
    split = D.start("output", c - MEAN, AMONG).by(centre(MEAN)).by(separate(i, j))
    D.identity("segment", split.by(expand_products(), expect=along + beside))
    large = Given(
        (
            *AT_I.without(Covariance),
            spiked(d, epsilon, i, (1e-6, 1e-5)),
            Large(beta, 14, 60),
            Vanishing((epsilon * beta**2,)),
            Named(tau, sqrt(wide), deviation),
        )
    )
    spiky = D.names.let(Sigma(l), SPIKE.value(l), SPIKE.array)
    between = D.start("mean output", rho * v(i) + (1 - rho) * v(j), AMONG, Definitions())
    middle = between.by(put({rho: half}, "the share has mean one half")).value
    D.state(
        Leading, "mean", Expect(c), half * (v(i) + v(j)), large, spiky, kept=middle,
        order=n * exp(-beta),
        paths=(lambda size: far(-np.log(0.05 * size)),),
    )  # fmt: skip
    spread = (v(i) - v(j)) * T(v(i) - v(j))
    along = D.start("covariance", Var(rho) * spread, AMONG, Definitions())
    covariance = along.by(put({Var(rho): variance})).value
    both = {"order": tau**-3 + n * exp(-beta), "paths": (lambda size: far(2.5 / size),)}
    D.state(
        Leading, "weight-variance", Var(alpha(i)), variance, large, spiky, kept=variance, **both
    )
    D.state(
        Leading, "covariance", Cov(c), covariance, large, spiky, kept=covariance, **both
    )  # fmt: skip

    # The varying key is neither i nor j: its logit does not see the spike.
    D.follows(
        "elsewhere", Var(Dot(k(x), q)), "the spike is orthogonal to the query", given=ELSEWHERE
    )

    D.answers(
        """
        The query is {Q}. As printed, {as-printed.formula} adds nothing, and the answer to (e)
        stands. With {spike} and {x} one
        of the pair, say {i} (for {j} exchange the two), the output becomes a fair coin as {beta}
        grows: it is close to {vi} in half of the samples and close to {vj} in the others, and
        rarely near their mean, although that is nearly its expectation. For any other {x}
        nothing changes.
            [mean, covariance]
        """,
        Q=F(q, "=", beta * (mu(i) + mu(j))), vi=v(i), vj=v(j),
        spike=F(Sigma(x), "=", epsilon * Eye(d) + mu(x) * T(mu(x)) / 2),
    )  # fmt: skip
    D.say(
        """
        Here {tau} is the standard deviation of the gap of the two logits, whose mean is 0:
            [gap-variance]
        In every sample {others.formula}, and {other-moment.formula} for every other {l}, so the
        other keys keep little
        and the output moves along the segment between the two values. Where on it, says the
        share of {i} in the pair, which is logistic in the gap, {logistic.formula}. As
        a function {share} of a normal {g} with standard deviation {tau} it has the density
            [density]
        It is symmetric, {symmetric.formula}, so its mean is {half}. With two keys the mean of
        the two values is the expectation exactly, with more keys nearly. As {tau} grows the
        share gathers at 0 and 1: for {product}, which vanishes only there,
            [rate]
        So the law of the share tends to that of a fair coin at the rate of one over {tau}, and
        the law of {c} to that which is {vi} or {vj} with probability {half} each. If {x} is
        neither {i} nor {j}, then {elsewhere.formula}, as in (e).
        """,
        tau=tau, half=half, share=F(rho, "=", sigmoid), g=g, vi=v(i), vj=v(j),
        product=rho * (1 - rho),
    )  # fmt: skip
    D.figure(
        lambda: coin_figure(law),
        "The share of one key of the pair over 20000 samples, "
        "and its density; for a small and a large scale.",
    )
    return D


def coin_figure(density: Expr) -> Figure:
    """Sampled weights of the full attention, n = 16, against the logit-normal density."""
    curves, bars = [], []
    places = np.linspace(0.005, 0.995, 199)
    for scale, style in ((3.0, "dashed"), (8.0, "line")):
        I: Instance = {"n": 16, "d": 16, "i": 1, "j": 2, r"\beta": scale, r"\epsilon": 1e-3}
        I[r"\mu"], rng = np.eye(16), np.random.default_rng([16, 1])
        logits = oracle.gaussian_logits(rng, I[r"\mu"], SPIKE.array(I), query(I), 20000)
        if style == "line":
            pair = oracle.softmax(logits)[:, :2]
            weights = pair[:, 0] / pair.sum(axis=1)
            heights, edges = np.histogram(weights, bins=40, range=(0, 1), density=True)
            bars.append(Bars(tuple(edges), tuple(heights), rf"samples, $\beta = {scale:g}$"))
        label = rf"density, $\beta = {scale:g}$"
        curves.append(curve(density, rho, places, {tau: deviation(I)}, label, style))
    return Figure(
        "coin",
        "",
        r"share $\rho$",
        "density",
        tuple(curves),
        tuple(bars),
        at={"n": 16, r"\epsilon": 1e-3},
    )


if __name__ == "__main__":
    from symattn.run import main

    main(__file__)
