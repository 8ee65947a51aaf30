"""Instances for two expressions in vectors and matrices: arrays of several sizes and scales.

An instance counts only where both sides are finite and every inverse is well conditioned, so that
a difference beyond the tolerance is none of rounding.  Besides the two sides, the terms that their
difference comes to are added up, so that a small term is not lost beside a large one.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np
from sympy import Basic, Expr, Indexed, S, Sum, Symbol
from sympy.core.relational import Relational

from symattn.algebra.arrays import compiled, needed
from symattn.algebra.letters import IdentityMatrix, Inverse, Letter, Matrix, OffSum
from symattn.algebra.symbols import of_kind
from symattn.check.numbers import TOLERANCE, plain, relative
from symattn.check.verdict import Counterexample
from symattn.errors import SymattnError
from symattn.hypotheses.base import Given, Instance

POINTS, FEW = 48, 16  # to confirm; to look at what was proved
SIZES = (2, 3, 4, 5)
LARGEST = 12  # of a size that a hint gives
SCALES = (1.0, 1.0, 30.0, 1.0, 0.03, 1.0, 300.0)
CONDITION = 1e5  # of all inverses together
SPECIAL = 1e-6  # the tolerance where whole numbers may cancel


@dataclass
class Measured:
    """What the instances showed.

    valid : the instances where both sides agree; worst : their largest relative difference.
    """

    valid: int = 0
    worst: float = 0.0
    counterexample: Counterexample | None = None
    data: dict[str, Any] = field(default_factory=dict)


def measure(
    a: Expr,
    b: Expr,
    terms: Sequence[Expr],
    given: Given,
    relations: Sequence[Relational],
    hints: Sequence[Mapping[str, Any]],
    seed: int,
    proved: bool = False,
) -> Measured:
    """Compare two expressions at instances.

    terms : what their difference comes to; hints : values of scalars that may tell them apart;
    proved : whether they are known to be equal already, so that a few instances will do.
    """
    found = Measured()
    points = FEW if proved else POINTS
    for instance, special in islice(_instances(a, b, given, hints, seed), points):
        if not _meets(relations, a - b, instance):
            continue
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore", RuntimeWarning)
                condition = _condition(a, b, instance)
                left, right = _value(a, instance), _value(b, instance)
                parts = [_value(t, instance) for t in terms]
            if condition > CONDITION or not all(np.all(np.isfinite(v)) for v in (left, right)):
                continue
            if a.is_zero or b.is_zero:  # zero is written 0 whatever its shape
                left, right = np.broadcast_arrays(left, right)
            difference = max(relative(left, right), _left_over(parts))
        except (SymattnError, ArithmeticError, LookupError, ValueError, TypeError):
            continue  # no point: it neither agrees nor differs
        except np.linalg.LinAlgError:
            continue
        if difference > (SPECIAL if special else max(TOLERANCE, 1e-13 * condition)):
            names = set(needed(a)) | set(needed(b))
            shown = {k: plain(v) for k, v in sorted(instance.items()) if k in names}
            text = f"the two sides differ by {difference:.3g}, relatively"
            found.counterexample = Counterexample(shown, plain(left), plain(right), text)
            break
        found.valid, found.worst = found.valid + 1, max(found.worst, difference)
    found.data = {"seed": seed, "points": points, "tolerance": TOLERANCE}
    if found.counterexample is None:
        found.data |= {"valid": found.valid, "worst": found.worst}
    return found


def _value(x: Expr, instance: Instance) -> Any:
    return np.asarray(compiled(x)(instance), dtype=float)


def _left_over(parts: Sequence[Any]) -> float:
    """Return the size of a sum relative to its largest term; 0 where a term is not finite."""
    largest = max((float(np.max(np.abs(p), initial=0)) for p in parts), default=0.0)
    if not 0 < largest < np.inf:
        return 0.0
    return float(np.max(np.abs(sum(p / largest for p in parts)), initial=0))


def _condition(a: Expr, b: Expr, instance: Instance) -> float:
    """Return the product of the condition numbers of all inverses that have no free index."""
    product = 1.0
    for e in of_kind(Inverse, a, b):
        try:
            product *= float(np.linalg.cond(_value(e.args[0], instance)))
        except SymattnError:  # of an index that a sum binds
            continue
    return product if np.isfinite(product) else np.inf


def _meets(relations: Sequence[Relational], x: Expr, instance: Instance) -> bool:
    values = {
        s: instance[s.name]
        for g in relations
        for s in of_kind(Symbol, g)
        if np.isscalar(instance.get(s.name))
    }
    return not any(g.subs(values) == S.false for g in relations)


def _instances(
    a: Expr, b: Expr, given: Given, hints: Sequence[Mapping[str, Any]], seed: int
) -> Iterator[tuple[Instance, bool]]:
    """Yield arrays for every letter, and whether they are whole: whole numbers come first."""
    rng = np.random.default_rng(seed)
    x = a - b
    letters = sorted(x.atoms(Letter) | a.atoms(Letter) | b.atoms(Letter), key=str)
    letters = [e for e in letters if not isinstance(e, IdentityMatrix)]
    sizes = sorted({s for e in _size_expressions(a, b) for s in e.free_symbols}, key=str)
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
                if turn % 8 == 7:
                    instance[e.name] *= rng.integers(0, 2)
        names = set(needed(a)) | set(needed(b))
        for name in sorted(names - written - set(count) - {e.name for e in letters} - {"n"}):
            instance[name] = _scalar(rng, name, (a, b), instance, hint, scale)
        if "n" in names and "n" not in written and "n" not in count and _is_size(hint.get("n")):
            instance["n"] = hint["n"]
        yield instance, special


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
        if isinstance(hinted, list) and len(hinted) >= instance["n"]:
            return np.asarray([_number(v) for v in hinted[: instance["n"]]])
        return rng.normal(size=instance["n"]) * scale
    if hinted is not None:
        return hinted if isinstance(hinted, int) else _number(hinted)
    symbol = next((s for s in of_kind(Symbol, *sides) if s.name == name), Symbol(name))
    if symbol.is_integer:
        return int(rng.integers(1, instance["n"] + 1))
    size = float(np.exp(rng.uniform(-2, 1.5))) * scale
    return size if symbol.is_positive or rng.uniform() < 0.5 else -size


def _number(v: Any) -> float:
    """Return a number that `plain` made: a whole one, a float, or a fraction as text."""
    if isinstance(v, str):
        top, _, bottom = v.partition("/")
        return int(top) / int(bottom or 1)
    return float(v)
