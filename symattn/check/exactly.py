"""Values with many digits, where floats are too coarse: an expression at one instance, in balls."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import chain

import numpy as np
from flint import arb
from sympy import Expr, Symbol

from symattn.algebra.balls import CannotEvaluate, NotReal, Unsure
from symattn.algebra.symbols import of_kind
from symattn.check.draws import Plan, instances
from symattn.check.equality.array_balls import ArrayEnclosure
from symattn.check.plain_instances import plain_instances
from symattn.claims import Identity
from symattn.hypotheses.base import Instance

BITS = 250
ROUNDED = 1e-11
WITNESSES = 40
"""So many instances are looked at for one where a difference shows."""


def exactly(x: Expr, instance: Instance) -> np.ndarray | None:
    """Return the value of an expression, its entries exactly 0 where that cannot be excluded.

    None where it has no value, or none that is enclosed here.

    >>> b = Symbol("b", positive=True)
    >>> float(exactly((b + 1) ** 2 - b**2 - 2 * b - 1 - b / 10**30, {"b": 1.0})[0])
    -1e-30
    """
    arrays = {k: v for k, v in instance.items() if np.ndim(v)}
    point = {
        s: Fraction(instance[s.name])
        for s in of_kind(Symbol, x)
        if np.isscalar(instance.get(s.name))
    }
    try:
        entries = ArrayEnclosure(arrays, point, BITS).array(x).entries()
    except (CannotEvaluate, NotReal, Unsure, ValueError, OverflowError, ZeroDivisionError):
        return None
    if not all(entry.is_finite() for entry in entries):
        return None
    return np.array([0.0 if entry.contains(0) else float(arb(entry.mid())) for entry in entries])


def witness(claim: Identity, gap: Expr, least: float = 0.0) -> tuple[Instance, float] | None:
    """Return an instance where a difference certainly is not zero, and its largest entry there.

    gap : the difference of the two sides, as the rules of the hypotheses write it.
    least : what it must exceed, times the largest entry of the right side.
    """
    places: Iterator[Instance] = chain(plain_instances(claim), instances(claim, Plan(instances=7)))
    for _, instance in zip(range(WITNESSES), places):
        found = exactly(gap, instance)
        if found is None or not np.any(found):
            continue
        gap_size = float(np.max(np.abs(found)))
        rounded = not _met_exactly(claim, instance)
        wanted = max(least, ROUNDED) if rounded else least
        if not wanted:
            return instance, gap_size
        size = exactly(claim.right, instance)
        if size is None:
            continue
        # Beside arrays of size one that are orthonormal but for rounding, 1e-16 is no difference from 0.
        if gap_size > wanted * max(float(np.max(np.abs(size))), 1.0 if rounded else 0.0):
            return instance, gap_size
    return None


def _met_exactly(claim: Identity, instance: Instance) -> bool:
    """Tell whether an instance meets the hypotheses to the last bit, and not but for rounding."""
    try:
        return all(h.violation(instance) == 0 for h in claim.given)
    except (KeyError, IndexError, np.linalg.LinAlgError):
        return False
