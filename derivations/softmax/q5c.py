"""Question 5 (c): mean and variance of a logit whose query is random, too."""

from symattn.vocabulary import *

e, f = IndexedBase("e", real=True), IndexedBase("f", real=True)
a, b = Symbol(r"\theta", real=True), Symbol(r"\omega", positive=True)
ENTRIES = Independent((e, f), a, b)
PRODUCT = Sum(e[l] * f[l], (l, 1, n))
QUESTION = Question(
    name="q5c",
    given=Given((ENTRIES,)),
    names=Definitions().random(TwoPoints(ENTRIES)),
    specification=Specification(None, words("mean and variance of {x}", x=PRODUCT)),
    symbols={
        "e_l": "entry of the query",
        "f_l": "entry of the key",
        r"\theta": "mean of an entry",
        r"\omega": "variance of an entry",
    },
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    D.state(Identity, "mean", Expect(PRODUCT), n * a**2)
    D.state(Identity, "variance", Var(PRODUCT), n * b * (2 * a**2 + b))
    D.state(Identity, "scaled", Var(PRODUCT / sqrt(n)), b * (2 * a**2 + b))
    D.answers(
        """
        Both grow with the dimension:
            [mean, variance]
        """
    )
    D.say("After division by the root of {n}, {scaled.formula}.", n=n)
    return D
