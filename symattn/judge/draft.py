"""Read a stranger's line: sort its side conditions, then say what each unknown letter is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sympy import Basic, Expr, FiniteSet, Indexed, Integer, Interval, Mul, S, Sum, Symbol, oo

from symattn.algebra.attention import d, i, n
from symattn.algebra.letters import Letter, Member, T
from symattn.claims.definitions import family_name
from symattn.derive.question import Question
from symattn.errors import ShapeError
from symattn.judge.free_letters import (
    free_indices,
    free_scalars,
    is_index,
    isolated,
    listed,
    reindexed,
    turned,
)
from symattn.judge.judged import Judged
from symattn.judge.line import Line, Link, Unclear, judged_letters, rewritten
from symattn.judge.meanings import meant, vocabulary, with_basis, with_definitions
from symattn.kernel.approaches import Approach
from symattn.latex.meaning import Distribution, ReadCondition, Reading, read
from symattn.latex.nodes import names
from symattn.latex.statement import parse

_EQUAL = frozenset(["=", ":=", "=="])
_STATEMENT_WORDS = frozenset(["", "and", "so"])


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
    words, notes = with_basis(judged, words, statement)
    words, told, values = with_definitions(question, judged, words, statement, latex)
    try:
        reading = read(latex, words)
    except ShapeError:
        if "in" not in statement.relations:
            raise
        text = "that a vector is one of a set is not judged; write a mean, a covariance or a weight"
        raise Unclear("relation-not-judged", text) from None
    if any(isinstance(x, Distribution) for x in reading.terms):
        if judged_letters(question, judged, reading.terms[0]) - judged.spoken:
            raise Unclear(
                "relation-not-judged", "a law is not judged; state its mean or covariance"
            )
        raise Unclear("hypothesis", "it states a hypothesis, which is not judged")
    draft = Draft(question, judged, reading, [*notes, *told, *reading.notes])
    return _at_scale(question, judged, draft.line(), values)


def _at_scale(question: Question, judged: Judged, line: Line, values: Sequence[Basic]) -> Line:
    """Note the scale that a statement is made for: the question's own query has it then."""
    unknown = question.specification.unknown
    said = {x for link in line.links for x in (link.left, link.right)}
    proposes = unknown in said and unknown not in {
        one.letter for one in judged.defined if one.name != "q"
    }
    if not values or line.query is not None or line.lone is not None or proposes:
        return line
    return replace(line, at_scale=values[-1]) if isinstance(values[-1], Expr) else line


