"""Question 1 (e): self-attention commutes with permutations."""

from collections.abc import Callable

from symattn.vocabulary import *

s = IndexedBase(r"\sigma", integer=True, positive=True)


def x(index: Expr) -> Expr:
    return Member("x", index, d)


def attention(at: Expr, token: Callable[[Expr], Expr]) -> Expr:
    shares = [exp(Dot(token(index), token(at))) for index in (l, m)]
    return Sum(shares[0] * token(l), (l, 1, n)) / Sum(shares[1], (m, 1, n))


QUESTION = Question(
    name="q1e",
    given=Given((Members(x(l)), Permutation(s))),
    names=Definitions(),
    specification=Specification(None, words("the outputs of the tokens {x}", x=x(s[l]))),
    symbols={"x_l": "token", r"\sigma_l": "place of a token"},
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    D.state(Identity, "permuted", attention(i, lambda index: x(s[index])), attention(s[i], x))
    D.answers(
        """
        The outputs are permuted in the same way:
            [permuted]
        """
    )
    return D
