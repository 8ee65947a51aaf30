"""Which symbols are real, positive or whole: what was declared, and what the notation says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from sympy import (
    Abs,
    Derivative,
    Expr,
    Float,
    Indexed,
    KroneckerDelta,
    Max,
    Min,
    Piecewise,
    Product,
    Rational,
    S,
    Sum,
    Symbol,
    binomial,
    ceiling,
    factorial,
    floor,
    gamma,
    sign,
)
from sympy.core.numbers import ImaginaryUnit

from symattn.algebra.letters import Letter, OffSum
from symattn.algebra.stable import Peak
from symattn.errors import BudgetExceeded, UnknownName

NODES = 20_000
DEPTH = 200
BITS = 100_000
FACTORIAL = 5_000
INTEGER_FUNCTIONS = (factorial, binomial)
KINKED = (Abs, Max, Min, Piecewise, ceiling, floor, sign)
"""Functions that tell cases apart: smooth, or a polynomial, between two places and not across them."""

Names = Iterable[str | Expr]


@lru_cache(maxsize=512)
def parts(x: Any) -> tuple[Any, ...]:
    """Return every subexpression once, the expression itself first.

    >>> from sympy import exp, symbols
    >>> a, b = symbols("a b")
    >>> len(parts(exp(a) * (exp(a) + b))), parts(exp(a))
    (5, (exp(a), a))
    """
    seen: dict[Any, None] = {}
    stack = [x]
    while stack:
        node = stack.pop()
        if node not in seen:
            seen[node] = None
            stack.extend(reversed(node.args))
    return tuple(seen)


def of_kind(kinds: Any, *expressions: Any) -> list[Any]:
    """Return the subexpressions of a class, or of several classes."""
    return [e for x in expressions for e in parts(x) if isinstance(e, kinds)]


def guard(*expressions: Expr) -> None:
    """Refuse an expression that SymPy could not even rebuild.

    Raises
    ------
    BudgetExceeded : when it has too many nodes, is nested too deeply, or holds a number, such as
        2**(2**1000), that is too long to write.

    >>> from sympy import Pow
    >>> guard(Pow(2, Pow(2, 1000, evaluate=False), evaluate=False))
    Traceback (most recent call last):
    ...
    symattn.errors.BudgetExceeded: a power of numbers is too long to write out
    """
    for x in expressions:
        _guard(x)


def _guard(x: Any) -> None:
    sizes: dict[Any, tuple[int, int]] = {}
    stack: list[tuple[Any, bool]] = [(x, False)]
    while stack:
        node, ready = stack.pop()
        if node in sizes:
            continue
        if not ready and node.args:
            stack.append((node, True))
            stack.extend((a, False) for a in node.args if a not in sizes)
            continue
        inside = [sizes[a] for a in node.args]
        size = 1 + sum(s for s, _ in inside)
        depth = 1 + max((d for _, d in inside), default=0)
        if size > NODES or depth > DEPTH or len(sizes) > NODES:
            raise BudgetExceeded("the expression is too large", "compare it piece by piece")
        _guard_number(node)
        sizes[node] = (size, depth)


def _guard_number(node: Any) -> None:
    if getattr(node, "is_Pow", False) and node.base.is_number and node.exp.is_number:
        base, exponent = node.base, node.exp
        if base.is_Rational and base not in (0, 1, -1):
            length = base.p.bit_length() + base.q.bit_length()
            if exponent.is_Rational:
                if abs(exponent) * length > BITS:
                    raise BudgetExceeded("a power of numbers is too long to write out")
            elif exponent.is_Pow or exponent.is_Mul or exponent.is_Add:
                if exponent.has(Symbol) or _log2(exponent) + length.bit_length() > 17:
                    raise BudgetExceeded("a power of numbers is too long to write out")
        elif not base.is_Rational and exponent.is_Integer and abs(exponent) > 4096:
            if base.is_Add or base.is_Pow:
                raise BudgetExceeded("a power of numbers is too long to write out")
    elif isinstance(node, (factorial, binomial, gamma)):
        if any(a.is_number and (not a.is_Rational or abs(a) > FACTORIAL) for a in node.args):
            if any(a.is_Integer for a in node.args) or any(a.is_Pow for a in node.args):
                raise BudgetExceeded("a factorial is too long to write out")


def _log2(x: Any) -> float:
    """Return an upper bound for log2 |x| of a number that may not be evaluated."""
    from math import log2

    if x.is_Rational:
        return float(max(x.p.bit_length() - x.q.bit_length() + 1, 0))
    if x.is_Pow and x.base.is_Rational:
        inner = _log2(x.exp)
        return float(2**inner * _log2(x.base)) if inner < 40 else float("inf")
    if x.is_Add:
        return max(_log2(a) for a in x.args) + log2(len(x.args))
    if x.is_Mul:
        return sum(_log2(a) for a in x.args)
    return 40.0


def exact(x: Float) -> Rational:
    """Return the decimal that was typed, or the binary value when it has no short decimal.

    >>> exact(Float(0.1)), exact(Float("1e-40"))
    (1/10, 1/10000000000000000000000000000000000000000)
    """
    decimal = Rational(str(x))
    return decimal if Float(decimal, precision=x._prec) == x else Rational(x)


def is_plain(s: Any) -> bool:
    """Tell whether a commutative symbol was made without saying what it stands for."""
    return bool(
        type(s) is Symbol
        and s.is_commutative
        and s.is_extended_real is None
        and s.is_complex is not True
    )


def is_real(s: Expr) -> bool:
    """Tell whether a symbol is real: it is unless it was declared otherwise."""
    declared = s.is_extended_real
    return bool(declared) or (declared is None and s.is_complex is not True)


def has_complex(*expressions: Expr) -> bool:
    """Tell whether expressions hold the imaginary unit, or a symbol that is not real."""
    return any(
        isinstance(e, ImaginaryUnit) or (isinstance(e, Symbol) and not is_real(e))
        for x in expressions
        for e in parts(x)
    )


def indices(*expressions: Expr) -> set[Any]:
    """Return the symbols that count something: indices, bounds of sums, factorials' arguments."""
    found: set[Any] = set()
    for x in expressions:
        for e in parts(x):
            if isinstance(e, (Sum, Product)):
                for limit in e.limits:
                    found |= set().union(*(a.free_symbols for a in limit))
            elif isinstance(e, (OffSum, Peak)):
                found |= set().union(*(a.free_symbols for a in e.args[1:]))
            elif isinstance(e, (Indexed, KroneckerDelta)):
                places = e.indices if isinstance(e, Indexed) else e.args
                found |= set().union(*(a.free_symbols for a in places))
            elif isinstance(e, Letter) and e.index is not None:
                found |= e.index.free_symbols
            elif isinstance(e, INTEGER_FUNCTIONS):
                found |= {a for a in e.args if a.is_Symbol}
    return found


