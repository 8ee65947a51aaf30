"""Question 1 (b): sigmoid attention."""

from symattn.vocabulary import *

s = IndexedBase("s", positive=True)
b = Symbol("b", real=True)
NAMES = OF_LOGITS.let(s[l], 1 / (1 + exp(-z(l) + b)))
QUESTION = Question(
    name="q1b",
    given=Given((Scalar(b), AtLeast(2))),
    names=NAMES,
    specification=Specification(None, words("bounds of {u}", u=s[l])),
    symbols={"s_l": "gate", "b": "shift"},
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    D.positive("pos", s[i])
    D.at_most("one", s[i], S.One)
    D.state(Identity, "slope", Partial(s[i], z(i)), s[i] * (1 - s[i]))
    D.state(Identity, "shift", Partial(s[i], b), -s[i] * (1 - s[i]))
    D.state(Identity, "odds", s[i] / (1 - s[i]), exp(z(i) - b))
    D.at_most("quarter", Partial(s[i], z(i)), Rational(1, 4))
    D.state(Tends, "closed", s[i], S.Zero, variable=b, point=oo)
    D.state(Tends, "open", s[i], S.One, variable=b, point=-oo)
    D.answers("""
        A gate is between 0 and 1, whatever the other logits are:
            [pos, one, slope, shift, odds, quarter, closed, open]
        """)
    return D
