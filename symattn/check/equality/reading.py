"""Reading what somebody writes on two sides, as one: a letter means the same in both.

What is read in one of several ways is noted, asked about, or refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sympy import Expr, I, Integer, Symbol

from symattn.algebra.letters import Letter, Matrix, Member, Vector, shape
from symattn.check.equality import kinds
from symattn.check.equality.declared import Options, ReadSides, declared, term_of
from symattn.check.equality.gradients import ONES
from symattn.check.equality.language import BASIS, Entries, language
from symattn.check.equality.named_laws import written_out
from symattn.check.equality.open_readings import PAIRS, count_of, pairs, supposed
from symattn.check.equality.spellings import spelled
from symattn.check.equality.standing import put_in_place
from symattn.check.equality.sympy_letters import printed_back
from symattn.check.equality.unknown_functions import applied, family, not_refuted
from symattn.errors import ReadError, ShapeError
from symattn.latex import nodes as n
from symattn.latex.grammar.builder import NO_SIZE
from symattn.latex.grammar.calculus import LAYOUT
from symattn.latex.grammar.products import OUTER
from symattn.latex.meaning import Reading, read
from symattn.latex.names import Vocabulary, canonical
from symattn.latex.statement import parse

# Without one of these no side holds what `_usual` and `_families` look for.
MARKS = ("softmax", "T", "e_", "bf{1", "bb{1", "bm{1", "symbol{1", "𝟏", "𝟙")
LETTER = re.compile(r"[A-Za-z]|\\[a-z]+")
IMAGINARY = "i is read as a letter, and may be the imaginary unit; say --real i for a letter"
NAMED = {
    "\\Phi": "the distribution function of the normal law",
    "\\Gamma": "the gamma function",
}
# Functions that are as often a letter; of the others, a letter of that name is refused.
_OFTEN_LETTERS = frozenset(["\\sigma"])
_AVERAGING = re.compile(
    r"\\frac\s*\{?\s*1\s*\}?\s*\{?\s*(?P<size>[A-Za-z])\s*\}?\s*"
    r"(?:\\math(?:bf|bb)\s*\{?\s*1\s*\}?\s*){2}\^"
)
_DRAWN_TOGETHER = re.compile(r"_\s*\{[^{}]*(?:,[^{}]*\\sim|\\sim.*,.*\\sim)")
OVER = ("\\sum_", "\\prod_", "\\max_", "\\min_", "arg")
_NEVER_LETTERS = frozenset(["E", "O", "o", "\\mathcal{O}", "\\mathcal{N}"])


def read_sides(a: Any, b: Any, options: Options) -> ReadSides:
    """Read two sides, which are SymPy expressions, numbers, or LaTeX.

    Raises
    ------
    ReadError, ShapeError : of LaTeX that cannot be read, or does not fit.
    UnknownName : when a declared name does not occur.
    SymattnError : when a side is not an expression.
    """
    letters = {canonical(name): _letter(name, *sizes) for name, sizes in options.shapes.items()}
    notes: tuple[str, ...] = ()
    doubts = ""
    if options.vocabulary is None:
        a, b, options, notes, doubts = _of_laws(a, b, options)
    printed: dict[str, Any] = {}
    if isinstance(a, str) != isinstance(b, str):
        text, printed = printed_back(*((a, b) if isinstance(a, str) else (b, a)))
        a, b = (text, b) if isinstance(a, str) else (a, text)
    sources = [x for x in (a, b) if isinstance(x, str)]
    if options.vocabulary is None and sources:
        made, new_notes, shared = spelled(sources)
        paired = pairs(made)
        notes = (*notes, *new_notes, *((PAIRS,) if paired != made else ()))
        options = replace(options, positive=(*options.positive, *shared)) if shared else options
        sources, rest = paired, iter(paired)
        a, b = (next(rest) if isinstance(x, str) else x for x in (a, b))
    whole = [*sources, *(one.latex for one in options.standing)]
    words = options.vocabulary
    guessed: dict[str, Letter] = {}
    if words is None:
        functions = language({}).function_letters
        marked = any(mark in x for x in whole for mark in MARKS)
        used = any(mark in x for x in whole for mark in kinds.MARKS)
        open_sums = any(mark in x for x in whole for mark in OVER)
        twice = any(mark in x for x in sources for mark in kinds.SPELLED)
        parsed = marked or used or open_sums or twice
        statements = [parse(x, functions) for x in whole] if parsed else []
        if used and letters:
            more = kinds.of_laws(statements, letters)
            letters |= more
            notes = (*notes, *kinds.told(more))
        elif used:
            guessed = kinds.inferred(statements, options.names)
            letters = guessed
            averaged = {m["size"] for x in whole for m in _AVERAGING.finditer(x)}
            if set(guessed) == {ONES} and len(averaged) == 1:  # (1/n) 1 1^T: there are n of them
                letters, guessed = {ONES: Vector(ONES, _size(averaged.pop()))}, {}
        lengths = {size for letter in letters.values() for size in letter.shape if size != 1}
        size = lengths.pop() if len(lengths) == 1 else None
        known = {**_usual(lengths, size, statements), **letters}
        words = language(known, _families(statements), size)
        if open_sums:
            count, told = count_of(statements[: len(sources)], letters)
            if count is not None:
                words, notes = words.merged(Vocabulary(count=count)), (*notes, told)
        if twice:
            same, side_by_side = kinds.alike(statements[: len(sources)])
            if side_by_side:
                raise ReadError(side_by_side)
            notes = (*notes, *same)
    else:
        for name, letter in letters.items():
            words = words.define(name, letter)
    for name, function in printed.items():
        words = words.function(name, function)
    if "\\pi" in {canonical(name) for name in options.names}:
        words = words.define("\\pi", Symbol("\\pi", real=True))
    for one in options.standing:
        words = put_in_place(words, one)
    factors = words
    taken = {*letters, *options.names, *(canonical(one.name) for one in options.standing)}
    applied_ = applied(sources, words.function_letters, taken) if not options.vocabulary else []
    applied_ = [name for name in applied_ if words.function_named(name) is None]
    for name in applied_:
        words = words.function(name, family(name))
        factors = factors.define(name, Symbol(name, real=True))
        notes = (*notes, f"{name} is read as a function, for a bracket follows it everywhere")
    try:
        readings = _both_read(sources, words)
    except ShapeError as error:
        if not guessed:
            raise
        said = "; ".join(kinds.told(guessed))
        raise ReadError(f"{said}; but {error}; say what each is with --shape S=d,s") from None
    other = None
    for name, at in sorted(_both(readings, words).items()):
        if name not in _OFTEN_LETTERS:
            raise ReadError(f"{name} stands alone and as a function", at[0], at[1])
        other = replace(
            declared(a, b, readings, options),
            open=f"{name} is read as a letter, for it stands alone too; as a function it may be right",
        )
        words = words.define(name, Symbol(name, real=True))
        readings = [read(x, words) for x in sources]
        notes = (*notes, f"{name} is read as a letter, for it stands alone too")
    _one_expectation(readings)
    notes = (*notes, *_named_functions(readings), *kinds.told(guessed))
    found = declared(a, b, readings, options)
    unclear = [note for note in (LAYOUT, OUTER) if note in found.notes]
    if other is None and options.vocabulary is None and unclear:
        turned = words.merged(Vocabulary(calculus=Entries(other=True)))
        laid = declared(a, b, [read(x, turned) for x in sources], options)
        other = replace(laid, open=f"{unclear[0]}, and may be meant otherwise")
    elif other is None and options.vocabulary is None and "i" not in options.names:
        if applied_:
            other = _as_factors(a, b, sources, factors, options)
        elif _holds_lone_i(found):
            complex_ = [read(x, words.define("i", I)) for x in sources]
            other = replace(declared(a, b, complex_, options), open=IMAGINARY)
    length = "the length of \\mathbf{1} is guessed" if ONES in guessed else ""
    unsaid = not_refuted(found.left, found.right) if applied_ else ""
    opened = found.open or unsaid or supposed(readings) or length or doubts
    return replace(
        found,
        notes=(*notes, *found.notes),
        other=other,
        open=opened,
        guessed=guessed,
        laws=_laws(found, options, words),
        readings=readings if options.vocabulary is None else (),
        words=words,
    )


def _of_laws(a: Any, b: Any, options: Options) -> tuple[Any, Any, Options, tuple[str, ...], str]:
    """Return the sides with named laws written out, what that took for granted, and its doubts."""
    made = [
        written_out(x, y if isinstance(y, str) else "") if isinstance(x, str) else None
        for x, y in ((a, b), (b, a))
    ]
    changed = [one for x, one in zip((a, b), made) if one is not None and one.text != x]
    if not changed:
        return a, b, options, (), ""
    sides = []
    weights = {c for one in changed for c in one.conditions if LETTER.fullmatch(c)}
    for x, one in zip((a, b), made):
        if one is not None:
            x = ", ".join((one.text, *(c for c in one.conditions if c not in weights)))
        sides.append(x)
    options = replace(options, positive=(*options.positive, *sorted(weights)))
    doubts = [doubt for one in changed for doubt in one.doubts]
    side_by_side = any(_DRAWN_TOGETHER.search(x) for x in (a, b) if isinstance(x, str))
    independent = (
        ("what is drawn side by side is drawn from the product of the laws",)
        if side_by_side
        else ()
    )
    notes = (
        "what is taken of named laws is written out over their densities",
        *independent,
        *doubts,
    )
    return (
        sides[0],
        sides[1],
        options,
        tuple(dict.fromkeys(notes)),
        "; ".join(dict.fromkeys(doubts)),
    )


def _laws(sides: ReadSides, options: Options, words: Vocabulary) -> dict[Symbol, tuple[Expr, Expr]]:
    """Return the mean and the variance of each letter that is normal and occurs, over its symbols."""
    if not options.laws:
        return {}
    free = sides.left.free_symbols | sides.right.free_symbols
    known = {s.name: s for s in sorted(free, key=str) if isinstance(s, Symbol)}
    found: dict[Symbol, tuple[Expr, Expr]] = {}
    for name, law in options.laws.items():
        if canonical(name) not in known:
            continue
        mean, variance = (term_of(read(text, words)) for text in law)
        both = [
            x.xreplace({s: known.get(str(s), s) for s in x.free_symbols}) for x in (mean, variance)
        ]
        found[known[canonical(name)]] = (both[0], both[1])
    return found


def _as_factors(
    a: Any, b: Any, sources: Sequence[str], words: Vocabulary, options: Options
) -> ReadSides | None:
    """Return the sides where letters before brackets are factors; None where that is not read."""
    try:
        read_so = declared(a, b, [read(x, words) for x in sources], options)
    except (ReadError, ShapeError):
        return None
    return replace(read_so, open="a letter before a bracket is read as a function, not as a factor")


def _holds_lone_i(sides: ReadSides) -> bool:
    """Tell whether a letter i stands there that is no index: it may be the imaginary unit."""
    lone = [s for x in (sides.left, sides.right) for s in x.free_symbols if s.name == "i"]
    return bool(lone) and not any(s.is_integer for s in lone)


def as_matrices(sides: ReadSides, options: Options) -> list[kinds.Shapes]:
    """Return shapes that make matrices of letters read as numbers, where their order may count."""
    if options.shapes:
        return []
    said = options.names | {canonical(one.name) for one in options.standing}
    found = kinds.multiplied([reading.statement for reading in sides.readings])
    found = {name: shape for name, shape in found.items() if name not in said}
    return [found] if len(found) > 1 else []


def _one_expectation(readings: Sequence[Reading]) -> None:
    """Refuse expectations over different things: what stands below them would be lost."""
    seen: dict[str, tuple[str, int]] = {}
    for reading in readings:
        statement = reading.statement
        for e in n.every(statement, n.StatisticOf):
            below = " ".join(statement.source[x.start : x.end] for x in e.over)
            seen.setdefault(below, (statement.source, e.start))
    if len(seen) > 1:
        source, at = list(seen.values())[-1]
        raise ReadError("the expectations are over different things", source, at)


def _named_functions(readings: Iterable[Reading]) -> list[str]:
    """Return what the letters are taken for that stand before a bracket as a function."""
    applied = {
        e.function
        for reading in readings
        if any(name in reading.statement.source for name in NAMED)
        for e in n.every(reading.statement, n.Apply)
    }
    return [f"{name}(..) is read as {said}" for name, said in NAMED.items() if name in applied]


def _letter(name: str, rows: Any, columns: Any, kind: str = "") -> Letter:
    sizes = [_size(rows), _size(columns)]
    spelled = canonical(name)
    if sizes[1] == 1:
        return Vector(spelled, sizes[0])
    return Matrix(spelled, sizes[0], sizes[1], None, kind == "symmetric")


def _size(size: Any) -> Expr:
    if isinstance(size, Expr):
        return size
    text = str(size)
    return Integer(text) if text.isdigit() else Symbol(text, integer=True, positive=True)


def _both_read(sources: Sequence[str], words: Vocabulary) -> list[Reading]:
    """Read both sides; an identity whose size one does not say has the size of the other."""
    try:
        return [read(x, words) for x in sources]
    except ReadError as error:
        if len(sources) < 2 or error.message != NO_SIZE:
            raise
        other = sources[0] if error.source == sources[1] else sources[1]
        sizes = shape(term_of(read(other, words)))
        if len(sizes) != 2 or sizes[0] != sizes[1]:
            raise
    words = words.merged(Vocabulary(size=sizes[0]))
    return [read(x, words) for x in sources]


def _usual(
    lengths: set[Expr], size: Expr | None, statements: Sequence[n.Statement]
) -> dict[str, Expr]:
    """Return letters that always are the same: the vector of ones, the basis, T above a scalar."""
    found: dict[str, Expr] = {}
    names = {name.base for statement in statements for name in n.names(statement)}
    if not lengths:
        length = size or Symbol("d", integer=True, positive=True)
        if ONES in names:
            found[ONES] = Vector(ONES, length)
        if "e" in names and any(_is_basis(e) for s in statements for e in n.every(s, n.Transpose)):
            found["e"] = Member(BASIS, Symbol("i", integer=True, positive=True), length)
    if "T" in names:
        found["T"] = Symbol("T", integer=True, positive=True)
    return found


def _is_basis(node: n.Transpose) -> bool:
    """Whether this is e_i^T, the transpose of a vector of the basis."""
    body = node.body
    return type(body) is n.Name and body.base == "e" and len(body.indices) == 1


def _families(statements: Sequence[n.Statement]) -> frozenset[str]:
    """Return the letters that are taken by entry somewhere, where the softmax of one is taken."""
    entries = [e for s in statements if "softmax" in s.source for e in n.every(s, n.EntryOf)]
    if not any(type(e.body) is n.Apply and e.body.function == "softmax" for e in entries):
        return frozenset()
    found = {name.base for s in statements for name in n.names(s) if name.indices}
    for e in entries:
        alone = {name.base for name in n.names(e.body) if not name.indices}
        if len(alone) == 1:
            found |= alone
    return frozenset(found)


def _both(readings: Iterable[Reading], words: Vocabulary) -> dict[str, tuple[str, int]]:
    """Return the letters that stand alone on a side and before a bracket as a function, and where."""
    alone: dict[str, tuple[str, int]] = {}
    applied: set[str] = set()
    functions = [name for name in words.function_letters if name not in _NEVER_LETTERS]
    for reading in readings:
        statement = reading.statement
        if not any(name in statement.source for name in functions):
            continue
        applied |= {e.function for e in n.every(statement, n.Apply)}
        for name in n.names(statement):
            if name.base in functions and not name.indices:
                alone.setdefault(name.base, (statement.source, name.start))
    return {name: at for name, at in alone.items() if name in applied}
