r"""Reading back: the LaTeX that is about to be printed is read again and compared with its origin.

Each side of each relation is read by itself, by both readers: symattn's own and latex2sympy2.  They
share no code, so what one of them mends or drops in silence the other one shows.  The vocabulary
for reading is taken from the expressions themselves, so that a letter that is read means what it
meant when it was printed, with its shape and its assumptions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import Any, TypeAlias

from sympy import Basic, Expr, FiniteSet, Indexed, IndexedBase, Symbol
from sympy.core.function import AppliedUndef

from symattn.algebra.letters import (
    Det,
    Diag,
    Gram,
    IdentityMatrix,
    Letter,
    Matrix,
    Member,
    OffSum,
    Partial,
    shape,
)
from symattn.algebra.vanish import vanishes
from symattn.check.verdict import Evidence, Word
from symattn.claims import Claim
from symattn.errors import BudgetExceeded, ReadError, ShapeError
from symattn.latex.meaning import read
from symattn.latex.names import Vocabulary
from symattn.latex.second import second_reading
from symattn.latex.write import latex


def family_of(x: Indexed) -> Callable[..., Expr]:
    """Return what makes a member of the family of a number: it takes as many indices."""
    if len(x.indices) == 1:
        return partial(_at_one, x.base)
    return partial(_at_two, x.base)


def _at_one(base: IndexedBase, index: Expr) -> Expr:
    return Indexed(base, index)


def _at_two(base: IndexedBase, row: Expr, column: Expr) -> Expr:
    return Indexed(base, row, column)


Entry: TypeAlias = Expr | Callable[..., Expr]

PRINTED_AS: dict[type, str] = {Det: "det", Diag: "diag"}
"""Functions of a matrix or column that a vocabulary has by name."""
READERS = ("symattn", "latex2sympy2")

_RELATION = re.compile(
    r"\\(?:iff|Rightarrow|implies|to|le|leq|ge|geq|ne|neq|ll|gg|approx|sim|simeq|propto|in|notin"
    r"|equiv|mapsto|longrightarrow)(?![A-Za-z])|:=|[=<>]"
)
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|:=|[{}]|.", re.DOTALL)


class Ambiguous(ReadError):
    """Two letters of one formula that look the same when they are printed."""


@dataclass
class Names:
    """What each printed name of an expression means; collected from the expression."""

    letters: dict[str, Expr] = field(default_factory=dict)
    families: dict[str, Callable[..., Expr]] = field(default_factory=dict)
    functions: dict[str, Callable[..., Expr]] = field(default_factory=dict)
    kinds: dict[str, object] = field(default_factory=dict)
    sizes: dict[Expr, None] = field(default_factory=dict)
    count: Expr | None = None
    slopes: bool = False

    @classmethod
    def of(cls, *expressions: Basic) -> Names:
        """Collect the names of expressions.

        Raises
        ------
        Ambiguous : two different letters are printed alike.
        """
        names = cls()
        for x in expressions:
            names.visit(x)
        return names

    def add(self, name: str, kind: object) -> None:
        """Note what a name stands for."""
        known = self.kinds.setdefault(name, kind)
        if known != kind:
            raise Ambiguous(f"two different letters are printed as {name}", name)

    def visit(self, x: Basic) -> None:
        """Collect the names of one expression; the sizes of letters are not printed."""
        if isinstance(x, Gram):
            self.visit(x.args[0])
        elif isinstance(x, IdentityMatrix):
            self.sizes[x.args[0]] = None
        elif isinstance(x, Letter):
            self.letter(x)
        elif isinstance(x, Symbol):
            name = latex(x)
            self.add(name, x)
            self.letters[name] = x
        elif isinstance(x, Indexed):
            base = x.base
            name = latex(base)
            self.add(name, base)
            self.families[name] = family_of(x)
            for index in x.indices:
                self.visit(index)
        elif isinstance(x, IndexedBase):
            return
        else:
            if isinstance(x, AppliedUndef):
                name = latex(x.func)
                self.add(name, x.func)
                self.functions[name] = x.func
            if type(x) in PRINTED_AS:
                self.functions[PRINTED_AS[type(x)]] = type(x)
            self.slopes = self.slopes or isinstance(x, Partial)
            if isinstance(x, OffSum):
                self.count = x.args[2]
            for a in x.args:
                self.visit(a)

    def letter(self, x: Letter) -> None:
        """Collect a vector or matrix, or the family that it is a member of."""
        if x.index is None:
            self.add(x.name, x)
            self.letters[x.name] = x
            return
        self.visit(x.index)
        if isinstance(x, Member):
            self.add(x.name, (Member, x.shape))
            name, size = x.args[0], x.args[2]
            self.families[x.name] = lambda index: Member(name, index, size)
        elif isinstance(x, Matrix):
            self.add(x.name, (Matrix, x.shape, x.symmetric))
            name, rows, cols, _, symmetric = x.args
            self.families[x.name] = lambda index: Matrix(name, rows, cols, index, symmetric)

    def first(self) -> Vocabulary:
        """The vocabulary for symattn's reader."""
        indices = {
            name: x for name, x in self.letters.items() if isinstance(x, Symbol) and x.is_integer
        }
        size = next(iter(self.sizes), None)
        return Vocabulary(
            self.letters, self.families, self.functions, None, indices, self.count, size,
            slopes=self.slopes,
        )  # fmt: skip

    def second(self) -> dict[str, Entry]:
        """The vocabulary for latex2sympy2's reader."""
        found: dict[str, Entry] = {**self.letters, **self.families, **self.functions}
        if len(self.sizes) == 1:
            found["I"] = IdentityMatrix(next(iter(self.sizes)))
        if self.count is not None:
            found.setdefault("n", self.count)
        return found


