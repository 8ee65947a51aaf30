r"""Which key can dominate: exactly one that lies outside the convex hull of the other keys.

For given keys a linear program decides: it looks for the query, with entries of at most 1 in size,
that lifts the key's logit furthest above all others.  Its dual is the point of the hull that is
nearest to the key, so one of the two is always a certificate, and both are checked in exact
integer arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import hypot
from typing import TYPE_CHECKING, Any

from symattn.errors import SymattnError

if TYPE_CHECKING:
    import numpy as np

TOLERANCE = 1e-9


@dataclass(frozen=True)
class Dominance:
    """Whether a key can dominate, with the certificate.

    key : the place of the key, counted from 1.
    possible : True when its weight can come as near to 1 as one likes.
    margin : the Euclidean distance from the key to the hull of the others, which is the largest
        value of min_l (k_i - k_l) . q over queries of norm 1; infinite without other keys, and 0
        when the key lies in the hull.
    query : shape (d,), a query of norm 1 that reaches the margin; None when not possible.
    combination : shape (n,), nonnegative, sum 1, zero at the key itself, with
        sum_l combination[l] k_l = k_i; None when possible.
    residual : how far that combination misses the key, from an exact computation; 0 when possible.
        A gap of g over every other key needs a query of norm g / residual at least.
    """

    key: int
    possible: bool
    margin: float
    query: np.ndarray | None
    combination: np.ndarray | None
    residual: float


def dominance(keys: Any, i: int, *, tolerance: float = TOLERANCE) -> Dominance:
    """Decide whether key i can dominate: a query of largest margin, or why there is none.

    Parameters
    ----------
    keys : shape (n, d), finite.
    i : the place of the key, from 1 to n.
    tolerance : a key whose distance to the hull of the others is at most this share of its largest
        distance to any of them counts as lying in the hull.

    Raises
    ------
    SymattnError : if the keys are not a finite (n, d) array, i is not one of 1..n, or rounding
        leaves the question open.

    >>> corners = [[0, 0], [2, 0], [0, 2]]
    >>> found = dominance([*corners, [2, 2]], 4)
    >>> found.possible, found.query.round(3), round(found.margin, 3)
    (True, array([0.707, 0.707]), 1.414)
    >>> dominance([*corners, [0.5, 0.5]], 4).combination
    array([0.5 , 0.25, 0.25, 0.  ])
    """
    import numpy as np

    array = _checked(keys, i)
    i = int(i)
    count, d = array.shape
    others = np.delete(np.arange(count), i - 1)
    if count == 1:
        return Dominance(i, True, float("inf"), np.zeros(d), None, 0.0)
    size = float(np.max(np.abs(array))) or 1.0
    gaps = array[i - 1] / size - array[others] / size
    reach = float(np.max(np.linalg.norm(gaps, axis=1)))
    if reach == 0:
        return _inside(array, i, others, np.eye(count - 1)[0])
    gaps, least = gaps / reach, tolerance * reach * size
    exact_gaps = _integers(array, i, others)

    nearest, point = _nearest(gaps)
    margin = _margin(exact_gaps, nearest)
    # No margin exceeds the norm of a point of the hull: one that comes up to it is the largest.
    most = float(np.linalg.norm(gaps.T @ point)) * reach * size
    if margin > max(least, most * (1 - 1e-9)):
        return Dominance(i, True, margin, nearest, None, 0.0)
    query, other_point = _linear_program(gaps)
    inside = _inside(array, i, others, other_point)
    if inside.residual <= least:
        return inside
    margin, best = max(
        ((margin, nearest), (_margin(exact_gaps, query), query)), key=lambda pair: pair[0]
    )
    if margin > least:
        return Dominance(i, True, margin, best, None, 0.0)
    inside = min(inside, _inside(array, i, others, point), key=lambda f: f.residual)
    if inside.residual > 2 * least:
        raise SymattnError(
            f"whether key {i} lies in the hull of the others is not decided: the best margin is "
            f"{margin:.2g}, the best combination misses the key by {inside.residual:.2g}",
            "raise `tolerance`, or move the keys' mean to zero",
        )
    return inside


def _checked(keys: Any, i: int) -> np.ndarray:
    import numpy as np

    try:
        array = np.asarray(keys)
        if array.dtype.kind in "cmM":
            raise TypeError(f"entries of type {array.dtype}")
        array = array.astype(float)
    except (TypeError, ValueError) as error:
        raise SymattnError(f"the keys must be an array of real numbers: {error}") from error
    if array.ndim != 2 or 0 in array.shape:
        raise SymattnError(
            f"the keys must have shape (n, d) with n and d at least 1; they have {array.shape}"
        )
    if not np.all(np.isfinite(array)):
        raise SymattnError("every entry of the keys must be finite")
    if isinstance(i, bool) or not isinstance(i, (int, np.integer)):
        raise SymattnError(f"the place of a key is a whole number, not {i!r}")
    if not 1 <= i <= len(array):
        raise SymattnError(f"there is no key {i}; the keys are counted from 1 to {len(array)}")
    return array


# candidates, in floating point -----------------------------------------------------------------


def _query(x: np.ndarray) -> np.ndarray:
    """Return the query with norm 1; one that is zero stays zero."""
    import numpy as np

    length = np.linalg.norm(x)
    return np.asarray(x / length if length > 0 else x)


def _shares(x: np.ndarray) -> np.ndarray:
    """Return nonnegative numbers with sum 1."""
    import numpy as np

    x = np.clip(x, 0, None)
    return np.asarray(x / x.sum() if x.sum() > 0 else np.full(len(x), 1 / len(x)))


def _linear_program(gaps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Maximise t with `gaps @ q >= t` and |q| <= 1 entrywise; return q and the multipliers."""
    import numpy as np
    from scipy.optimize import linprog

    count, d = gaps.shape
    found = linprog(
        np.append(np.zeros(d), -1.0),
        A_ub=np.hstack([-gaps, np.ones((count, 1))]),
        b_ub=np.zeros(count),
        bounds=[(-1, 1)] * d + [(None, None)],
        method="highs",
    )
    if not found.success:
        raise SymattnError(f"the linear program was not solved: {found.message}")
    return _query(found.x[:d]), _shares(-found.ineqlin.marginals)


