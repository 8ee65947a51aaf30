"""A line of LaTeX as expressions of the algebra, with what its reading took for granted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, is_dataclass
from typing import Any

from sympy import Basic, Expr, S

from symattn.algebra.letters import shape
from symattn.errors import ReadError
from symattn.latex import nodes as n
from symattn.latex.grammar.builder import NO_SIZE, OPEN_SIZE, PlacedShapeError, is_open
from symattn.latex.grammar.calculus import Calculus
from symattn.latex.grammar.distributions import Distribution, Distributions
from symattn.latex.grammar.named_functions import Functions
from symattn.latex.grammar.products import Products
from symattn.latex.grammar.ranges import Ranges, infinite
from symattn.latex.grammar.sets import Sets
from symattn.latex.names import Vocabulary
from symattn.latex.nodes import Node, Statement
from symattn.latex.statement import parse

__all__ = ["Distribution", "PlacedShapeError", "ReadCondition", "Reading", "Remainder", "read"]

# Relations next to which a side may be infinite.
_INFINITE = frozenset(["->", "<", "<=", ">", ">="])
# Relations that are mostly between indices.
_OF_INDICES = frozenset(["!=", "in", "notin"])


@dataclass(frozen=True)
class ReadCondition:
    """A side condition: its chain as expressions (or sets, on the right of 'in').

    `word` is what introduced it: '' (a comma), 'with', 'as', 'for', 'for all', 'and', ...
    A condition without relations holds one letter: 'for all i'.  `tree` is what it was read from.
    """

    word: str
    terms: tuple[Basic, ...]
    relations: tuple[str, ...]
    text: str
    tree: n.SideCondition | None = None


@dataclass(frozen=True)
class Remainder:
    """O(size) in one term of the chain, or o(size) when little."""

    term: int
    size: Expr
    little: bool = False


@dataclass(frozen=True)
class Reading:
    """What a line of LaTeX says.

    terms : the sides of the chain; a set after 'in' is a SymPy set, a distribution after '~' and a
        span after 'in' are a `Distribution`.
    relations : the relations between them: = != < > <= >= << >> <~ >~ ~~ (approx) ~ ~= -> => <==
        <=> := == propto in notin subset perp; `x <- y` stands for `x = lim y`.
    conditions : the side conditions.
    unknown : letters that the vocabulary does not have, taken as real scalars, in order.
    unknown_families : letters with indices that the vocabulary does not have.
    unknown_indices : letters that stand only as an index and are not in the vocabulary.
    notes : readings that somebody may want to know about, one sentence each.
    remainders : the O(..) of each term, which is left out of `terms`.
    statement : the syntax tree.
    """

    terms: tuple[Basic, ...]
    relations: tuple[str, ...]
    conditions: tuple[ReadCondition, ...]
    unknown: tuple[str, ...]
    unknown_families: tuple[str, ...]
    unknown_indices: tuple[str, ...]
    notes: tuple[str, ...]
    remainders: tuple[Remainder, ...]
    statement: Statement


def read(latex: str, vocabulary: Vocabulary) -> Reading:
    r"""Read one line of LaTeX with the letters of a vocabulary.

    Raises
    ------
    ReadError : what could not be read, and where.
    ShapeError : vectors and matrices that do not fit, and where.

    >>> from symattn.latex.names import attention_vocabulary
    >>> r = read(r"q = \lambda (k_i + k_j)", attention_vocabulary())
    >>> r.terms, r.relations, r.unknown
    ((q, \lambda*(k[i] + k[j])), ('=',), ('\\lambda',))
    """
    statement = parse(latex, vocabulary.function_letters)
    reader = _StatementBuilder(statement, vocabulary)
    try:
        return reader.reading()
    except RecursionError:
        raise ReadError("the formula is nested too deep", latex, reader.place) from None
    except (ArithmeticError, NotImplementedError, TypeError, ValueError) as error:
        # What SymPy refuses to build: an interval of complex numbers, a set of relations, ...
        raise ReadError("this cannot be built as an expression", latex, reader.place) from error


class _StatementBuilder(Functions, Products, Ranges, Sets, Distributions, Calculus):
    """Builds the expressions of one statement."""

    def reading(self) -> Reading:
        statement = self.statement
        terms, relations, moved = self.limits_aside(statement.terms, statement.relations)
        built = self.chain(terms, relations, True)
        conditions = []
        for c in (*moved, *statement.conditions):
            sides = self.chain(c.terms, c.relations, False)
            word = c.word
            if word == "above":  # T \\to 0^+, where only a letter of any sign has to be told so
                if sides[0].is_positive:
                    continue
                word = "with"
            said = self.source[c.start : c.end].strip()
            conditions.append(ReadCondition(word, sides, c.relations, said, c))
        return Reading(
            built,
            relations,
            tuple(conditions),
            tuple(self.unknown),
            tuple(self.unknown_families),
            tuple(self.unknown_indices),
            tuple(self.notes),
            tuple(Remainder(*remainder) for remainder in self.remainders),
            statement,
        )

    def limits_aside(
        self, terms: tuple[Node, ...], relations: tuple[str, ...]
    ) -> tuple[tuple[Node, ...], tuple[str, ...], list[n.SideCondition]]:
        """Read `\\lim_{x \\to a} y = z` as `y -> z` as `x -> a`."""
        if not relations or not any(type(term) is n.Limit for term in terms):
            return terms, relations, []
        found: list[n.SideCondition] = []
        bare: list[Node] = []
        for term in terms:
            if type(term) is not n.Limit:
                bare.append(term)
                continue
            bare.append(term.body)
            condition = n.SideCondition(
                "as", (term.variable, term.target), ("->",), term.start, term.body.start
            )
            same = [c for c in found if self.same(c.terms, condition.terms)]
            if found and not same:
                self.fail("two different limits stand in one chain", term.start)
            if not found:
                found.append(condition)
            if term.side == "-" or (term.side and n.parts(term.target) != (0,)):
                self.fail("only limits from above at 0 are read beside a relation", term.start)
            if term.side and len(found) == 1:
                zero, places = (term.target,), (term.start, term.body.start)
                found.append(n.SideCondition("above", (term.variable, *zero), (">",), *places))
        changed = list(relations)
        for at, relation in enumerate(relations):
            left, right = (type(terms[k]) is n.Limit for k in (at, at + 1))
            if not (left or right):
                continue
            if relation not in ("=", "~~", "->"):
                continue
            changed[at] = "~~" if left and right else "->" if left else "<-"
        self.notes["a limit beside a relation is read as a condition"] = None
        return tuple(bare), tuple(changed), found

    def same(self, one: Any, other: Any) -> bool:
        """Whether two trees are equal but for their places."""
        if type(one) is not type(other):
            return False
        if is_dataclass(one):
            one, other = n.parts(one), n.parts(other)
        if isinstance(one, tuple):
            return len(one) == len(other) and all(map(self.same, one, other))
        return bool(one == other)

    def chain(
        self, terms: Sequence[Node], relations: Sequence[str], statement: bool
    ) -> tuple[Basic, ...]:
        """Build the sides of a chain; shapes across relations are left to whoever judges."""
        built: list[Basic] = []
        self.loose = not statement or bool(_OF_INDICES.intersection(relations))
        for at, term in enumerate(terms):
            before = relations[at - 1] if at else ""
            after = relations[at] if at < len(relations) else ""
            if before in ("in", "notin", "subset"):
                span = self.span_of(term)
                if span is not None or before != "subset":
                    built.append(span or self.set_of(term, built[-1]))
                    continue
            if before == "~" and (law := self.law_of(term)) is not None:
                built.append(law)
                continue
            if {before, after} & _INFINITE and (value := infinite(term)) is not None:
                built.append(value)
                continue
            built.append(self.term(term, at) if statement else self.build(term))
        if self.open:
            sizes = [
                s[0] for x in built if isinstance(x, Expr) and not is_open(x) and (s := shape(x))
            ]
            size = sizes[0] if sizes else self.vocabulary.size
            built = [self.settled(x, size, terms[0]) for x in built]
        self.no_new_query(terms, built)
        return tuple(built)

    def no_new_query(self, terms: Sequence[Node], built: list[Basic]) -> None:
        """Refuse `q' = \\beta k_i`: the prime may make a row of q, or another letter.

        Beside a row it is a transpose.
        """
        if len(terms) < 2:
            return
        kinds = [shape(x)[1:] if isinstance(x, Expr) else () for x in built]
        for term, value in zip(terms, built, strict=True):
            if type(term) is n.Name and term.primes and isinstance(value, Expr):
                if shape(value)[:1] == (1,) and (1,) in kinds:
                    plain = self.source[term.start : term.end].rstrip("'")
                    self.fail(
                        f"{self.text(term)} may be the transpose of {plain} or another letter",
                        term.start,
                        f"write {plain}^\\top, or {plain}",
                    )

    def settled(self, x: Basic, size: Expr | None, node: Node) -> Basic:
        if not is_open(x):
            return x
        if size is None:
            self.fail(NO_SIZE, node.start, "write I_d")
        return x.xreplace({OPEN_SIZE: size})

    def term(self, node: Node, at: int) -> Expr:
        """One side of the statement; its O(..) are taken aside."""
        parts = node.terms if type(node) is n.Plus else ((1, node),)
        orders = [part for _, part in parts if type(part) is n.Order]
        if not orders:
            return self.build(node)
        for order in orders:
            self.remainders.append((at, self.build(order.size), order.little))
        rest = tuple(part for part in parts if type(part[1]) is not n.Order)
        if not rest:
            return S.Zero
        return self.build(n.Plus(rest, node.start, node.end))


_StatementBuilder.methods = {
    n.Number: _StatementBuilder.number,
    n.Name: _StatementBuilder.name,
    n.Infinity: _StatementBuilder.infinity,
    n.Dots: _StatementBuilder.dots,
    n.Plus: _StatementBuilder.plus,
    n.Times: _StatementBuilder.times,
    n.Power: _StatementBuilder.power,
    n.Transpose: _StatementBuilder.transpose,
    n.Invert: _StatementBuilder.invert,
    n.PseudoInvert: _StatementBuilder.pseudo_invert,
    n.Prime: _StatementBuilder.prime,
    n.Fraction_: _StatementBuilder.fraction,
    n.Binomial: _StatementBuilder.choose,
    n.Root: _StatementBuilder.root,
    n.Apply: _StatementBuilder.apply,
    n.StatisticOf: _StatementBuilder.statistic,
    n.NormBars: _StatementBuilder.bars,
    n.Inner: _StatementBuilder.inner,
    n.Group: _StatementBuilder.group,
    n.Big: _StatementBuilder.big,
    n.Integrate: _StatementBuilder.integral,
    n.Derive: _StatementBuilder.derive,
    n.Slope: _StatementBuilder.slope,
    n.EntryOf: _StatementBuilder.entry,
    n.Limit: _StatementBuilder.limit,
    n.Cases: _StatementBuilder.cases,
    n.Bare: _StatementBuilder.bare,
    n.Indicator: _StatementBuilder.indicator,
    n.Annotated: _StatementBuilder.annotated,
    n.Order: _StatementBuilder.order,
}