@dataclass(frozen=True)
class Side:
    """What became of one side: `fault` is empty when both readers gave back what was printed."""

    latex: str
    fault: str = ""
    reader: str = ""
    text: str = ""
    position: int = 0


def read_back(
    terms: Sequence[Basic], relations: Sequence[str] = (), text: str | None = None
) -> Evidence:
    r"""Read a printed formula again, and compare each side with the expression behind it.

    Parameters
    ----------
    terms, relations : what was printed: `terms[0] relations[0] terms[1] ...`.
    text : the LaTeX; what the writer makes of them when it is left out.

    >>> from sympy import Symbol, exp
    >>> b = Symbol(r"\beta", real=True)
    >>> read_back([exp(b) / 2, 2 / b], ["="]).code
    'read-back'
    >>> read_back([exp(b) / 2, 2 / b], ["="], r"\frac{e^{\beta}}{2} = \frac{\beta}{2}").code
    'read-differently'
    """
    if text is None:
        try:
            text = printed(terms, relations)
        except ShapeError as error:
            what = f"it cannot be printed: {error.message}"
            return Evidence("reading", "refuted", "shape-mismatch", what)
    sides, found = split(text)
    data: dict[str, Any] = {"latex": text, "readers": list(READERS)}
    if len(sides) != len(terms) or [r for r, _ in found] != list(relations):
        what = f"{len(terms)} sides were printed and {len(sides)} are read in {text}"
        return Evidence("reading", "refuted", "read-differently", what, data)
    for (body, start), term in zip(sides, terms, strict=True):
        side = read_side(body, term)
        if not side.fault:
            continue
        data |= {"side": body, "reader": side.reader, "position": start + side.position}
        verdict: Word = "refuted" if side.fault == "read-differently" else "unread"
        return Evidence("reading", verdict, side.fault, side.text, data)
    count = len(sides)
    what = f"{count} side{'s' if count > 1 else ''} read back by both readers"
    return Evidence("reading", "confirmed", "read-back", what, data)


def read_claim(claim: Claim) -> Evidence:
    """Read back a claim as it is printed, with what stands behind its relation."""
    evidence = [read_back(claim.terms, claim.relations)]
    if claim.behind:
        evidence.append(read_back(claim.behind.terms, claim.behind.relations))
    for found in evidence:
        if found.verdict != "confirmed":
            return found
    return replace(evidence[0], data={**evidence[0].data, "latex": claim.latex})