def all_symbols(*expressions: Expr) -> set[Any]:
    """Return the symbols of expressions, those that a sum binds too."""
    return set(of_kind(Symbol, *expressions))


def declarations(
    *expressions: Expr,
    positive: Names = (),
    nonnegative: Names = (),
    real: Names = (),
    integer: Names = (),
) -> dict[Any, Any]:
    """Return what each symbol that was not declared becomes.

    A symbol is real; what indexes or bounds a sum is a positive whole number; names given here
    are what they are said to be.  Of two symbols of one name the declared one stands for both.

    Raises
    ------
    UnknownName : when a declared name occurs in no expression.
    """
    said: dict[str, dict[str, bool]] = {}
    for names, assumption in (
        (positive, "positive"),
        (nonnegative, "nonnegative"),
        (real, "real"),
        (integer, "integer"),
    ):
        for name in names:
            said.setdefault(str(name), {})[assumption] = True
    symbols = all_symbols(*expressions)
    known = {s.name for s in symbols}
    for name in said:
        if name not in known:
            raise UnknownName(
                f"no symbol {name!r} to declare", f"there is {', '.join(sorted(known)) or 'none'}"
            )
    counting = indices(*expressions)
    declared: dict[str, Any] = {}
    for s in sorted(symbols, key=lambda s: (s.name, str(s.assumptions0))):
        if not is_plain(s) and s.is_commutative and s.name not in said:
            declared.setdefault(s.name, s)
    counted = {s.name for s in counting}
    lowest = _begin_lower(expressions)
    mapping: dict[Any, Any] = {}
    for s in symbols:
        if s.name in said:
            made = said[s.name]
            mapping[s] = Symbol(s.name, **({"real": True} | made))
        elif is_plain(s):
            if s.name in declared:
                mapping[s] = declared[s.name]
            elif s.name in counted:
                mapping[s] = Symbol(s.name, integer=True, **(lowest.get(s) or {"positive": True}))
            else:
                mapping[s] = Symbol(s.name, real=True)
    return {old: new for old, new in mapping.items() if old != new}


def _begin_lower(expressions: Iterable[Expr]) -> dict[Any, dict[str, bool | None]]:
    """Return what indices are that run over more than positive numbers."""
    found: dict[Any, dict[str, bool | None]] = {}
    for e in of_kind((Sum, Product), *expressions):
        for index, *ends in e.limits:
            low = ends[0] if ends else S.One
            plain = [s for s in low.free_symbols if is_plain(s)]
            low = low.xreplace({s: Symbol(s.name, integer=True, positive=True) for s in plain})
            if not low.is_positive:
                least = low.is_nonnegative and found.get(index, {}).get("nonnegative", True)
                found[index] = {"nonnegative": least or None}
    return found


def apply(x: Expr, mapping: Mapping[Any, Any]) -> Expr:
    """Return the expression over declared symbols, decimals exact and derivatives taken."""
    found = dict(mapping)
    for f in of_kind(Float, x):
        found[f] = exact(f)
    x = x.xreplace(found) if found else x
    derivatives = {e: e.doit() for e in of_kind(Derivative, x)}
    return x.xreplace(derivatives) if derivatives else x
