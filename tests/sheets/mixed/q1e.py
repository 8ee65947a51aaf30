"""Question 1 (e): linear regression by one step of gradient descent is linear attention."""

from symattn.vocabulary import *

t = IndexedBase("t", real=True)
eta = Symbol(r"\eta", positive=True)
W = Vector("w", d)
NAMES = Definitions().let(W, eta * Sum(t[l] * k(l), (l, 1, n)))
QUESTION = Question(
    name="q1e",
    given=Given((Reals(t),)),
    names=NAMES.any(eta),
    specification=Specification(None, words("{u}", u=Dot(W, q))),
    symbols={"t_l": "target", "w": "weights after one step", r"\eta": "rate"},
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    D.state(Identity, "read", Dot(W, q), eta * Sum(t[l] * Dot(k(l), q), (l, 1, n)))
    D.at_most("size", Dot(W, q), Norm(W) * Norm(q))
    D.at_most("triangle", Norm(W), eta * Sum(Norm(t[l] * k(l)), (l, 1, n)))
    D.answers("""
        One step of gradient descent from zero reads as linear attention does:
            [read, size, triangle]
        """)
    return D
