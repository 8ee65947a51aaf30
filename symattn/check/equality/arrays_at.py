"""Instances for two expressions in vectors and matrices: arrays of several sizes and scales.

The numbers of an instance are exact, and each value is a matrix of balls, so that a separation is
certain and a small term is not lost beside a large one.  Where hypotheses are given, an instance
meets them up to rounding only; there the sides are compared up to a tolerance.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial, reduce
from itertools import islice
from typing import Any

import numpy as np
from flint import arb, arb_mat
from sympy import Basic, Expr, Indexed, Sum, Symbol
from sympy.core.relational import Relational

from symattn.algebra.arrays import needed
from symattn.algebra.balls import CannotEvaluate, NotReal, Unsure, working
from symattn.algebra.letters import IdentityMatrix, Letter, Matrix, Member, OffSum
from symattn.algebra.symbols import of_kind
from symattn.check.equality.array_balls import ArrayEnclosure
from symattn.check.equality.gradients import ONES
from symattn.check.equality.kinks import order_one, saturating
from symattn.check.equality.language import BASIS
from symattn.check.equality.shown import number_text, show
from symattn.check.numbers import plain
from symattn.check.trials import TOLERANCE
from symattn.check.verdict import Counterexample
from symattn.errors import SymattnError
from symattn.hypotheses.base import Given, Instance

POINTS, FEW = 48, 16  # to confirm; to look at what was proved
SIZES = (2, 3, 4, 5)
LARGEST = 12  # of a size that a hint gives
SCALES = (1.0, 1.0, 30.0, 1.0, 0.03, 1.0, 300.0)
PRECISIONS = (128, 1024, 4096)  # in bits; the last at a few instances
SHARPER = 3
AGREE = 66  # bits
WIDE = 900  # of the exponents that a float takes


@dataclass
class Measured:
    """What the instances showed.

    valid : the instances where both sides agree; worst : their largest relative difference.
    met : what encloses expressions at each of them, by precision.
    """

    valid: int = 0
    worst: float = 0.0
    met: list[Any] = field(default_factory=list)
    counterexample: Counterexample | None = None
    data: dict[str, Any] = field(default_factory=dict)


def measure(
    a: Expr,
    b: Expr,
    given: Given,
    relations: Sequence[Relational],
    hints: Sequence[Mapping[str, Any]],
    seed: int,
    proved: bool = False,
) -> Measured:
    """Compare two expressions at instances.

    hints : values of scalars that may tell them apart.
    proved : whether they are known to be equal already, so that a few instances will do.
    """
    found = Measured()
    points = FEW if proved else POINTS
    sides = _Sides(a, b, exact=not given.hypotheses)
    for instance in islice(_instances(a, b, given, hints, seed), points):
        at = partial(_enclosure, a, b, relations, instance)
        try:
            if not all(at(PRECISIONS[0]).truth(g) for g in relations):
                continue
            apart = sides.apart(at, PRECISIONS[: 1 if proved else 2])
        except (NotReal, Unsure, CannotEvaluate, ValueError):
            continue  # no point: it neither agrees nor differs
        if apart is None:
            continue
        if not isinstance(apart, float):
            found.counterexample = _shown(a, b, instance, *apart)
            break
        found.valid, found.worst = found.valid + 1, max(found.worst, apart)
        found.met.append(at)
    sharper: list[tuple[Any, Sequence[int]]] = [(at, PRECISIONS[2:]) for at in found.met[:SHARPER]]
    sharper += [(at, PRECISIONS) for at in _of_order_one(a, b, found.met[:SHARPER])]
    for at, precisions in () if found.counterexample or proved or given.hypotheses else sharper:
        try:
            apart = sides.apart(at, precisions)
        except (NotReal, Unsure, CannotEvaluate, ValueError):
            continue
        if apart is not None and not isinstance(apart, float):
            found.counterexample = _shown(a, b, at.args[3], *apart)
            break
    found.data = {"seed": seed, "points": points, "tolerance": TOLERANCE}
    if found.counterexample is None:
        found.data |= {"valid": found.valid, "worst": found.worst}
    return found


@dataclass(frozen=True)
class _Sides:
    """Two expressions that are compared; with inexact instances up to a tolerance only."""

    a: Expr
    b: Expr
    exact: bool

    def apart(
        self, at: Callable[[int], ArrayEnclosure], precisions: Sequence[int]
    ) -> tuple[arb_mat, arb_mat, arb] | float | None:
        """Return both values and their gap where they certainly differ, else how far they may.

        The gap is relative to the largest entry of the sides and of their terms; None where it
        is not small, though no precision separates.
        """
        for precision in precisions:
            inside = at(precision)
            try:
                left, right = inside.array(self.a), inside.array(self.b)
                with working(precision):
                    left, right = _alike(left, right, self.a, self.b)
                    gaps = (left - right).entries()
                    gap = _largest(gaps)
                    size = self._size(inside, left, right)
                    if self.exact and any(not v.contains(0) for v in gaps):
                        return left, right, gap / size if size > 0 else gap
                    error = gap / size if size > 0 else gap
            except (Unsure, CannotEvaluate):
                if precision == precisions[-1]:
                    raise
                continue
            if not self.exact and error > TOLERANCE and error.rad() < TOLERANCE:
                return left, right, error
            if error.abs_upper() < (arb(2) ** -AGREE if self.exact else TOLERANCE):
                return float(error.abs_upper())
        return None

    def _size(self, inside: ArrayEnclosure, left: arb_mat, right: arb_mat) -> arb:
        size = _largest([*left.entries(), *right.entries()])
        for x in (self.a, self.b):
            for term in x.args if x.is_Add else ():
                size = size.max(_largest(inside.array(term).entries()))
        return size.mid()


def _of_order_one(a: Expr, b: Expr, met: Sequence[Any]) -> Iterator[Any]:
    """Yield instances with a letter so small, or so large, that what saturates does not."""
    for u in saturating((a, b)):
        for at in met:
            instance = at.args[3]
            for name in sorted({e.name for e in of_kind((Letter, Symbol), u)} & set(instance)):
                if isinstance(instance[name], int) or name == ONES:
                    continue

                def scaled(k: int, name: str = name, at: Any = at) -> Any:
                    moved = {
                        **at.args[3],
                        name: at.args[3][name] * 2.0 ** -min(max(k, -WIDE), WIDE),
                    }
                    return partial(_enclosure, a, b, at.args[2], moved)

                def bits(k: int, u: Expr = u, scaled: Any = scaled) -> int | None:
                    try:
                        found: int | None = scaled(k)(PRECISIONS[0]).bits(u)
                    except (NotReal, Unsure, CannotEvaluate):
                        return None
                    return found

                k = order_one(bits)
                if k is not None and abs(k) < WIDE:
                    moved = scaled(k)
                    if all(moved(PRECISIONS[0]).truth(g) for g in at.args[2]):
                        yield moved


def _largest(values: Sequence[arb]) -> arb:
    return reduce(lambda x, y: x.max(y), (abs(v) for v in values), arb(0))


def _alike(left: arb_mat, right: arb_mat, a: Expr, b: Expr) -> tuple[arb_mat, arb_mat]:
    """Return both with one shape: zero is written 0 whatever its shape."""
    if a.is_zero:
        left = arb_mat(right.nrows(), right.ncols())
    if b.is_zero:
        right = arb_mat(left.nrows(), left.ncols())
    if (left.nrows(), left.ncols()) != (right.nrows(), right.ncols()):
        raise CannotEvaluate("two shapes")
    return left, right


def _shown(
    a: Expr, b: Expr, instance: Instance, left: arb_mat, right: arb_mat, gap: arb
) -> Counterexample:
    names = set(needed(a)) | set(needed(b))
    values = {k: plain(v) for k, v in sorted(instance.items()) if k in names}
    if a.is_commutative and b.is_commutative:
        one, other, note = show(left[0, 0], right[0, 0])
        return Counterexample(
            values, one, other, f"the left side is {one}, the right side {other}{note}"
        )
    text = f"the two sides differ by {number_text(gap, 3)}, relatively"
    return Counterexample(values, _floats(left), _floats(right), text)


def _floats(x: arb_mat) -> Any:
    rows = [[float(v.mid()) for v in row] for row in x.tolist()]
    return plain(
        np.asarray(rows[0] if len(rows) == 1 else [r[0] for r in rows] if x.ncols() == 1 else rows)
    )


def _enclosure(
    a: Expr, b: Expr, relations: Sequence[Relational], instance: Instance, precision: int
) -> ArrayEnclosure:
    arrays = {k: v for k, v in instance.items() if np.ndim(v)}
    point = {}
    for s in of_kind(Symbol, a, b, *relations):
        if np.isscalar(instance.get(s.name)):
            point[s] = Fraction(instance[s.name])
        elif s.is_integer:
            point[s] = Fraction(1)  # the index of a sum, where a part of it stands by itself
    return ArrayEnclosure(arrays, point, precision)


def _instances(
    a: Expr, b: Expr, given: Given, hints: Sequence[Mapping[str, Any]], seed: int
) -> Iterator[Instance]:
    """Yield arrays for every letter: whole numbers come first."""
    rng = np.random.default_rng(seed)
    x = a - b
    letters = sorted(x.atoms(Letter) | a.atoms(Letter) | b.atoms(Letter), key=str)
    letters = [e for e in letters if not isinstance(e, IdentityMatrix)]
    sizes = sorted({s for e in _size_expressions(a, b) for s in e.free_symbols}, key=str)
    said = set(re.findall(r"\\?\w+", repr(given.hypotheses)))
    for turn in range(POINTS):
        hint = hints[turn // 2 % len(hints)] if hints and turn % 2 else {}
        count = {str(s): _size(turn + i, rng) for i, s in enumerate(sizes)}
        count |= {k: v for k, v in hint.items() if k in count and _is_size(v)}
        written: set[str] = set()
        if given.hypotheses:
            extra = {name: _size(turn + i, rng) for i, name in enumerate("dnst")}
            try:
                instance = given.sample(rng, extra | count)
            except (SymattnError, ValueError):
                continue
            written = set(instance) - {name for name in extra if name not in count}
            # keys, logits and places are drawn for every question; here they are other letters
            written -= {e.name for e in letters if e.name not in said}
        else:
            instance = {"n": _size(turn + len(sizes), rng), **count}
        special = turn < len(SIZES) or turn % 8 == 7
        scale = 1.0 if special else SCALES[turn % len(SCALES)]
        for e in letters:
            if e.name in written and e.name not in count:
                continue
            shown = tuple(int(s.subs(_at(instance))) for s in e.shape)
            shown = shown[:1] if shown[1] == 1 and not isinstance(e, Matrix) else shown
            family = (instance["n"], *shown) if e.index is not None else shown
            if e.name not in instance or np.shape(instance[e.name]) != family:
                instance[e.name] = _draw(rng, family, special) * scale
                if isinstance(e, Matrix) and e.symmetric:
                    instance[e.name] += np.swapaxes(instance[e.name], -1, -2)
                if e.name == ONES:
                    instance[e.name] = np.ones(family)
                if e.name == BASIS and isinstance(e, Member):
                    instance[e.name] = np.eye(family[-1])
                if turn % 8 == 7 and e.name not in (ONES, BASIS):
                    instance[e.name] *= rng.integers(0, 2)
        names = set(needed(a)) | set(needed(b))
        for name in sorted(names - written - set(count) - {e.name for e in letters} - {"n"}):
            instance[name] = _scalar(rng, name, (a, b), instance, hint, scale)
        if "n" in names and "n" not in written and "n" not in count and _is_size(hint.get("n")):
            instance["n"] = hint["n"]
        yield instance


def _size(turn: int, rng: np.random.Generator) -> int:
    return SIZES[turn % len(SIZES)] if turn < 2 * len(SIZES) else int(rng.integers(1, 8))


def _is_size(v: Any) -> bool:
    return isinstance(v, int) and 1 <= v <= LARGEST


def _size_expressions(a: Expr, b: Expr) -> Iterator[Expr]:
    """Yield the sizes of letters, and the bounds of sums."""
    for e in of_kind(Letter, a, b):
        yield from e.shape
    for e in of_kind(Sum, a, b):
        for limits in e.limits:
            yield from limits[1:]
    for e in of_kind(OffSum, a, b):
        yield e.args[2]


def _at(instance: Instance) -> dict[Basic, Any]:
    return {
        Symbol(k, integer=True, positive=True): v for k, v in instance.items() if np.isscalar(v)
    }


def _draw(rng: np.random.Generator, size: tuple[int, ...], whole: bool) -> Any:
    return rng.integers(-2, 3, size=size).astype(float) if whole else rng.normal(size=size)


def _scalar(
    rng: np.random.Generator,
    name: str,
    sides: tuple[Expr, Expr],
    instance: Instance,
    hint: Mapping[str, Any],
    scale: float,
) -> Any:
    hinted = hint.get(name)
    if any(str(e.base) == name for e in of_kind(Indexed, *sides)):
        if isinstance(hinted, list) and len(hinted) >= _most(instance):
            return np.asarray([_number(v) for v in hinted[: _most(instance)]])
        rank = max(len(e.indices) for e in of_kind(Indexed, *sides) if str(e.base) == name)
        return rng.normal(size=[_most(instance)] * rank) * scale
    if hinted is not None:
        return hinted if isinstance(hinted, int) else _number(hinted)
    symbol = next((s for s in of_kind(Symbol, *sides) if s.name == name), Symbol(name))
    if symbol.is_integer:
        return int(rng.integers(1, instance["n"] + 1))
    size = float(np.exp(rng.uniform(-2, 1.5))) * scale
    return size if symbol.is_positive or rng.uniform() < 0.5 else -size


def _most(instance: Instance) -> int:
    """Return the largest size of an instance: a family has an entry at every index."""
    return max(int(v) for v in instance.values() if isinstance(v, (int, np.integer)))


def _number(v: Any) -> float:
    """Return a number that `plain` made: a whole one, a float, or a fraction as text."""
    if isinstance(v, str):
        top, _, bottom = v.partition("/")
        return int(top) / int(bottom or 1)
    return float(v)
