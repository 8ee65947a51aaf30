"""Question 1 (c): the product of two vectors with independent entries."""

from symattn.vocabulary import *

e, f = IndexedBase("e", real=True), IndexedBase("f", real=True)
ENTRIES = Independent((e, f))
PRODUCT = Sum(e[l] * f[l], (l, 1, n))
QUESTION = Question(
    name="q1c",
    given=Given((ENTRIES,)),
    names=Definitions().random(TwoPoints(ENTRIES)),
    specification=Specification(None, words("mean and variance of {x}", x=PRODUCT)),
    symbols={"e_l": "entry of the query", "f_l": "entry of the key"},
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    D.state(Identity, "mean", Expect(PRODUCT), S.Zero)
    D.state(Identity, "variance", Var(PRODUCT), n)
    D.state(Identity, "scaled", Var(PRODUCT / sqrt(n)), S.One)
    D.state(Identity, "entries", Expect(e[i] * e[j]), KroneckerDelta(i, j))
    D.answers(
        """
        As large as the root of {n}, for
            [mean, variance]
        and dividing by that root takes the growth away, {scaled.formula}.
        """,
        n=n,
    )
    return D
