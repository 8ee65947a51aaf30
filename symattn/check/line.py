"""A stranger's line: its links, and what its letters and side conditions are taken for.

Whatever is taken for something is said in the assumptions; what could be taken for two things is
asked about.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import Any

from sympy import (
    Basic,
    Expr,
    FiniteSet,
    Indexed,
    Integer,
    Interval,
    KroneckerDelta,
    Mul,
    Sum,
    Symbol,
    oo,
)

from symattn.algebra.attention import d, l, m, n
from symattn.algebra.letters import Letter, Matrix, Member, OffSum, T
from symattn.check.judged import Judged, family_name
from symattn.derive.question import Question
from symattn.errors import ReadError, ShapeError, UnknownName
from symattn.latex.meaning import Law, ReadCondition, Reading, Remainder, read
from symattn.latex.names import Vocabulary, attention_vocabulary, spelled
from symattn.latex.nodes import Name, Statement, names
from symattn.latex.statement import parse

# The letters of `attention_vocabulary` that every question has.
_COMMON = frozenset(["n", "d", "q", "c", "k", "v", "\\alpha", "z"])
_EQUAL = frozenset(["=", ":=", "=="])
_STATEMENT_WORDS = frozenset(["", "and", "so"])
SMALL_NAMES = frozenset(["\\epsilon", "\\delta", "\\eta"])


class Unclear(Exception):
    """A line that could mean several things, or none that is judged: `code` and `reason`."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(frozen=True)
class Link:
    """One relation of a chain, with the LaTeX it was written in and the O(..) of its sides."""

    left: Expr
    relation: str
    right: Basic
    text: str
    remainders: tuple[Remainder, ...] = ()


@dataclass(frozen=True)
class Approach:
    """A symbol tends to infinity, to minus infinity, or to 0 from above."""

    symbol: Symbol
    point: Expr

    @property
    def latex(self) -> str:
        from symattn.latex.write import latex

        return rf"{latex(self.symbol)} \to {latex(self.point)}"


@dataclass(frozen=True)
class Line:
    """What a line says, in the question's letters.

    links : the relations of the chain, and those that follow it after a comma.
    lone : the only term of a line without a relation.
    approaches : the limits that the line states.
    scale : the symbol that is taken as the scale; None when the line holds none.
    scale_name : how the line writes it.
    bounds : stated bounds of the scale: (relation, bound), with >> << > >= < <=.
    apart : pairs of indices that the line says are different.
    places : indices that the line says are equal: `x = i`.
    count : (relation, number) of what it says of n.
    query : what it says the question's unknown is, beside a statement about something else.
    constants : other scalars that the line declares, taken as positive constants.
    assumptions : what was taken for what, one sentence each.
    unused : side conditions that are not taken into account.
    """

    source: str
    links: tuple[Link, ...]
    lone: Expr | None = None
    approaches: tuple[Approach, ...] = ()
    scale: Symbol | None = None
    scale_name: str = ""
    bounds: tuple[tuple[str, Expr], ...] = ()
    apart: tuple[tuple[Expr, Expr], ...] = ()
    places: tuple[tuple[Expr, Expr], ...] = ()
    count: tuple[tuple[str, Expr], ...] = ()
    query: Expr | None = None
    constants: tuple[Symbol, ...] = ()
    assumptions: tuple[str, ...] = ()
    unused: tuple[ReadCondition, ...] = ()

    @property
    def terms(self) -> tuple[Basic, ...]:
        """Every term, in order."""
        if self.lone is not None:
            return (self.lone,)
        return tuple(x for link in self.links for x in (link.left, link.right))


# the vocabulary ------------------------------------------------------------------------------------


_vocabularies: dict[int, tuple[Judged, Vocabulary]] = {}