def _nearest(gaps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the direction of the hull's point of least norm, and that point's weights.

    Lawson and Hanson's least distance problem: the residual of one nonnegative least squares
    problem is the answer, and it vanishes exactly when 0 lies in the hull.
    """
    import numpy as np
    from scipy.optimize import nnls

    count, d = gaps.shape
    system = np.vstack([gaps.T, np.ones(count)])
    try:
        point, _ = nnls(system, np.append(np.zeros(d), 1.0))
    except RuntimeError:  # too many turns; the linear program's certificates remain
        point = np.zeros(count)
    point = _shares(point)
    return _query(gaps.T @ point), point


# certificates, in exact arithmetic -------------------------------------------------------------


def _whole(x: np.ndarray) -> tuple[np.ndarray, int]:
    """Return an array of integers and e with `x = integers * 2**e` exactly."""
    import numpy as np

    mantissa, exponent = np.frexp(x)
    exponent = np.where(mantissa == 0, np.max(exponent), exponent) - 53
    least = int(exponent.min())
    shift = (exponent - least).astype(object)
    return (mantissa * 2.0**53).astype(np.int64).astype(object) << shift, least


def _integers(keys: np.ndarray, i: int, others: np.ndarray) -> tuple[np.ndarray, int]:
    """Return k_i - k_l for every other l, exactly, as integers and a power of 2."""
    whole, power = _whole(keys)
    return whole[i - 1] - whole[others], power


def _scaled(value: Fraction | int, power: int) -> float:
    return float(Fraction(value) * Fraction(2) ** power)


def _margin(gaps: tuple[np.ndarray, int], query: np.ndarray) -> float:
    """Return min_l (k_i - k_l) . q from exact arithmetic; its sign is certain."""
    whole, power = _whole(query)
    return _scaled(min(gaps[0] @ whole), gaps[1] + power)


def _inside(keys: np.ndarray, i: int, others: np.ndarray, point: np.ndarray) -> Dominance:
    """Return that key i is the given combination of the others, with the exact residual."""
    import numpy as np

    gaps, power = _integers(keys, i, others)
    used = np.flatnonzero(point)
    whole, _ = _whole(point[used])
    total = int(whole.sum())
    miss = [_scaled(Fraction(int(m), total), power) for m in whole @ gaps[used]]
    combination = np.zeros(len(keys))
    combination[others] = point
    return Dominance(i, False, 0.0, None, combination, hypot(*miss))
