"""Question 1 (b): how the weights, their mean logit and their entropy move with the scale."""

from symattn.vocabulary import *

H, E = Symbol("H", real=True), Symbol("E", real=True)
MEAN = Sum(alpha(m) * z(m), (m, 1, n))
SCALED = (
    Definitions()
    .let(alpha(l), softmax(l, lambda index: beta * z(index)))
    .let(E, MEAN)
    .let(H, -Sum(alpha(m) * log(alpha(m)), (m, 1, n)))
)
VARIANCE = Sum(alpha(l) * (z(l) - MEAN) ** 2, (l, 1, n))

QUESTION = Question(
    name="q1b",
    given=Given((Scalar(beta), SCALED.stands(alpha(l)))),
    names=SCALED,
    specification=Specification(
        None, words("the derivatives of {a}, {E} and {H} by {b}", a=alpha(i), E=E, H=H, b=beta)
    ),
    symbols={"E": "mean logit", "H": "entropy of the weights", r"\beta": "scale of the logits"},
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    D.state(Identity, "weight", Partial(alpha(i), beta), alpha(i) * (z(i) - MEAN))
    D.state(Identity, "mean", Partial(E, beta), VARIANCE)
    D.state(Identity, "entropy", Partial(H, beta), -beta * VARIANCE)
    D.at_least("spread", VARIANCE, S.Zero)
    D.answers(
        """
        A weight grows with the scale when its logit is above the mean logit,
            [weight]
        the mean logit grows, and the entropy falls:
            [mean, entropy]
        """
    )
    D.say("The variance of the logits under the weights is nonnegative, {spread.formula}.")
    return D


TESTS = (
    AuthorTest(r"\frac{\partial^2 E}{\partial \beta^2} = \sum_l \alpha_l (z_l - E)^3", "proved"),
    AuthorTest(
        r"\frac{\partial}{\partial \beta} \frac{\partial E}{\partial \beta} = \sum_l \alpha_l (z_l - E)^2",
        "refuted",
    ),
)
