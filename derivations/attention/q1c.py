"""Question 1 (c): the query that makes the output the mean of two values, for orthonormal keys."""

from __future__ import annotations

import numpy as np
from sympy import Expr, KroneckerDelta, S, Sum, Symbol, exp, oo

from symattn.algebra.arrays import compiled
from symattn.algebra.attention import alpha, beta, c, d, i, j, k, l, m, n, output, q, v, weight, z
from symattn.algebra.letters import Dot, Norm, OffSum, Vector
from symattn.check import oracle
from symattn.derive.claim import (
    Claim,
    Condition,
    Equivalent,
    Identity,
    Inequality,
    Minimal,
    Tends,
    Theorem,
)
from symattn.derive.derivation import Derivation
from symattn.derive.prose import F, Text
from symattn.derive.question import Question, Specification
from symattn.derive.rules import (
    bound_each,
    centre,
    collect,
    inside,
    limit,
    positive_factor,
    put,
    separate,
    solve_zero,
    split_deltas,
    triangle,
    under,
)
from symattn.hypotheses.base import Given, Instance
from symattn.hypotheses.families import (
    Above,
    AtLeast,
    Bounded,
    Distinct,
    Exactly,
    Orthonormal,
    Perpendicular,
)
from symattn.pages.model import Curve, Figure

GIVEN = Given((Distinct((i, j)), Orthonormal("k")))
OTHER = Given((Distinct((i, j, l)), Orthonormal("k")))
MEAN = (v(i) + v(j)) / 2
R, eta, Delta, t = (Symbol(s, positive=True) for s in ("R", r"\eta", r"\Delta", "t"))
w = Vector("w", d)


def mean(I: Instance) -> np.ndarray:
    return np.asarray((I["v"][I["i"] - 1] + I["v"][I["j"] - 1]) / 2)


def query(I: Instance) -> np.ndarray:
    return np.asarray(I[r"\beta"] * (I["k"][I["i"] - 1] + I["k"][I["j"] - 1]))


def weights(I: Instance) -> np.ndarray:
    return oracle.weights(I["k"], query(I))


def spread(I: Instance) -> np.ndarray:
    return np.asarray(np.linalg.norm(I["v"] - mean(I), axis=1))


def error(I: Instance) -> np.ndarray:
    return oracle.output(I["k"], I["v"], query(I)) - mean(I)


def requires(candidate: Expr) -> tuple[Claim, ...]:
    """A query is right when its output tends to the mean of the two values as its scale grows."""

    def reached(I: Instance) -> np.ndarray:
        return oracle.output(I["k"], I["v"], compiled(candidate)(I))

    return (
        Tends(
            name="specification",
            given=GIVEN,
            shown=c,
            f=output(candidate),
            variable=beta,
            point=oo,
            right=MEAN,
            oracle=reached,
        ),
    )


QUESTION = Question(
    name="q1c",
    given=GIVEN,
    specification=Specification(
        unknown=q,
        wanted=Text.of(
            "{goal} as the scale {b} of the query grows", {"goal": F(c, r"\to", MEAN), "b": beta}
        ),
        requires=requires,
    ),
    symbols={"q": "query", "k_l": "key", "v_l": "value", r"\beta": "scale of the query"},
)


