"""When a link may be called wrong: only where nothing about it is guessed, doubted or left out."""

from __future__ import annotations

import re

from sympy import Indexed, Symbol, count_ops

from symattn.algebra.letters import Letter, Matrix, Statistic
from symattn.algebra.symbols import of_kind
from symattn.check.equality.declared import ReadSides
from symattn.check.equality.spellings import SHARED
from symattn.document.chains import applied, letters, operation
from symattn.document.holds import Known, bare
from symattn.document.judged_links import (
    JudgedLink,
    decided,
    free_names,
    options_for,
    used_standing,
)
from symattn.latex.names import canonical
from symattn.latex.nodes import Name, StatisticOf, every

_AVERAGES = re.compile(r"\\mathbb\s?\{?E|\\operatorname\{(?:E|Var|Cov)\}|\\mathrm\{(?:E|Var|Cov)\}")
_LETTERS = re.compile(r"\\[A-Za-z]+|[A-Za-z]")
LEAST = 2
LEAST_OF_FAMILIES = 5
"""Operations that a first link holds at least: `A B = B A` may be what is supposed."""


def may_refute(
    left: str, relation: str, right: str, holds: Known, found: JudgedLink, first: bool, role: str
) -> str:
    """Return why a link that a counterexample refutes is not called wrong; '' where it is."""
    names = letters(left, right, *(s.latex for s in found.used))
    if names is None:
        return "it is not read whole"
    return _doubted(set(names), holds) or (
        _of_shapes(set(names), holds, found)
        if found.sides is None
        else _of_letters(left, relation, right, holds, found, first, role)
    )


def read_otherwise(left: str, right: str, holds: Known) -> str:
    """Say that a letter has a meaning here that the document may not give it; '' for none."""
    whole = (left, right, *(s.latex for s in used_standing(left, right, holds)))
    if any(_AVERAGES.search(side) for side in whole):
        for name in sorted(letters(*whole) or ()):
            if name in holds.doubts:
                return f"{name} may be random: {holds.doubts[name]}"
    for name in sorted(applied(left, right)):
        if name in holds.doubts and canonical(name) not in holds.standing:
            return f"{name} may be another function: {holds.doubts[name]}"
    return ""


def may_be_matrices(left: str, right: str, holds: Known, found: JudgedLink, spoken_of: bool) -> str:
    """Say why what holds of numbers may not hold of the matrices that its capitals may be.

    spoken_of : the document speaks of matrices, so that what cannot be read as such is open too.
    """
    sides = found.sides
    if sides is None or of_kind(Statistic, sides.left, sides.right):
        return ""
    both = (sides.left, sides.right)
    scalars = {s.name for x in both for s in x.free_symbols if isinstance(s, Symbol)}
    sizes = {size for shape in holds.shapes.values() for size in shape[:2]}
    capitals = sorted(x for x in scalars - sizes - holds.integers if len(x) == 1 and x.isupper())
    capitals = [x for x in capitals if x not in holds.signs and x not in holds.standing]
    if capitals and of_kind(Matrix, *both):
        return f"it is not said what {capitals[0]} is, beside matrices"
    if len(capitals) < 2:
        return ""
    made = decided(left, right, holds, {"shapes": dict.fromkeys(capitals, ("d", "d"))})
    fits = made.verdict.passed or (made.verdict.verdict == "unread" and not spoken_of)
    return "" if fits else f"{', '.join(capitals)} may be matrices"


def _doubted(names: set[str], holds: Known) -> str:
    sizes = {size for name in names for size in holds.shapes.get(name, ())[:2]}
    for name in sorted(names | sizes):
        if name in holds.doubts:
            return f"something said of {name} is not read: {holds.doubts[name]}"
        if holds.kinds.get(name) == "unit":
            return f"{name} is of norm 1, which is not put in"
    if sum(holds.kinds.get(name) == "independent" for name in names) > 1:
        return "independence is not put in"
    if holds.bound_in(names):
        return "an equation that is supposed binds its letters"
    return ""


def _of_shapes(names: set[str], holds: Known, found: JudgedLink) -> str:
    """Refuse a shape that does not fit where the shape of some letter is not said."""
    if found.verdict.code != "shape-mismatch":
        return "it is not read whole"
    known = {*holds.shapes, *holds.signs, *holds.integers, "I", "tr"}
    unknown = sorted(name for name in names if name not in known)
    return f"the shape of {unknown[0]} is not said" if unknown else ""


def _of_letters(
    left: str, relation: str, right: str, holds: Known, found: JudgedLink, first: bool, role: str
) -> str:
    sides = found.sides
    assert sides is not None
    functions = applied(left, right) - set(holds.standing)
    if functions:
        return f"{min(functions)} may be another function"
    if sides.guessed or sides.open:
        return "what its letters are is guessed"
    if any("letter" in note or "end" in note for note in sides.notes):
        return f"it is not said: {sides.notes[0]}"
    one, other = sides.left, sides.right
    a, b = free_names(one) | _of_laws(sides), free_names(other)
    lost, gained = a - b, {x for x in b - a if SHARED not in sides.notes}
    asks = operation(left)
    if gained:
        return f"{', '.join(sorted(gained))} may stand for something that is not read"
    fixed = {e.name for x in (one, other) for e in of_kind(Letter, x)}
    fixed |= {str(e.base) for x in (one, other) for e in of_kind(Indexed, x)}
    supposed = "it may be what is supposed, and no consequence"
    # `\eta \le 1/L` is a condition on both; `\tanh a \ge a` is none
    shared = bool(a & b) and (a <= b or b <= a)
    said = role in ("says", "follows") and shared and a | b <= {*holds.signs, *holds.integers}
    if first and relation != "=" and role != "universal" and not said:
        return supposed
    if first and relation == "=":
        if lost and not (asks == "strong" and b):
            return supposed
        least = LEAST_OF_FAMILIES if fixed else LEAST
        if not asks and max(count_ops(one), count_ops(other)) < least:
            return supposed
        if bare(left) is not None and role not in ("follows", "says", "universal", "satisfies"):
            return "the letter may be defined anew"
    fixed -= set(holds.shapes)
    if lost & fixed and asks != "strong":
        return f"something may be said of {', '.join(sorted(lost & fixed))} that is not read"
    if relation == "=":
        return _also_of_positive(left, right, holds, sides)
    return ""


def _of_laws(sides: ReadSides) -> set[str]:
    """Return the letters of the laws of what is random on the left side."""
    found = {name for law in sides.laws.values() for x in law for name in free_names(x)}
    laws = [
        e.over[1].base
        for reading in sides.readings[:1]
        for e in every(reading.statement, StatisticOf)
        if len(e.over) == 2 and isinstance(e.over[1], Name)
    ]
    return found | {x for law in laws for x in _LETTERS.findall(law)}


def _also_of_positive(left: str, right: str, holds: Known, found: ReadSides) -> str:
    """Refuse what holds once every number in it is positive: that goes often without saying."""
    known = free_names(found.left) | free_names(found.right)
    names = [
        name
        for name in letters(left, right) or {}
        if name in known
        and name not in holds.shapes
        and name not in holds.standing
        and not name.startswith("\\delta")
    ]
    kept = options_for(left, right, holds, True)
    positive = dict.fromkeys((*kept.positive, *names))
    made = decided(left, right, holds, {"positive": tuple(positive)})
    if made.verdict.verdict == "refuted":
        return ""
    return "with its numbers positive it is not refuted"
