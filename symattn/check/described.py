"""Values in words: numbers, vectors and instances as a sentence tells them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

Array = np.ndarray


def number(x: Any) -> str:
    """Write a number for a sentence.

    >>> number(0.5), number(3.0), number(0.38365173), number(1e-9), number(-0.0), number(-np.inf)
    ('0.5', '3', '0.3837', '1e-09', '0', '-infinity')
    """
    x = float(x)
    if np.isinf(x):
        return "infinity" if x > 0 else "-infinity"
    if x == 0:
        return "0"
    if x == int(x) and abs(x) < 1e6:
        return str(int(x))
    return f"{x:.4g}"


def numbers(x: Any) -> str:
    """Write a number, a vector or a matrix (its columns) for a sentence.

    >>> numbers(np.eye(2)), numbers(np.array([1.0, 0.25]))
    ('[(1, 0), (0, 1)]', '(1, 0.25)')
    """
    x = np.asarray(x, dtype=float)
    if x.ndim == 0:
        return number(x)
    if x.ndim == 1:
        return "(" + ", ".join(number(a) for a in _cleaned(x)) + ")"
    return "[" + ", ".join(numbers(row) for row in x) + "]"


def told_apart(left: Any, right: Any) -> tuple[str, str]:
    """Write two values, with as many digits as it takes to tell them apart.

    >>> told_apart(0.5, 0.5000001)
    ('0.5', '0.5000001')
    """
    one, two = numbers(left), numbers(right)
    if one != two or np.shape(left) != np.shape(right):
        return one, two
    at = np.unravel_index(np.argmax(np.abs(np.asarray(left) - np.asarray(right))), np.shape(left))
    pair = [float(np.asarray(x)[at]) for x in (left, right)]
    said = next(
        s for k in range(5, 18) if len(set(s := [f"{x:.{k}g}" for x in pair])) == 2 or k == 17
    )
    if not np.ndim(left):
        return said[0], said[1]
    entry = ", ".join(str(p + 1) for p in at)
    return f"{one} with {said[0]} in entry {entry}", f"{said[1]} there"


def _cleaned(x: Array) -> Array:
    """Drop what is rounding beside the largest entry."""
    size = float(np.max(np.abs(x), initial=0))
    return np.where(np.abs(x) < 1e-13 * size, 0.0, x)


def described(instance: Mapping[str, Any], names: Sequence[str]) -> str:
    """Say what an instance is: `n = 3, k = (1, 0, 0), (0, 1, 0), (0, 0, 1)`.

    A family is given by its members, a matrix by its columns.
    """
    parts = []
    for name in names:
        if name not in instance:
            continue
        value = np.asarray(instance[name], dtype=float)
        if value.ndim < 2:
            parts.append(f"{name} = {numbers(value)}")
        elif value.ndim == 2 and name in ("k", "v", r"\mu"):
            parts.append(f"{name} = {', '.join(numbers(row) for row in value)}")
        elif value.ndim == 2:
            columns = ", ".join(numbers(row) for row in value.T)
            parts.append(f"{name} with the columns {columns}")
    return ", ".join(parts)
