"""Question 1 (a): two heads, one for each value."""

from symattn.vocabulary import *

A, B, C = (Vector(name, d) for name in "ghc")
EVERY = Sum(v(l), (l, 1, n))
NAMES = Definitions().let(A, output(beta * k(i))).let(B, output(beta * k(j))).let(C, (A + B) / 2)
QUESTION = Question(
    name="q1a",
    given=Given((Distinct((i, j)), Orthonormal("k"))),
    names=NAMES.any(beta),
    specification=Specification(
        None, words("{goal} as the scale {b} grows", goal=F(C, r"\to", (v(i) + v(j)) / 2), b=beta)
    ),
    symbols={"g": "output of the first head", "h": "output of the second head"},
)  # fmt: skip


def derive() -> Derivation:
    D = Derivation(QUESTION)
    shares = exp(beta) + n - 1
    D.state(Identity, "head", A, ((exp(beta) - 1) * v(i) + EVERY) / shares)
    both = ((exp(beta) - 1) * (v(i) + v(j)) / 2 + EVERY) / shares
    D.state(Identity, "mean", C, both)
    middle = (v(i) + v(j)) / 2
    D.state(Tends, "limit", both, middle, Given((Distinct((i, j)),)), variable=beta, point=oo)
    D.state(Identity, "error", C - middle, (EVERY - n * middle) / shares)
    D.answers(
        """
        One head for each key, with the queries {q1} and {q2} and a large scale {beta}: the output is
            [mean]
        which tends to the mean of the two values:
            [limit]
        """,
        q1=beta * k(i), q2=beta * k(j),
    )  # fmt: skip
    D.say(
        """
        A head gives
            [head]
        and the mean of the two misses the mean of the values by
            [error]
        Two equal heads give what one gives, for the mean of an output with itself is that output.
        """
    )
    return D