def vocabulary(judged: Judged) -> Vocabulary:
    """Return what the letters of a question mean."""
    found = _vocabularies.get(id(judged))
    if found is not None and found[0] is judged:
        return found[1]
    words = _common()
    for name, meaning in judged.letters.items():
        for one in meaning if isinstance(meaning, tuple) else (meaning,):
            words = words.define(name, one)
    if judged.scale is not None:
        words = words.define(judged.scale.name, judged.scale)
    for name, (matrix, count) in judged.columns.items():
        words = words.matrix(name, partial(_with_columns, matrix, count))
    if judged.goal is not None:
        from symattn.check.conditions import extreme

        words = words.range("max", extreme("max")).range("min", extreme("min"))
    _vocabularies[id(judged)] = (judged, words)
    return words


def _with_columns(matrix: Letter, count: Symbol, last: Expr) -> Expr | None:
    """The matrix [s_1, .., s_t], when t is the number of its columns."""
    return matrix if str(last) in (str(count), matrix.name) else None


@lru_cache(maxsize=1)
def _common() -> Vocabulary:
    words = attention_vocabulary()
    return words.without(*[name for name in words.names() if name not in _COMMON]).merged(
        Vocabulary(indices={name: Symbol(name, integer=True, positive=True) for name in "ijlmx"})
    )


def meant(words: Vocabulary, where: Mapping[str, str]) -> Vocabulary:
    """Add the names that a user explains: `A` is `S`, `\\gamma` is `\\beta`, `u_l` is `k_l`.

    Raises
    ------
    UnknownName : a name that the question does not have.
    """
    for name, target in where.items():
        name, target = _bare(name), _bare(target)
        found = False
        for look, define in (
            (words.letter, words.define),
            (words.family, words.define),
            (words.index_letter, words.index),
        ):
            meaning = look(_canonical(target))
            if meaning is not None:
                words = define(name, meaning)  # type: ignore[operator]
                found = True
        if not found:
            raise UnknownName(
                f"{name} cannot stand for {target}, which the question does not have",
                f"its letters are {', '.join(words.names())}",
            )
    return words


def _canonical(name: str) -> str:
    from symattn.latex.names import canonical

    return canonical(name)


def _bare(name: str) -> str:
    """Return a name without the index that stands for any: `u_l` is the family `u`."""
    return re.sub(r"_\{?[a-z]\}?$", "", name.strip().strip("$").strip())


# reading -------------------------------------------------------------------------------------------


def read_line(question: Question, judged: Judged, latex: str, where: Mapping[str, str]) -> Line:
    """Read a line in the letters of a question.

    Raises
    ------
    ReadError : what could not be read, and where.
    ShapeError : vectors and matrices that do not fit.
    UnknownName : an explained name stands for nothing that the question has.
    Unclear : a letter that could be taken for several things.
    """
    words = meant(vocabulary(judged), where)
    statement = parse(latex, words.function_letters)
    words, notes = _with_basis(judged, words, statement)
    words, told = _with_definitions(question, judged, words, statement, latex)
    reading = read(latex, words)
    if any(isinstance(x, Law) for x in reading.terms):
        if judged_letters(question, judged, reading.terms[0]):
            raise Unclear(
                "relation-not-judged", "a law is not judged; state its mean or covariance"
            )
        raise Unclear("hypothesis", "it states a hypothesis, which is not judged")
    draft = _Draft(question, judged, reading, [*notes, *told, *reading.notes])
    return draft.line()


def _with_basis(
    judged: Judged, words: Vocabulary, statement: Statement
) -> tuple[Vocabulary, list[str]]:
    """Take one unknown capital letter as the question's basis, when no basis is written."""
    if judged.basis is None:
        return words, []
    known, unknown = set(), set()
    for name in names(statement):
        if name.indices or name.base in ("I", "e"):
            continue
        if words.letter(name.text) is not None or words.letter(name.base) is not None:
            known.add(name.base)
        elif re.fullmatch(r"(\\[a-z]+\{)?[A-Z]\}?", name.base) and not _stated(statement, name):
            unknown.add(name.base)
    basis = judged.basis.name
    if not unknown or basis in known:
        return words, []
    others = [
        name for name, x in judged.letters.items()
        if isinstance(x, Matrix) and x.shape[0] != x.shape[1]
    ]  # fmt: skip
    if len(unknown) > 1 or known.intersection(others):
        raise Unclear(
            "ask-which-matrix",
            f"{' and '.join(sorted(unknown))} {'is' if len(unknown) == 1 else 'are'} not a letter "
            f"of the question; say what it stands for, as with --where '{min(unknown)}={basis}'",
        )
    (letter,) = unknown
    return words.define(letter, judged.basis), [f"{letter} is taken as {basis}"]


