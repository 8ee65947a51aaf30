"""Sums and products of one bracket level, with the dot products that stand in them."""

from __future__ import annotations

from collections.abc import Sequence
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


def scalars_first(reader: Plain, items: list[Item], at: int) -> list[str | Expr]:
    """Turn the products of vectors that are scalars into scalars, and write the rest."""
    items = _rows(reader, _dots(reader, items))
    if _fitted(items) is None:
        word = [item for item in items if isinstance(item, Factor) and item.size]
        reader.at = next(b.at for a, b in pairwise(word) if a.size[1] != b.size[0])
        shape(Mul(*(item.value for item in word)))
    words: list[str | Expr] = []
    divisors = 0  # factors since a slash
    for place, item in enumerate(items):
        if isinstance(item, str):
            divisors = 1 if item == "/" else 0
            words.append("/" if item == "/" else r"\cdot")
            continue
        if divisors and (divisors > 1 or item.size):
            raise reader.fail("it is not clear what the slash divides", item.at, r"use \frac")
        divisors += bool(divisors)
        before = items[place - 1] if place else "*"
        if item.literal and isinstance(before, Factor) and before.literal:
            raise reader.fail("two numbers side by side", item.at)
        words.append(item.value)
    return words


def _dots(reader: Plain, items: list[Item]) -> list[Item]:
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
                if getattr(items[k], "size", ()) and _columns(items[k:here])
            ),
            None,
        )
        right = next((k for k in range(end, here + 1, -1) if _columns(items[here + 1 : k])), None)
        if left is None or right is None:
            items = [*items[:here], "*", *items[here + 1 :]]
            continue
        scalars = here + 1
        while not items[scalars].size:  # type: ignore[union-attr]
            scalars += 1
        first = items[left]
        assert isinstance(first, Factor)
        u, v = _product(reader, items[left:here]), _product(reader, items[scalars:right])
        dot = Factor(Dot(u, v), first.at)
        items = [*items[:left], *items[here + 1 : scalars], dot, *items[right:]]
    return items


def _rows(reader: Plain, items: list[Item]) -> list[Item]:
    """Read a row times a column as a dot product, the shortest run first."""
    start = 0
    while start < len(items):
        row = items[start]
        if isinstance(row, Factor) and row.size and row.size[0] == 1 != row.size[1]:
            for end in range(start + 2, len(items) + 1):
                if items[end - 1] == "/":
                    break
                if _fitted(items[start:end]) == (1, 1):
                    reader.at = row.at
                    dot = Dot(T(row.value), _product(reader, items[start + 1 : end]))
                    items = [*items[:start], Factor(dot, row.at), *items[end:]]
                    break
        start += 1
    return items


def _fitted(items: Sequence[Item]) -> Shape | None:
    """Return the shape of a run of factors, None where they do not fit."""
    sizes = [item.size for item in items if isinstance(item, Factor) and item.size]
    if any(a[1] != b[0] for a, b in pairwise(sizes)):
        return None
    return (sizes[0][0], sizes[-1][1]) if sizes else ()


def _columns(items: Sequence[Item]) -> bool:
    size = _fitted(items)
    return size is not None and size[1:] == (1,)


def _product(reader: Plain, items: Sequence[Item]) -> Expr:
    factors = [item for item in items if isinstance(item, Factor)]
    if len(factors) == 1:
        return factors[0].value
    return reader.read(*(f.value for f in factors), at=factors[0].at)
