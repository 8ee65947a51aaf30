"""Question 1 (e): keys that are normal around orthonormal means; how large should the query be?"""

from functools import partial

from symattn.vocabulary import *

NOISE = isotropic(d, epsilon)
AMONG = Given((Distinct((i, j)),))
GIVEN = Given((Distinct((i, j)), Orthonormal(r"\mu", "the means"), GaussianKeys(mu, Sigma), NOISE))
MEAN = (v(i) + v(j)) / 2
REST = OffSum(v(l) - MEAN, l, n, (i, j))
LITTLE = ((n - 2) * exp(-beta), epsilon * beta**2)
OTHER = Given((Distinct((i, j, l)), *GIVEN.hypotheses[1:]))
RANGE = GIVEN.and_(Vanishing(LITTLE))
A, B, L, eta, y = (Symbol(name, positive=True) for name in ("A", "B", "L", r"\eta", "y"))
r, s = Symbol("r", real=True), Symbol("s", real=True)
sigma2 = Symbol(r"\sigma", positive=True) ** 2
noise = IndexedBase("g", real=True)
"""The noise of a logit: the logit minus its mean."""

query = partial(oracle.pair_query, family=r"\mu")
COVARIANCES = (Sigma(l), NOISE.value(l), NOISE.array)
NAMES = ATTENTION.random(DrawnKeys(("n",)), OutputOfNormalKeys())


def requires(candidate: Expr) -> tuple[Claim, ...]:
    """A query is right when its output at the mean keys tends to the mean of the two values as
    its scale grows, and the noise of the two logits' gap vanishes with epsilon at every scale.

    These are two limits, one after the other; that both may be taken at once is what the bounds
    on the weights say, for our query."""
    at_means = ATTENTION.let(q, candidate).let(k(l), mu(l), lambda I: I[r"\mu"])
    noisy = Definitions().let(q, candidate).let(*COVARIANCES).random(LinearInKeys())
    gap = Var(Dot(k(i) - k(j), q))
    return (
        at_means.claim(Tends, "at-the-means", GIVEN, c, MEAN, variable=beta, point=oo),
        noisy.claim(Tends, "noise", GIVEN, gap, S.Zero, variable=epsilon, point=S.Zero),
    )


QUESTION = Question(
    name="q1e",
    given=GIVEN,
    names=NAMES,
    specification=Specification(
        q,
        words("{goal} as {eps}, with probability tending to 1",
              goal=F(c, r"\to", MEAN), eps=F(epsilon, r"\to", S.Zero)),
        requires,
    ),
    symbols={
        "A": "squared distance of the two values", "B": "squared sum of the other deviations",
        "L": "leading part of the mean squared error, at its best scale", "y": "any number",
    },
)  # fmt: skip


def shrunk(a: float, b: float, size: float) -> dict[str, float]:
    """The noise of a logit shrinks like size^a, and the weight of the others like size^b."""
    scale = -np.log(0.05 * size**b)
    return {r"\beta": scale, r"\epsilon": (0.4 * size**a) ** 2 / (2 * scale**2)}


PATHS = tuple(partial(shrunk, *powers) for powers in ((1, 1), (2, 1), (1, 4 / 3), (1, 3)))


