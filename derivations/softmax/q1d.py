"""Question 1 (d): the backward pass of attention, through the weights to the logits."""

from symattn.vocabulary import *

g, f = Vector("g", d), Symbol("f", real=True)
NAMES = OF_LOGITS.let(f, Dot(g, c))
OUTPUT = Sum(alpha(m) * v(m), (m, 1, n))

QUESTION = Question(
    name="q1d",
    given=Given((Arbitrary(g), OF_LOGITS.stands(alpha(l)))),
    names=NAMES,
    specification=Specification(None, words("the derivative of {f} by a logit", f=F(f, "=", Dot(g, c)))),
    symbols={"g": "gradient that arrives at the output", "f": "what is differentiated"},
)  # fmt: skip


def derive() -> Derivation:
    D = Derivation(QUESTION)
    gradient = alpha(j) * Dot(g, v(j) - OUTPUT)
    D.state(Identity, "backward", Partial(f, z(j)), gradient)
    D.state(Identity, "balance", Sum(gradient, (j, 1, n)), S.Zero)
    D.answers(
        """
        Its weight times how far its value is from the output, along the gradient {g}:
            [backward]
        """,
        g=g,
    )
    D.say(
        "Together the logits receive nothing, {balance.formula}: a shift of all changes no weight."
    )
    return D