def printed(terms: Sequence[Basic], relations: Sequence[str]) -> str:
    """Return the LaTeX of a chain of relations."""
    rest = zip(relations, terms[1:], strict=True)
    return " ".join([latex(terms[0]), *(f"{r} {latex(t)}" for r, t in rest)])


def split(text: str) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    r"""Split LaTeX at the relations outside all brackets: (sides, relations), each with its place.

    >>> split(r"\sum_{l \ne i} a_{l} \le 1")
    ([('\\sum_{l \\ne i} a_{l}', 0), ('1', 25)], [('\\le', 21)])
    """
    sides: list[tuple[str, int]] = []
    relations: list[tuple[str, int]] = []
    depth = start = 0

    def close(end: int) -> None:
        body = text[start:end]
        sides.append((body.strip(), start + len(body) - len(body.lstrip())))

    for word, at in _tokens(text):
        if word in ("{", r"\left", "(", "["):
            depth += 1
        elif word in ("}", r"\right", ")", "]"):
            depth -= 1
        elif depth == 0 and _RELATION.fullmatch(word):
            close(at)
            relations.append((word, at))
            start = at + len(word)
    close(len(text))
    return sides, relations


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    r"""Yield commands and characters; a bracket that belongs to \left or \right is not one."""
    sized = False
    for found in _TOKEN.finditer(text):
        word = found[0]
        if sized and word.isspace():
            continue
        if not sized:
            yield word, found.start()
        sized = word in (r"\left", r"\right")


@lru_cache(maxsize=10_000)
def read_side(text: str, term: Basic) -> Side:
    """Read one side with both readers and compare it with the expression that was printed."""
    try:
        names = Names.of(term)
    except Ambiguous as error:
        return Side(text, "ambiguous-name", "", error.message)
    for reader, take in ((READERS[0], _first), (READERS[1], _second)):
        try:
            value = take(text, names, term)
        except ReadError as error:
            what = f"{reader} cannot read {text!r} back: {error.message}"
            return Side(text, "unread", reader, what, error.position)
        except ShapeError as error:
            place = getattr(error, "position", 0)
            what = f"{reader} reads shapes that do not fit in {text!r}: {error.message}"
            return Side(text, "read-differently", reader, what, place)
        if not same(value, term):
            what = f"{reader} reads {text!r} as {value}, and it was printed from {term}"
            return Side(text, "read-differently", reader, what)
    return Side(text)


def _first(text: str, names: Names, term: Basic) -> Basic:
    if isinstance(term, FiniteSet):
        member = next(name for name in "xyzuvw" if name not in names.kinds)
        words = names.first().define(member, Symbol(member, integer=True))
        return read(rf"{member} \in {text}", words).terms[1]
    if term.is_infinite:
        return read(rf"0 < {text}", names.first()).terms[1]
    found = read(text, names.first())
    strangers = (*found.unknown, *found.unknown_families, *found.unknown_indices)
    if strangers:
        place = max(text.find(strangers[0]), 0)
        raise ReadError(f"the letter {strangers[0]} was not printed", text, place)
    if len(found.terms) != 1 or found.conditions or found.remainders:
        raise ReadError("more than one expression was read", text, 0)
    return found.terms[0]


def _second(text: str, names: Names, term: Basic) -> Basic:
    words = names.second()
    if isinstance(term, FiniteSet):
        inside = re.fullmatch(r"\\left\\\{(.*)\\right\\\}", text)
        if inside is None:
            raise ReadError("a set in braces was expected", text, 0)
        return FiniteSet(*(second_reading(part, words) for part in inside[1].split(",")))
    return second_reading(text, words)


def same(found: Basic, term: Basic) -> bool:
    """Tell whether what was read is what was printed: an exact decision, with no hypothesis.

    >>> from sympy import Symbol
    >>> x = Symbol("x")
    >>> same((x + 1) ** 2, x**2 + 2 * x + 1), same(x, -x)
    (True, False)
    """
    if found == term:
        return True
    if not isinstance(found, Expr) or not isinstance(term, Expr):
        return False
    if found.is_infinite or term.is_infinite or shape(found) != shape(term):
        return False
    try:
        return vanishes(found - term) is True
    except (BudgetExceeded, ShapeError, RecursionError):
        return False
