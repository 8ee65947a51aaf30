"""Question 1 (a): the derivatives of softmax."""

from symattn.vocabulary import *

u = IndexedBase("u", real=True)
NAMES = Definitions().let(alpha(l), softmax(l, lambda index: beta * z(index)))
ENTRY = beta * alpha(i) * (KroneckerDelta(i, j) - alpha(j))
MEAN = Sum(alpha(m) * u[m], (m, 1, n))
QUESTION = Question(
    name="q1a",
    given=Given((Scalar(beta), Reals(u), NAMES.stands(alpha(l)))),
    names=NAMES,
    specification=Specification(None, words("the derivatives {s}", s=Partial(alpha(i), z(j)))),
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    D.state(Identity, "jacobian", Partial(alpha(i), z(j)), ENTRY)
    terms = beta * alpha(l) * (u[l] - MEAN) ** 2
    square = Sum(terms, (l, 1, n))
    D.state(Identity, "form", Sum(Sum(u[i] * ENTRY * u[j], (i, 1, n)), (j, 1, n)), square)
    D.at_least("semidefinite", square, S.Zero)
    D.state(Identity, "ones", Sum(ENTRY, (j, 1, n)), S.Zero)
    D.at_least("kernel", square, terms.subs(l, i))
    D.answers(
        """
        With the scale {beta}
            [jacobian, form]
        so it is positive semidefinite, {semidefinite.formula}. It takes equal entries to 0,
        {ones.formula}, and no others, because
            [kernel]
        """
    )
    return D


TESTS = (
    AuthorTest(
        r"\frac{\partial \alpha_i}{\partial z_j} = \beta \alpha_i (\delta_{ij} - \alpha_j)",
        "proved",
    ),
    AuthorTest(
        r"\frac{\partial \alpha_i}{\partial z_j} = \beta \alpha_i (\delta_{ij} - \alpha_i)",
        "refuted",
    ),
)
