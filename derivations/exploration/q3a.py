"""Question 3 (a): a shift of sinusoidal positions is a linear map that does not depend on them."""

from symattn.vocabulary import *

w = IndexedBase(r"\theta", real=True)
p, s = Symbol("p", real=True), Symbol("s", real=True)
QUESTION = Question(
    name="q3a",
    given=Given((Reals(w), Scalar(p), Scalar(s))),
    names=Definitions(),
    specification=Specification(
        None, words("{a} and {b} by {c} and {e}", a=sin(w[l] * (p + s)), b=cos(w[l] * (p + s)),
                    c=sin(w[l] * p), e=cos(w[l] * p)),
    ),
    symbols={r"\theta_l": "angle of a pair", "p": "position", "s": "shift"},
)  # fmt: skip


def derive() -> Derivation:
    D = Derivation(QUESTION)
    old, move = (sin(w[l] * p), cos(w[l] * p)), (sin(w[l] * s), cos(w[l] * s))
    new = w[l] * (p + s)
    D.state(Identity, "sine", sin(new), move[1] * old[0] + move[0] * old[1])
    D.state(Identity, "cosine", cos(new), move[1] * old[1] - move[0] * old[0])
    score = Sum(sin(w[l] * p) * sin(new) + cos(w[l] * p) * cos(new), (l, 1, n))
    D.state(Identity, "product", score, Sum(cos(w[l] * s), (l, 1, n)))
    D.answers(
        """
        It rotates each pair of entries, by an angle that depends on the shift {s} alone:
            [sine, cosine]
        """,
        s=s,
    )
    D.say(
        """
        So the product of two positions depends on their distance only (Vaswani and others, 2017):
            [product]
        """
    )
    return D
