"""Question 1 (b): when one attention weight is overwhelmingly larger than all others."""

from __future__ import annotations

import numpy as np
from sympy import Expr, Indexed, IndexedBase, S, Sum, Symbol, exp, log, oo

from symattn.algebra.attention import alpha, beta, d, delta, i, j, k, l, n, q, weight
from symattn.algebra.letters import Dot, Norm, OffSum, Vector
from symattn.check import oracle
from symattn.derive.claim import Condition, Equivalent, Inequality, Squeezed, Theorem
from symattn.derive.derivation import Derivation
from symattn.derive.prose import F, Text
from symattn.derive.question import Question, Specification
from symattn.derive.rules import differentiate, positive_factor, put, solve_zero, under
from symattn.hypotheses.base import Given, Instance
from symattn.hypotheses.families import Between, Distinct, Replaced
from symattn.hypotheses.gaps import Dominates, Nearest, WideGaps
from symattn.hypotheses.names import Stands
from symattn.hypotheses.simplex import Simplex

DELTA, LAMBDA = IndexedBase(r"\Delta", real=True), IndexedBase(r"\lambda", nonnegative=True)
gamma, t = Symbol(r"\gamma", positive=True), Symbol("t", real=True)
h = Vector("h", d)


def gap(index: Expr) -> Indexed:
    return DELTA[index]


def gaps(I: Instance) -> np.ndarray:
    """(k_i - k_l) . q for every l, in plain NumPy."""
    return np.array([(key(I) - other) @ I["q"] for other in I["k"]])


def key(I: Instance) -> np.ndarray:
    return np.asarray(I["k"][I["i"] - 1])


def vertex(I: Instance) -> np.ndarray:
    """The weights of the convex combination that is key j itself."""
    return np.eye(I["n"])[I["j"] - 1]


def mixture(I: Instance) -> np.ndarray:
    """The key i for which k_i is the sum of lambda_l k_l."""
    share = others(I, I[r"\lambda"])
    return np.asarray(share @ others(I, I["k"]) / (1 - I[r"\lambda"][I["i"] - 1]))


def own(I: Instance, scale: float = 1.0) -> float:
    """The weight of key i."""
    return float(oracle.weights(I["k"], scale * I["q"])[I["i"] - 1])


def others(I: Instance, values: np.ndarray) -> np.ndarray:
    return np.delete(values, I["i"] - 1, axis=0)


APART = Distinct((i, j))
NAMES = Stands(DELTA, lambda index: Dot(k(i) - k(index), q), gaps)
WEIGHTS = Stands(alpha(i).base, weight, lambda I: oracle.weights(I["k"], I["q"]))
SMALL = Between(delta, S.Zero, S.One, lambda I: 1 - own(I))
GIVEN = Given((APART, NAMES))
LARGE = Given((APART, Dominates(DELTA, i, delta), NAMES))
WIDE = Given((APART, WideGaps(DELTA, i, gamma), NAMES))
MIXED = Sum(LAMBDA[l] * k(l), (l, 1, n))
POINT = (
    Simplex(LAMBDA, without=i, near=vertex),
    Replaced(h, MIXED, lambda I: I[r"\lambda"] @ I["k"], r"$h = \sum_{l \ne i} \lambda_l k_l$"),
)
INSIDE = Given(
    (
        APART,
        Simplex(LAMBDA, without=i, near=vertex),
        Replaced(
            k(i),
            MIXED,
            mixture,
            r"$k_i = \sum_{l \ne i} \lambda_l k_l$",
        ),
        NAMES,
        WEIGHTS,
    )
)
OUTSIDE = Given((Nearest(h, i, l),))