def _stated(statement: Statement, name: Name) -> bool:
    """Whether a side condition says what the letter is."""
    return any(
        c.relations == ("=",) and type(c.terms[0]) is Name and c.terms[0].base == name.base
        for c in statement.conditions
    )


def _with_definitions(
    question: Question, judged: Judged, words: Vocabulary, statement: Statement, latex: str
) -> tuple[Vocabulary, list[str]]:
    """Take up what a line says its own letters are: `P = S (S^T S)^{-1} S^T`."""
    notes = []
    for condition in statement.conditions:
        if condition.relations != ("=",) or type(condition.terms[0]) is not Name:
            continue
        left, right = condition.terms
        assert isinstance(left, Name)
        name = spelled(left, latex)
        scale = judged.scale is not None and name == judged.scale.name
        if not scale and (
            words.letter(name) is not None
            or words.letter(left.text) is not None
            or words.family(left.text) is not None
            or (words.index_letter(name) is not None and type(right) is Name)
        ):
            continue
        meaning = read(latex[right.start : right.end], words)
        if meaning.unknown and not scale:
            continue
        words = words.define(name, meaning.terms[0])
        notes.append(f"{name} is what the line says it is")
    return words, notes


@dataclass
class _Draft:
    """A line on its way from what was read to what it means."""

    question: Question
    judged: Judged
    reading: Reading
    assumptions: list[str]
    approaches: list[Approach] = field(default_factory=list)
    bounds: list[tuple[Symbol, str, Expr]] = field(default_factory=list)
    apart: list[tuple[Expr, Expr]] = field(default_factory=list)
    places: list[tuple[Expr, Expr]] = field(default_factory=list)
    count: list[tuple[str, Expr]] = field(default_factory=list)
    query: Expr | None = None
    unused: list[ReadCondition] = field(default_factory=list)
    further: list[ReadCondition] = field(default_factory=list)
    signs: set[Symbol] = field(default_factory=set)

    def line(self) -> Line:
        """Sort the side conditions, then say what each unknown letter is."""
        for condition in self.reading.conditions:
            self.condition(condition)
        links = self.links()
        lone = None
        if not self.reading.relations:
            lone = self.reading.terms[0]
        line = Line(
            self.reading.statement.source, tuple(links), lone, tuple(self.approaches), None, "",
            tuple((r, b) for _, r, b in self.bounds), tuple(self.apart), tuple(self.places),
            tuple(self.count), self.query, (), (), tuple(self.unused),
        )  # fmt: skip
        line = rewritten(line, self.gathered)
        line = self.indices(line)
        line = self.scalars(line)
        return replace(line, assumptions=tuple(dict.fromkeys(self.assumptions)))

    # links --------------------------------------------------------------------------------------

    def links(self) -> list[Link]:
        reading, source = self.reading, self.reading.statement.source
        found = []
        nodes = reading.statement.terms
        for at, relation in enumerate(reading.relations):
            left, right = reading.terms[at], reading.terms[at + 1]
            text = source[nodes[at].start : nodes[at + 1].end].strip()
            remainders = tuple(r for r in reading.remainders if r.term in (at, at + 1))
            found.append(Link(left, relation, right, text, remainders))  # type: ignore[arg-type]
        for condition in self.further:
            pairs = zip(condition.relations, condition.terms, condition.terms[1:])
            for relation, left, right in pairs:
                found.append(Link(left, relation, right, condition.text))  # type: ignore[arg-type]
        return found

    # side conditions ------------------------------------------------------------------------------

    def condition(self, condition: ReadCondition) -> None:
        """File a side condition under what it is about."""
        if not condition.relations:
            return  # for all i: what is free is arbitrary anyway
        if any(isinstance(x, Law) for x in condition.terms):
            self.unused.append(condition)
            return
        terms = condition.terms
        if all(a == b for a, b in zip(terms, terms[1:])):
            return  # what the line says its own letter is
        pairs = list(zip(condition.relations, terms, terms[1:]))
        taken = [self.pair(relation, left, right) for relation, left, right in pairs]
        unknown = self.question.specification.unknown
        if self.query is not None and unknown in terms and condition.word in _STATEMENT_WORDS:
            self.further.append(condition)  # it is stated, and not only assumed
        if all(taken):
            return
        if condition.word in _STATEMENT_WORDS and self.says_something(terms):
            self.further.append(condition)
            return
        self.unused.append(condition)

    def says_something(self, terms: tuple[Basic, ...]) -> bool:
        """Whether a letter that the question judges stands in it."""
        return any(judged_letters(self.question, self.judged, x) for x in terms)

    def pair(self, relation: str, left: Basic, right: Basic) -> bool:
        """File one relation; False when it is none of these."""
        if _is_index(left) and (_is_index(right) or isinstance(right, (FiniteSet, Basic))):
            if self.index_pair(relation, left, right):
                return True
        if n in (left, right) and relation in ("=", ">=", ">", "<", "<="):
            other = right if left == n else left
            sign = relation if left == n else _turned(relation)
            if isinstance(other, Integer):
                self.count.append((sign, other))
                return True
        if left == self.question.specification.unknown and relation in _EQUAL:
            self.query = right  # type: ignore[assignment]
            return True
        for symbol, sign, bound in ((left, relation, right), (right, _turned(relation), left)):
            if self.scalar_pair(symbol, sign, bound):
                return True
        return False

    def index_pair(self, relation: str, left: Basic, right: Basic) -> bool:
        if relation == "!=" and _is_index(right):
            self.apart.append((left, right))  # type: ignore[arg-type]
            return True
        if relation == "=" and _is_index(right):
            self.places.append((left, right))  # type: ignore[arg-type]
            return True
        if relation == "notin" and isinstance(right, FiniteSet):
            self.apart.extend((left, p) for p in right.args)  # type: ignore[misc]
            return True
        if relation == "in" and not isinstance(right, (Expr, FiniteSet)):
            return True  # i in {1, .., n}
        return False

    def scalar_pair(self, symbol: Basic, relation: str, bound: Basic) -> bool:
        """File what is said of one scalar: a limit, a size, a sign."""
        if not isinstance(symbol, Symbol) or symbol in (n, d) or _is_index(symbol):
            return False
        if (
            relation == "in"
            and isinstance(bound, (Interval, Basic))
            and not isinstance(bound, Expr)
        ):
            return not isinstance(bound, FiniteSet)
        if not isinstance(bound, Expr) or bound.free_symbols & {symbol} or not bound.is_commutative:
            return False
        if any(isinstance(a, (Letter, Indexed)) for a in bound.atoms(Letter, Indexed)):
            return False
        if relation in ("->", "="):
            if relation == "->" and bound in (oo, -oo, 0):
                self.approaches.append(Approach(symbol, bound))
                return True
            return False
        if relation == ">>":
            point = oo
            self.bounds.append((symbol, relation, bound))
        elif relation == "<<":
            point = -oo if bound == 0 else Integer(0)
            self.bounds.append((symbol, relation, bound))
            if bound.free_symbols - {n}:
                return True  # an upper bound that moves
        elif relation in (">", ">=", "<", "<="):
            if bound == 0 and relation in (">", ">="):
                self.signs.add(symbol)
            else:
                self.bounds.append((symbol, relation, bound))
            return True
        else:
            return False
        if not any(a.symbol == symbol for a in self.approaches):
            self.approaches.append(Approach(symbol, point))
        return True

    def gathered(self, x: Expr) -> Expr:
        """Write a sum of outer products of the columns of a matrix as a product of matrices.

        Raises
        ------
        Unclear : a column stands by itself; it is no letter of its own.
        """
        columns = self.judged.columns
        if not columns:
            return x

        def product(e: Sum) -> Expr:
            index, low, high = e.limits[0]
            scalars, word = e.function.args_cnc()
            if len(e.limits) != 1 or low != 1 or len(word) != 2 or word[1] != T(word[0]):
                return e
            if not isinstance(word[0], Member) or word[0].index != index:
                return e
            matrix, count = columns.get(word[0].name, (None, None))
            if matrix is None or str(high) not in (str(count), matrix.name):
                return e
            if any(index in f.free_symbols for f in scalars):
                return e
            return Mul(*scalars, matrix, T(matrix))

        x = x.replace(lambda e: isinstance(e, Sum), product)
        for member in x.atoms(Member):
            if member.name in columns:
                matrix = columns[member.name][0].name
                raise Unclear(
                    "ask-what-is",
                    f"a single column {member.name}_l is not judged; write the matrix {matrix}",
                )
        return x

    # letters that the question does not have --------------------------------------------------------

    def indices(self, line: Line) -> Line:
        """Take foreign indices, and numbers as indices, for those of the question."""
        own = self.judged.indices
        if not own:
            return line
        foreign = [Symbol(s, integer=True, positive=True) for s in self.reading.unknown_indices]
        free = free_indices(*line.terms)
        used = [p for p in own if p in free]
        mapping: dict[Expr, Expr] = {}
        # The last index is `any other`: it is no place of its own.
        vacant = [p for p in own if p not in used]
        strangers = [p for p in free if p in foreign]
        if not [p for p in used if p in own[:2]]:
            named = [p for p in free if p not in own[:2] and p not in foreign]
            if len(strangers) + len(named) == 2 or (named and len(named) == 2):
                strangers += named
                vacant = list(own)
        order = [name.text for name in names(self.reading.statement)]
        strangers.sort(key=lambda p: int(p) if p.is_Integer else order.index(p.name))
        for stranger, place in zip(strangers, vacant):
            mapping[stranger] = place
        left = [p for p in free if p.is_Integer and p not in mapping]
        if left:
            raise Unclear(
                "ask-which-index",
                f"the index {listed(left)} is a number; write i, j or l, or both as in k_1 + k_2",
            )
        mapping = {a: b for a, b in mapping.items() if a != b}
        if not mapping:
            return line
        old, new = listed(mapping), listed(mapping.values())
        said = f"the index {old} is" if len(mapping) == 1 else f"the indices {old} are"
        self.assumptions.append(f"{said} taken as {new}")
        return rewritten(line, lambda x: reindexed(x, mapping))

    def scalars(self, line: Line) -> Line:
        """Say which scalar is the scale, and which are constants."""
        free = free_scalars(*line.terms, *([line.query] if line.query is not None else []))
        free |= {a.symbol for a in line.approaches} | {s for s, _, _ in self.bounds}
        families = [
            f for f in self.reading.unknown_families
            if any(family_name(a) == f for t in line.terms for a in t.atoms(Indexed))
        ]  # fmt: skip
        if families:
            raise Unclear(
                "ask-what-is",
                f"{listed(families)} with an index {'is' if len(families) == 1 else 'are'} not known "
                f"here; say on the line what it is, or with --where '{families[0]}=...'",
            )
        meanings = self.judged.letters.values()
        each = (x for m in meanings for x in (m if isinstance(m, tuple) else (m,)))
        own = {x for x in each if isinstance(x, Symbol)} | {n, d}
        scale = self.judged.scale
        strange = sorted((s for s in free if s not in own and s != scale), key=lambda s: s.name)
        constants = [s for s in strange if s in self.signs and not self.is_large(s, line)]
        if scale is not None and (scale in free or len(strange) - len(constants) >= 1):
            strange = [s for s in strange if s not in constants]
        else:
            constants = []
        mapping: dict[Expr, Expr] = {s: Symbol(s.name, positive=True) for s in constants}
        if scale is None:
            if strange:
                raise Unclear(
                    "ask-what-is",
                    f"{listed(strange)} {'is' if len(strange) == 1 else 'are'} not known here; "
                    f"say what it stands for, as with --where '{strange[0]}=...'",
                )
            return line
        if scale in free and strange:
            raise Unclear(
                "ask-which-scale",
                f"beside the scale {scale} the line has {listed(strange)}, which the question does "
                f"not know; say what it is, as with --where '{strange[0]}={scale}'",
            )
        if len(strange) > 1:
            raise Unclear(
                "ask-which-scale",
                f"{listed(strange)} are not known here, and only one can be taken as the scale; "
                f"say which, as with --where '{strange[0]}={scale}'",
            )
        chosen = scale if scale in free else None
        if strange:
            (stranger,) = strange
            mapping[stranger] = scale
            chosen = scale
            self.assumptions.append(f"{stranger} is taken as the scale {scale}")
        line = rewritten(line, lambda x: x.xreplace(mapping))
        line = replace(
            line,
            approaches=tuple(
                replace(a, symbol=mapping.get(a.symbol, a.symbol)) for a in line.approaches
            ),
            scale=chosen,
            scale_name=strange[0].name if strange else scale.name,
            bounds=tuple((r, b) for s, r, b in self.bounds if mapping.get(s, s) == scale),
            constants=tuple(Symbol(s.name, positive=True) for s in constants),
        )
        if constants:
            self.assumptions.append(f"{listed(constants)} {'is a' if len(constants) == 1 else 'are'} "
                                    f"positive constant{'' if len(constants) == 1 else 's'}")  # fmt: skip
        return line

    def is_large(self, s: Symbol, line: Line) -> bool:
        return any(a.symbol == s for a in line.approaches)


