"""Obligations: the small exact statements that the kernel decides, and that make up a claim."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Symbol

from symattn.kernel.approaches import Approach


@dataclass(frozen=True)
class Zero:
    """The expression is zero under the hypotheses."""

    expr: Expr

    def __str__(self) -> str:
        return f"{self.expr} = 0"


@dataclass(frozen=True)
class Sign:
    """The expression is positive (strict) or nonnegative under the hypotheses."""

    expr: Expr
    strict: bool = False

    def __str__(self) -> str:
        return f"{self.expr} {'>' if self.strict else '>='} 0"


@dataclass(frozen=True)
class HasValue:
    """The expression has a value at every instance of the context: no pole lies inside it.

    moving : a variable of a limit; what depends on it may fail on the way there.
    """

    expr: Expr
    moving: Symbol | None = None

    def __str__(self) -> str:
        return f"{self.expr} has a value"


@dataclass(frozen=True)
class Free:
    """The expression does not depend on a symbol: the value of a limit on what moves."""

    expr: Expr
    symbol: Symbol

    def __str__(self) -> str:
        return f"{self.expr} does not depend on {self.symbol}"


@dataclass(frozen=True)
class Moves:
    """The expression depends on a symbol: without that, a limit in it is none."""

    expr: Expr
    symbol: Symbol

    def __str__(self) -> str:
        return f"{self.expr} depends on {self.symbol}"


@dataclass(frozen=True)
class LimitIs:
    """`f` tends to `value` along the approaches, one after the other."""

    f: Expr
    approaches: tuple[Approach, ...]
    value: Expr

    def __str__(self) -> str:
        return f"{self.f} -> {self.value} as {_ways(self.approaches)}"


@dataclass(frozen=True)
class StaysBounded:
    """The limit of `f` along the approaches is finite.

    little : and it is zero.
    """

    f: Expr
    approaches: tuple[Approach, ...]
    little: bool = False

    def __str__(self) -> str:
        what = "vanishes" if self.little else "stays bounded"
        return f"{self.f} {what} as {_ways(self.approaches)}"


@dataclass(frozen=True)
class Approximates:
    """`left - right` tends to zero along the approaches, one after the other.

    relative : against `right`, where that tends to zero itself.
    """

    left: Expr
    right: Expr
    approaches: tuple[Approach, ...]
    relative: bool = False

    def __str__(self) -> str:
        what = "vanishes relatively" if self.relative else "vanishes"
        return f"{self.left} - ({self.right}) {what} as {_ways(self.approaches)}"


@dataclass(frozen=True)
class Theorem:
    """`left <= right` is an instance of a named inequality of `symattn.kernel.inequalities`."""

    name: str
    left: Expr
    right: Expr

    def __str__(self) -> str:
        return f"{self.left} <= {self.right} ({self.name})"


Obligation = Zero | Sign | HasValue | Free | Moves | LimitIs | StaysBounded | Approximates | Theorem


def _ways(approaches: tuple[Approach, ...]) -> str:
    return ", ".join(f"{a.symbol} -> {a.point}" for a in approaches)
