"""Question 1 (b): when one attention weight is overwhelmingly larger than all others."""

from symattn.vocabulary import *

DELTA, LAMBDA = IndexedBase(r"\Delta", real=True), IndexedBase(r"\lambda", nonnegative=True)
gamma, t = Symbol(r"\gamma", positive=True), Symbol("t", real=True)
h = Vector("h", d)
gaps = oracle.logit_gaps

APART = Distinct((i, j))
NAMES = Stands(DELTA, lambda index: Dot(k(i) - k(index), q), gaps)
WEIGHTS = ATTENTION.stands(alpha(l))
# A small share; samples gather where it is what the weight of key i lacks to one.
SMALL = Between(delta, S.Zero, S.One, lambda I: 1 - oracle.weights(I["k"], I["q"])[I["i"] - 1])
# The shares of a mean of the other keys; samples gather where key j has all of it.
SHARES = Simplex(LAMBDA, without=i, near=lambda I: np.eye(I["n"])[I["j"] - 1])
MIXED = Sum(LAMBDA[l] * k(l), (l, 1, n))
GIVEN = Given((APART, NAMES))
LARGE = Given((APART, Dominates(DELTA, i, delta), NAMES))
WIDE = Given((APART, WideGaps(DELTA, i, gamma), NAMES))
POINT = (SHARES, Replaced(h, MIXED, statement=r"$h = \sum_{l \ne i} \lambda_l k_l$"))
MEAN_KEY = Replaced(k(i), MIXED, statement=r"$k_i = \sum_{l \ne i} \lambda_l k_l$")
INSIDE = Given((APART, SHARES, MEAN_KEY, NAMES, WEIGHTS))
ORTHONORMAL = Given((Orthonormal("k"),))
OUTSIDE = Given((Nearest(h, i, l),))

QUESTION = Question(
    name="q1b",
    given=GIVEN,
    names=ATTENTION,
    specification=Specification(
        None,
        words("conditions on the query and the keys for {large}, with a small {delta}",
              large=F(alpha(i), r"\ge", 1 - delta)),
    ),
    symbols={
        r"\Delta_l": "gap of the logits", r"\gamma": "a gap that is exceeded",
        r"\lambda_l": "weight in a mean of the other keys", "h": "point of the hull of the other keys",
    },
)  # fmt: skip


def others(f: Expr, *more: Symbol) -> Expr:
    """The sum over all indices l but i."""
    return OffSum(f, l, n, (i, *more))


