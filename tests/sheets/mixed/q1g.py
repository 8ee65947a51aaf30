"""Question 1 (g): gradient of squared error."""

from symattn.vocabulary import *

t = IndexedBase("t", real=True)
L = Symbol("L", real=True)
NAMES = OF_LOGITS.let(L, Sum((alpha(m) - t[m]) ** 2, (m, 1, n)) / 2)
QUESTION = Question(
    name="q1g",
    given=Given((Reals(t), NAMES.stands(alpha(l)))),
    names=NAMES,
    specification=Specification(None, words("{u}", u=L)),
    symbols={"t_l": "target", "L": "loss"},
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    D.state(
        Identity,
        "grad",
        Partial(L, z(j)),
        alpha(j) * (alpha(j) - t[j] - Sum(alpha(m) * (alpha(m) - t[m]), (m, 1, n))),
    )
    D.at_least("sign", L, S.Zero)
    D.at_most(
        "cauchy",
        Sum(alpha(m) * t[m], (m, 1, n)) ** 2,
        Sum(alpha(m) ** 2, (m, 1, n)) * Sum(t[m] ** 2, (m, 1, n)),
    )
    D.answers("""
        By the derivative of softmax:
            [grad, sign, cauchy]
        """)
    return D
