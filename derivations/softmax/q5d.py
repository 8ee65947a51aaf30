"""Question 5 (d): the mean of the logistic function of a normal variable, where it has a closed form."""

from symattn.vocabulary import *

nu, psi = Symbol(r"\nu", positive=True), Symbol(r"\psi", positive=True)
xi, y = Symbol(r"\xi", real=True), Symbol("y", real=True)
NORMAL = exp(-(xi**2) / (2 * nu**2)) / (nu * sqrt(2 * pi))


def logistic(x: Expr) -> Expr:
    """The logistic function."""
    return 1 / (1 + exp(-x))


def moved(by: Expr) -> Expr:
    """The logistic function of the variable moved by a number, in terms of its unmoved value."""
    return psi / (psi + (1 - psi) * exp(-by))


QUESTION = Question(
    name="q5d",
    given=Given((Scalar(y), Scalar(nu), Between(psi, S.Zero, S.One))),
    names=Definitions().random(ShareOfNormalGap(NORMAL, deviation=r"\nu", share=r"\psi")),
    specification=Specification(None, words("the mean of {f}", f=moved(y))),
    symbols={
        r"\nu": "standard deviation of the gap",
        r"\psi": "share of the first key",
        r"\xi": "a value of the gap",
        "y": "any number",
    },
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    D.any(xi)
    D.state(Identity, "half", Expect(psi), S.Half)
    step = Expect(moved(y)) + exp(nu**2 / 2 - y) * Expect(moved(y - nu**2))
    D.state(Identity, "recursion", step, S.One)
    D.state(Identity, "next", Expect(moved(nu**2)), 1 - exp(-(nu**2) / 2) / 2)
    tilted = exp(nu**2 / 2 - y) * NORMAL.subs(xi, xi + nu**2) * logistic(xi + y)
    D.state(Identity, "tilted", NORMAL * logistic(-xi - y), tilted)
    D.answers(
        """
        The share of the moved gap is {moved}. Of the unmoved one the mean is {half.right}, and from
        there it goes in steps of the variance:
            [recursion]
        """,
        moved=moved(y),
    )
    D.say(
        """
        One less the logistic function is that function of the negative, and with the density of
        the gap {xi} the factor is taken up by a shift,
            [tilted]
        whose integral over all {xi} is the recursion. So the mean has a closed form wherever the
        gap is moved by a multiple of its variance (Holmes and Schofield, 2022): the first is
        {next.formula}.
        """,
        xi=xi,
    )  # fmt: skip
    return D