# what stands in an expression ------------------------------------------------------------------------


def _is_index(x: Basic) -> bool:
    return isinstance(x, Symbol) and bool(x.is_integer) and x not in (n, d)


def _turned(relation: str) -> str:
    turns = {">": "<", "<": ">", ">=": "<=", "<=": ">=", ">>": "<<", "<<": ">>"}
    return turns.get(relation, relation if relation in ("=", "!=") else "")


def listed(symbols: Any) -> str:
    """Return names in a row: `a, b and c`."""
    said = [str(s) for s in symbols]
    return said[0] if len(said) == 1 else ", ".join(said[:-1]) + " and " + said[-1]


def free_indices(*terms: Basic) -> list[Expr]:
    """Return the indices that stand free in expressions, letters and numbers, in their order."""
    found: dict[Expr, None] = {}

    def visit(x: Basic, bound: frozenset[Basic]) -> None:
        if isinstance(x, (Sum, OffSum)):
            inner = {limit[0] for limit in x.limits} if isinstance(x, Sum) else {x.args[1]}
            visit(x.args[0], bound | inner)
            if isinstance(x, OffSum):
                for p in x.args[3].args:
                    note(p, bound)
            return
        if isinstance(x, (Member, Matrix)) and x.index is not None:
            note(x.index, bound)
        elif isinstance(x, Indexed):
            for p in x.indices:
                note(p, bound)
        elif isinstance(x, KroneckerDelta):
            for p in x.args:
                note(p, bound)
        else:
            for a in x.args:
                visit(a, bound)

    def note(p: Basic, bound: frozenset[Basic]) -> None:
        if p not in bound and (isinstance(p, Symbol) or p.is_Integer):
            found[p] = None  # type: ignore[index]

    for term in terms:
        visit(term, frozenset())
    return list(found)


