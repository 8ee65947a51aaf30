"""Words with formulas in them; a formula in a sentence is an expression too, never a string."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sympy import Basic, Expr, sympify

from symattn.algebra.attention import LETTERS
from symattn.claims import Behind, Claim, chain
from symattn.errors import BrokenDerivation


@dataclass(frozen=True)
class Formula:
    """Terms with relations between them: `F(a, "=", b)`; one term alone is a formula too.

    behind : what stands behind the last term: the approach of a limit, the order of an error.
    role, of : what the formula rests on, a key of `symattn.derive.roles.ROLES`, and which one.

    >>> from sympy import Symbol
    >>> F(Symbol("a"), r"\\ll", Symbol("b")).latex
    'a \\\\ll b'
    """

    terms: tuple[Expr, ...]
    relations: tuple[str, ...] = ()
    behind: Behind | None = None
    role: str = field(default="", compare=False)
    of: str = field(default="", compare=False)

    @classmethod
    def of_claim(cls, claim: Claim) -> Formula:
        """Return a claim as a formula in a sentence."""
        return cls(claim.terms, claim.relations, claim.behind, "claim", claim.name)

    @property
    def latex(self) -> str:
        return chain(self.terms, self.relations) + (self.behind.latex if self.behind else "")

    @property
    def inline(self) -> str:
        """The formula as a line of text prints it, its fractions with a slash."""
        aside = self.behind.latex if self.behind else ""
        return chain(self.terms, self.relations, slashed=True) + aside

    def _repr_latex_(self) -> str:
        return f"${self.latex}$"


def F(*parts: Any) -> Formula:
    """Make a formula of expressions and relation strings in turn."""
    terms = tuple(sympify(p) for p in parts[::2])
    return Formula(terms, tuple(parts[1::2]))


@dataclass(frozen=True)
class Text:
    """A paragraph: plain words, formulas and claims that it refers to."""

    parts: tuple[str | Formula | Claim, ...]

    @classmethod
    def of(
        cls, template: str, formulas: Mapping[str, Any], known: Mapping[str, Any] | None = None
    ) -> Text:
        """Fill the `{names}` of a template; an unused or a missing name is an error.

        known : more formulas, which need not be used.
        """
        parts: list[str | Formula | Claim] = []
        used = set()
        for i, piece in enumerate(re.split(r"\{([\w.-]+)\}", template)):
            if i % 2 == 0:
                if piece:
                    parts.append(piece)
                continue
            if piece not in formulas and piece not in (known or {}):
                raise BrokenDerivation(f"the sentence names {{{piece}}}; no formula has that name")
            used.add(piece)
            value = formulas[piece] if piece in formulas else (known or {})[piece]
            parts.append(F(value) if isinstance(value, (Basic, int)) else value)
        unused = set(formulas) - used
        if unused:
            raise BrokenDerivation(f"formulas without a place in the sentence: {sorted(unused)}")
        return cls(tuple(parts))


def words(template: str, **formulas: Any) -> Text:
    """Fill in a sentence; the letters of attention may be named without giving them.

    >>> words("as the scale {beta} grows").parts[1].latex
    '\\\\beta'
    """
    return Text.of(template, formulas, LETTERS)
