"""The weight of a key for a query along it: a sheet that is derived in a moment, for the tests."""

from __future__ import annotations

import numpy as np

from symattn.algebra.attention import alpha, beta, i, j, k, n, q
from symattn.check.named import ATTENTION
from symattn.derive.derivation import Derivation
from symattn.derive.prose import F, Text
from symattn.derive.question import Question, Specification
from symattn.derive.rules import under
from symattn.hypotheses.base import Given, Instance
from symattn.hypotheses.families import Distinct, Orthonormal
from symattn.pages.model import Curve, Figure

GIVEN = Given((Distinct((i, j)), Orthonormal("k")))
Q = beta * k(i)
QUESTION = Question(
    name="q1a",
    given=GIVEN,
    names=ATTENTION,
    specification=Specification(
        unknown=None, wanted=Text.of("a reason", {}), requires=lambda x: ()
    ),
    symbols={"k_l": "key", r"\beta": "scale"},
)


def query(instance: Instance) -> np.ndarray:
    keys, at = instance["k"], instance["i"] - 1
    return np.asarray(instance[r"\beta"] * keys[at])


def derive() -> Derivation:
    D = Derivation(QUESTION)
    D.let(q, Q, query)
    chain = D.start("weight", alpha(i)).by(under(GIVEN, "the keys are orthonormal"))
    claim = D.identity("weight", chain)
    D.answers("For {Q} the weight is", Q=F(q, "=", Q))
    D.show(claim, first=True)
    D.say("It tends to {one} as {b} grows, by {claim}.", one=1, b=beta, claim=claim)
    D.figure(figure, "The weight for {n} keys.", n=n)
    return D


def figure() -> Figure:
    scale = np.linspace(0, 5, 11)
    height = np.exp(scale) / (np.exp(scale) + 3)
    curve = Curve(tuple(map(float, scale)), tuple(map(float, height)), "$n = 4$")
    return Figure("weight", "", r"scale $\beta$", r"weight $\alpha_i$", (curve,))


if __name__ == "__main__":
    from symattn.run import main

    main(__file__)
