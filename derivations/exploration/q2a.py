"""Question 2 (a): self-attention commutes with permutations."""

from collections.abc import Callable

from symattn.vocabulary import *

s = IndexedBase(r"\sigma", integer=True, positive=True)


def x(index: Expr) -> Expr:
    return Member("x", index, d)


def p(index: Expr) -> Expr:
    return Member("p", index, d)


def attention(at: Expr, token: Callable[[Expr], Expr]) -> Expr:
    """The output at a place, of the tokens in an order."""
    share = [exp(Dot(token(index), token(at))) for index in (l, m)]
    return Sum(share[0] * token(l), (l, 1, n)) / Sum(share[1], (m, 1, n))


QUESTION = Question(
    name="q2a",
    given=Given((Members(x(l)), Members(p(l)), Permutation(s))),
    names=Definitions(),
    specification=Specification(None, words("the output of the tokens {x}", x=x(s[l]))),
    symbols={"x_l": "token", "p_l": "position", r"\sigma_l": "place of a token in another order"},
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    D.state(Identity, "permuted", attention(i, lambda index: x(s[index])), attention(s[i], x))
    moved = Dot(x(s[l]) + p(l), q) - Dot(x(s[l]) + p(s[l]), q)
    D.state(Identity, "positions", moved, Dot(p(l) - p(s[l]), q))
    D.answers(
        """
        The outputs are permuted as the tokens are:
            [permuted]
        """
    )
    D.say(
        """
        A sum over all tokens does not depend on their order. The same holds of tokens to which
        positions were added, when both are permuted together. Where the positions stay, the logit
        that a query {q} gives to a token changes as its position does,
            [positions]
        and with the logits, in general, the outputs.
        """,
        q=q,
    )
    return D
