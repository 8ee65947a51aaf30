"""Question 1 (h): two-layer scores and low rank."""

from symattn.vocabulary import *

r = Symbol("r", integer=True, positive=True)
A, B = Matrix("A", r, d), Matrix("B", r, d)
QUESTION = Question(
    name="q1h",
    given=Given((Arbitrary(A), Arbitrary(B))),
    names=Definitions(),
    specification=Specification(None, words("{u}", u=Dot(A * q, B * k(i)))),
    symbols={"A": "query map", "B": "key map", "r": "rank"},
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    D.state(Identity, "score", Dot(A * q, B * k(i)), Dot(q, T(A) * B * k(i)))
    D.state(Identity, "gauge", Dot(2 * A * q, B * k(i) / 2), Dot(A * q, B * k(i)))
    D.answers("""
        Only the product of the two maps matters:
            [score, gauge]
        """)
    return D
