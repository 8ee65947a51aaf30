"""Question 1 (c): KL of two softmaxes."""

from symattn.vocabulary import *

w = IndexedBase("w", real=True)
p = IndexedBase("p", positive=True)
K = Symbol("K", real=True)
NAMES = OF_LOGITS.let(p[l], softmax(l, lambda index: w[index]))
NAMES = NAMES.let(K, Sum(alpha(m) * log(alpha(m) / p[m]), (m, 1, n)))
QUESTION = Question(
    name="q1c",
    given=Given((Reals(w), NAMES.stands(alpha(l)), NAMES.stands(p[l]))),
    names=NAMES,
    specification=Specification(None, words("{u}", u=K)),
    symbols={"w_l": "other logit", "p_l": "other weight", "K": "divergence"},
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    free, other = (log(Sum(exp(f), (m, 1, n))) for f in (z(m), w[m]))
    D.state(Identity, "form", K, Sum(alpha(m) * (z(m) - w[m]), (m, 1, n)) - free + other)
    D.state(Identity, "grad", Partial(K, w[j]), p[j] - alpha(j))
    D.at_least("sign", K, S.Zero)
    D.answers("""
        By the logits and the sums of their exponentials:
            [form, grad, sign]
        """)
    return D
