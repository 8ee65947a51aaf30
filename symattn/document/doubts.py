"""When a link may be called wrong: only where nothing about it is guessed, doubted or left out."""

from __future__ import annotations

from sympy import Derivative, Indexed, Integral, Sum, count_ops

from symattn.algebra.letters import Det, Letter, Norm, Statistic, Trace, shape
from symattn.algebra.symbols import of_kind
from symattn.document.chains import letters
from symattn.document.holds import Holds, bare
from symattn.document.judged_links import _DERIVES, Judged, decided, free_names, options_for

LEAST = 6
"""Operations that a first link holds at least: `A B = B A` may be what is supposed."""


def may_refute(
    left: str, relation: str, right: str, holds: Holds, found: Judged, first: bool, role: str
) -> str:
    """Return why a link that a counterexample refutes is not called wrong; '' where it is."""
    names = letters(left, right, *(s.latex for s in found.used))
    if names is None or found.sides is None:
        if found.verdict.code == "shape-mismatch" and names is not None:
            known = all(n in holds.shapes for n in names if len(n) == 1 and n.isupper() and n != "I")
            doubted = next((holds.doubts[n] for n in names if n in holds.doubts), "")
            return doubted or ("" if known and not first else "not every shape is said")
        return "it is not read whole"
    for name in names:
        if name in holds.doubts:
            return f"something said of {name} is not read: {holds.doubts[name]}"
        if holds.kinds.get(name) == "unit":
            return f"{name} is of norm 1, which is not put in"
    if found.sides.guessed or found.sides.open or found.sides.other is not None:
        return "what its letters are is guessed"
    if any(note for note in found.sides.notes if "letter" in note or "end" in note):
        return f"it is not said: {found.sides.notes[0]}"
    one, other = found.sides.left, found.sides.right
    a, b = free_names(one), free_names(other)
    lost, gained = a - b, b - a
    operates = bool(of_kind((Derivative, Statistic, Integral), one)) or bool(_DERIVES.search(left))
    if first:
        if gained:
            return f"{', '.join(sorted(gained))} may stand for something that is not read"
        if lost and not (operates and b):
            return "it may be what is supposed, and no consequence"
        if not operates and max(count_ops(one), count_ops(other)) < LEAST:
            return "it may be what is supposed, and no consequence"
        if bare(left) is not None and role not in ("follows", "says"):
            return "the letter may be defined anew"
    if gained:
        return f"{', '.join(sorted(gained))} may stand for something that is not read"
    fixed = {e.name for x in (one, other) for e in of_kind(Letter, x)}
    fixed |= {str(e.base) for x in (one, other) for e in of_kind(Indexed, x)}
    if lost & fixed and not operates:
        return f"something may be said of {', '.join(sorted(lost & fixed))} that is not read"
    if relation == "=":
        return _also_of_positive(left, right, holds)
    return ""


def _also_of_positive(left: str, right: str, holds: Holds) -> str:
    """Refuse what holds once every number in it is positive: that goes often without saying."""
    names = [
        name
        for name, indexed in (letters(left, right) or {}).items()
        if name not in holds.shapes and name not in holds.standing and not name.startswith("\\delta")
    ]
    kept = options_for(left, right, holds, True)
    positive = dict.fromkeys([*kept.positive])
    for name in names:
        made = decided(left, right, holds, {"positive": (*positive, name)})
        if made.verdict.verdict not in ("unread",) and "does not occur" not in made.verdict.reason:
            positive[name] = None
    made = decided(left, right, holds, {"positive": tuple(positive)})
    if made.verdict.verdict == "refuted":
        return ""
    return "with its numbers positive it is not refuted"