def reindexed(x: Any, mapping: Mapping[Expr, Expr]) -> Any:
    """Replace indices, and not the same numbers elsewhere."""

    def place(p: Any) -> Any:
        return mapping.get(p, p)

    if isinstance(x, Member):
        return Member(x.args[0], place(x.index), x.args[2])
    if isinstance(x, Matrix):
        return x if x.index is None else x.func(*x.args[:3], place(x.index), *x.args[4:])
    if isinstance(x, (Indexed, KroneckerDelta)):
        places = x.indices if isinstance(x, Indexed) else x.args
        return x.func(*([x.base] if isinstance(x, Indexed) else []), *map(place, places))
    if isinstance(x, OffSum):
        f, index, upper, excluded = x.args
        rest = {a: b for a, b in mapping.items() if a != index}
        return OffSum(reindexed(f, rest), index, upper, [place(p) for p in excluded.args])
    if isinstance(x, Sum):
        bound = {limit[0] for limit in x.limits}
        rest = {a: b for a, b in mapping.items() if a not in bound}
        return Sum(reindexed(x.function, rest), *x.limits)
    if not x.args:
        return x
    return x.func(*[reindexed(a, mapping) for a in x.args])


def unbound(x: Expr) -> Expr:
    """Rename free indices that definitions sum over, so that no sum captures them."""
    taken = {p: Symbol(f"{p}'", integer=True, positive=True) for p in (l, m)}
    return reindexed(x, {p: taken[p] for p in free_indices(x) if p in taken})  # type: ignore[no-any-return]