QUESTION = Question(
    name="q1b",
    given=GIVEN,
    specification=Specification(
        unknown=None,
        wanted=Text.of(
            "conditions on the query and the keys for {large}, with a small {delta}",
            {"large": F(alpha(i), r"\ge", 1 - delta), "delta": delta},
        ),
        requires=lambda candidate: (),
    ),
    symbols={
        r"\alpha_l": "attention weight",
        r"\Delta_l": "gap of the logits",
        r"\delta": "share",
        "k_l": "key",
        "q": "query",
    },
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    rest = OffSum(exp(-gap(l)), l, n, (i,))

    # The weight is a function of the gaps, and is large exactly when their sum is small.
    quotient = D.start("ratio", weight(i) / weight(j)).by(
        under(GIVEN, "the denominator cancels"), expect=exp(Dot(k(i) - k(j), q))
    )
    ratio = D.identity(
        "ratio",
        alpha(i) / alpha(j),
        quotient,
        lambda I: own(I) / oracle.weights(I["k"], I["q"])[I["j"] - 1],
    )
    share = D.start("weight", weight(i)).by(
        under(GIVEN, "divide by the numerator"), expect=1 / (1 + rest)
    )
    own_weight = D.identity("own-weight", alpha(i), share, own)
    total = Symbol("R", positive=True)
    most = D.start("largest rest", own_weight.right - (1 - delta)).by(put({rest: total}))
    most.by(solve_zero(total), expect=delta / (1 - delta))
    small = Given((APART, SMALL, NAMES))
    condition = D.claim(
        Equivalent(
            name="condition",
            given=small,
            shown=alpha(i),
            first=Condition(weight(i), r"\ge", 1 - delta),
            second_left=rest,
            second_relation=r"\le",
            right=most.value,
            factor=positive_factor(own_weight.right - (1 - delta), most.value - rest),
            oracle=lambda I: own(I) - (1 - I[r"\delta"]),
        )
    )

    # The gap that is necessary, and the norm that it forces.
    odds = delta / (1 - delta)
    need = log((1 - delta) / delta)
    unused = OffSum(exp(-gap(l)), l, n, (i, j)) + odds - rest
    room = log(1 + exp(gap(j)) * unused)
    necessary = D.claim(
        Inequality(
            name="necessary-gap",
            given=LARGE,
            shown=gap(j),
            relation=r"\ge",
            right=need,
            left=gap(j),
            slack=room,
            oracle=lambda I: gaps(I)[I["j"] - 1],
        )
    )
    apart = Norm(q) * Norm(k(i) - k(j))
    norm = D.claim(
        Inequality(
            name="norm",
            given=LARGE,
            shown=apart,
            relation=r"\ge",
            right=need,
            left=apart,
            middle=gap(j),
            slack=room,
            theorems=(Theorem("cauchy-schwarz", Dot(k(i) - k(j), q), apart),),
            oracle=lambda I: np.linalg.norm(I["q"]) * np.linalg.norm(key(I) - I["k"][I["j"] - 1]),
        )
    )
    product, reached = Norm(q) * Norm(k(i) - h), Dot(k(i) - h, q)
    ratio_l = exp(-gap(l)) / odds
    logs = OffSum(LAMBDA[l] * log(ratio_l), l, n, (i,))
    lines = OffSum(LAMBDA[l] * (ratio_l - 1), l, n, (i,))
    distance = D.claim(
        Inequality(
            name="distance",
            given=LARGE.and_(*POINT),
            shown=product,
            relation=r"\ge",
            right=need,
            left=product,
            middle=reached - lines + logs,
            theorems=(Theorem("cauchy-schwarz", reached, product), Theorem("tangent", logs, lines)),
            slack=(OffSum((1 - LAMBDA[l]) * exp(-gap(l)), l, n, (i,)) + odds - rest) / odds,
            oracle=lambda I: np.linalg.norm(I["q"]) * np.linalg.norm(key(I) - I["h"]),
        )
    )

    # The gap that suffices.
    even = D.start("equal gaps", own_weight.right, WIDE).by(put({gap(l): gamma}, "all gaps equal"))
    low = even.by(under(WIDE, "equal terms"), expect=1 / (1 + (n - 1) * exp(-gamma))).value
    wider = exp(gamma - gap(l))
    wide = D.claim(
        Inequality(
            name="wide-gaps",
            given=WIDE,
            shown=alpha(i),
            relation=r"\ge",
            right=low,
            left=weight(i),
            oracle=own,
            slack=low
            * exp(-gamma)
            * OffSum(1 - wider, l, n, (i,))
            / (1 + exp(-gamma) * OffSum(wider, l, n, (i,))),
        )
    )
    enough = D.start("sufficient gap", low - (1 - delta)).by(
        solve_zero(gamma), expect=log((n - 1) * (1 - delta) / delta)
    )
    sufficient = D.claim(
        Equivalent(
            name="sufficient-gap",
            given=Given((APART, SMALL)),
            shown=low,
            first=Condition(low, r"\ge", 1 - delta),
            second_left=gamma,
            second_relation=r"\ge",
            right=enough.value,
            increasing=exp,
            factor=positive_factor(low - (1 - delta), exp(gamma) - exp(enough.value)),
            oracle=lambda I: (
                oracle.softmax(-I[r"\gamma"] * (np.arange(I["n"]) > 0))[0] - (1 - I[r"\delta"])
            ),
        )
    )

    # A key inside the convex hull of the others cannot dominate, whatever the query.
    mixed = OffSum(LAMBDA[l] * gap(l), l, n, (i,))
    none = D.start("mean gap", mixed, INSIDE).by(under(INSIDE, "the key is the others' mean"))
    inside = D.identity(
        "mean-gap", mixed, none, lambda I: others(I, I[r"\lambda"]) @ others(I, gaps(I))
    )
    curved = alpha(i) / 2 * OffSum(LAMBDA[l] * exp(-gap(l)), l, n, (i,))
    straight = alpha(i) / 2 * OffSum(LAMBDA[l] * (1 - gap(l)), l, n, (i,))
    half = D.claim(
        Inequality(
            name="inside",
            given=INSIDE,
            shown=alpha(i),
            relation=r"\le",
            right=S.Half,
            left=alpha(i),
            middle=alpha(i) + curved - straight,
            theorems=(Theorem("tangent", straight, curved),),
            slack=OffSum((1 - LAMBDA[l]) * alpha(l), l, n, (i,)) / 2,
            oracle=own,
        )
    )

    # Outside it: no query has gaps above its norm times the distance, and one query has these.
    margin = D.claim(
        Inequality(
            name="margin",
            given=WIDE.and_(*POINT),
            shown=gamma,
            relation=r"\le",
            right=product,
            left=gamma,
            middle=gamma + product - reached,
            slack=OffSum(LAMBDA[l] * (gap(l) - gamma), l, n, (i,)),
            theorems=(Theorem("cauchy-schwarz", reached, product),),
            oracle=lambda I: I[r"\gamma"],
        )
    )
    turned = Dot(k(i) - h, k(l) - h)
    D.start("a step from h to another key", Norm(k(i) - h - t * (k(l) - h)) ** 2).by(
        differentiate(t)
    ).by(put({t: S.Zero})).by(under(GIVEN, "the slope at the start"), expect=-2 * turned)
    nearest = D.claim(
        Inequality(
            name="largest-margin",
            given=OUTSIDE,
            shown=Dot(k(i) - k(l), k(i) - h),
            relation=r"\ge",
            right=Norm(k(i) - h) ** 2,
            left=Dot(k(i) - k(l), k(i) - h),
            slack=-turned,
            oracle=lambda I: (key(I) - I["k"][I["l"] - 1]) @ (key(I) - I["h"]),
        )
    )
    scaled = low.xreplace({gamma: beta * gamma})
    rest_at, tail = rest.xreplace({gap(l): beta * gap(l)}), exp(beta * (gamma - gap(l)))
    tends = D.claim(
        Squeezed(
            name="outside",
            given=WIDE,
            shown=alpha(i),
            f=weight(i, beta * q),
            variable=beta,
            point=oo,
            right=S.One,
            oracle=lambda I: own(I, I[r"\beta"]),
            low=scaled,
            below=scaled
            * exp(-beta * gamma)
            * OffSum(1 - tail, l, n, (i,))
            / (1 + exp(-beta * gamma) * OffSum(tail, l, n, (i,))),
            high=S.One,
            above=rest_at / (1 + rest_at),
        )
    )
    D.answers(
        "A key can dominate only if it lies outside the convex hull of the other keys, and "
        "the query must lift its logit above all others. With the gaps {gaps},",
        gaps=F(gap(l), "=", Dot(k(i) - k(l), q)),
    )
    D.show(ratio, condition, first=True)
    D.answers(
        "so every gap must be at least {need}, and the query so long that for every point {h} of "
        "the hull",
        need=need,
        h=h,
    )
    D.show(distance, first=True)
    D.say(
        "Dividing by the numerator gives {own}, hence the condition. Each term is at most the "
        "sum, so {gap}; by Cauchy and Schwarz {norm}, and likewise for every mean {h} of the "
        "other keys with weights {share} of sum one.",
        h=h,
        own=F(alpha(i), "=", own_weight.right),
        gap=F(gap(j), r"\ge", necessary.right),
        norm=F(apart, r"\ge", norm.right),
        share=F(LAMBDA[l], r"\ge", S.Zero),
    )
    D.say("Conversely, if every gap is at least {gamma}, then", gamma=gamma)
    D.show(wide)
    D.say(
        "and this is at least {one} exactly when {enough}. Equal gaps attain it.",
        one=1 - delta,
        enough=F(gamma, r"\ge", sufficient.right),
    )
    D.say(
        "If {inside}, the gaps have mean zero, {mean}: they cannot all be positive, and whatever "
        "the query",
        inside=F(k(i), "=", OffSum(LAMBDA[l] * k(l), l, n, (i,))),
        mean=F(mixed, "=", inside.right),
    )
    D.show(half)
    D.say(
        "If {k} lies outside and {h} is the nearest point of the hull, then the query {q} has "
        "gaps {gaps} for all other {l}. None has a wider least gap for its norm: if every gap is "
        "at least {gamma}, then {margin}. "
        "And with positive gaps a query need only be scaled, to {scaled}:",
        k=k(i),
        h=h,
        q=F(q, "=", k(i) - h),
        l=l,
        gamma=gamma,
        margin=F(gamma, r"\le", margin.right),
        gaps=F(nearest.shown, r"\ge", nearest.right),
        scaled=beta * q,
    )
    D.show(tends)
    D.say("For given keys a linear program finds such a query, or the mean that forbids it.")
    return D


if __name__ == "__main__":
    from symattn.run import main

    main(__file__)
