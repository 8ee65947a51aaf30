"""Domains: what an expression needs to have a value, and whether the context grants it.

A denominator must not vanish, a logarithm and a root need their arguments on the right side of
zero, and an inverse a matrix that is regular.  A need is granted for certain, denied at a value of
a symbol that the context allows (a pole inside it), or left as a condition that is printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sympy import (
    Basic,
    Dummy,
    Expr,
    Ge,
    Gt,
    Indexed,
    LambertW,
    Mul,
    Ne,
    Poly,
    Pow,
    Sum,
    Symbol,
    Unequality,
    exp,
    fraction,
    log,
    real_roots,
    together,
)
from sympy.core.relational import Relational

from symattn.algebra.factored import factored
from symattn.algebra.letters import Inverse, Letter, OffSum, shape
from symattn.algebra.sign import nonnegative, positive
from symattn.algebra.symbols import parts
from symattn.algebra.words import Rewriting, normal
from symattn.hypotheses.base import Given

LARGEST_ROOT_DEGREE = 40


@dataclass(frozen=True)
class Pole:
    """A place inside the context where an expression has no value."""

    need: Basic
    symbol: Expr | None = None
    value: Expr | None = None

    def __str__(self) -> str:
        place = f" at {self.symbol} = {self.value}" if self.symbol is not None else ""
        return f"{self.need} fails{place}"


def needs(x: Expr) -> Iterator[Basic]:
    """Yield what must hold for a value, each once: relations, and inverses of matrices.

    >>> a = Symbol("a", real=True)
    >>> list(needs(log(a) / (a - 2)))
    [Ne(a - 2, 0), a > 0]
    """
    seen: dict[Basic, None] = {}
    for e in parts(x):
        if isinstance(e, Inverse):
            seen[e] = None
        elif isinstance(e, log):
            seen[Gt(e.args[0], 0, evaluate=False)] = None
        elif isinstance(e, LambertW):
            seen[Ge(e.args[0], -exp(-1), evaluate=False)] = None
        elif isinstance(e, Pow) and e.base.is_commutative and not e.base.is_number:
            whole, power = e.exp.is_integer, e.exp
            if whole and (power.is_negative or power.is_nonnegative is None):
                seen[Ne(e.base, 0, evaluate=False)] = None
            elif not whole:
                made = Ge if power.is_nonnegative else Gt
                seen[made(e.base, 0, evaluate=False)] = None
    yield from seen


def granted(need: Basic, given: Given) -> bool | Pole | None:
    """Tell whether the context grants a need: True, the pole that it allows, or None.

    >>> from symattn.hypotheses.families import AtLeast
    >>> n = Symbol("n", integer=True, positive=True)
    >>> granted(Ne(n - 2, 0), Given((AtLeast(3),)))
    True
    >>> print(granted(Ne(n - 2, 0), Given(())))
    Ne(n - 2, 0) fails at n = 2
    """
    rules = given.rewriting
    if isinstance(need, Inverse):
        inner = need.args[0]
        return True if any(_same_word(inner, r, rules) for r in given.regular) else None
    assert isinstance(need, Relational)
    fixed = {a: b for a, b in rules.scalars.items() if a.is_Symbol}
    gap = (need.lhs - need.rhs).xreplace(fixed)
    if isinstance(need, Unequality):
        if positive(gap, rules) or positive(-gap, rules):
            return True
        return _apart_from_zero(need, gap, rules)
    certain = positive(gap, rules) if isinstance(need, Gt) else nonnegative(gap, rules)
    if certain:
        return True
    if positive(-gap, rules) or (isinstance(need, Gt) and nonnegative(-gap, rules)):
        return Pole(need)
    return None


def _same_word(a: Expr, b: Expr, rules: Rewriting) -> bool:
    return a == b or (shape(a) == shape(b) and normal(a - b, rules) == {})


def _apart_from_zero(need: Basic, gap: Expr, rules: Rewriting) -> bool | Pole | None:
    """Look at each factor: none may vanish, and one of a single symbol shows where it does."""
    if gap.is_zero:
        return Pole(need)
    if gap.is_number:
        return True if gap.is_nonzero else None
    factors = [f.as_base_exp()[0] for f in Mul.make_args(fraction(factored(gap))[0])]
    answer: bool | Pole | None = True
    for f in factors:
        if positive(f, rules) or positive(-f, rules):
            continue
        found = _root(f, rules)
        if isinstance(found, Pole):
            return Pole(need, found.symbol, found.value)
        if found is None:
            answer = None
    return answer


def _root(f: Expr, rules: Rewriting) -> bool | Pole | None:
    """Return where a polynomial in one symbol vanishes in the context; True when nowhere."""
    if f.atoms(Letter, Sum, OffSum):
        return None
    symbols = sorted(f.free_symbols, key=str)
    if len(symbols) != 1 or not isinstance(symbols[0], Symbol):
        return _meeting(f, rules)
    (s,) = symbols
    poly, back = _polynomial(f, s)
    if (
        poly is None
        or poly.degree() > LARGEST_ROOT_DEGREE
        or not poly.domain.is_QQ | poly.domain.is_ZZ
    ):
        return None
    for root in real_roots(poly):
        place = back(root)
        if place is not None and _allowed(s, place, rules):
            return Pole(f, s, place)
    return True


def _meeting(f: Expr, rules: Rewriting) -> Pole | None:
    """Return where letters that nothing holds apart meet: one that stands alone takes any value."""
    members = {x: Dummy(str(x), real=True) for x in f.atoms(Indexed)}
    letters = sorted(f.xreplace(members).free_symbols - set(members.values()), key=str)
    letters += sorted(members, key=str)
    if any(x in rules.ranges or x in rules.scalars or str(getattr(x, "base", x)) in rules.names
           for x in letters):  # fmt: skip
        return None
    for x in letters:
        at = members.get(x, x)
        slope = f.xreplace(members).diff(at)
        if not x.is_integer and slope.is_number and slope.is_nonzero:
            value = (x - f / slope).expand()
            if value.is_real and _allowed(x, value, rules):
                return Pole(f, x, value)
    return None


def _polynomial(f: Expr, s: Symbol) -> tuple[Poly | None, Callable[[Expr], Expr | None]]:
    """Read a polynomial in a symbol or in its exponential, and what value of it a root gives."""
    poly, u = f.as_poly(s), Dummy("u", positive=True)
    if poly is not None:
        return poly, lambda root: root
    made = f.replace(exp, lambda x: u ** (x / s) if (x / s).is_Integer else exp(x))
    poly = made.as_poly(u) if s not in made.free_symbols else None
    return poly, lambda root: log(root) if root.is_positive else None


def _allowed(s: Expr, value: Expr, rules: Rewriting) -> bool:
    """Tell whether a symbol may take a value: its assumptions and its range say nothing against it."""
    if s.is_integer and not value.is_integer:
        return False
    if (s.is_positive and not value.is_positive) or (s.is_nonnegative and value.is_negative):
        return False
    if s.is_negative and not value.is_negative:
        return False
    if s not in rules.ranges:
        return True
    # The range writes the symbol with signed ones: at `value` their equation must be solvable.
    gap = rules.ranges[s] - value
    top, bottom = together(gap).as_numer_denom()
    return not (
        positive(top) or positive(-top) or not (top.free_symbols or top.is_zero) or bottom.is_zero
    )