def free_scalars(*terms: Basic) -> set[Symbol]:
    """Return the scalar symbols of expressions that are no indices and no sizes of letters."""
    found: set[Symbol] = set()

    def visit(x: Basic) -> None:
        if isinstance(x, Symbol):
            if not x.is_integer:
                found.add(x)
            return
        if isinstance(x, (Letter, Indexed)):
            return
        for a in x.args:
            visit(a)

    for term in terms:
        visit(term)
    return found


def judged_letters(question: Question, judged: Judged, x: Basic) -> set[str]:
    """Return the names in `x` that the question judges: its unknown and its defined letters."""
    unknown = question.specification.unknown
    wanted = {one.name for one in judged.defined}
    if unknown is not None:
        wanted.add(family_name(unknown))
    if judged.goal is not None:
        wanted |= {"k", "q"}
    return {family_name(a) for a in x.atoms(Letter, Indexed) if _named(a)} & wanted


def _named(a: Basic) -> bool:
    return isinstance(a, Indexed) or (isinstance(a, Letter) and bool(a.args))


def rewritten(line: Line, change: Any) -> Line:
    """Return the line with every expression changed."""

    def maybe(x: Any) -> Any:
        return change(x) if isinstance(x, Expr) and x not in (oo, -oo) else x

    return replace(
        line,
        links=tuple(replace(k, left=maybe(k.left), right=maybe(k.right)) for k in line.links),
        lone=maybe(line.lone),
        bounds=tuple((r, maybe(b)) for r, b in line.bounds),
        apart=tuple((maybe(a), maybe(b)) for a, b in line.apart),
        places=tuple((maybe(a), maybe(b)) for a, b in line.places),
        query=maybe(line.query),
    )


def apart_names(x: Expr) -> Expr:
    """Give the bound indices names that no definition uses, so that none is captured."""
    count = 0

    def visit(e: Basic) -> Basic:
        nonlocal count
        if not e.args or not e.has(Sum, OffSum):
            return e
        if isinstance(e, Sum):
            inner = visit(e.function)
            limits = []
            for index, *ends in e.limits:
                count += 1
                fresh = Symbol(f"_b{count}", integer=True, positive=True)
                inner = inner.subs(index, fresh)
                limits.append((fresh, *ends))
            return Sum(inner, *limits)
        if isinstance(e, OffSum):
            f, index, upper, excluded = e.args
            count += 1
            fresh = Symbol(f"_b{count}", integer=True, positive=True)
            return OffSum(visit(f).subs(index, fresh), fresh, upper, excluded.args)
        return e.func(*[visit(a) for a in e.args])

    return visit(x)  # type: ignore[return-value]


__all__ = [
    "Approach",
    "Line",
    "Link",
    "ReadError",
    "ShapeError",
    "Unclear",
    "apart_names",
    "free_indices",
    "free_scalars",
    "judged_letters",
    "listed",
    "meant",
    "read_line",
    "rewritten",
    "vocabulary",
]
