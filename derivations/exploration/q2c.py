"""Question 2 (c): the matrix that makes every token read another one: copying."""

from symattn.vocabulary import *

M = Matrix("M", d, d)


def x(index: Expr) -> Expr:
    return Member("x", index, d)


def y(index: Expr) -> Expr:
    return Member("y", index, d)


READER = beta * Sum(y(l) * T(x(l)), (l, 1, n))
TOKENS = (Distinct((i, j)), Orthonormal("x", "the tokens"), Members(y(l)))
COPY = Given((*TOKENS, Replaced(y(i), x(j))))
QUESTION = Question(
    name="q2c",
    given=Given(TOKENS),
    names=Definitions().let(M, READER).any(beta),
    specification=Specification(
        None, words("a matrix {M} for which token {i} has the query {y}", M=M, i=i, y=beta * y(i))
    ),
    symbols={"x_l": "token", "y_l": "what token $l$ is to read", "M": "matrix of the queries"},
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    D.state(Identity, "query", M * x(i), beta * y(i))
    D.state(Identity, "logit", Dot(x(l), M * x(i)), beta * Dot(x(l), y(i)))
    total = Sum(exp(Dot(x(l), M * x(i))), (l, 1, n))
    share = exp(Dot(x(j), M * x(i))) / total
    D.state(Identity, "share", share, exp(beta) / (exp(beta) + n - 1), COPY)
    D.state(Tends, "copied", share, S.One, COPY, variable=beta, point=oo)
    D.answers(
        """
        For orthonormal tokens, the sum of the products of what is read and who reads:
            [query]
        """
    )
    D.say(
        """
        A token that is to read another one gives it the weight
            [share]
        which tends to {copied.right} as the scale {beta} grows: the output is a copy of that token.
        """
    )
    return D
