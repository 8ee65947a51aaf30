"""Curves of expressions: what a figure shows is evaluated from what a claim says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import numpy as np
from sympy import Expr, Symbol

from symattn.algebra.arrays import compiled
from symattn.pages.model import Curve


def curve(
    x: Expr,
    over: Symbol,
    values: Iterable[float],
    at: Mapping[Symbol, Any],
    label: str = "",
    style: Literal["line", "dashed", "dots"] = "line",
    least: float = -np.inf,
) -> Curve:
    r"""Evaluate an expression along one of its scalars.

    at : the other scalars.
    least : what lies below it is left out.

    >>> t, b = Symbol("t"), Symbol("b")
    >>> [float(y) for y in curve(b * t, t, [0.0, 1.0], {b: 3.0}).y]
    [0.0, 3.0]
    """
    line = np.asarray(list(values), dtype=float)
    instance = {symbol.name: value for symbol, value in at.items()}
    height = np.real(compiled(x)({**instance, over.name: line}))
    seen = height >= least
    return Curve(tuple(line[seen]), tuple(height[seen]), label, style)
