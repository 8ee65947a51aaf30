"""Question 1 (a): the attention weights are a categorical distribution, and which one."""

from __future__ import annotations

import numpy as np
from sympy import Expr, Indexed, IndexedBase, S, Sum, Symbol, log

from symattn.algebra.attention import alpha, i, j, l, logit, m, n, softmax, weight, z
from symattn.check import oracle
from symattn.derive.claim import Inequality, MaximalOnSimplex, Theorem
from symattn.derive.derivation import Derivation
from symattn.derive.prose import F, Text
from symattn.derive.question import Question, Specification
from symattn.derive.rules import constants_out, differentiate, put, solve_zero, split_deltas, under
from symattn.hypotheses.base import Given, Instance
from symattn.hypotheses.names import Stands
from symattn.hypotheses.simplex import Simplex

GIVEN = Given(())
P = IndexedBase("p", positive=True)
WEIGHTS = Stands(alpha(i).base, softmax, lambda I: oracle.softmax(I["z"]))
DISTRIBUTION = Given((Simplex(P), WEIGHTS))
ALIKE = Given((Simplex(P, near=lambda I: oracle.softmax(I["z"])), WEIGHTS))
multiplier, u = Symbol(r"\lambda", real=True), Symbol("u", real=True)


def p(index: Symbol) -> Indexed:
    return P[index]


def gain(index: Symbol) -> Expr:
    """The mean logit plus the entropy."""
    mean = Sum(p(index) * z(index), (index, 1, n))
    return mean - Sum(p(index) * log(p(index)), (index, 1, n))


def at_i(values: np.ndarray, I: Instance) -> float:
    return float(values[I["i"] - 1])


def objective(share: np.ndarray, logits: np.ndarray) -> float:
    """The mean logit plus the entropy, for p > 0."""
    return float(share @ logits - share @ np.log(share))


def best_share(logits: np.ndarray) -> np.ndarray:
    """Maximise the objective over the simplex by Newton's method, knowing nothing of softmax."""
    share = np.full(len(logits), 1 / len(logits))
    for _ in range(200):
        slope = logits - np.log(share) - 1
        step = share * (slope - share @ slope)  # what is left of the slope sums to zero
        reach = min(1.0, 0.9 / max(float(np.max(-step / share)), 0.9))  # all shares stay positive
        now = objective(share, logits) - 1e-12
        while objective(share + reach * step, logits) < now:
            reach /= 2
        share = share + reach * step
        share = share / share.sum()
    return share


QUESTION = Question(
    name="q1a",
    given=GIVEN,
    specification=Specification(
        unknown=None,
        wanted=Text.of(
            "why {a} are the probabilities of a categorical distribution on {indices}",
            {"a": alpha(i), "indices": F(S.One, r"\le", i, r"\le", n)},
        ),
        requires=lambda candidate: (),
    ),
    symbols={
        r"\alpha_l": "attention weight",
        "z_l": "logit",
        "p_l": "probability",
    },
)


def derive() -> Derivation:
    D = Derivation(QUESTION)

    # Positive, and their sum is one.
    positive = D.claim(
        Inequality(
            name="positive",
            given=GIVEN,
            shown=alpha(i),
            relation=">",
            right=S.Zero,
            left=weight(i),
            slack=weight(i),
            oracle=lambda I: at_i(oracle.weights(I["k"], I["q"]), I),
        )
    )
    total = D.start("sum of the weights", Sum(weight(l), (l, 1, n))).by(
        under(GIVEN, "the denominator is common")
    )
    whole = D.identity(
        "sum", Sum(alpha(l), (l, 1, n)), total, lambda I: oracle.weights(I["k"], I["q"]).sum()
    )

    # Which distribution: the maximiser of mean logit plus entropy on the simplex.
    lagrangian = gain(m) - multiplier * (Sum(p(m), (m, 1, n)) - 1)
    slope = D.start("slope", lagrangian).by(differentiate(p(l))).by(split_deltas())
    bend = D.start("curvature", slope.value).by(differentiate(p(l)))
    free = D.start("stationary point", slope.value).by(solve_zero(p(l)))
    level = D.start("its sum is one", Sum(free.value.xreplace({l: m}), (m, 1, n)) - 1)
    level.by(constants_out()).by(solve_zero(multiplier))
    free.by(put({multiplier: level.value}))
    best = D.claim(
        MaximalOnSimplex(
            name="maximiser",
            given=GIVEN,
            shown=p(l),
            right=free.value,
            f=gain(m),
            other=j,
            count=n,
            oracle=lambda I: best_share(I["z"])[I["l"] - 1],
        )
    )
    most = D.start("value at the maximum", gain(l).xreplace({p(l): best.right})).by(
        under(GIVEN, "the logarithm of a quotient")
    )
    top = D.identity(
        "maximum",
        gain(l).xreplace({p(l): alpha(l)}),
        most,
        lambda I: objective(oracle.softmax(I["z"]), I["z"]),
    )

    # By how much every other distribution falls short.
    apart = Sum(p(l) * log(p(l) / alpha(l)), (l, 1, n))
    short = D.start("what another distribution lacks", top.right - gain(l), DISTRIBUTION).by(
        under(DISTRIBUTION, "the probabilities sum to one"), expect=apart
    )
    gap = D.identity(
        "gap",
        top.right - gain(l),
        short,
        lambda I: np.log(np.exp(I["z"]).sum()) - objective(I["p"], I["z"]),
    )
    flat = Sum(p(l) * (alpha(l) / p(l) - 1), (l, 1, n))
    D.claim(
        Inequality(
            name="gap-sign",
            given=ALIKE,
            shown=apart,
            relation=r"\ge",
            right=S.Zero,
            left=apart,
            middle=-flat,
            slack=S.Zero,
            theorems=(Theorem("tangent", Sum(p(l) * log(alpha(l) / p(l)), (l, 1, n)), flat),),
            oracle=lambda I: np.sum(I["p"] * (np.log(I["p"]) - np.log(oracle.softmax(I["z"])))),
        )
    )

    # Only differences of logits matter.
    moved = softmax(i, lambda index: z(index) + u)
    back = D.start("shifted logits", moved).by(constants_out()).by(under(GIVEN, "cancel"))
    shift = D.identity("shift", moved, back, lambda I: at_i(oracle.softmax(I["z"] + I["u"]), I))

    D.answers("Every weight is positive, and together they are one,")
    D.show(positive, whole, first=True)
    D.answers(
        "so {a} is the probability of key {i} in a categorical distribution on the keys, and "
        "the output is the mean value under it.",
        a=alpha(i),
        i=i,
    )
    D.say(
        "Positive because exponentials are; the sum is one because the denominator is the sum of "
        "the numerators. It is the Gibbs distribution of the logits {z}: among all {p} with sum "
        "one it alone maximises the mean logit plus the entropy, {gain}.",
        z=F(z(l), "=", logit(l)),
        p=F(p(l), ">", S.Zero),
        gain=gain(l),
    )
    D.say("For the slope in {p} must be the same for every {l}, which gives", p=p(l), l=l)
    D.show(best)
    D.say(
        "and the second derivatives are {bend} on the diagonal and {zero} off it: strictly "
        "concave. The maximum is {top}, and any other {p} misses it by its relative entropy,",
        bend=F(bend.value, "<", S.Zero),
        zero=S.Zero,
        top=top.right,
        p=p(l),
    )
    D.show(gap)
    D.say(
        "Only differences of logits count: adding the same {u} to all of them changes no weight.",
        u=u,
    )
    D.show(shift)
    return D


if __name__ == "__main__":
    from symattn.run import main

    main(__file__)
