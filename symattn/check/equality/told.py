r"""How two sides were read: `x in R^d, A in R^{d x d}, beta > 0`."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Expr, Indexed, Symbol

from symattn.algebra.letters import IdentityMatrix, Letter, Matrix
from symattn.algebra.symbols import of_kind
from symattn.check.equality.declared import ReadSides
from symattn.check.equality.standing import Standing


def read_as(sides: ReadSides, used: Sequence[Standing] = ()) -> str:
    """Return the kinds of the letters of two sides, and the definitions that were put in."""
    both = (sides.left, sides.right)
    found: dict[str, str] = {}
    for e in of_kind(Letter, *both):
        if isinstance(e, IdentityMatrix):
            continue
        rows, columns = e.shape
        space = f"R^{rows}" if columns == 1 else f"R^{{{rows} x {columns}}}"
        same = ", symmetric" if isinstance(e, Matrix) and e.symmetric else ""
        found[e.name] = f"{e.name} in {space}{same}"
    bases = {str(e.base): len(e.indices) for e in of_kind(Indexed, *both)}
    for base, count in bases.items():
        found.setdefault(base, f"{base}_{'ijklm'[:count]} real")
    sizes = {str(s) for e in of_kind(Letter, *both) for size in e.shape for s in size.free_symbols}
    for s in (s for x in both for s in x.free_symbols if isinstance(s, Symbol)):
        if s.name not in found and s.name not in sizes:
            found[s.name] = f"{s.name} {_kind(s)}"
    parts = [found[name] for name in sorted(found)]
    parts += [f"{s} ~ N({mean}, {variance})" for s, (mean, variance) in sides.laws.items()]
    parts += [f"{_shown(one)} = {one.latex}" for one in used]
    return ", ".join(parts)


def _kind(s: Expr) -> str:
    sign = "> 0" if s.is_positive else ">= 0" if s.is_nonnegative else ""
    if s.is_integer:
        return f"a whole number {sign}".strip()
    return sign or "real"


def _shown(one: Standing) -> str:
    if not one.places:
        return one.name
    inside = ", ".join(one.places)
    return f"{one.name}({inside})" if one.function else f"{one.name}_{{{inside}}}"
