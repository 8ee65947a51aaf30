"""The syntax tree of a formula: small immutable nodes with their places, and no mathematics.

The last two fields of every node are where it starts and ends in the source.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple


class Number(NamedTuple):
    """A literal number, exact: a decimal becomes a fraction."""

    value: int | Fraction
    start: int
    end: int


class Name(NamedTuple):
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


class Infinity(NamedTuple):
    """\\infty."""

    start: int
    end: int


class Dots(NamedTuple):
    """An ellipsis whose pattern is not plain."""

    start: int
    end: int


class Plus(NamedTuple):
    """A sum of signed terms."""

    terms: tuple[tuple[int, Node], ...]
    start: int
    end: int


class Times(NamedTuple):
    """A product: each factor with the sign before it, one of '' . x * /."""

    factors: tuple[tuple[str, Node], ...]
    start: int
    end: int


class Power(NamedTuple):
    base: Node
    exponent: Node
    start: int
    end: int


class Transpose(NamedTuple):
    body: Node
    start: int
    end: int


class Invert(NamedTuple):
    """body^{-1}."""

    body: Node
    start: int
    end: int


class PseudoInvert(NamedTuple):
    """body^{+} or body^\\dagger."""

    body: Node
    start: int
    end: int


class Prime(NamedTuple):
    """A prime after something that is not a letter: a transpose, or unread."""

    body: Node
    start: int
    end: int


class Fraction_(NamedTuple):
    top: Node
    bottom: Node
    start: int
    end: int


class Binomial(NamedTuple):
    top: Node
    bottom: Node
    start: int
    end: int


class Root(NamedTuple):
    body: Node
    degree: Node | None
    start: int
    end: int


class Apply(NamedTuple):
    """A named function of its arguments; `base` is the subscript of \\log_2 or W_0."""

    function: str
    arguments: tuple[Node, ...]
    base: Node | None
    start: int
    end: int


class Statistic(NamedTuple):
    """E, Cov or Var; `over` is what stands as its subscript."""

    kind: str
    arguments: tuple[Node, ...]
    over: tuple[Node, ...]
    start: int
    end: int


class Bars(NamedTuple):
    """|x| or \\|x\\|; `label` is a subscript of the norm."""

    kind: str
    body: Node
    label: str
    start: int
    end: int


class Inner(NamedTuple):
    """\\langle left, right \\rangle."""

    left: Node
    right: Node
    start: int
    end: int


class Group(NamedTuple):
    """What stands in ( ), [ ] or \\{ \\}, split at its commas."""

    items: tuple[Node, ...]
    bracket: str
    start: int
    end: int


class Domain(NamedTuple):
    """What an index runs over; `lower` and `upper` are None where nothing is written."""

    letter: Name
    lower: Node | None
    upper: Node | None
    excluded: tuple[Node, ...]
    members: tuple[Node, ...] | None
    start: int
    end: int


class Big(NamedTuple):
    """sum, prod, max or min over one or more indices; the first domain is the outermost."""

    kind: str
    domains: tuple[Domain, ...]
    body: Node
    start: int
    end: int


class Integrate(NamedTuple):
    body: Node
    variable: Name
    lower: Node | None
    upper: Node | None
    start: int
    end: int


class Limit(NamedTuple):
    """The limit of `body` as `variable` goes to `target`, from the side + or - or both ('')."""

    body: Node
    variable: Node
    target: Node
    side: str
    start: int
    end: int


class Case(NamedTuple):
    """One row of \\begin{cases}; without relations it is the row for all other cases."""

    value: Node
    terms: tuple[Node, ...]
    relations: tuple[str, ...]
    start: int
    end: int


class Cases(NamedTuple):
    rows: tuple[Case, ...]
    start: int
    end: int


class Order(NamedTuple):
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
    | Statistic
    | Bars
    | Inner
    | Group
    | Big
    | Integrate
    | Limit
    | Cases
    | Order
)


class Condition(NamedTuple):
    """A side condition of a statement: a chain of its own, and the word that introduced it.

    `word` is '' after a comma, else 'with', 'as', 'for all', 'and', 'so', ...
    """

    word: str
    terms: tuple[Node, ...]
    relations: tuple[str, ...]
    start: int
    end: int


class Statement(NamedTuple):
    """A chain of terms with the relations between them, and its side conditions."""

    terms: tuple[Node, ...]
    relations: tuple[str, ...]
    conditions: tuple[Condition, ...]
    source: str
