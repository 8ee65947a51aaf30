"""Question 1 (d): low temperature."""

from symattn.vocabulary import *

t = Symbol("T", positive=True)
NAMES = Definitions().let(alpha(l), softmax(l, lambda index: z(index) / t))
QUESTION = Question(
    name="q1d",
    given=Given((Scalar(t),)),
    names=NAMES,
    specification=Specification(None, words("{u}", u=alpha(i))),
    symbols={"T": "temperature"},
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    D.state(Tends, "hot", alpha(i), 1 / n, variable=t, point=oo)
    D.state(
        Identity,
        "slope",
        Partial(alpha(i), t),
        -alpha(i) / t**2 * (z(i) - Sum(alpha(m) * z(m), (m, 1, n))),
    )
    D.state(Identity, "ratio", alpha(i) / alpha(j), exp((z(i) - z(j)) / t))
    D.answers("""
        All weights become equal as the temperature rises:
            [hot, slope, ratio]
        """)
    return D
