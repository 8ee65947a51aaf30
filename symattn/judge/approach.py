"""Limits and approximations: what a line says holds as the scale grows or the noise vanishes.

A limit is decided exactly, coefficient by coefficient, or not at all.  Numbers show it; they do not
refute it by themselves, for a limit may be reached slowly.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from sympy import S, oo

from symattn.algebra.limits import NoSafeLimit
from symattn.hypotheses.base import Instance
from symattn.kernel.approaches import Approach
from symattn.latex.write import latex

SHOWN_AT = 4
"""On how many instances a limit that is proved is shown."""
# Where a limit is shown in numbers, from near to far.
STEPS = {oo: (4.0, 16.0, 64.0, 256.0), S.Zero: (1e-2, 1e-4, 1e-6, 1e-8), -oo: (-4.0, -16.0, -64.0)}
DECAY_STEPS = {oo: (4.0, 8.0, 16.0, 32.0), S.Zero: (0.3, 0.1, 0.03, 0.01), -oo: (-4.0, -8.0, -16.0)}


def along(instance: Instance, approaches: Sequence[Approach], step: int, decay: bool) -> Instance:
    """Return an instance some way along the approaches."""
    placed = dict(instance)
    for approach in approaches:
        steps = (DECAY_STEPS if decay else STEPS)[approach.point]
        placed[approach.symbol.name] = steps[min(step, len(steps) - 1)]
    return placed


def gaps_along(
    left: Callable[[Instance], Any],
    right: Callable[[Instance], Any],
    instance: Instance,
    approaches: Sequence[Approach],
    decay: bool,
) -> list[float]:
    """Return the relative difference of two values along the approaches; nan where undefined."""
    found = []
    for step in range(3 if any(a.point == -oo for a in approaches) else 4):
        place = along(instance, approaches, step, decay)
        with np.errstate(all="ignore"):
            a, b = np.asarray(left(place), float), np.asarray(right(place), float)
        size = max(float(np.max(np.abs(b), initial=0)), 1e-300 if decay else 1e-12)
        if not decay and not np.any(b):
            size = 1.0
        found.append(float(np.max(np.abs(a - b), initial=0)) / size)
    return found


def unsafe(error: NoSafeLimit | str) -> str:
    """Say why a limit is not taken; what is long or made of our own symbols is left out."""
    said = str(error)
    said = re.sub(r"(\S+) is not a power of (\S+) or of its logarithm", _not_a_power, said)
    said = re.sub(r"the sign of .+ decides", "a sign that is not known decides", said)
    said = said.replace(" the limit and is not known", " the limit")
    own = re.search(r"(?<![\w}])_\w", said)
    return "how fast a part of it grows is not decided" if own or len(said) > 120 else said


def _not_a_power(found: re.Match[str]) -> str:
    """Say what is no power without SymPy's way of writing it."""
    return f"a part of it is neither a power of {found[2]} nor of its logarithm"


def names_of(approaches: Sequence[Approach]) -> str:
    """Write the approaches in LaTeX, in their order."""
    return ", ".join(rf"{latex(a.symbol)} \to {latex(a.point)}" for a in approaches)
