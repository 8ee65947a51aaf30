"""Question 1 (c): the query that makes the output the mean of two values, for orthonormal keys."""

from functools import partial

from symattn.vocabulary import *

GIVEN = Given((Distinct((i, j)), Orthonormal("k")))
OTHER = Given((Distinct((i, j, l)), Orthonormal("k")))
MEAN = (v(i) + v(j)) / 2
R, eta, gamma = (Symbol(s, positive=True) for s in ("R", r"\eta", r"\gamma"))
w, offset = Vector("w", d), IndexedBase(r"\kappa", real=True)
r = Symbol("r", integer=True, positive=True)
GENERAL = (AffineCoordinates("v", "u", offset), ATTENTION.stands(alpha(l)))


def u(index: Expr) -> Expr:
    """The vector that reads the weight of a value off the output."""
    return Member("u", index, d)


query = partial(oracle.pair_query, family="k")
ORTHONORMAL = "the keys are orthonormal"


def requires(candidate: Expr) -> tuple[Claim, ...]:
    """A query is right when its output tends to the mean of the two values as its scale grows."""
    names = ATTENTION.let(q, candidate)
    return (names.claim(Tends, "specification", GIVEN, c, MEAN, variable=beta, point=oo),)


QUESTION = Question(
    name="q1c",
    given=GIVEN,
    names=ATTENTION,
    specification=Specification(
        q,
        words("{goal} as the scale {beta} of the query grows", goal=F(c, r"\to", MEAN)),
        requires,
    ),
    symbols={
        "w": "vector orthogonal to the keys",
        "R": "bound on the distance of the other values",
        r"\eta": "bound on the error",
        r"\gamma": "a gap that is exceeded",
        "r": "any index",
        "u_l": "what reads a weight off the output",
        r"\kappa_l": "what reads a weight off the output",
    },
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    D.any(beta, R)

    # The query: its logits must be equal at i and j, and larger there than elsewhere.
    free = GIVEN.and_(Perpendicular(w, "k"))
    general = D.let(q, Sum(z(r) * k(r), (r, 1, n)) + w)
    D.follows("any-logit", Dot(k(l), q), ORTHONORMAL, given=free)
    every = D.names
    picked = {z(r): beta * (KroneckerDelta(r, i) + KroneckerDelta(r, j)), w: S.Zero}
    built = D.start("two equal logits", general).by(put(picked)).by(split_deltas())
    Q = D.let(q, built.value, query)
    D.claim(*requires(Q))

    # Its weights for every finite scale, and their limit.
    w_i = D.follows("weight", alpha(i), ORTHONORMAL)
    D.follows("weight-j", alpha(j), ORTHONORMAL)
    D.follows("other-weight", alpha(l), ORTHONORMAL, given=OTHER)
    half = D.start("limit of the weight", w_i.right).by(limit(beta)).value
    D.state(Tends, "weight-limit", alpha(i), half, variable=beta, point=oo)
    lack = D.start("what the weight lacks", half - w_i.right).by(collect()).value
    cap = D.start("a smaller denominator", lack).by(put({2 * exp(beta) + n - 2: 2 * exp(beta)}))
    floor = D.at_least("weight-bound", alpha(i), half - cap.value, through=(w_i.right,))
    two = GIVEN.and_(Exactly(2))
    D.follows("two-keys", alpha(i), f"{ORTHONORMAL}, n = 2", given=two)

    # The exact error, its bound, and the scale that a given error needs.
    gap = D.start("error", c - MEAN).by(centre(MEAN)).by(separate(i, j))
    err = D.identity("error", gap.by(inside(GIVEN, ORTHONORMAL)))
    norm = Norm(v(l) - MEAN)
    middle = D.start("bound", Norm(err.right)).by(triangle()).value
    top = D.start("bound", middle).by(bound_each(norm, R)).value
    bounded = GIVEN.and_(Bounded(norm, l, R, (i, j)))
    D.at_most("error-bound", Norm(c - MEAN), top, bounded, through=(Norm(err.right), middle))
    least = D.start("scale for an error", top - eta).by(solve_zero(beta)).value
    more = Given((AtLeast(3), Above(R, eta)))
    D.iff("scale", (top, r"\le", eta), (beta, r"\ge", least), more)
    # Every query that works: its logits, and what an output in general position says of them.
    D.names = every
    D.follows("any-ratio", alpha(i) / alpha(j), ORTHONORMAL, exp(z(i) - z(j)), free)
    rest = OffSum(exp(z(l)), l, n, (i, j)) / (exp(z(i)) + exp(z(j)))
    others, bound = (1 - alpha(i) - alpha(j), r"\le", delta), (rest, r"\le", delta / (1 - delta))
    small = free.and_(Between(delta, S.Zero, S.One))
    D.iff("any-rest", others, bound, small, factor=(1 - delta) / (1 + rest))
    D.names = ATTENTION
    D.positive("never-exact", alpha(l), OTHER)
    own, other = GIVEN.and_(*GENERAL), OTHER.and_(*GENERAL)
    D.state(Identity, "own-coordinate", Dot(u(i), c - MEAN), alpha(i) - S.Half, own)
    D.state(Identity, "coordinate", Dot(u(l), c - MEAN), alpha(l), other)

    # The query of least norm for a given gap, among all queries that have it.
    smallest = gamma * (k(i) + k(j)) - 2 * gamma / n * Sum(k(l), (l, 1, n))
    over = OffSum(Dot(k(i) + k(j) - 2 * k(l), q) - 2 * gamma, l, n, (i, j))
    least_square = 2 * gamma**2 * (n - 2) / n
    ahead, slack = GIVEN.and_(PairAhead(i, j, gamma, d)), Norm(q - smallest) ** 2
    slack += 2 * gamma / n * over
    D.at_least("least-norm", Norm(q) ** 2, least_square, ahead, slack=slack)
    D.any(gamma)
    D.let(q, put({beta: gamma}).apply(Q))
    D.follows("simple-norm", Norm(q) ** 2, ORTHONORMAL)
    D.let(q, smallest)
    D.follows("attained", Norm(q) ** 2, ORTHONORMAL, least_square)

    D.answers(
        """
        Take {Q} with a large positive scale {beta}; the output tends to the mean of the two
        values:
            [specification]
        """,
        Q=F(q, "=", Q),
    )  # fmt: skip
    D.say(
        """
        The keys are orthonormal, so the logits are {beta} at {i} and {j} and {o} elsewhere.
        Hence, at every finite scale,
            [weight, other-weight]
        and {aj} has the same value as {ai}, with {weight-bound.formula}. What the output misses
        is exactly
            [error]
        If {norm} for all other {l}, then {error-bound.formula}, and
            [scale]

        For {two} every scale is exact, for then {two-keys.formula}. For {many} and values in
        general position no finite query is exact: with {read} for suitable {u} and {kappa},
            [coordinate]
        so the output gives the weights back, and every weight is positive.

        All queries that work: with {q}, where {w} is orthogonal to all keys, the logits are
        {any-logit.formula}, and
            [any-ratio, any-rest]
        So the two weights tend to {half} each if and only if the logits of {i} and {j} become
        equal and exceed every other by more and more. For values in general position the output
        tends to the mean only then, by {coordinate} and {own-coordinate.formula}.

        Among all queries whose logits at {i} and {j} exceed the others by {gamma}
            [least-norm]
        attained by {least}; the simple query {simple} has
        {simple-norm.formula}.
        """,
        o=S.Zero, aj=alpha(j), ai=alpha(i), norm=F(norm, r"\le", R), half=half,
        many=F(n, r"\ge", 3), two=F(n, "=", 2), q=F(q, "=", general), w=w, gamma=gamma,
        read=F(Dot(u(l), v(m)) + offset[l], "=", KroneckerDelta(l, m)), u=u(l), kappa=offset[l],
        least=F(q, "=", smallest), simple=F(q, "=", put({beta: gamma}).apply(Q)),
    )  # fmt: skip
    D.figure(
        lambda: weight_figure(w_i.right, floor.right),
        "Each of the two weights against the scale of the query, for three numbers of keys: "
        "exact (lines) and the lower bound (dashed). The limit is {half}.", half=half,
    )  # fmt: skip
    return D


def weight_figure(exact: Expr, bound: Expr) -> Figure:
    scales, curves = np.linspace(0, 12, 121), []
    for count in (4, 32, 1024):
        curves.append(curve(exact, beta, scales, {n: count}, f"$n = {count}$"))
        curves.append(curve(bound, beta, scales, {n: count}, style="dashed", least=0))
    return Figure("weights", "", r"scale $\beta$", r"weight $\alpha_i$", tuple(curves))


if __name__ == "__main__":
    from symattn.run import main

    main(__file__)
