"""Question 1 (c): the query that makes the output the mean of two values, for orthonormal keys."""

from __future__ import annotations

import numpy as np
from sympy import Expr, Indexed, IndexedBase, KroneckerDelta, Sum, Symbol, exp, log, oo

from symattn.algebra.attention import alpha, beta, c, i, j, k, l, m, n, output, q, v, weight
from symattn.algebra.letters import Dot, Norm, OffSum
from symattn.check import oracle
from symattn.derive.claim import Claim, Condition, Equivalent, Inequality, Minimal, Tends, Theorem
from symattn.derive.derivation import Derivation
from symattn.derive.prose import F, Text
from symattn.derive.question import Question, Specification
from symattn.derive.rules import centre, inside, limit, separate, split_deltas, under, with_n
from symattn.hypotheses.base import Given, Instance
from symattn.hypotheses.families import AtLeast, Bounded, Distinct, Exactly, Orthonormal

GIVEN = Given((Distinct((i, j)), Orthonormal("k")))
MEAN = (v(i) + v(j)) / 2


def x(index: Expr) -> Expr:
    """The coordinate of the query along a key."""
    return Indexed(IndexedBase("x", real=True), index)


def query(instance: Instance) -> np.ndarray:
    keys, at = instance["k"], (instance["i"] - 1, instance["j"] - 1)
    return np.asarray(instance[r"\beta"] * (keys[at[0]] + keys[at[1]]))


def weights(instance: Instance) -> np.ndarray:
    return oracle.weights(instance["k"], query(instance))


def error(instance: Instance) -> np.ndarray:
    values = instance["v"]
    mean = (values[instance["i"] - 1] + values[instance["j"] - 1]) / 2
    return oracle.output(instance["k"], values, query(instance)) - mean


def requires(candidate: Expr) -> tuple[Claim, ...]:
    """A query is right when its output tends to the mean as its scale grows."""
    from symattn.algebra.arrays import compiled

    def reached(instance: Instance) -> np.ndarray:
        return oracle.output(instance["k"], instance["v"], compiled(candidate)(instance))

    f = output(candidate)
    return (
        Tends(name="specification", given=GIVEN, shown=c, f=f, variable=beta, point=oo,
              right=MEAN, oracle=reached),
    )


QUESTION = Question(
    name="q1c",
    given=GIVEN,
    specification=Specification(
        unknown=q,
        wanted=Text.of("{c} as the scale {b} grows", {"c": F(c, r"\to", MEAN), "b": beta}),
        requires=requires,
    ),
    symbols={"q": "query", "k_l": "key", "v_l": "value", r"\beta": "scale (inverse temperature)"},
)


def derive() -> Derivation:
    D = Derivation(QUESTION)

    # A query is a combination of the keys, for what is orthogonal to all keys changes no logit.
    general = Sum(x(m) * k(m), (m, 1, n))
    logits = D.start("logits of any query", Dot(k(l), general)).by(under(GIVEN, "keys orthonormal"))
    ours = {x(m): beta * (KroneckerDelta(m, i) + KroneckerDelta(m, j))}
    built = D.start("two equal logits", general.xreplace(ours)).by(split_deltas())
    Q = built.value

    own = D.start("weight", weight(i, Q)).by(under(GIVEN, "keys orthonormal"))
    w = D.identity("weight", alpha(i), own, lambda I: weights(I)[I["i"] - 1])
    other = D.start("other weight", weight(j, Q)).by(under(GIVEN, "keys orthonormal"))
    w_j = D.identity("weight-j", alpha(j), other, lambda I: weights(I)[I["j"] - 1])
    gap = D.start("error", output(Q) - MEAN)
    gap.by(centre(MEAN)).by(separate(i, j)).by(inside(GIVEN, "keys orthonormal"))
    err = D.identity("error", c - MEAN, gap, error)
    print(Q, logits.value); print(w.latex, w_j.latex); print(err.latex)
    return D

if __name__ == "__main__":
    D = derive()
    from symattn.check.proof import prove
    from symattn.check.numbers import measure
    for cl in D.claims + list(QUESTION.specification.requires(beta*(k(i)+k(j)))) + list(QUESTION.specification.requires(k(i)+k(j))):
        print(cl.name, prove(cl)); print(measure(cl))
