"""Question 1 (a): the Jacobian of softmax, its sign, and what it takes to 0."""

from symattn.vocabulary import *

u = IndexedBase("u", real=True)
SCALED = Definitions().let(alpha(l), softmax(l, lambda index: beta * z(index)))
MEAN = Sum(alpha(m) * u[m], (m, 1, n))
ENTRY = beta * alpha(i) * (KroneckerDelta(i, j) - alpha(j))

QUESTION = Question(
    name="q1a",
    given=Given((Scalar(beta), Reals(u), SCALED.stands(alpha(l)))),
    names=SCALED,
    specification=Specification(
        None, words("the matrix of the derivatives {s}, and its sign", s=Partial(alpha(i), z(j)))
    ),
    symbols={"u_l": "any direction", r"\beta": "scale of the logits"},
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    D.state(Identity, "jacobian", Partial(alpha(i), z(j)), ENTRY)
    form = Sum(Sum(u[i] * ENTRY * u[j], (i, 1, n)), (j, 1, n))
    terms = beta * alpha(l) * (u[l] - MEAN) ** 2
    square = Sum(terms, (l, 1, n))
    D.state(Identity, "form", form, square)
    D.at_least("semidefinite", square, S.Zero)
    D.state(Identity, "constants", Sum(ENTRY, (j, 1, n)), S.Zero)
    D.at_least("kernel", square, terms.subs(l, i))
    D.answers(
        """
        At the scale {beta} the derivatives are
            [jacobian]
        and their matrix is positive semidefinite: it takes equal entries to 0, and nothing else.
        """
    )
    D.say(
        """
        In any direction {u} the matrix is {beta} times the variance of {u} under the weights,
            [form]
        which is nonnegative, {semidefinite.formula}. Equal entries are taken to 0,
        {constants.formula}. Nothing else is, for every term is at most the sum,
            [kernel]
        and the weights are positive: where the form is 0, each entry is the mean.
        """,
        u=u[l],
    )
    return D


TESTS = (
    AuthorTest(r"\frac{\partial \alpha_i}{\partial z_j} = \beta \alpha_i (\delta_{ij} - \alpha_j)", "proved"),
    AuthorTest(r"\frac{\partial \alpha_i}{\partial z_j} = \beta \alpha_j (\delta_{ij} - \alpha_i)", "proved"),
    AuthorTest(r"\frac{\partial \alpha_i}{\partial z_j} = \alpha_i (\delta_{ij} - \alpha_j)", "refuted"),
    AuthorTest(r"\frac{\partial \alpha_i}{\partial z_j} = - \beta \alpha_i \alpha_j", "undecided",
               "ask-which-index"),
)  # fmt: skip
