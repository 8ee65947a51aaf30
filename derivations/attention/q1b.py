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
    return np.array([(I["k"][I["i"] - 1] - key) @ I["q"] for key in I["k"]])


def own(I: Instance, scale: float = 1.0) -> float:
    """The weight of key i."""
    return float(oracle.weights(I["k"], scale * I["q"])[I["i"] - 1])


def others(I: Instance, values: np.ndarray) -> np.ndarray:
    return np.delete(values, I["i"] - 1, axis=0)


APART = Distinct((i, j))
NAMES = Stands(DELTA, lambda index: Dot(k(i) - k(index), q), gaps)
WEIGHTS = Stands(alpha(i).base, weight, lambda I: oracle.weights(I["k"], I["q"]))
SMALL = Between(delta, S.Zero, S.One)
GIVEN = Given((APART, NAMES))
LARGE = Given((APART, Dominates(DELTA, i, delta), NAMES))
WIDE = Given((APART, WideGaps(DELTA, i, gamma), NAMES))
HULL = OffSum(LAMBDA[l] * k(l), l, n, (i,))
INSIDE = Given((
    APART,
    Simplex(LAMBDA, without=i),
    Replaced(k(i), Sum(LAMBDA[l] * k(l), (l, 1, n)), lambda I: I[r"\lambda"] @ I["k"],
             r"$k_i = \sum_{l \ne i} \lambda_l k_l$"),
    NAMES,
    WEIGHTS,
))  # fmt: skip
OUTSIDE = Given((APART, Nearest(h, i)))

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
        r"\alpha_l": "attention weight", r"\Delta_l": "gap of the logits", r"\delta": "share",
        "k_l": "key", "q": "query",
    },
)  # fmt: skip


def derive() -> Derivation:
    D = Derivation(QUESTION)
    rest = OffSum(exp(-gap(l)), l, n, (i,))

    # The weight is a function of the gaps, and is large exactly when their sum is small.
    quotient = D.start("ratio", weight(i) / weight(j)).by(
        under(GIVEN, "the denominator cancels"), expect=exp(Dot(k(i) - k(j), q))
    )
    ratio = D.identity(
        "ratio", alpha(i) / alpha(j), quotient,
        lambda I: np.divide(*oracle.weights(I["k"], I["q"])[[I["i"] - 1, I["j"] - 1]]),
    )  # fmt: skip
    share = D.start("weight", weight(i)).by(
        under(GIVEN, "divide by the numerator"), expect=1 / (1 + rest)
    )
    own_weight = D.identity("own-weight", alpha(i), share, own)
    most = D.start("largest rest", own_weight.right - (1 - delta)).by(solve_zero(rest)).value
    small = Given((APART, SMALL, NAMES))
    condition = D.claim(
        Equivalent(
            name="condition", given=small, shown=alpha(i),
            first=Condition(weight(i), r"\ge", 1 - delta), second_left=rest,
            second_relation=r"\le", right=most,
            factor=positive_factor(own_weight.right - (1 - delta), most - rest),
            oracle=lambda I: own(I) - (1 - I[r"\delta"]),
        )
    )  # fmt: skip

    # The gap that is necessary, and the norm that it forces.
    need = log((1 - delta) / delta)
    unused = OffSum(exp(-gap(l)), l, n, (i, j)) + delta / (1 - delta) - rest
    room = log(1 + exp(gap(j)) * unused)
    necessary = D.claim(
        Inequality(
            name="necessary-gap", given=LARGE, shown=gap(j), relation=r"\ge", right=need,
            left=gap(j), slack=room, oracle=lambda I: gaps(I)[I["j"] - 1],
        )
    )  # fmt: skip
    D.claim(
        Inequality(
            name="norm", given=LARGE, shown=Norm(q) * Norm(k(i) - k(j)), relation=r"\ge",
            right=need, left=Norm(q) * Norm(k(i) - k(j)), middle=gap(j), slack=room,
            theorems=(Theorem("cauchy-schwarz", Dot(k(i) - k(j), q),
                              Norm(q) * Norm(k(i) - k(j))),),
            oracle=lambda I: np.linalg.norm(I["q"])
            * np.linalg.norm(I["k"][I["i"] - 1] - I["k"][I["j"] - 1]),
        )
    )  # fmt: skip

    # The gap that suffices.
    even = D.start("equal gaps", own_weight.right, WIDE).by(put({gap(l): gamma}, "all gaps equal"))
    low = even.by(under(WIDE, "equal terms")).value
    wider = exp(gamma - gap(l))
    D.claim(
        Inequality(
            name="wide-gaps", given=WIDE, shown=alpha(i), relation=r"\ge", right=low,
            left=weight(i), oracle=own,
            slack=low * exp(-gamma) * OffSum(1 - wider, l, n, (i,))
            / (1 + exp(-gamma) * OffSum(wider, l, n, (i,))),
        )
    )  # fmt: skip
    print(low, most)
    return D


if __name__ == "__main__":
    from symattn.run import main

    main(__file__)
