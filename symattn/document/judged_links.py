"""One link of a chain through the gate, under what holds at its place."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from sympy import Basic, Expr, Indexed, Symbol

from symattn.algebra.letters import IdentityMatrix, Letter, Matrix
from symattn.algebra.symbols import all_symbols
from symattn.check.budget import deadline
from symattn.check.equal import _equal
from symattn.check.equality.declared import RELATIONS, Options, ReadSides
from symattn.check.equality.language import language
from symattn.check.equality.reading import read_sides
from symattn.check.equality.standing import Standing
from symattn.check.verdict import Verdict
from symattn.document.chains import letters
from symattn.document.holds import Known
from symattn.errors import BudgetExceeded, ReadError, ShapeError, SymattnError
from symattn.hypotheses.subspaces import OrthonormalBasis
from symattn.latex.meaning import read
from symattn.latex.names import Vocabulary, canonical

SECONDS = 4.0
PI = "\\pi"
_BY = re.compile(
    r"\\(?:d?frac|tfrac)\s*\{\s*(?:\\partial|d|\\mathrm\{d\})[^{}]*(?:\{[^{}]*\}[^{}]*)*\}\s*"
    r"\{(?P<below>[^{}]*(?:\{[^{}]*\}[^{}]*)*)\}|\\nabla\s?_\s?(?:\{(?P<by>[^{}]*)\}|(?P<one>\\?[A-Za-z]+))"
)
DERIVES = re.compile(r"\\partial|\\nabla|\\frac\s*\{\s*d[\s^}A-Za-z]")


@dataclass(frozen=True)
class JudgedLink:
    """A verdict, how its sides were read, and which definitions they were read with."""

    verdict: Verdict
    sides: ReadSides | None = None
    used: tuple[Standing, ...] = ()


def options_for(left: str, right: str, holds: Known, standing: bool) -> Options:
    """Return what is known of the letters of two sides, and no more."""
    used = used_standing(left, right, holds) if standing else ()
    names = set(letters(left, right, *(s.latex for s in used)) or ())
    given: list[Any] = []
    words = language({name: Symbol(name, real=True) for name in (PI,) if name in holds.signs})
    for text in holds.given:
        given += [g for g in _relations(text, words) if free_names(g) <= names]
    shapes = {name: s for name, s in holds.shapes.items() if name in names}
    sizes = {size for s in shapes.values() for size in s[:2]}
    signs = {
        sign: tuple(x for x, said in holds.signs.items() if said == sign and x in names - sizes)
        for sign in ("positive", "nonnegative", "real")
    }
    for name, kind in holds.kinds.items():
        shape = shapes.get(name)
        if shape is None or kind not in ("orthonormal", "orthogonal"):
            continue
        made = Matrix(name, *(Symbol(s, integer=True, positive=True) for s in shape[:2]))
        given.append(OrthonormalBasis(made))
    integer = tuple(x for x in sorted(holds.integers) if x in names - sizes)
    return Options(
        given=tuple(given),
        positive=signs["positive"],
        nonnegative=signs["nonnegative"],
        real=tuple(x for x in signs["real"] if x not in {*shapes, *holds.integers}),
        integer=tuple(x for x in integer if x not in shapes),
        shapes=shapes,
        seconds=SECONDS,
        standing=used,
        laws={name: law for name, law in holds.laws.items() if name in names},
    )


def used_standing(left: str, right: str, holds: Known) -> tuple[Standing, ...]:
    """Return the definitions that two sides rest on, each after what it rests on itself.

    What is differentiated by is a letter.
    """
    fixed = differentiated_by(left) | differentiated_by(right)
    found: dict[str, Standing] = {}
    waiting: set[str] = set()

    def take(name: str) -> None:
        one = holds.standing.get(name)
        if one is None or name in fixed or name in found or name in waiting:
            return
        waiting.add(name)
        for other in sorted(set(letters(one.latex) or ()) - {canonical(p) for p in one.places}):
            take(other)
        found[name] = one

    for name in letters(left, right) or ():
        take(name)
    return tuple(found.values())


def differentiated_by(side: str) -> set[str]:
    """Return the letters that derivatives are taken by."""
    found: set[str] = set()
    for match in _BY.finditer(side):
        below = match["below"] or match["by"] or match["one"] or ""
        below = re.sub(r"\\partial|\\mathrm\{d\}|\bd(?=[\s\\A-Za-z])|\^\{?\d\}?", " ", below)
        found |= set(letters(below) or ())
    return found


def _relations(text: str, words: Vocabulary) -> list[Any]:
    try:
        reading = read(text, words)
    except (ReadError, ShapeError):
        return []
    made = []
    for sign, a, b in zip(reading.relations, reading.terms, reading.terms[1:]):
        if sign not in RELATIONS or not (isinstance(a, Expr) and isinstance(b, Expr)):
            return []
        relation = RELATIONS[sign](a, b)
        if relation.free_symbols:
            made.append(relation)
    return made


def decided(left: str, right: str, holds: Known, more: dict[str, Any] | None = None) -> JudgedLink:
    """Return the verdict on `left = right`: as it stands, and with every definition put in."""
    used = used_standing(left, right, holds)
    derives = bool(DERIVES.search(left) or DERIVES.search(right))
    tries = [False, True] if used and not derives else [bool(used)]
    found = JudgedLink(Verdict("unread", "unread", "it is not read"))
    for standing in tries:
        options = replace(options_for(left, right, holds, standing), **(more or {}))
        key = (left, right, repr(options))
        if key not in _SEEN:
            if len(_SEEN) >= KEPT:
                _SEEN.clear()
            _SEEN[key] = _decided(left, right, options)
        found = _SEEN[key]
        if found.verdict.passed:
            break
    return found


_SEEN: dict[tuple[str, str, str], JudgedLink] = {}
KEPT = 4_000
"""Links whose verdict is kept: an editor judges a document again after each change."""


def _decided(left: str, right: str, options: Options) -> JudgedLink:
    sides = None
    try:
        with deadline(SECONDS):
            options = occurring(left, right, options)
        verdict = _equal(left, right, options)
        if verdict.verdict != "unread":
            with deadline(SECONDS):
                sides = read_sides(left, right, options)
    except BudgetExceeded as error:
        verdict = Verdict("undecided", "out-of-time", str(error))
    except ShapeError as error:
        verdict = Verdict("refuted", "shape-mismatch", str(error))
    except SymattnError as error:
        verdict = Verdict("unread", "unread", error.message)
    except RecursionError:
        verdict = Verdict("unread", "unread", "it is nested too deeply")
    except (
        ArithmeticError,
        AttributeError,
        LookupError,
        NotImplementedError,
        TypeError,
        ValueError,
    ):
        verdict = Verdict("undecided", "raised", "what it holds cannot be compared")
    return JudgedLink(verdict, sides, options.standing)


def occurring(left: str, right: str, options: Options) -> Options:
    """Return the options without what is said of letters that cancel when the sides are read."""
    if not options.names:
        return options
    number = tuple(x for x in options.real if x == PI)  # read as 3.14 where it is not declared
    plain = replace(options, positive=(), nonnegative=(), real=number, integer=())
    try:
        read = read_sides(left, right, plain)
    except (ReadError, ShapeError):
        return plain  # the comparison says what is wrong
    known = {s.name for x in (read.left, read.right) for s in all_symbols(x)}
    known |= {str(e.base) for x in (read.left, read.right) for e in x.atoms(Indexed)}

    def kept(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(x for x in names if x in known)

    return replace(
        options,
        positive=kept(options.positive),
        nonnegative=kept(options.nonnegative),
        real=kept(options.real),
        integer=kept(options.integer),
    )


def free_names(x: Basic) -> set[str]:
    """Return the letters of an expression."""
    names = {s.name for s in x.free_symbols if isinstance(s, Symbol)}
    names |= {str(e.base) for e in x.atoms(Indexed)}
    return names | {e.name for e in x.atoms(Letter) if not isinstance(e, IdentityMatrix)}
