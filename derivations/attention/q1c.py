"""Question 1 (c): the query that makes the output the mean of two values, for orthonormal keys."""

from __future__ import annotations

from functools import partial

from symattn.vocabulary import *

GIVEN = Given((Distinct((i, j)), Orthonormal("k")))
OTHER = Given((Distinct((i, j, l)), Orthonormal("k")))
MEAN = (v(i) + v(j)) / 2
R, eta, Delta, t = (Symbol(s, positive=True) for s in ("R", r"\eta", r"\Delta", "t"))
w = Vector("w", d)
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
    symbols={"q": "query", "k_l": "key", "v_l": "value", r"\beta": "scale of the query"},
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    D.any(beta, R, t, Delta)

    # The query: its logits must be equal at i and j, and larger there than elsewhere.
    free = GIVEN.and_(Perpendicular(w, "k"))
    general = D.let(q, Sum(z(m) * k(m), (m, 1, n)) + w)
    D.identity("any-logit", D.start("logits of any query", Dot(k(l), q), free).under(ORTHONORMAL))
    picked = {z(m): beta * (KroneckerDelta(m, i) + KroneckerDelta(m, j)), w: S.Zero}
    built = D.start("two equal logits", general).by(put(picked)).by(split_deltas())
    Q = D.let(q, built.value, query)
    D.claim(*requires(Q))

    # Its weights for every finite scale, and their limit.
    w_i = D.identity("weight", D.start("weight", alpha(i)).under(ORTHONORMAL))
    D.identity("weight-j", D.start("weight of j", alpha(j)).under(ORTHONORMAL))
    D.identity("other-weight", D.start("other weight", alpha(l), OTHER).under(ORTHONORMAL))
    half = D.start("limit of the weight", w_i.right).by(limit(beta)).value
    D.state(Tends, "weight-limit", alpha(i), half, variable=beta, point=oo)
    lack = D.start("what the weight lacks", half - w_i.right).by(collect()).value
    cap = D.start("a smaller denominator", lack).by(put({2 * exp(beta) + n - 2: 2 * exp(beta)}))
    spare = collect().apply(cap.value - lack)
    floor = D.at_least("weight-bound", alpha(i), half - cap.value, slack=spare)
    two = GIVEN.and_(Exactly(2))
    D.identity("two-keys", D.start("two keys", alpha(i), two).under(f"{ORTHONORMAL}, n = 2"))

    # The exact error, its bound, and the scale that a given error needs.
    gap = D.start("error", c - MEAN).by(centre(MEAN)).by(separate(i, j))
    err = D.identity("error", gap.by(inside(GIVEN, ORTHONORMAL)))
    norm = Norm(v(l) - MEAN)
    middle = D.start("bound", Norm(err.right)).by(triangle()).value
    top = D.start("bound", middle).by(bound_each(norm, R)).value
    D.at_most(
        "error-bound", Norm(c - MEAN), top, GIVEN.and_(Bounded(norm, l, R, (i, j))),
        middle=middle, theorems=(Theorem("triangle", Norm(err.right), middle),),
        slack=OffSum(R - norm, l, n, (i, j)) / (middle / OffSum(norm, l, n, (i, j))) ** -1,
    )  # fmt: skip
    least = D.start("scale for an error", top - eta).by(solve_zero(beta)).value
    D.iff(
        "scale", (top, r"\le", eta), (beta, r"\ge", least), Given((AtLeast(3), Above(R, eta))),
        increasing=exp,
    )  # fmt: skip
    D.positive("never-exact", alpha(l), OTHER, names=ATTENTION)

    # Every query that works, and the one of least norm for a given gap.
    logits = D.names.of(OF_LOGITS)
    ratio = D.start("ratio of any weights", alpha(i) / alpha(j), names=logits)
    D.identity("any-ratio", ratio.under("cancel"))
    left_over = OffSum(exp(z(l)), l, n, (i, j)) / (exp(z(i)) + exp(z(j)))
    D.state(Identity, "any-rest", 1 / (alpha(i) + alpha(j)) - 1, left_over, names=logits)
    three = GIVEN.and_(AtLeast(3))
    level = {z(m): t - Delta * (1 - KroneckerDelta(m, i) - KroneckerDelta(m, j)), w: S.Zero}
    shifted = D.start("a gap of exactly Delta", general).by(put(level)).by(split_deltas()).value
    D.let(q, shifted)
    square = D.start("its norm", Norm(q) ** 2, three).under(ORTHONORMAL).value
    lowest = D.start("least norm", square.diff(t)).by(solve_zero(t)).value
    D.state(Minimal, "least-norm-level", t, lowest, three, f=Norm(q) ** 2)
    D.let(q, put({beta: Delta}).apply(Q))
    D.identity("simple-norm", D.start("norm of the simple query", Norm(q) ** 2).under(ORTHONORMAL))
    smallest = D.start("query of least norm", shifted).by(put({t: lowest})).by(split_deltas())
    D.let(q, smallest.value)
    D.identity("least-norm", D.start("least norm", Norm(q) ** 2, three).under(ORTHONORMAL))

    D.answers(
        """
        Take {Q} with a large scale {b}; the output tends to the mean of the two values:
            [specification]
        """,
        Q=F(q, "=", Q), b=F(beta, ">", 0),
    )  # fmt: skip
    D.say(
        """
        The keys are orthonormal, so the logits are {beta} at {i} and {j} and {o} elsewhere.
        Hence, at every finite scale,
            [weight, other-weight]
        and {aj} has the same value as {ai}, at least {weight-bound.right}. What the output
        misses is exactly
            [error]
        If {norm} for all other {l}, then
            [error-bound]
        which is at most {eta}, for {range} and {many}, exactly when {scale}.

        For {two} every scale is exact, for then {two-keys.formula}. For {many} and values in
        general position no finite query is exact: the weights that give the mean are unique,
        and they would make the others vanish, but every weight is positive.

        All queries that work: with {q}, where {w} is orthogonal to all keys, the logits are
        {any-logit.formula}, and
            [any-ratio, any-rest]
        so for values in general position the output tends to the mean if and only if {one} and
        {wide} for every other {l}. For a gap {D} between the two logits and all others the
        query of least norm is {least}, with {least-norm.formula}; the simple query needs
        {simple-norm.right}.
        """,
        o=S.Zero, aj=alpha(j), ai=alpha(i), norm=F(norm, r"\le", R), eta=eta,
        range=F(S.Zero, "<", eta, "<", R), many=F(n, r"\ge", 3), scale=F(beta, r"\ge", least),
        two=F(n, "=", 2), q=F(q, "=", general), w=w, one=F(z(i) - z(j), r"\to", 0),
        wide=F(z(i) - z(l), r"\to", oo), D=Delta, least=F(q, "=", smallest.value),
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