def derive() -> Derivation:
    D = Derivation(QUESTION)

    # The query: its logits must be equal at i and j, and larger there than elsewhere.
    free = GIVEN.and_(Perpendicular(w, "k"))
    general = Sum(z(m) * k(m), (m, 1, n)) + w
    logits = D.start("logits of any query", Dot(k(l), general), free).by(
        under(free, "the keys are orthonormal")
    )
    any_logit = D.identity(
        "any-logit",
        Dot(k(l), q),
        logits,
        lambda I: oracle.logits(I["k"], I["z"] @ I["k"] + I["w"])[I["l"] - 1],
    )
    picked = {z(m): beta * (KroneckerDelta(m, i) + KroneckerDelta(m, j)), w: S.Zero}
    built = D.start("two equal logits", general).by(put(picked)).by(split_deltas())
    Q = built.value
    (spec,) = requires(Q)
    D.claim(spec)

    # Its weights for every finite scale, and their limit.
    own = D.start("weight", weight(i, Q)).by(under(GIVEN, "the keys are orthonormal"))
    w_i = D.identity("weight", alpha(i), own, lambda I: weights(I)[I["i"] - 1])
    twin = D.start("weight of j", weight(j, Q)).by(under(GIVEN, "the keys are orthonormal"))
    D.identity("weight-j", alpha(j), twin, lambda I: weights(I)[I["j"] - 1])
    rest = D.start("other weight", weight(l, Q), OTHER).by(under(OTHER, "the keys are orthonormal"))
    w_l = D.identity("other-weight", alpha(l), rest, lambda I: weights(I)[I["l"] - 1])
    end = D.start("limit of the weight", w_i.right).by(limit(beta))
    D.claim(
        Tends(
            name="weight-limit",
            given=GIVEN,
            shown=alpha(i),
            f=weight(i, Q),
            variable=beta,
            point=oo,
            right=end.value,
            oracle=lambda I: weights(I)[I["i"] - 1],
        )
    )
    lack = D.start("what the weight lacks", end.value - w_i.right).by(collect()).value
    cap = D.start("a smaller denominator", lack).by(put({2 * exp(beta) + n - 2: 2 * exp(beta)}))
    floor = D.claim(
        Inequality(
            name="weight-bound",
            given=GIVEN,
            shown=alpha(i),
            relation=r"\ge",
            left=weight(i, Q),
            right=end.value - cap.value,
            slack=collect().apply(cap.value - lack),
            oracle=lambda I: weights(I)[I["i"] - 1],
        )
    )
    two = GIVEN.and_(Exactly(2))
    pair = D.start("two keys", weight(i, Q), two).by(under(two, "the keys are orthonormal, n = 2"))
    exact = D.identity("two-keys", alpha(i), pair, lambda I: weights(I)[I["i"] - 1])

    # The exact error, its bound, and the scale that a given error needs.
    gap = D.start("error", output(Q) - MEAN).by(centre(MEAN)).by(separate(i, j))
    gap.by(inside(GIVEN, "the keys are orthonormal"))
    err = D.identity("error", c - MEAN, gap, error)
    norm = Norm(v(l) - MEAN)
    within = GIVEN.and_(Bounded(norm, l, R, (i, j), spread))
    middle = D.start("bound", Norm(err.right)).by(triangle()).value
    top = D.start("bound", middle).by(bound_each(norm, R)).value
    room = OffSum(R - norm, l, n, (i, j)) / (middle / OffSum(norm, l, n, (i, j))) ** -1
    bound = D.claim(
        Inequality(
            name="error-bound",
            given=within,
            shown=Norm(c - MEAN),
            relation=r"\le",
            right=top,
            left=Norm(output(Q) - MEAN),
            middle=middle,
            slack=room,
            theorems=(Theorem("triangle", Norm(err.right), middle),),
            oracle=lambda I: np.linalg.norm(error(I)),
        )
    )
    need = Given((AtLeast(3), Above(R, eta)))
    least = D.start("scale for an error", top - eta).by(solve_zero(beta)).value
    scale = D.claim(
        Equivalent(
            name="scale",
            given=need,
            shown=top,
            first=Condition(top, r"\le", eta),
            second_left=beta,
            second_relation=r"\ge",
            right=least,
            increasing=exp,
            factor=positive_factor(eta - top, exp(beta) - exp(least)),
            oracle=lambda I: (
                I[r"\eta"] - (I["n"] - 2) * I["R"] / (2 * np.exp(I[r"\beta"]) + I["n"] - 2)
            ),
        )
    )
    D.claim(
        Inequality(
            name="never-exact",
            given=OTHER,
            shown=alpha(l),
            relation=">",
            right=S.Zero,
            left=weight(l),
            slack=weight(l),
            oracle=lambda I: oracle.weights(I["k"], I["q"])[I["l"] - 1],
        )
    )

    # Every query that works, and the one of least norm for a given gap.
    def share(index: Expr) -> Expr:
        return exp(z(index)) / Sum(exp(z(m)), (m, 1, n))

    ratio = D.start("ratio of any weights", share(i) / share(j)).by(under(GIVEN, "cancel"))
    any_ratio = D.identity(
        "any-ratio",
        alpha(i) / alpha(j),
        ratio,
        lambda I: oracle.softmax(I["z"])[I["i"] - 1] / oracle.softmax(I["z"])[I["j"] - 1],
    )
    left_over = OffSum(exp(z(l)), l, n, (i, j)) / (exp(z(i)) + exp(z(j)))
    any_rest = D.claim(
        Identity(
            name="any-rest",
            given=GIVEN,
            shown=1 / (alpha(i) + alpha(j)) - 1,
            left=1 / (share(i) + share(j)) - 1,
            right=left_over,
            oracle=lambda I: 1 / (oracle.softmax(I["z"])[[I["i"] - 1, I["j"] - 1]].sum()) - 1,
        )
    )
    three = GIVEN.and_(AtLeast(3))
    level = {z(m): t - Delta * (1 - KroneckerDelta(m, i) - KroneckerDelta(m, j)), w: S.Zero}
    shifted = D.start("a gap of exactly Delta", general).by(put(level)).by(split_deltas())
    square = D.start("its norm", Norm(shifted.value) ** 2).by(
        under(three, "the keys are orthonormal")
    )

    def shifted_query(I: Instance) -> np.ndarray:
        levels = np.full(I["n"], I["t"] - I[r"\Delta"])
        levels[[I["i"] - 1, I["j"] - 1]] = I["t"]
        return np.asarray(levels @ I["k"])

    slope = D.start("least norm", square.value.diff(t)).by(solve_zero(t))
    D.claim(
        Minimal(
            name="least-norm-level",
            given=three,
            shown=t,
            f=Norm(shifted.value) ** 2,
            variable=t,
            right=slope.value,
            oracle=lambda I: float(shifted_query(I) @ shifted_query(I)),
        )
    )
    smallest = D.start("query of least norm", shifted.value).by(put({t: slope.value}))
    smallest.by(split_deltas())
    norm2 = D.start("least norm", Norm(smallest.value) ** 2).by(
        under(three, "the keys are orthonormal")
    )
    least_norm = D.identity(
        "least-norm",
        Norm(q) ** 2,
        norm2,
        lambda I: float(np.sum(shifted_query({**I, "t": (1 - 2 / I["n"]) * I[r"\Delta"]}) ** 2)),
        given=three,
    )

    D.answers(
        "Take {Q} with a large scale {b}; the output tends to the mean of the two values:",
        Q=F(q, "=", Q),
        b=F(beta, ">", 0),
    )
    D.show(spec, first=True)
    D.say(
        "The keys are orthonormal, so the logits are {b} at {i} and {j} and {o} elsewhere. "
        "Hence, at every finite scale,",
        b=beta,
        i=i,
        j=j,
        o=S.Zero,
    )
    D.show(w_i, w_l)
    D.say(
        "and {aj} has the same value as {ai}, at least {floor}. What the output misses is exactly",
        aj=alpha(j),
        ai=alpha(i),
        floor=floor.right,
    )
    D.show(err)
    D.say("If {norm} for all other {l}, then", norm=F(norm, r"\le", R), l=l)
    D.show(bound)
    D.say(
        "which is at most {eta}, for {range} and {many}, exactly when {scale}.",
        eta=eta,
        range=F(S.Zero, "<", eta, "<", R),
        many=F(n, r"\ge", 3),
        scale=F(beta, r"\ge", scale.right),
    )
    D.say(
        "For {two} every scale is exact, for then {half}. For {many} and values in general "
        "position no finite query is exact: the weights that give the mean are unique, and they "
        "would make the others vanish, but every weight is positive.",
        two=F(n, "=", 2),
        half=F(alpha(i), "=", exact.right),
        many=F(n, r"\ge", 3),
    )
    D.say(
        "All queries that work: with {q}, where {w} is orthogonal to all keys, the logits are "
        "{logit}, and",
        q=F(q, "=", general),
        w=w,
        logit=F(Dot(k(l), q), "=", any_logit.right),
    )
    D.show(any_ratio, any_rest)
    D.say(
        "so for values in general position the output tends to the mean if and only if {one} and "
        "{two} for every other {l}. For a gap {D} between the two logits and all others the "
        "query of least norm is {least}, with {norm}; the simple query needs {simple}.",
        one=F(z(i) - z(j), r"\to", 0),
        two=F(z(i) - z(l), r"\to", oo),
        l=l,
        D=Delta,
        least=F(q, "=", smallest.value),
        norm=F(Norm(q) ** 2, "=", least_norm.right),
        simple=2 * Delta**2,
    )
    D.figure(
        lambda: weight_figure(w_i, floor),
        "Each of the two weights against the scale of the "
        "query, for three numbers of keys: exact (lines) and the lower bound (dashed). The "
        "limit is {half}.",
        half=end.value,
    )
    return D


def weight_figure(exact: Claim, bound: Claim) -> Figure:
    curves = []
    scales = np.linspace(0, 12, 121)
    for count in (4, 32, 1024):
        I: Instance = {r"\beta": scales, "n": count}
        curves.append(Curve(tuple(scales), tuple(compiled(exact.right)(I)), f"$n = {count}$"))
        low = compiled(bound.right)(I)
        seen = low >= 0
        curves.append(Curve(tuple(scales[seen]), tuple(low[seen]), "", "dashed"))
    return Figure("weights", "", r"scale $\beta$", r"weight $\alpha_i$", tuple(curves))


if __name__ == "__main__":
    from symattn.run import main

    main(__file__)
