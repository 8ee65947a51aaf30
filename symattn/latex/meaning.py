"""A line of LaTeX as expressions of the algebra, with what its reading took for granted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, is_dataclass
from typing import Any

from sympy import Basic, Expr, Mul, S, Symbol

from symattn.algebra.letters import shape
from symattn.errors import ReadError
from symattn.latex import nodes as n
from symattn.latex.grammar.builder import NO_SIZE, OPEN_SIZE, Builder, PlacedShapeError, is_open
from symattn.latex.grammar.calculus import build_derive, build_entry, build_slope
from symattn.latex.grammar.distributions import Distribution, law_of, span_of
from symattn.latex.grammar.exponents import (
    build_invert,
    build_power,
    build_prime,
    build_pseudo_invert,
    build_root,
    build_transpose,
)
from symattn.latex.grammar.identifiers import (
    build_annotated,
    build_dots,
    build_group,
    build_infinity,
    build_name,
    build_number,
    build_order,
)
from symattn.latex.grammar.named_functions import (
    build_apply,
    build_bars,
    build_choose,
    build_statistic,
)
from symattn.latex.grammar.products import (
    build_bare,
    build_fraction,
    build_inner,
    build_plus,
    build_times,
)
from symattn.latex.grammar.ranges import build_big, build_integral, build_limit, infinite
from symattn.latex.grammar.sets import build_cases, build_indicator, set_of
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
    reader = Builder(statement, vocabulary, _BUILDERS)
    try:
        return _reading(reader)
    except RecursionError:
        raise ReadError("the formula is nested too deep", latex, reader.place) from None
    except (ArithmeticError, NotImplementedError, TypeError, ValueError) as error:
        # What SymPy refuses to build: an interval of complex numbers, a set of relations, ...
        raise ReadError("this cannot be built as an expression", latex, reader.place) from error


def _reading(b: Builder) -> Reading:
    statement = b.statement
    terms, relations, moved = _limits_aside(b, statement.terms, statement.relations)
    built = _chain(b, terms, relations, True)
    conditions = []
    for c in (*moved, *statement.conditions):
        sides = _chain(b, c.terms, c.relations, False)
        word = c.word
        if word == "side":  # T \\to 0^+, where only a letter of any sign has to be told so
            if sides[0].is_positive and c.relations == (">",):
                continue
            word = "with"
        said = b.source[c.start : c.end].strip()
        conditions.append(ReadCondition(word, sides, c.relations, said, c))
    return Reading(
        built,
        relations,
        tuple(conditions),
        tuple(b.unknown),
        tuple(b.unknown_families),
        tuple(b.unknown_indices),
        tuple(b.notes),
        tuple(Remainder(*remainder) for remainder in b.remainders),
        statement,
    )


def _limits_aside(
    b: Builder, terms: tuple[Node, ...], relations: tuple[str, ...]
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
        same = [c for c in found if _same(c.terms, condition.terms)]
        if found and not same:
            b.fail("two different limits stand in one chain", term.start)
        if not found:
            found.append(condition)
        if term.side and n.parts(term.target) != (0,):
            b.fail("only limits from one side at 0 are read beside a relation", term.start)
        if term.side and len(found) == 1:
            zero, places = (term.target,), (term.start, term.body.start)
            sign = ">" if term.side == "+" else "<"
            found.append(n.SideCondition("side", (term.variable, *zero), (sign,), *places))
    changed = list(relations)
    for at, relation in enumerate(relations):
        left, right = (type(terms[k]) is n.Limit for k in (at, at + 1))
        if not (left or right):
            continue
        if relation not in ("=", "~~", "->"):
            continue
        changed[at] = "~~" if left and right else "->" if left else "<-"
    b.notes["a limit beside a relation is read as a condition"] = None
    return tuple(bare), tuple(changed), found


def _same(one: Any, other: Any) -> bool:
    """Whether two trees are equal but for their places."""
    if type(one) is not type(other):
        return False
    if is_dataclass(one):
        one, other = n.parts(one), n.parts(other)
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)


def _chain(
    b: Builder, terms: Sequence[Node], relations: Sequence[str], statement: bool
) -> tuple[Basic, ...]:
    """Build the sides of a chain; shapes across relations are left to whoever judges."""
    built: list[Basic] = []
    b.loose = not statement or bool(_OF_INDICES.intersection(relations))
    for at, term in enumerate(terms):
        before = relations[at - 1] if at else ""
        after = relations[at] if at < len(relations) else ""
        if before in ("in", "notin", "subset"):
            span = span_of(b, term)
            if span is not None or before != "subset":
                built.append(span or set_of(b, term, built[-1]))
                continue
        if before == "~" and (law := law_of(b, term)) is not None:
            built.append(law)
            continue
        if {before, after} & _INFINITE and (value := infinite(term)) is not None:
            built.append(value)
            continue
        built.append(_term(b, term, at) if statement else b.build(term))
    if b.open:
        sizes = [s[0] for x in built if isinstance(x, Expr) and not is_open(x) and (s := shape(x))]
        size = sizes[0] if sizes else b.vocabulary.size
        built = [_settled(b, x, size, terms[0]) for x in built]
    _no_new_query(b, terms, built)
    return tuple(built)


def _no_new_query(b: Builder, terms: Sequence[Node], built: list[Basic]) -> None:
    """Refuse `q' = \\beta k_i`: the prime may make a row of q, or another letter.

    Beside a row it is a transpose.
    """
    if len(terms) < 2:
        return
    kinds = [shape(x)[1:] if isinstance(x, Expr) else () for x in built]
    for term, value in zip(terms, built, strict=True):
        if type(term) is n.Name and term.primes and isinstance(value, Expr):
            if shape(value)[:1] == (1,) and (1,) in kinds:
                plain = b.source[term.start : term.end].rstrip("'")
                b.fail(
                    f"{b.text(term)} may be the transpose of {plain} or another letter",
                    term.start,
                    f"write {plain}^\\top, or {plain}",
                )


def _settled(b: Builder, x: Basic, size: Expr | None, node: Node) -> Basic:
    if not is_open(x):
        return x
    if size is None:
        b.fail(NO_SIZE, node.start, "write I_d")
    return x.xreplace({OPEN_SIZE: size})


def _term(b: Builder, node: Node, at: int) -> Expr:
    """One side of the statement; its O(..) are taken aside, also one that is in a factor."""
    parts = node.terms if type(node) is n.Plus else ((1, node),)
    kept = []
    for sign, part in parts:
        if type(part) is n.Order:
            b.remainders.append((at, b.build(part.size), part.little))
        else:
            kept.append((sign, _multiplied(b, part, at)))
    if not kept:
        return S.Zero
    if len(kept) == len(parts) and all(one is two for (_, one), (_, two) in zip(kept, parts)):
        return b.build(node)
    return b.build(n.Plus(tuple(kept), node.start, node.end))


def _multiplied(b: Builder, node: Node, at: int) -> Node:
    r"""Take the O(..) out of a factor, as in `(\frac12 + o(1)) (v_i + v_j)`, with what multiplies it."""
    factors = node.factors if type(node) is n.Times else (("", node),)
    if type(node) is n.Fraction_:
        factors = (("", node.top), ("/", node.bottom))
    held = [k for k, (op, x) in enumerate(factors) if op != "/" and _orders(x, len(factors) > 1)]
    if len(held) != 1:
        return node
    k = held[0]
    op, group = factors[k]
    terms = _orders(group, True)

    def with_factor(x: Node) -> Node:
        return n.Times((*factors[:k], (op, x), *factors[k + 1 :]), node.start, node.end)

    beside = _size(b.build(with_factor(n.Number(1, node.start, node.start))))
    if beside is None:
        return node
    for _, x in terms:
        if type(x) is n.Order:
            b.remainders.append((at, b.build(x.size) * beside, x.little))
    rest = tuple(x for x in terms if type(x[1]) is not n.Order)
    place = (group.start, group.end)
    inner = n.Plus(rest, *place) if rest else n.Number(0, *place)
    return with_factor(n.Group((inner,), "(", *place))


def _orders(node: Node, factor: bool) -> tuple[tuple[int, Node], ...]:
    """The terms of a sum, in brackets or not, of which one is an O(..); none of another node.

    factor : whether an O(..) alone counts as well.
    """
    inner = node.items[0] if type(node) is n.Group and len(node.items) == 1 else node
    terms = inner.terms if type(inner) is n.Plus else ((1, inner),) if factor else ()
    return terms if any(type(x) is n.Order for _, x in terms) else ()


def _size(x: Expr) -> Expr | None:
    """The size of what multiplies an O(..): of a vector its coefficient, where it has one."""
    if x.is_commutative:
        return x
    scalars, word = x.args_cnc()
    moving = any(not s.is_integer for a in word for s in a.free_symbols if isinstance(s, Symbol))
    return None if moving else Mul(*scalars)


_BUILDERS: dict[type, Callable[..., Expr]] = {
    n.Number: build_number,
    n.Name: build_name,
    n.Infinity: build_infinity,
    n.Dots: build_dots,
    n.Plus: build_plus,
    n.Times: build_times,
    n.Power: build_power,
    n.Transpose: build_transpose,
    n.Invert: build_invert,
    n.PseudoInvert: build_pseudo_invert,
    n.Prime: build_prime,
    n.Fraction_: build_fraction,
    n.Binomial: build_choose,
    n.Root: build_root,
    n.Apply: build_apply,
    n.StatisticOf: build_statistic,
    n.NormBars: build_bars,
    n.Inner: build_inner,
    n.Group: build_group,
    n.Big: build_big,
    n.Integrate: build_integral,
    n.Derive: build_derive,
    n.Slope: build_slope,
    n.EntryOf: build_entry,
    n.Limit: build_limit,
    n.Cases: build_cases,
    n.Bare: build_bare,
    n.Indicator: build_indicator,
    n.Annotated: build_annotated,
    n.Order: build_order,
}