def derive() -> Derivation:
    D = Derivation(QUESTION)
    D.any(gamma)
    gap, share = DELTA[l], LAMBDA[l]
    rest = others(exp(-gap))

    # The weight is a function of the gaps, and is large exactly when their sum is small.
    D.follows("ratio", alpha(i) / alpha(l), "the denominator cancels", exp(gap))
    own_weight = 1 / (1 + rest)
    D.follows("own-weight", alpha(i), "divide by the numerator", own_weight)
    total = Symbol("R", positive=True)
    most = D.start("largest rest", own_weight - (1 - delta)).by(put({rest: total}))
    largest = most.by(solve_zero(total), expect=delta / (1 - delta)).value
    positive = positive_factor(own_weight - (1 - delta), largest - rest)
    small = Given((APART, SMALL, NAMES))
    share_kept = (alpha(i), r"\ge", 1 - delta)
    D.iff("condition", share_kept, (rest, r"\le", largest), small, factor=positive)

    # The gap that is necessary, and the norm that it forces.
    odds, need = delta / (1 - delta), log((1 - delta) / delta)
    D.at_least("necessary-gap", DELTA[j], need, LARGE)
    own_gap = (Dot(k(i) - k(j), q), DELTA[j])
    D.at_least("norm", Norm(q) * Norm(k(i) - k(j)), need, LARGE, through=own_gap)
    product, reached = Norm(q) * Norm(k(i) - h), Dot(k(i) - h, q)
    mean = others(share * exp(-gap)) / odds
    logs, lines = (-others(share * x) for x in (log(exp(-gap) / odds), exp(-gap) / odds - 1))
    lower = (need + logs, need + lines, need + 1 - mean, need + 1 - rest / odds)
    D.at_least("distance", product, need, LARGE.and_(*POINT), through=(reached, *lower))

    # The gap that suffices.
    even = D.start("equal gaps", own_weight, WIDE).by(put({gap: gamma}, "all gaps equal"))
    low = even.under("equal terms", expect=1 / (1 + (n - 1) * exp(-gamma))).value
    D.at_least("wide-gaps", alpha(i), low, WIDE, through=(own_weight,))
    alike = D.names.let(q, gamma * k(i))  # for orthonormal keys all its gaps are gamma
    D.follows("equal-gaps", alpha(i), "equal", low, ORTHONORMAL, alike)
    enough = log((n - 1) * (1 - delta) / delta)
    D.start("sufficient gap", low - (1 - delta)).by(solve_zero(gamma), expect=enough)
    wide_enough = (gamma, r"\ge", enough)
    D.iff("sufficient-gap", (low, r"\ge", 1 - delta), wide_enough, Given((APART, SMALL)))

    # A key inside the convex hull of the others cannot dominate, whatever the query.
    mixed = others(share * gap)
    D.follows("mean-gap", mixed, "the key is the others' mean", given=INSIDE)
    straight, curved = (alpha(i) * others(share * x) for x in (1 - gap, exp(-gap)))
    seen = (straight, curved, others(share * alpha(l)), others(alpha(l)))
    D.at_most("inside", alpha(i), S.Half, INSIDE, through=[(alpha(i) + x) / 2 for x in seen])

    # Outside it: no query has gaps above its norm times the distance, and one query has these.
    D.at_most("margin", gamma, product, WIDE.and_(*POINT), through=(mixed, reached))
    turned = Dot(k(i) - h, k(l) - h)
    D.start("a step from h to another key", Norm(k(i) - h - t * (k(l) - h)) ** 2).by(
        differentiate(t)
    ).by(put({t: S.Zero})).under("the slope at the start", expect=-2 * turned)
    nearest = D.names.let(q, k(i) - h)
    D.at_least("largest-margin", Dot(k(i) - k(l), q), Norm(k(i) - h) ** 2, OUTSIDE, names=nearest)
    scaled, rest_at = low.xreplace({gamma: beta * gamma}), rest.xreplace({gap: beta * gap})
    D.state(
        Squeezed, "outside", alpha(i), S.One, WIDE, D.names.let(q, beta * q),
        variable=beta, point=oo, low=scaled, high=S.One, through=(1 / (1 + rest_at),),
    )  # fmt: skip

    D.answers(
        """
        The query must lift the logit of one key far above all others. With the gaps {gaps},
            [ratio]
        so every ratio is large exactly when every gap is. For all but a small share {delta} of
        the weight,
            [condition]
        so every gap must be at least {need}, and the query so long that
            [distance]
        for every point {h} of the convex hull of the other keys. There is such a query exactly
        when {k} lies outside that hull.
        """,
        gaps=F(gap, "=", Dot(k(i) - k(l), q)), need=need, h=h, k=k(i),
    )  # fmt: skip
    D.say(
        """
        Dividing by the numerator gives {own-weight.formula}, hence {condition}. Each term is at
        most the sum, so {necessary-gap.formula}; by Cauchy and Schwarz {norm.formula}, and
        likewise {distance} for every mean {mean} of the other keys, with {share} of sum one.

        Conversely, if every gap is at least {gamma}, then
            [wide-gaps]
        attained when all gaps are equal, as for {alike} and orthonormal keys,
        {equal-gaps.formula}; and that is enough for the share:
            [sufficient-gap]

        If {inside}, the gaps have mean zero, {mean-gap.formula}: they cannot all be positive,
        and whatever the query
            [inside]
        If {k} lies outside and {h} is the nearest point of the hull, then the query {q} has
        gaps {largest-margin.formula} for all other {l}. None has a wider least gap for its
        norm: if every gap is at least {gamma}, then {margin.formula}. And with positive gaps a
        query need only be scaled:
            [outside]
        For given keys a linear program finds such a query, or the mean that forbids it.
        """,
        h=h, share=F(share, r"\ge", S.Zero), mean=F(h, "=", others(share * k(l))), gamma=gamma,
        inside=F(k(i), "=", others(share * k(l))), k=k(i), q=F(q, "=", k(i) - h),
        alike=F(q, "=", gamma * k(i)),
    )  # fmt: skip
    return D


if __name__ == "__main__":
    from symattn.run import main

    main(__file__)
