"""Question 2 (d): one update of a Hopfield network with exponentials never raises its energy."""

from symattn.vocabulary import *

r = Vector("r", d)
WEIGHTS = ATTENTION.stands(alpha(l))
UPDATE = Given((Replaced(r, Sum(weight(m) * k(m), (m, 1, n))), WEIGHTS))


def total(state: Expr) -> Expr:
    """The logarithm of the sum of the exponentials at a state."""
    return log(Sum(exp(Dot(k(l), state)), (l, 1, n)))


QUESTION = Question(
    name="q2d",
    given=Given((Arbitrary(r), WEIGHTS)),
    names=ATTENTION,
    specification=Specification(
        None, words("that {e} falls from {q} to the output", e=Norm(q) ** 2 / 2 - total(q), q=q)
    ),
    symbols={"r": "another state"},
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    mean = Sum(alpha(m) * Dot(k(m), r - q), (m, 1, n))
    x = Dot(k(l), r - q) - mean
    curved = Sum(alpha(l) * exp(x), (l, 1, n))
    D.state(Identity, "difference", total(r) - total(q), mean + log(curved))
    D.at_least("convex", curved, S.One)
    fall = mean + Norm(q) ** 2 / 2 - Norm(r) ** 2 / 2
    D.state(Identity, "step", fall, Norm(r - q) ** 2 / 2, UPDATE)
    D.answers(
        """
        Because the logarithm of the sum of the exponentials is convex. For any state {r}
            [difference, convex]
        and for the update, {r} being the mean of the keys by the weights at {q},
            [step]
        so the energy falls by at least half the squared length of the step.
        """,
        r=r,
    )
    D.say("The tangent of the exponential bounds each term (Ramsauer and others, 2021).")
    return D