@dataclass
class Draft:
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
    numbered: dict[Expr, Expr] = field(default_factory=dict)
    values: dict[Symbol, Expr] = field(default_factory=dict)

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
            tuple(self.count), self.query, None, (), (), tuple(self.unused),
        )  # fmt: skip
        line = rewritten(line, self.gathered)
        if self.values:
            line = rewritten(line, lambda x: x.xreplace(self.values))
            line = _at_scale(self.question, self.judged, line, list(self.values.values()))
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
        if any(isinstance(x, Distribution) for x in condition.terms):
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
        if is_index(left) and (is_index(right) or isinstance(right, (FiniteSet, Basic))):
            if self.index_pair(relation, left, right):
                return True
        if n in (left, right) and relation in ("=", ">=", ">", "<", "<="):
            other = right if left == n else left
            sign = relation if left == n else turned(relation)
            if isinstance(other, Integer):
                self.count.append((sign, other))
                return True
        if left == self.question.specification.unknown and relation in _EQUAL:
            self.query = right  # type: ignore[assignment]
            return True
        for symbol, sign, bound in ((left, relation, right), (right, turned(relation), left)):
            scale = self.judged.scale
            if scale is not None and symbol != scale and scale in bound.free_symbols:
                continue  # what is said of the scale is filed under it
            if self.scalar_pair(symbol, sign, bound):
                return True
        if relation == "->" and right in (S.Zero, oo):  # a product that vanishes, or grows
            relation, right = "<<" if right == 0 else ">>", S.One
        alone = isolated(relation, left, right, self.judged.scale, self.own)
        if alone is None:
            return False
        symbol, sign, bound = alone
        if sign in ("=", "~~", "->"):
            self.values[symbol] = bound
            return True
        return self.scalar_pair(symbol, sign, bound)

    @property
    def own(self) -> set[Symbol]:
        """The scalars that the question has, besides its scale."""
        meanings = self.judged.letters.values()
        each = (x for m in meanings for x in (m if isinstance(m, tuple) else (m,)))
        return {x for x in each if isinstance(x, Symbol)} | {n, d}

    def index_pair(self, relation: str, left: Basic, right: Basic) -> bool:
        if relation == "!=" and is_index(right):
            self.apart.append((left, right))  # type: ignore[arg-type]
            return True
        if relation == "=" and is_index(right):
            own = self.judged.indices
            if {left, right} == set(own[:2]):
                raise Unclear(
                    "contradicts-the-question", f"{left} and {right} are different indices"
                )
            if len(own) > 2 and own[2] in (left, right) and not {left, right} & set(own[:2]):
                other = left if right == own[2] else right  # l is any other index
                self.apart.extend((other, p) for p in own[:2])  # type: ignore[misc]
            self.places.append((left, right))  # type: ignore[arg-type]
            return True
        if relation == "=" and isinstance(right, Integer):
            self.numbered[left] = right  # type: ignore[index]
            return True
        if relation == "notin" and isinstance(right, FiniteSet):
            self.apart.extend((left, p) for p in right.args)  # type: ignore[misc]
            return True
        if relation == "in" and not isinstance(right, (Expr, FiniteSet)):
            return True  # i in {1, .., n}
        return False

    def scalar_pair(self, symbol: Basic, relation: str, bound: Basic) -> bool:
        """File what is said of one scalar: a limit, a size, a sign."""
        if not isinstance(symbol, Symbol) or symbol in (n, d) or is_index(symbol):
            return False
        if (
            relation == "in"
            and isinstance(bound, (Interval, Basic))
            and not isinstance(bound, Expr)
        ):
            if isinstance(bound, Interval):
                return self.interval(symbol, bound)
            return not isinstance(bound, FiniteSet)
        if not isinstance(bound, Expr) or bound.free_symbols & {symbol} or not bound.is_commutative:
            return False
        if any(isinstance(a, (Letter, Indexed)) for a in bound.atoms(Letter, Indexed)):
            return False
        if relation in ("->", "=", "~~"):
            if relation != "=" and bound in (oo, -oo, 0):
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
                return True
            if bound != 0:
                self.bounds.append((symbol, relation, bound))
                return True
            point = -oo  # of a scale that is negative, large means far below zero
        else:
            return False
        if not any(a.symbol == symbol for a in self.approaches):
            self.approaches.append(Approach(symbol, point))
        return True

    def interval(self, symbol: Symbol, within: Interval) -> bool:
        """File `x in [a, b]` as two bounds."""
        low = within.start == -oo or self.scalar_pair(symbol, ">=", within.start)
        return low and (within.end == oo or self.scalar_pair(symbol, "<=", within.end))

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
        if self.judged.goal is not None:
            self.for_every_index(free)
        used = [p for p in own if p in free]
        mapping: dict[Expr, Expr] = {}
        # The last index is `any other`: it is no place of its own.
        vacant = [p for p in own if p not in used]
        strangers = [p for p in free if p in foreign]
        told = {p: place for place, p in self.numbered.items() if p in free and place in own}
        if not told and not [p for p in used if p in own[:2]]:
            named = [p for p in free if p not in own[:2] and p not in foreign]
            if len(strangers) + len(named) == 2 or (named and len(named) == 2):
                strangers += named
                vacant = list(own)
        mapping |= told
        if told:
            strangers += [p for p in free if p.is_Integer and p not in told]
            vacant = [p for p in vacant if p not in self.numbered]
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

    def for_every_index(self, free: Sequence[Expr]) -> None:
        """Ask about a condition that is stated for some other index only.

        Raises
        ------
        Unclear : it names one by a number, or says `for some j`.
        """
        named = re.findall(
            r"(?:\bsome|\\exists)\b[\s$\\,;_{}]*([a-z])", self.reading.statement.source
        )
        some = any(name != i.name for name in named)
        every = r"(?:\\forall|\b(?:all|every|each|any)\b)[\s$,;:{}~]*" + i.name
        if re.search(every + r"(?![A-Za-z])(?!\s*\\ne)", self.reading.statement.source):
            raise Unclear(
                "ask-for-all",
                "not every weight can be larger than all others; write the condition for one i",
            )
        numbers = [p for p in free if not isinstance(p, Symbol)]
        if some or numbers or self.numbered:
            raise Unclear(
                "ask-for-all",
                "a condition is judged for every index other than i; write it for j and all "
                r"j \ne i, not for some j or for one number",
            )

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
        own, scale = self.own, self.judged.scale
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
