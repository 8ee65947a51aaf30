"""Question 1 (a): layer normalisation."""

from symattn.vocabulary import *

y = IndexedBase("y", real=True)
a, b = Symbol("a", positive=True), Symbol("b", real=True)
mean, var = Symbol("M", real=True), Symbol("V", positive=True)
NAMES = (
    Definitions()
    .let(mean, Sum(y[l], (l, 1, n)) / n)
    .let(var, Sum((y[l] - mean) ** 2, (l, 1, n)) / n)
)
u = IndexedBase("u", real=True)
NAMES = NAMES.let(u[l], (y[l] - mean) / sqrt(var))
QUESTION = Question(
    name="q1a",
    given=Given((Reals(y), AtLeast(2))),
    names=NAMES,
    specification=Specification(None, words("mean and variance of {u}", u=u[l])),
    symbols={
        "y_l": "entry",
        "M": "mean",
        "V": "variance",
        "u_l": "normalised entry",
        "a": "scale",
        "b": "shift",
    },
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    D.any(a, b)
    D.state(Identity, "mean", Sum(u[l], (l, 1, n)), S.Zero)
    D.state(Identity, "square", Sum(u[l] ** 2, (l, 1, n)) / n, S.One)
    D.state(Identity, "variance", var, Sum(y[l] ** 2, (l, 1, n)) / n - mean**2)
    D.state(Identity, "slope", Partial(mean, y[i]), 1 / n)
    D.state(Identity, "vslope", Partial(var, y[i]), 2 * (y[i] - mean) / n)
    D.answers("""
        The normalised entries have mean zero and variance one:
            [mean, square, variance, slope, vslope]
        """)
    return D
