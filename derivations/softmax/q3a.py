"""Question 3 (a): what changes no weight: a shift of the logits, a bias of the keys."""

from symattn.vocabulary import *

b, y = Vector("b", d), Symbol("y", real=True)
QUESTION = Question(
    name="q3a",
    given=Given((Arbitrary(b),)),
    names=ATTENTION.any(y),
    specification=Specification(None, words("what leaves every weight as it is")),
    symbols={"b": "bias of the keys", "y": "any number"},
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    shifted = D.start(
        "shifted logits", softmax(i, lambda index: z(index) + y), names=OF_LOGITS.any(y)
    )
    D.identity("shift", shifted.under("the common factor cancels", expect=softmax(i)))
    biased = softmax(i, lambda index: Dot(k(index) + b, q))
    D.follows("bias", biased, "the common factor cancels", weight(i))
    D.answers(
        """
        The same {y} added to all logits, and so the same vector {b} added to all keys:
            [shift, bias]
        """,
        y=y, b=b,
    )  # fmt: skip
    return D
