"""The syntax tree of a formula: small immutable nodes with their places, and no mathematics.

The last two fields of every node are where it starts and ends in the source.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from fractions import Fraction
from functools import cache
from typing import Any


def parts(node: Any) -> tuple[Any, ...]:
    """Return the fields of a node but its places."""
    return tuple(getattr(node, field.name) for field in fields(node)[:-2])


@cache
def _fields(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()


def inside(here: Any) -> tuple[Any, ...]:
    """Return what a node, or a tuple of nodes, is made of; nothing for a leaf."""
    if isinstance(here, tuple):
        return here
    kind: Any = type(here)
    return tuple([getattr(here, name) for name in _fields(kind)])


def names(tree: Any) -> Iterator[Name]:
    """Yield every letter of a syntax tree, from left to right."""
    stack = [tree]
    while stack:
        here = stack.pop()
        if type(here) is Name:
            yield here
        stack.extend(reversed(inside(here)))


def every(tree: Any, kind: type) -> Iterator[Any]:
    """Yield every node of a kind in a syntax tree."""
    stack = [tree]
    while stack:
        here = stack.pop()
        if type(here) is kind:
            yield here
        stack.extend(inside(here))


@dataclass(frozen=True, slots=True)
class Number:
    """A literal number, exact: a decimal becomes a fraction."""

    value: int | Fraction
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Name:
    """A letter with its accent, label, indices and primes: `\\hat{k}_i'`."""

    base: str
    indices: tuple[Node, ...]
    primes: int
    start: int
    end: int

    @property
    def text(self) -> str:
        """The letter with its primes, as a vocabulary knows it."""
        return self.base + "'" * self.primes


@dataclass(frozen=True, slots=True)
class Infinity:
    """\\infty."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Dots:
    """An ellipsis whose pattern is not plain."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Plus:
    """A sum of signed terms."""

    terms: tuple[tuple[int, Node], ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Times:
    """A product: each factor with the sign before it, one of '' . x * /."""

    factors: tuple[tuple[str, Node], ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Power:
    """base^exponent."""

    base: Node
    exponent: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Transpose:
    """body^\\top."""

    body: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Invert:
    """body^{-1}."""

    body: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PseudoInvert:
    """body^{+} or body^\\dagger."""

    body: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Prime:
    """A prime after something that is not a letter: a transpose, or unread."""

    body: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Fraction_:
    """\\frac{top}{bottom}."""

    top: Node
    bottom: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Binomial:
    """\\binom{top}{bottom}."""

    top: Node
    bottom: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Root:
    """The root of `body` of the degree `degree`; None for a square root."""

    body: Node
    degree: Node | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Apply:
    """A named function of its arguments; `base` is the subscript of \\log_2 or W_0."""

    function: str
    arguments: tuple[Node, ...]
    base: Node | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class StatisticOf:
    """E, Cov or Var; `over` is what stands as its subscript, `given` what stands behind a bar."""

    kind: str
    arguments: tuple[Node, ...]
    over: tuple[Node, ...]
    start: int
    end: int
    given: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class NormBars:
    """|x| or \\|x\\|; `label` is a subscript of the norm."""

    kind: str
    body: Node
    label: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Inner:
    """\\langle left, right \\rangle."""

    left: Node
    right: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Group:
    """What stands in ( ), [ ] or \\{ \\}, split at its commas."""

    items: tuple[Node, ...]
    bracket: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Domain:
    """What an index runs over; `lower` and `upper` are None where nothing is written."""

    letter: Name
    lower: Node | None
    upper: Node | None
    excluded: tuple[Node, ...]
    members: tuple[Node, ...] | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Big:
    """sum, prod, max or min over one or more indices; the first domain is the outermost."""

    kind: str
    domains: tuple[Domain, ...]
    body: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Integrate:
    """An integral of `body`; `lower` and `upper` are None where nothing is written."""

    body: Node
    variable: Name
    lower: Node | None
    upper: Node | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Derive:
    """The derivative of `body` by each variable as many times as its number says.

    gradient : whether it is written \\nabla_x, so that a vector is meant where x is one.
    times : how often, where \\nabla does not say by what.
    """

    body: Node
    variables: tuple[tuple[Name, int], ...]
    gradient: bool
    start: int
    end: int
    times: int = 1


@dataclass(frozen=True, slots=True)
class Slope:
    """A named function with primes, at its arguments: `\\sigma'(x)`."""

    applied: Apply
    primes: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class EntryOf:
    """An entry of something that is not a letter: `(A B)_{ij}`."""

    body: Node
    indices: tuple[Node, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Limit:
    """The limit of `body` as `variable` goes to `target`, from the side + or - or both ('')."""

    body: Node
    variable: Node
    target: Node
    side: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One row of \\begin{cases}; without relations it is the row for all other cases."""

    value: Node
    terms: tuple[Node, ...]
    relations: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cases:
    """\\begin{cases}: rows in their order."""

    rows: tuple[CaseRow, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Bare:
    """A function whose argument has no brackets, with a factor behind it that may belong to it.

    sign : what stands between: '' for nothing, or one of . x * /
    """

    body: Node
    argument: Node
    sign: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Indicator:
    """1 where the relation holds, and 0 elsewhere."""

    terms: tuple[Node, ...]
    relations: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Annotated:
    """Something with a brace over or under it; what is written at the brace is passed over."""

    body: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Order:
    """O(size), or o(size) when little."""

    size: Node
    little: bool
    start: int
    end: int


Node = (
    Number
    | Name
    | Infinity
    | Dots
    | Plus
    | Times
    | Power
    | Transpose
    | Invert
    | PseudoInvert
    | Prime
    | Fraction_
    | Binomial
    | Root
    | Apply
    | StatisticOf
    | NormBars
    | Inner
    | Group
    | Big
    | Integrate
    | Derive
    | Slope
    | EntryOf
    | Limit
    | Cases
    | Bare
    | Indicator
    | Annotated
    | Order
)


@dataclass(frozen=True, slots=True)
class SideCondition:
    """A side condition of a statement: a chain of its own, and the word that introduced it.

    `word` is '' after a comma, else 'with', 'as', 'for all', 'and', 'so', ...
    """

    word: str
    terms: tuple[Node, ...]
    relations: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A chain of terms with the relations between them, and its side conditions."""

    terms: tuple[Node, ...]
    relations: tuple[str, ...]
    conditions: tuple[SideCondition, ...]
    source: str
