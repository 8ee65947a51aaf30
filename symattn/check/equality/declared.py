"""Two sides over declared symbols: one letter is one symbol in both, and has what is said of it.

A letter that indexes or bounds a sum on one side is that whole number on the other too, a size of a
matrix is the letter that it is called by, and `x_1` is a member of the family `x` where there is
one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sympy import (
    Basic,
    Derivative,
    Eq,
    Expr,
    Ge,
    Gt,
    Indexed,
    IndexedBase,
    Integral,
    Le,
    Limit,
    Lt,
    Ne,
    Product,
    S,
    Sum,
    Symbol,
    cos,
    latex,
    sin,
    sympify,
)
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational
from sympy.core.sympify import SympifyError

from symattn.algebra.letters import Letter
from symattn.algebra.symbols import all_symbols, apply, declarations, guard, of_kind
from symattn.check.equality.comparison import MINIMUM
from symattn.check.equality.kinks import switches
from symattn.check.equality.language import ENTRIES
from symattn.check.equality.standing import Standing
from symattn.check.equality.unknown_functions import of_sympy
from symattn.errors import ReadError, SymattnError
from symattn.latex import nodes as n
from symattn.latex.grammar.builder import ScalarLimit
from symattn.latex.meaning import Reading
from symattn.latex.names import Vocabulary, canonical, spelled

SECONDS = 10.0
Shapes = Mapping[str, Sequence[Any]]
_NUMBERED = re.compile(r"(?P<base>.+)_\{(?P<places>\d+(?:,\d+)*)\}")
RELATIONS = {"=": Eq, "!=": Ne, "<": Lt, ">": Gt, "<=": Le, ">=": Ge}


@dataclass(frozen=True)
class Options:
    """What `equal` was asked, besides the two sides.

    shapes : name -> (rows, columns), and "symmetric" as a third where the matrix is that.
    standing : what names of the document stand for, put in wherever they occur.
    laws : name -> mean and variance of a letter that is normal.
    """

    given: tuple[Any, ...] = ()
    positive: tuple[str, ...] = ()
    nonnegative: tuple[str, ...] = ()
    real: tuple[str, ...] = ()
    integer: tuple[str, ...] = ()
    shapes: Shapes = field(default_factory=dict)
    vocabulary: Any = None
    seconds: float = SECONDS
    minimum: int = MINIMUM
    seed: int = 0
    standing: tuple[Standing, ...] = ()
    laws: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def names(self) -> frozenset[str]:
        """The letters that something is declared of: they are scalars."""
        return frozenset((*self.positive, *self.nonnegative, *self.real, *self.integer))


@dataclass(frozen=True)
class ReadSides:
    """Two expressions over declared symbols.

    given : relations and hypotheses; notes : what their reading took for granted.
    open : what the reading had to suppose, so that no point may refute it; or nothing.
    other : the same sides where a letter may be read otherwise, and what `open` says of that.
    guessed : the letters whose kind and size the reading inferred.
    laws : the mean and the variance of each letter that is normal.
    readings, words : of the sides that are LaTeX.
    """

    left: Expr
    right: Expr
    given: tuple[Any, ...] = ()
    notes: tuple[str, ...] = ()
    other: ReadSides | None = None
    open: str = ""
    guessed: Mapping[str, Letter] = field(default_factory=dict)
    laws: Mapping[Symbol, tuple[Expr, Expr]] = field(default_factory=dict)
    readings: Sequence[Reading] = ()
    words: Vocabulary = field(default_factory=Vocabulary, repr=False)


def declared(a: Any, b: Any, readings: Sequence[Reading], options: Options) -> ReadSides:
    """Return both sides over declared symbols; each that is LaTeX has its reading, in order.

    Raises
    ------
    ReadError : of a reading that is no side.
    SymattnError : when a side is not an expression, or a declared name does not occur.
    """
    notes: dict[str, None] = {}
    given = list(options.given)
    rest = iter(readings)
    sides = []
    for x in (a, b):
        if isinstance(x, str):
            reading = next(rest)
            x = term_of(reading)
            given += [c for c in _conditions(reading) if c not in given]
            notes.update(dict.fromkeys(reading.notes))
            sides.append(_expression(x))
        else:
            sides.append(_spelled_as_latex(_expression(x)) if readings else _expression(x))
    relations = [g for g in given if isinstance(g, Relational)]
    guard(*sides, *relations)
    supposed = ""
    if readings:
        letters, supposed = _sized(sides)
        sides = [x.xreplace(letters) for x in sides]
        letters = one_symbol([*sides, *relations])
        sides = [x.xreplace(letters) for x in sides]
        given = [g.xreplace(letters) if isinstance(g, Relational) else g for g in given]
        relations = [g for g in given if isinstance(g, Relational)]
    written = {spelled(x, r.statement.source) for r in readings for x in n.names(r.statement)}
    names, more = _named([*sides, *relations], options, written)
    mapping = declarations(*sides, *relations, **names)
    smooth = [g for x in sides for g in _smooth(x.xreplace(mapping))]
    more += [g for g in dict.fromkeys(smooth) if g not in given]
    left, right = (apply(x, mapping) for x in sides)
    given = [apply(g, mapping) if isinstance(g, Relational) else g for g in given]
    given += [apply(g, mapping) for g in more]
    given = [g for g in given if g is not S.true]  # `x > 0` of a positive x
    return ReadSides(left, right, tuple(given), tuple(notes), open=supposed)


def _sized(sides: Sequence[Expr]) -> tuple[dict[Basic, Basic], str]:
    """Return how many entries a softmax has, by the sums over its letters; else n is supposed."""
    own = [e for e in of_kind(Sum, *sides) if any(limit[2] == ENTRIES for limit in e.limits)]
    if not own:
        return {}, ""
    bases = {str(i.base) for e in own for i in of_kind(Indexed, e)}
    sizes = {
        limit[2]
        for e in of_kind(Sum, *sides)
        for limit in e.limits
        if limit[2] != ENTRIES and limit[1] == 1
        if any(str(i.base) in bases and i.has(limit[0]) for i in of_kind(Indexed, e.function))
    }
    if len(sizes) > 1:
        return {ENTRIES: Symbol("n", integer=True, positive=True)}, "softmax may have any size"
    if sizes:
        return {ENTRIES: sizes.pop()}, ""
    numbered = any(i.is_Integer for e in of_kind(Indexed, *sides) for i in e.indices)
    supposed = "it is not said how many entries there are" if numbered else ""
    return {ENTRIES: Symbol("n", integer=True, positive=True)}, supposed


def _smooth(x: Expr) -> list[Relational]:
    """Return that what is differentiated is not taken where it bends or jumps."""
    found = []
    for e in of_kind(Derivative, x):
        bound = {s for part in of_kind((Sum, Product, Integral), e) for s in part.bound_symbols}
        inside = switches([e.expr])
        found += [Ne(s, 0) for s in inside if isinstance(Ne(s, 0), Relational)
                  and not s.free_symbols & bound and not of_kind((cos, sin), s)]  # fmt: skip
    return found


def _spelled_as_latex(x: Expr) -> Expr:
    r"""Give the symbols of SymPy the names that they are printed by, `\alpha` for alpha."""
    names = {s: canonical(latex(s)) for s in x.free_symbols if isinstance(s, Symbol)}
    found: Expr = x.xreplace(
        {s: Symbol(name, **s.assumptions0) for s, name in names.items() if name != s.name}
    )
    return of_sympy(found) if found.has(AppliedUndef) else found


def _expression(x: Any) -> Expr:
    try:
        found = sympify(x, strict=True)
    except (SympifyError, TypeError):
        raise SymattnError(
            f"an expression was expected, not {type(x).__name__}",
            "give SymPy expressions, numbers or LaTeX strings",
        ) from None
    if not isinstance(found, Expr) or getattr(found, "is_Matrix", False):
        raise SymattnError(
            f"an expression was expected, not {found}", "compare the sides of a relation"
        )
    limits = {e: ScalarLimit(*e.args) for e in of_kind(Limit, found) if type(e) is Limit}
    return found.xreplace(limits) if limits else found


def term_of(reading: Reading) -> Expr:
    source = reading.statement.source
    if reading.relations:
        raise ReadError(
            f"one side was expected, not a relation {reading.relations[0]!r}",
            source,
            0,
            "give its two sides apart",
        )
    if reading.remainders:
        raise ReadError("a remainder O(..) has no value to compare", source, 0)
    term = reading.terms[0]
    if not isinstance(term, Expr):
        raise ReadError("an expression was expected, not a set", source, 0)
    return term


def _conditions(reading: Reading) -> list[Relational]:
    """Return the side conditions of LaTeX as relations of SymPy."""
    found: list[Relational] = []
    for condition in reading.conditions:
        pairs = list(zip(condition.relations, condition.terms, condition.terms[1:]))
        for relation, left, right in pairs:
            plain = isinstance(left, Expr) and isinstance(right, Expr)
            if relation not in RELATIONS or not plain:
                _unread(condition.text, reading)
            made = RELATIONS[relation](left, right)
            if isinstance(made, Relational):
                found.append(made)
            elif made is not sympify(True):
                _unread(condition.text, reading)
        if not pairs or condition.word == "or":
            _unread(condition.text, reading)
    return found


def _unread(text: str, reading: Reading) -> None:
    source = reading.statement.source
    raise ReadError(f"the condition {text} is not read here", source, max(source.find(text), 0))


# one letter, one symbol --------------------------------------------------------------------------


def one_symbol(expressions: Sequence[Basic]) -> dict[Basic, Basic]:
    """Return what makes one symbol of each letter, and members of families of numbered letters.

    >>> x, n, k = Symbol("n", real=True), Symbol("n", integer=True, positive=True), Symbol("k")
    >>> one_symbol([x**2, n + k]) == {x: n}
    True
    """
    found: dict[Basic, Basic] = {}
    families: dict[str, tuple[IndexedBase, set[int]]] = {}
    for e in of_kind(Indexed, *expressions):
        families.setdefault(str(e.base), (e.base, set()))[1].add(len(e.indices))
    for e in of_kind(Indexed, *expressions):
        base, ranks = families[str(e.base)]
        coefficient, index = e.indices[0].as_coeff_Mul()
        if len(e.indices) == 1 and ranks == {1, 2} and coefficient.is_Integer and index.is_Symbol:
            if 1 < coefficient < 10:  # a_{2j} beside a_{ij}
                found[e] = Indexed(base, coefficient, index)
    ranks_of = {name: ranks - {1} if found else ranks for name, (_, ranks) in families.items()}
    named: dict[str, set[Symbol]] = {}
    for x in expressions:
        for s in x.free_symbols:
            if isinstance(s, Symbol):
                named.setdefault(s.name, set()).add(s)
    for name, symbols in sorted(named.items()):
        match = _NUMBERED.fullmatch(name)
        if match and match.group("base") in families:
            base, _ = families[match.group("base")]
            places = _places(match.group("places"), ranks_of[match.group("base")])
            if places:
                found.update({s: Indexed(base, *places) for s in symbols})
                continue
        if len(symbols) > 1 and name not in families:
            counting = sorted(
                symbols, key=lambda s: (s.is_integer is not True, str(s.assumptions0))
            )
            found.update(dict.fromkeys(counting[1:], counting[0]))
    return found


def _places(text: str, ranks: set[int]) -> list[int]:
    """Return the numbers of a label as indices; 11 is two of them in a family with two."""
    parts = text.split(",")
    if len(ranks) == 1:
        (rank,) = ranks
        if rank == len(parts):
            return list(map(int, parts))
        if len(parts) == 1 and len(text) == rank:
            return list(map(int, text))
    return []


def _named(
    expressions: Sequence[Basic], options: Options, written: set[str]
) -> tuple[dict[str, list[str]], list[Relational]]:
    """Return the declared names as symbols are called, and relations for members of families.

    written : the letters of LaTeX, of which SymPy may have cancelled some.
    """
    known = {s.name for x in expressions for s in all_symbols(x)}
    members = {_written(e): e for e in of_kind(Indexed, *expressions)}
    said: dict[str, list[str]] = {}
    more: list[Relational] = []
    for kind in ("positive", "nonnegative", "real", "integer"):
        names = said.setdefault(kind, [])
        for name in getattr(options, kind):
            spellings = (str(name), canonical(str(name)), canonical("\\" + str(name)))
            found = next((s for s in spellings if s in known), None)
            member = next((members[s] for s in spellings if s in members), None)
            if found is None and member is not None:
                if any(i.free_symbols for i in member.indices):
                    found = str(member.base)  # p_i is every one of them
                elif kind in ("positive", "nonnegative"):
                    more.append((Gt if kind == "positive" else Ge)(member, 0))
                    continue
            if found is None and written.intersection(spellings):
                continue
            names.append(found or str(name))
    return said, more


def _written(e: Indexed) -> str:
    return f"{e.base}_{{{','.join(map(str, e.indices))}}}"
