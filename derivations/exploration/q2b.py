"""Question 2 (b): with all matrices the identity, a token attends to itself."""

from symattn.vocabulary import *

rho = Symbol(r"\rho", positive=True)


def x(index: Expr) -> Expr:
    return Member("x", index, d)


QUESTION = Question(
    name="q2b",
    given=Given((Distinct((i, j)), EqualNorms("x", rho, "the tokens"))),
    names=Definitions(),
    specification=Specification(None, words("the gap of {a} and {b}", a=Dot(x(i), x(i)), b=Dot(x(i), x(j)))),
    symbols={"x_l": "token", r"\rho": "norm of the tokens"},
)  # fmt: skip


def derive() -> Derivation:
    D = Derivation(QUESTION)
    gap = Dot(x(i), x(i)) - Dot(x(i), x(j))
    D.state(Identity, "gap", gap, Norm(x(i) - x(j)) ** 2 / 2)
    D.at_least("own", gap, S.Zero, slack=Norm(x(i) - x(j)) ** 2 / 2)
    D.answers(
        """
        To itself, if all tokens have one norm: no other logit exceeds its own, for
            [gap]
        """
    )
    D.say("So {own.formula}, and without other matrices no token can read another one above all.")
    return D
