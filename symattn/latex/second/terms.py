"""Sums and products of one bracket level, with the dot products that stand in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sympy import (
    Expr,
    Mul,
)

from symattn.algebra.letters import (
    Dot,
    Shape,
    T,
    shape,
)
from symattn.latex.second.brackets import (
    Lexeme,
    Node,
    is_token,
    spell,
)
from symattn.latex.second.latex2sympy import LETTERS
from symattn.latex.second.short_formulas import Plain


@dataclass(frozen=True)
class Factor:
    """A factor that has been read; `literal` for a number that is written in digits."""

    value: Expr
    at: int
    literal: bool = False

    @property
    def size(self) -> Shape:
        return shape(self.value)


Item = Factor | str
"""A factor, or a sign between factors: '.' for \\cdot, '*', '/'."""


class Terms(Plain):
    """Reads sums of products whose factors are read elsewhere."""

    def items(self, nodes: Sequence[Node]) -> list[Item]:
        raise NotImplementedError

    def value(self, nodes: Sequence[Node], at: int) -> Expr:
        """Read what stands on one bracket level."""
        if not nodes:
            raise self.fail("a formula is missing here", at)
        parts: list[str | Expr] = []
        letters = 0
        for sign, start, term in self.terms(nodes, at):
            words = [*([sign] if sign else []), *self.term(self.items(term), start)]
            needed = sum(isinstance(word, Expr) for word in words)
            if needed >= len(LETTERS):
                raise self.fail(f"a product of more than {len(LETTERS) - 1} factors", start)
            if letters + needed > len(LETTERS):
                parts, letters = [self.read(*parts, at=at)], 1
            parts += words
            letters += needed
        value = parts[0] if len(parts) == 1 else self.read(*parts, at=at)
        assert isinstance(value, Expr)
        self.at = at
        shape(value)
        return value

    def terms(self, nodes: Sequence[Node], at: int) -> Iterator[tuple[str, int, Sequence[Node]]]:
        """Split at the plus and minus signs of this level: sign, place, factors."""
        sign, start = "", 0
        for place, node in enumerate([*nodes, Lexeme("+", at)]):
            if not is_token(node, "+", "-"):
                continue
            if place > start:
                yield sign, nodes[start].at, nodes[start:place]
            elif place > 0:
                raise self.fail("a term is missing here", nodes[place - 1].at)
            sign, start = spell([node])[0], place + 1

    def term(self, items: list[Item], at: int) -> list[str | Expr]:
        """Turn the products of vectors that are scalars into scalars, and write the rest."""
        items = self.rows(self.dots(items))
        if self.fitted(items) is None:
            word = [item for item in items if isinstance(item, Factor) and item.size]
            self.at = next(b.at for a, b in pairwise(word) if a.size[1] != b.size[0])
            shape(Mul(*(item.value for item in word)))
        words: list[str | Expr] = []
        divisors = 0  # factors since a slash
        for place, item in enumerate(items):
            if isinstance(item, str):
                divisors = 1 if item == "/" else 0
                words.append("/" if item == "/" else r"\cdot")
                continue
            if divisors and (divisors > 1 or item.size):
                raise self.fail("it is not clear what the slash divides", item.at, r"use \frac")
            divisors += bool(divisors)
            before = items[place - 1] if place else "*"
            if item.literal and isinstance(before, Factor) and before.literal:
                raise self.fail("two numbers side by side", item.at)
            words.append(item.value)
        return words

    def dots(self, items: list[Item]) -> list[Item]:
        r"""Read each \cdot between two columns as their dot product, the others as products.

        An operand is as long as it can be: `M k \cdot q` is `(M k) \cdot q`.
        """
        while "." in items:
            here = items.index(".")
            start = max((k + 1 for k in range(here) if items[k] == "/"), default=0)
            end = here + 1
            while end < len(items) and isinstance(items[end], Factor):
                end += 1
            left = next(
                (
                    k
                    for k in range(start, here)
                    if getattr(items[k], "size", ()) and self.columns(items[k:here])
                ),
                None,
            )
            right = next(
                (k for k in range(end, here + 1, -1) if self.columns(items[here + 1 : k])), None
            )
            if left is None or right is None:
                items = [*items[:here], "*", *items[here + 1 :]]
                continue
            scalars = here + 1
            while not items[scalars].size:  # type: ignore[union-attr]
                scalars += 1
            first = items[left]
            assert isinstance(first, Factor)
            u, v = self.product(items[left:here]), self.product(items[scalars:right])
            dot = Factor(Dot(u, v), first.at)
            items = [*items[:left], *items[here + 1 : scalars], dot, *items[right:]]
        return items

    def rows(self, items: list[Item]) -> list[Item]:
        """Read a row times a column as a dot product, the shortest run first."""
        start = 0
        while start < len(items):
            row = items[start]
            if isinstance(row, Factor) and row.size and row.size[0] == 1 != row.size[1]:
                for end in range(start + 2, len(items) + 1):
                    if items[end - 1] == "/":
                        break
                    if self.fitted(items[start:end]) == (1, 1):
                        self.at = row.at
                        dot = Dot(T(row.value), self.product(items[start + 1 : end]))
                        items = [*items[:start], Factor(dot, row.at), *items[end:]]
                        break
            start += 1
        return items

    def fitted(self, items: Sequence[Item]) -> Shape | None:
        """Return the shape of a run of factors, None where they do not fit."""
        sizes = [item.size for item in items if isinstance(item, Factor) and item.size]
        if any(a[1] != b[0] for a, b in pairwise(sizes)):
            return None
        return (sizes[0][0], sizes[-1][1]) if sizes else ()

    def columns(self, items: Sequence[Item]) -> bool:
        size = self.fitted(items)
        return size is not None and size[1:] == (1,)

    def product(self, items: Sequence[Item]) -> Expr:
        factors = [item for item in items if isinstance(item, Factor)]
        if len(factors) == 1:
            return factors[0].value
        return self.read(*(f.value for f in factors), at=factors[0].at)