def derive() -> Derivation:
    D = Derivation(QUESTION)
    Q = D.let(q, beta * (mu(i) + mu(j)), query)
    D.answered("query", Q)

    # The logits are normal; their exact mean and variance.
    means, both = "orthonormal means", "covariance epsilon I, orthonormal means"
    logit_mean = D.follows("logit-mean", Expect(Dot(k(l), q)), means).right
    D.follows("pair-logit", Expect(Dot(k(i), q)), means)
    D.follows("other-logit", Expect(Dot(k(l), q)), means, given=OTHER)
    logit_var = D.follows("logit-variance", Var(Dot(k(l), q)), both).right
    D.follows("gap-variance", Var(Dot(k(i) - k(j), q)), "independent keys")

    # In every sample the two weights are as close as their logits, and leave little to the
    # others; the gap and the expectation of what they keep are known.
    others = OffSum(exp(z(l)), l, n, (i, j))
    low = others / (2 * exp((z(i) + z(j)) / 2))
    D.at_most("rest", 1 - alpha(i) - alpha(j), low, AMONG, names=OF_LOGITS)
    D.follows("ratio", alpha(i) / alpha(j), "cancel", exp(z(i) - z(j)), AMONG, OF_LOGITS)
    exactly = ATTENTION.let(q, Q, query).random(LinearInKeys())
    power = Expect(exp(Dot(k(l) - (k(i) + k(j)) / 2, q)))
    normal = "the generating function of a normal variable"
    D.follows("rest-moment", power, normal, given=OTHER, names=exactly)
    integrated = D.names.let(*COVARIANCES)

    # The output to first order in the noise g and in the weight of the others, eta = exp(-beta).
    def noisy(index: Expr) -> Expr:
        return logit_mean.subs(l, index) + noise[index]

    start = Sum(softmax(l, noisy) * v(l), (l, 1, n)) - MEAN
    path = D.start("output with noise", start).by(centre(MEAN)).by(separate(i, j))
    path.by(inside(GIVEN, "sum over the keys")).by(in_terms_of(beta, eta))
    exact = path.value
    small = Small("g", r, (eta,), s)
    target = (noise[i] - noise[j]) / 4 * (v(i) - v(j)) + eta / 2 * REST
    linear = path.by(leading(small, [(1, 0), (0, 1)]), expect=target).value
    expectation = gaussian_moment({noise[i]: sigma2, noise[j]: sigma2})
    to_scale = put({sigma2: logit_var, eta: exp(-beta)})

    # Mean and covariance of the output.  The noise alone gives
    # no bias: exchanging i and j changes its sign, and the two have one law.
    bias = D.start("mean of c", linear).by(expectation, expect=eta / 2 * REST).by(to_scale).value
    alone = noise_only(small).apply(exact)
    D.state(
        Leading, "mean", Expect(c) - MEAN, bias, RANGE, integrated, paths=PATHS, kept=bias,
        order=n**2 * exp(-2 * beta) + n * epsilon * beta**2 * exp(-beta),
        dropped=(alone + exchanged(alone, noise[i], noise[j]),),
    )  # fmt: skip
    part = leading(small, [(1, 0)]).apply(exact)
    spread = D.start("covariance of c", part * T(part)).by(expectation)
    spread.by(to_scale, expect=epsilon * beta**2 / 4 * (v(i) - v(j)) * T(v(i) - v(j)))
    D.state(
        Leading, "covariance", Cov(c), spread.value, RANGE, integrated, paths=PATHS,
        kept=spread.value, order=epsilon**2 * beta**4 + n * epsilon * beta**2 * exp(-beta),
    )  # fmt: skip

    # The mean squared error as a function of the scale, and where it is least.
    u, w = Vector("u", d), Vector("w", d)
    letters = {v(i) - v(j): u, REST: w}
    square = D.start("squared error", Dot(linear, linear).xreplace(letters)).by(expectation)
    total = square.by(to_scale).by(put({Dot(u, u): A, Dot(w, w): B})).value
    sizes = (Named(A, Norm(v(i) - v(j)) ** 2), Named(B, Norm(REST) ** 2))
    error = Expect(Norm(c - MEAN) ** 2)
    D.state(
        Leading, "squared-error", error, total, RANGE.and_(*sizes), integrated, paths=PATHS,
        kept=total,
        order=epsilon**2 * beta**4 + n * epsilon * beta**2 * exp(-beta) + n**3 * exp(-3 * beta),
    )  # fmt: skip
    D.any(A, B, beta, epsilon, y)
    plain = Given(())
    best = D.start("best scale", total.diff(beta)).by(solve_zero(beta)).value
    D.state(Minimal, "best-scale", beta, best, plain, f=total)
    balance = D.start("balance at the best scale", total.diff(beta)).by(solve_zero(B)).value
    least = D.start("least error", total).by(put({B: balance})).by(collect()).value
    D.let(L, total.subs(beta, best))
    D.state(Identity, "least-error", L, least.subs(beta, best), plain)

    D.answers(
        """
        As in (c), with the means in place of the keys, and a scale that is neither too small
        nor too large:
            [query]
        with {low} and {high}. Then the output is close to the mean of the two values in nearly
        every sample. With {A} and {B},
            [squared-error]
        """,
        low=F(LITTLE[0], r"\ll", S.One), high=F(LITTLE[1], r"\ll", S.One),
        A=F(A, "=", Norm(v(i) - v(j)) ** 2), B=F(B, "=", Norm(REST) ** 2),
    )  # fmt: skip
    D.say(
        """
        For this query the logits are independent and normal, with {pair-logit.formula} and the
        same for {j}, {other-logit.formula} for every other {l}, and {logit-variance.formula}.

        The scale has two sides. It must be so large that the other {many} keys keep little
        weight; of two keys there are no others, and it need not be large at all. And it must be
        so small that the noise of the gap, {gap-variance.formula}, does not decide between {i}
        and {j}. In every sample
            [ratio, rest]
        where the gap is normal with mean zero, and {rest-moment.formula} for every other {l}. So
        whatever {n} is, as {low} and {high} vanish both weights tend to {half} in probability,
        and {c} to the mean. To leading order
            [mean, covariance]
        In {squared-error} the first term falls and the second grows with the scale. Their sum
        is least at
            [best-scale]
        with the Lambert function, {law}; there it is
            [least-error]
        """,
        many=n - 2, low=LITTLE[0], high=LITTLE[1], half=S.Half,
        law=F(LambertW(y) * exp(LambertW(y)), "=", y),
    )  # fmt: skip
    D.figure(
        lambda: error_figure(total, best, integrated.oracle(error)),
        "Mean squared error against the scale, for values in general position: integrated "
        "exactly (dots) and to leading order (line); the mark is the best scale.",
    )
    return D


def error_figure(leading: Expr, best: Expr, exact: Oracle) -> Figure:
    """Three keys in general position, at one small epsilon."""
    values, size = np.random.default_rng(5).normal(size=(3, 2)), 2e-4
    I: Instance = {"n": 3, "d": 3, "i": 1, "j": 2, "v": values, r"\mu": np.eye(3)}
    at = {name: compiled(x)(I) for name, x in ((A, Norm(v(i) - v(j)) ** 2), (B, Norm(REST) ** 2))}
    at[epsilon] = I[r"\epsilon"] = size
    fine, coarse = np.linspace(0.5, 12, 200), np.linspace(0.75, 12, 24)
    dots = tuple(float(exact({**I, r"\beta": scale})) for scale in coarse)
    return Figure(
        "error", "", r"scale $\beta$", "mean squared error",
        (
            curve(leading, beta, fine, at, "leading order"),
            Curve(tuple(coarse), dots, "exact", "dots"),
        ),
        marks=(Mark(curve(best, beta, [1.0], at).y[0], r"$\beta = W/2$"),), ylog=True,
        at={"n": 3, r"\epsilon": size},
    )  # fmt: skip


if __name__ == "__main__":
    from symattn.run import main

    main(__file__)
