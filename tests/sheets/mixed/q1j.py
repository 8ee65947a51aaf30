"""Question 1 (j): the Jacobian of softmax, entry by entry, and any table of numbers."""

from symattn.vocabulary import *

J, B = IndexedBase("J", real=True), IndexedBase("B", real=True)
NAMES = OF_LOGITS.let(J[l, m], alpha(l) * (KroneckerDelta(l, m) - alpha(m)))
QUESTION = Question(
    name="q1j",
    given=Given((Reals(B, 2),)),
    names=NAMES,
    specification=Specification(None, words("what the entries {J} satisfy", J=J[i, j])),
    symbols={"J_{lm}": "entry of the Jacobian", "B_{lm}": "a number"},
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    D.state(Identity, "derivative", Partial(alpha(i), z(j)), J[i, j])
    D.state(Identity, "symmetric", J[i, j], J[j, i])
    D.state(Identity, "rows", Sum(J[i, m], (m, 1, n)), S.Zero)
    D.state(Identity, "trace", Sum(J[l, l], (l, 1, n)), 1 - Sum(alpha(l) ** 2, (l, 1, n)))
    table = Sum(Sum(B[l, m], (l, 1, n)), (m, 1, n))
    D.state(Identity, "exchanged", table, Sum(Sum(B[m, l], (l, 1, n)), (m, 1, n)))
    D.answers("""
        They are the derivatives, and a symmetric matrix whose rows add up to zero:
            [derivative, symmetric, rows, trace]
        """)
    D.say("The order of two sums is free, {exchanged.formula}.")
    return D


TESTS = (
    AuthorTest(r"J_{ij} = \alpha_i (\delta_{ij} - \alpha_j)", "proved"),
    AuthorTest(r"\sum_j J_{ij} = 0", "proved"),
    AuthorTest(r"J_{ij} = -\alpha_i \alpha_j, i \ne j", "proved"),
    AuthorTest(r"J_{ij} = \alpha_i \alpha_j", "refuted"),
    AuthorTest(r"\sum_i J_{ij} = 1", "refuted"),
    AuthorTest(r"J_i = 0", "unread"),
)
