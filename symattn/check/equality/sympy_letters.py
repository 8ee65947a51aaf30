r"""Functions that SymPy prints as a letter, such as `J_{n}\left(x\right)`.

The letter is that function where a side is an expression of SymPy that holds it; anywhere else it is
a letter as any other.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import sympy
from sympy import Basic, Expr, functions

from symattn.latex.names import Vocabulary

_BY_INDEX = {  # with the first argument as a subscript
    "J": "besselj",
    "Y": "bessely",
    "I": "besseli",
    "K": "besselk",
    "j": "jn",
    "y": "yn",
    "T": "chebyshevt",
    "U": "chebyshevu",
    "P": "legendre",
    "L": "laguerre",
    "H": "hermite",
    r"\operatorname{Li}": "polylog",
    r"\operatorname{E}": "expint",
}
_BARE = {
    "K": "elliptic_k",
    "C": "fresnelc mathieuc",
    "S": "fresnels mathieus",
    r"\eta": "dirichlet_eta",
    r"\mu": "mobius",
    r"\nu": "primenu",
    r"\phi": "totient",
    r"\sigma": "divisor_sigma",
    r"\lambda": "reduced_totient",
    r"\delta": "DiracDelta",
    r"\theta": "Heaviside",
    r"\gamma": "lowergamma",
    r"\Phi": "lerchphi",
    r"\operatorname{B}": "beta",
    r"\operatorname{riemann}_{\xi}": "riemann_xi",
}


def _named(name: str) -> Any:
    return getattr(functions, name, None) or getattr(sympy, name)


_LETTERS = [
    *((_named(name), letter, True) for letter, name in _BY_INDEX.items()),
    *((_named(name), letter, False) for letter, names in _BARE.items() for name in names.split()),
]


def _at(function: Callable[..., Expr], *arguments: Expr, below: Expr | None = None) -> Expr:
    return function(*(() if below is None else (below,)), *arguments)


def with_letters_of(words: Vocabulary, *sides: Any) -> Vocabulary:
    """Return a vocabulary with the functions that expressions of SymPy hold, by their letters.

    >>> x = sympy.Symbol("x")
    >>> words = with_letters_of(Vocabulary(), sympy.besselj(2, x) + 1)
    >>> words.function_named("J")(x, below=sympy.S(1))
    besselj(1, x)
    """
    for side in sides:
        if not isinstance(side, Basic) or not side.has(sympy.Function):
            continue
        for function, letter, indexed in _LETTERS:
            if side.has(function):
                made = partial(_at, function)
                made.__kwdefaults__ = {"below": None} if indexed else {}  # type: ignore[attr-defined]
                words = words.function(letter, made)
    return words
