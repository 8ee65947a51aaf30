r"""What two sides need as they are written: SymPy makes 1 of `\frac{x}{x}`, and x of `e^{\ln x}`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

from sympy import (
    Add,
    Dummy,
    Expr,
    Ge,
    Gt,
    Indexed,
    Integral,
    Mul,
    Ne,
    Pow,
    Product,
    S,
    Sum,
    Symbol,
)
from sympy.core.relational import Relational

from symattn.algebra.balls import CannotEvaluate, NotReal, Unsure
from symattn.algebra.letters import Letter
from symattn.algebra.sign import nonnegative, positive
from symattn.algebra.symbols import of_kind
from symattn.check.equality.declared import ReadSides, term_of
from symattn.check.equality.inert import holds_inert
from symattn.check.equality.sampler import Sampler
from symattn.errors import SymattnError
from symattn.latex import nodes as n
from symattn.latex.grammar.builder import ScalarLimit
from symattn.latex.meaning import read

LOGARITHMS = frozenset("log ln lg logit probit".split())
CONVERGENT = "infinite sums and improper integrals that are written converge"
Found = Iterator[Relational | str]


def needed(sides: ReadSides) -> tuple[str, ...]:
    """Return what is taken for granted where the sides have a value, beyond what is declared."""
    found: dict[Relational | str, None] = {}
    ends: list[dict[Relational | str, None]] = []
    for reading in sides.readings:
        ends.append({})
        for node, bound in _nodes(reading.statement, frozenset()):
            needs = dict.fromkeys(_needs(sides, reading.statement.source, node, bound))
            (ends[-1] if isinstance(node, n.Domain) else found).update(needs)
    # a sum that stands on both sides may be over nothing on both
    once = [
        x for at, own in enumerate(ends) for x in own if len(ends) != 2 or x not in ends[1 - at]
    ]
    signed = {x.lhs: Dummy(positive=True) for x in found
              if isinstance(x, Gt) and isinstance(x.lhs, (Symbol, Indexed))}  # fmt: skip
    plain = [x for x in found if isinstance(x, str) or (x.lhs in signed and isinstance(x, Gt))
             or x.xreplace(signed) is not S.true]  # fmt: skip
    return tuple(x if isinstance(x, str) else _text(x) for x in (*plain, *once))


def without_value(sides: ReadSides) -> str:
    r"""Return why a sum, an integral or a limit that cancelled may have no value; '' for none.

    `\sum_{n=1}^\infty \frac{1}{n} - \sum_{n=1}^\infty \frac{1}{n}` is nothing, and not zero.
    """
    left = set(of_kind(INERT, sides.left, sides.right))
    for reading in sides.readings:
        source = reading.statement.source
        for node, bound in _nodes(reading.statement, frozenset()):
            if not isinstance(node, (n.Big, n.Integrate, n.Limit)):
                continue
            text = source[node.start : node.end]
            if not any(sign in text for sign in ("\\infty", "\\int", "\\lim")):
                continue
            made = _again(sides, text, bound)
            parts = [e for e in of_kind(INERT, made) if e not in left] if made is not None else []
            if parts and holds_inert(*parts) and not _has_value(parts, sides):
                return f"it is not seen that {text.strip()} has a value"
    return ""


INERT = (Integral, Sum, Product, ScalarLimit)
TRIED, PRECISION = 8, 64


def _has_value(parts: Sequence[Expr], sides: ReadSides) -> bool:
    """Whether parts of one term have a value at a point."""
    sampler = Sampler(Add(*parts), S.Zero, [g for g in sides.given if isinstance(g, Relational)])
    for point in islice(sampler.points(), TRIED):
        try:
            at = sampler.enclosure(point, PRECISION)
            return all(at.interval(e).is_finite() for e in parts)
        except (NotReal, Unsure, CannotEvaluate):
            continue
    return False


def _nodes(here: Any, bound: frozenset[str]) -> Iterator[tuple[Any, frozenset[str]]]:
    """Yield every node, with the letters that something around it binds."""
    if not isinstance(here, tuple):
        yield here, bound
    if isinstance(here, n.Big):
        bound |= {domain.letter.base for domain in here.domains}
    elif isinstance(here, n.Integrate):
        bound |= {here.variable.base}
    elif isinstance(here, n.Limit):
        bound |= {name.base for name in n.names(here.variable)}
    for inner in n.inside(here):
        if isinstance(inner, tuple) or hasattr(inner, "start"):
            yield from _nodes(inner, bound)


def _needs(sides: ReadSides, source: str, node: Any, bound: frozenset[str]) -> Found:
    def value(part: Any) -> Expr | None:
        return _again(sides, source[part.start : part.end], bound)

    if isinstance(node, n.Fraction_):
        yield from _nonzero(value(node.bottom), source, node.bottom)
    elif isinstance(node, n.Times):
        for sign, factor in node.factors:
            if sign == "/":
                yield from _nonzero(value(factor), source, factor)
    elif isinstance(node, n.Invert):
        yield from _nonzero(value(node.body), source, node.body)
    elif isinstance(node, n.Power):
        base, exponent = value(node.base), value(node.exponent)
        if base is not None and exponent is not None and exponent.is_negative:
            yield from _nonzero(base, source, node.base)
        if exponent is not None and exponent.is_Rational and not exponent.is_integer:
            yield from _least(base, bool(exponent.is_negative))
    elif isinstance(node, n.Root):  # an odd one too: it is the power, which negative numbers lack
        yield from _least(value(node.body), False)
    elif isinstance(node, n.Apply) and node.function in LOGARITHMS and len(node.arguments) == 1:
        argument = value(node.arguments[0])
        yield from _least(argument, True)
        if node.function in ("logit", "probit") and argument is not None:
            yield from _least(1 - argument, True)
    elif isinstance(node, n.Domain):
        yield from _ends(node, value)
    elif isinstance(node, n.Integrate):
        if any(isinstance(end, n.Infinity) or "infty" in source[end.start : end.end]
               for end in (node.lower, node.upper) if end is not None):  # fmt: skip
            yield from [CONVERGENT] if sides.left.free_symbols | sides.right.free_symbols else []


def _again(sides: ReadSides, text: str, bound: frozenset[str]) -> Expr | None:
    """Read a part again, over the symbols of the sides; None where it holds what is bound there."""
    try:
        made = term_of(read(text, sides.words))
    except (SymattnError, RecursionError):
        return None
    bases, known = _known(sides.left, sides.right)
    made = made.xreplace({
        e: Indexed(bases[str(e.base)], *e.indices)
        for e in of_kind(Indexed, made) if str(e.base) in bases
    })  # fmt: skip
    inside = {s for e in of_kind(Indexed, made) for s in e.free_symbols}
    outside = made.xreplace({e: Dummy() for e in of_kind(Indexed, made)}).free_symbols
    if any(s.name in bound for s in outside):
        return None
    change = {s: known.get(s.name, s) for s in (*inside, *outside) if type(s) is Symbol}
    labels = {base.label for base in bases.values()}
    return made.xreplace({s: x for s, x in change.items() if s not in labels})


@lru_cache(maxsize=64)
def _known(*both: Expr) -> tuple[dict[str, Any], dict[str, Symbol]]:
    """Return the families and the symbols of both sides by their names: once for all their parts."""
    bases = {str(e.base): e.base for e in of_kind(Indexed, *both)}
    return bases, {s.name: s for x in both for s in x.free_symbols if isinstance(s, Symbol)}


def _ends(node: n.Domain, value: Callable[[Any], Expr | None]) -> Found:
    if isinstance(node.upper, n.Infinity):
        yield CONVERGENT
    elif node.lower is not None and node.upper is not None:
        low, high = value(node.lower), value(node.upper)
        if low is not None and high is not None and (high - low + 1).is_nonnegative is None:
            yield f"{low} <= {high + 1}"


def _nonzero(x: Expr | None, source: str, node: Any) -> Found:
    """Yield that no factor vanishes that may."""
    if x is None or x.is_commutative is False:
        return
    if of_kind(Letter, x):
        if not positive(x):
            yield f"{source[node.start : node.end].strip()} != 0"
        return
    for factor in Mul.make_args(x.factor() if x.is_Add and len(x.args) < 5 else x):
        base = factor.base if isinstance(factor, Pow) and factor.exp.is_positive else factor
        if base.is_number or base.is_nonzero or positive(base) or positive(-base):
            continue
        need = Ne(base, 0)
        if isinstance(need, Relational):
            yield need


def _least(x: Expr | None, strict: bool) -> Found:
    """Yield that what a logarithm or a root is taken of has its sign, where it may have another."""
    if x is None or x.is_commutative is False or of_kind(Letter, x):
        return
    if positive(x) or (not strict and nonnegative(x)):
        return
    need = (Gt if strict else Ge)(x, S.Zero)
    if isinstance(need, Relational):
        yield need


def _text(need: Relational) -> str:
    return f"{need.lhs} != {need.rhs}" if isinstance(need, Ne) else str(need)
