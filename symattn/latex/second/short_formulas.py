"""What latex2sympy2 itself reads: short plain formulas in which letters stand for expressions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from sympy import (
    Add,
    Expr,
    Integer,
    Mul,
    Pow,
    S,
    Symbol,
    cos,
    cosh,
    cot,
    coth,
    csc,
    exp,
    log,
    sec,
    sin,
    sinh,
    tan,
    tanh,
)

from symattn.algebra.letters import (
    Inverse,
    shape,
    show_shape,
)
from symattn.errors import ReadError
from symattn.latex.second.brackets import Node
from symattn.latex.second.latex2sympy import LETTERS, letters_of, parse_letters

Entry: TypeAlias = Expr | Callable[..., Expr]
"""What a name means: an expression, or a function of its indices or of its argument."""

MAX_BITS = 20_000
MAX_MATRIX_POWER = 64
_LIFTED = (exp, log, sin, cos, tan, sec, csc, cot, sinh, cosh, tanh, coth)


class Plain:
    """One formula with its vocabulary, and where its reading stands."""

    def __init__(
        self,
        source: str,
        vocabulary: dict[tuple[str, ...], Entry],
        level: Callable[[Plain, Sequence[Node], int], Expr],
    ) -> None:
        self.source = source
        self.vocabulary = vocabulary
        self.level = level  # reads what stands on one bracket level
        self.at = 0  # the last place that was read, for errors of shape

    def fail(self, message: str, at: int, hint: str = "") -> ReadError:
        return ReadError(message, self.source, at, hint)

    def value(self, nodes: Sequence[Node], at: int) -> Expr:
        """Read what stands on one bracket level."""
        return self.level(self, nodes, at)

    def read(self, *parts: str | Expr, at: int) -> Expr:
        """Let latex2sympy2 read plain TeX in which each expression stands as a letter."""
        letters: dict[str, Expr] = {}
        words: list[str] = []
        for part in parts:
            if isinstance(part, Expr):
                letter = LETTERS[len(letters)]
                letters[letter] = part
                part = letter
            words.append(part)
        raw = parse_letters(" ".join(words))
        if not isinstance(raw, Expr):
            raise self.fail("latex2sympy2 cannot read this", at)
        met = list(letters_of(raw))
        ordered = [name for name in met if name in letters and not letters[name].is_commutative]
        if sorted(met) != sorted(letters) or ordered != sorted(ordered, key=LETTERS.index):
            raise self.fail("latex2sympy2 lost or moved a part of this", at)
        self.at = at
        return self.lift(raw, letters, at)

    def lift(self, raw: Expr, letters: Mapping[str, Expr], at: int) -> Expr:
        """Put the expressions back for their letters and evaluate, products in their order."""
        if isinstance(raw, Symbol):
            return letters[raw.name]
        if raw.is_Rational or raw in (S.Exp1, S.Pi, S.Infinity):
            return raw
        args = [self.lift(arg, letters, at) for arg in raw.args]
        if isinstance(raw, Add):
            return Add(*args)
        if isinstance(raw, Mul):
            return Mul(*args)
        if isinstance(raw, Pow):
            return self.power(args[0], args[1], at)
        if isinstance(raw, _LIFTED) and all(arg.is_commutative for arg in args):
            # \ln comes back with its base as a second argument
            return log(args[0]) if isinstance(raw, log) else raw.func(*args)
        raise self.fail(f"a {type(raw).__name__} does not fit here", at)

    def power(self, base: Expr, exponent: Expr, at: int) -> Expr:
        """Return a power; numbers that would fill the memory are refused."""
        if not exponent.is_commutative:
            raise self.fail("a vector or matrix in an exponent", at)
        if base.is_commutative:
            if base.is_Rational and exponent.is_Rational:
                bits = max(base.p.bit_length(), base.q.bit_length())
                if abs(exponent) * bits > MAX_BITS:
                    raise self.fail("a number too large to write out", at)
            if base.is_zero and exponent.is_negative:
                raise self.fail("a division by zero", at)
            return Pow(base, exponent)
        if exponent == -1:
            return Inverse(base)
        rows_cols = shape(base)
        if rows_cols[0] != rows_cols[1]:
            raise self.fail(f"a power of a {show_shape(rows_cols)} matrix", at)
        if not (isinstance(exponent, Integer) and 0 < exponent.p <= MAX_MATRIX_POWER):
            raise self.fail("a power of a matrix that is no small whole number", at)
        return Mul(*[base] * exponent.p)
