"""Question 2 (a): self-attention commutes with permutations."""

from collections.abc import Callable

from symattn.vocabulary import *

s = IndexedBase(r"\sigma", integer=True, positive=True)


def x(index: Expr) -> Expr:
    return Member("x", index, d)


def placed(index: Expr) -> Expr:
    """A token with the position that it had before it was moved."""
    return x(index) + Member("p", index, d)


def attention(at: Expr, token: Callable[[Expr], Expr]) -> Expr:
    """The output at a place, of the tokens in an order."""
    share = [exp(Dot(token(index), token(at))) for index in (l, m)]
    return Sum(share[0] * token(l), (l, 1, n)) / Sum(share[1], (m, 1, n))


QUESTION = Question(
    name="q2a",
    given=Given((Members(x(l)), Members(Member("p", l, d)), Permutation(s))),
    names=Definitions(),
    specification=Specification(None, words("the output of the tokens {x}", x=x(s[l]))),
    symbols={"x_l": "token", "p_l": "position", r"\sigma_l": "place of a token in another order"},
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    D.state(Identity, "permuted", attention(i, lambda index: x(s[index])), attention(s[i], x))
    moved = attention(i, lambda index: placed(s[index]))
    D.state(Identity, "positions", moved, attention(s[i], placed))
    stays = Dot(x(s[l]) + Member("p", l, d), x(s[i]) + Member("p", i, d))
    shift = [Member("p", index, d) - Member("p", s[index], d) for index in (l, i)]
    gap = Dot(shift[0], placed(s[i])) + Dot(placed(s[l]), shift[1]) + Dot(*shift)
    D.state(Identity, "logits", stays - Dot(placed(s[l]), placed(s[i])), gap)
    D.answers(
        """
        The outputs are permuted as the tokens are:
            [permuted]
        """
    )
    D.say(
        """
        A sum over all tokens does not depend on their order. The same holds of tokens to which
        positions were added, when both are permuted together,
            [positions]
        but not when the positions stay where they are: the logits then change,
            [logits]
        and with them, in general, the outputs.
        """
    )
    return D
