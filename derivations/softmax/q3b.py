"""Question 3 (b): attention as regression with a Gaussian kernel, for keys of one norm."""

from symattn.vocabulary import *

rho = Symbol(r"\rho", positive=True)
QUESTION = Question(
    name="q3b",
    given=Given((EqualNorms("k", rho),)),
    names=ATTENTION,
    specification=Specification(
        None, words("the weights by the distances of {q} and the keys", q=q)
    ),
    symbols={r"\rho": "norm of the keys"},
)


def kernel(index: Expr) -> Expr:
    return exp(-(Norm(q - k(index)) ** 2) / 2)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    total = Sum(kernel(m), (m, 1, n))
    D.state(Identity, "weight", alpha(i), kernel(i) / total)
    D.state(Identity, "regression", c, Sum(kernel(l) * v(l), (l, 1, n)) / total)
    square = Norm(q - k(l)) ** 2
    D.state(Identity, "square", square, Norm(q) ** 2 + rho**2 - 2 * Dot(k(l), q))
    D.answers(
        """
        When the keys have one norm {rho}: the output is the mean of the values by a Gaussian kernel,
            [weight, regression]
        """,
        rho=rho,
    )
    D.say(
        "For then {square.formula}, and what all keys share cancels. With other norms it does not."
    )
    return D
