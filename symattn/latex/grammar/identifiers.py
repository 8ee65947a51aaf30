"""Numbers, letters and indices: what a name means in a vocabulary."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sympy import E, Expr, Indexed, IndexedBase, Integer, KroneckerDelta, Rational, S, Symbol, pi

from symattn.algebra.letters import IdentityMatrix, T, shape
from symattn.latex import nodes as n
from symattn.latex.cursor import OF_EVENTS
from symattn.latex.grammar.builder import OPEN_IDENTITY, Builder, PlacedShapeError
from symattn.latex.names import spelled
from symattn.latex.nodes import Node
from symattn.latex.series import listed

ACCENT = re.compile(r"\\(?:hat|tilde|bar|check|breve|dot|ddot|mathring)\{(?P<plain>.+)\}")
_BEST = re.compile(
    r"(?P<plain>.+?)(?:[_^]\*|[_^]\{\\mathrm\{(?:opt|best|star|sol|optimal|ans)\}\})"
)


def build_infinity(b: Builder, node: n.Infinity) -> Expr:
    """Infinity, which stands for a limit alone."""
    b.fail(
        "\\infty is not a number",
        node.start,
        "write x \\to \\infty, or use it as the end of a sum or an integral",
    )


def build_dots(b: Builder, node: n.Dots) -> Expr:
    """Dots, which no expression holds."""
    b.fail("it is not clear what the dots stand for", node.start, "write \\sum_{l=1}^{n}")


def build_order(b: Builder, node: n.Order) -> Expr:
    """An O(..), which stands in a statement's own sum alone."""
    b.fail("O(..) is read only as a term of a whole side", node.start, "write a = b + O(\\epsilon)")


def build_number(b: Builder, node: n.Number) -> Expr:
    """A number, exactly as it is written."""
    value = node.value
    if isinstance(value, int):
        return Integer(value)
    return Rational(value.numerator, value.denominator)


def build_group(b: Builder, node: n.Group) -> Expr:
    """What stands in brackets."""
    if node.bracket == "matrix" or any(type(item) is n.Dots for item in node.items):
        column = column_of(b, node.items)
        return _by_columns(b, node) if column is None else column
    if len(node.items) != 1:
        b.fail("a list stands where one expression is expected", node.start)
    (inner,) = node.items
    try:
        return b.build(inner)
    except PlacedShapeError:
        if node.bracket != "[" or type(inner) is not n.Times:
            raise
        said = "what stands in the brackets may be matrices side by side"
        raise b.error(said, node.start, "give a matrix by its letter") from None


def column_of(b: Builder, items: Sequence[Node]) -> Expr | None:
    r"""A column whose entries are listed with dots, as `x_1, \dots, x_n` or `a, b, 0, \dots, 0`; or None."""
    calculus, found = b.vocabulary.calculus, listed(items)
    if calculus is None or found is None:
        return None
    first, last, over = found
    if over is None:
        values = [b.build(x) for x in (*first, last)]
        plain = all(x.is_commutative for x in values)
        return calculus.column(values[:-1], values[-1]) if plain else None
    index, upper = over
    if index_of(b, upper) != b.vocabulary.count:
        return None
    symbol = Symbol(index.base, integer=True, positive=True)
    saved, b.scope = b.scope, {**b.scope, index.base: symbol}
    value = b.build(last)
    b.scope = saved
    return calculus.family(value, symbol) if value.is_commutative else None


def _by_columns(b: Builder, node: n.Group) -> Expr:
    """[s_1, .., s_t]: the matrix whose columns are the members of a family."""
    items = node.items
    first, last = items[0], items[-1]
    plain = (
        len(items) in (3, 4)
        and node.bracket in ("matrix", "[", "(")
        and type(items[-2]) is n.Dots
        and type(first) is type(last) is n.Name
        and first.text == last.text
        and len(first.indices) == len(last.indices) == 1
        and _is_number(first.indices[0], 1)
        and (len(items) == 3 or type(items[1]) is n.Name)
    )
    if plain:
        assert isinstance(first, n.Name)
        assert isinstance(last, n.Name)
        known = b.vocabulary.matrix_of(first.text)
        value = known(index_of(b, last.indices[0])) if known is not None else None
        if value is not None:
            return value
    if node.bracket == "matrix":
        made = b.vocabulary.calculus and b.vocabulary.calculus.stacked(
            [
                [b.build(x) for x in (row.items if type(row) is n.Group else (row,))]
                for row in (items if type(first) is n.Group and first.bracket == "row" else (node,))
            ]
        )
        if made is not None:
            return b.weighed(made, node)
        b.fail(
            "a matrix is not read entry by entry",
            node.start,
            "give it by its letter, or as a product such as S S^\\top",
        )
    raise b.error("a list stands where one expression is expected", node.start)


def build_annotated(b: Builder, node: n.Annotated) -> Expr:
    """What stands in a brace that words are written at."""
    b.notes["what is written at a brace is passed over"] = None
    return b.build(node.body)


def build_name(b: Builder, node: n.Name) -> Expr:
    """A letter: a bound one, one of the vocabulary, or one that is new."""
    if node.indices:
        return _indexed(b, node)
    text = node.text
    if text in b.scope:
        return b.scope[text]
    vocabulary = b.vocabulary
    if b.indexing:
        _no_index(b, text, node)
        return _index_letter(b, text)
    found = vocabulary.letter(text)
    if found is None and node.primes:
        return _primed(b, node)
    if found is None:
        found = _best(b, node)
    if found is None and (b.loose or text in _standing_as_index(b)):
        found = vocabulary.index_letter(text)
    if found is None:
        if text == "e":
            return E
        if text == "\\pi":
            return pi
        if text == "I":
            b.open = True
            return OPEN_IDENTITY
        if text in _standing_as_index(b):
            return _index_letter(b, text)
        return _unknown_letter(b, text, node)
    return found


def _best(b: Builder, node: n.Name) -> Expr | None:
    """`q^*` and `q_{opt}` are q, where q itself does not stand in the line."""
    match = _BEST.fullmatch(node.text)
    value = b.vocabulary.letter(match.group("plain")) if match else None
    if match is None or value is None or value.is_commutative or shape(value)[1] != 1:
        return None
    plain = match.group("plain")
    if any(name.text == plain and not name.indices for name in n.names(b.statement)):
        b.fail(
            f"{node.text} stands beside {plain}",
            node.start,
            f"say what it is, or write {plain} for both",
        )
    b.notes[f"{node.text} is read as {plain}"] = None
    return value


def _standing_as_index(b: Builder) -> frozenset[str]:
    """The letters that stand as an index, or as the end of a sum, anywhere in the line."""
    if b.index_names is not None:
        return b.index_names
    found: set[str] = set()
    stack: list[tuple[Any, bool]] = [(b.statement, False)]
    while stack:
        here, inside = stack.pop()
        if type(here) is n.Name:
            if inside and not here.indices:
                found.add(here.text)
            stack.extend((index, True) for index in here.indices)
        else:
            inside = inside or type(here) is n.Domain
            stack.extend((part, inside) for part in n.inside(here))
    b.index_names = frozenset(found)
    return b.index_names


def _unknown_letter(b: Builder, text: str, node: n.Name) -> Expr:
    """A letter that nobody defined: a real scalar, reported."""
    _no_letter(b, text, node)
    _no_dress(b, node)
    if text not in b.unknown:
        b.unknown[text] = Symbol(text, real=True)
    return b.unknown[text]


def _no_letter(b: Builder, text: str, node: n.Name) -> None:
    """Refuse what is never the name of a scalar."""
    if text == "\\mathbf{1}":
        b.fail(
            "the vector of ones, or an indicator without a relation, is not read",
            node.start,
            "write a sum over the index, or \\mathbf{1}[l = i]",
        )
    if text.startswith("\\mathrm{") and b.vocabulary.function_named(text[8:-1]) is not None:
        b.fail(f"the argument of {text[8:-1]} needs brackets", node.start)
    if text.startswith(("\\mathbb{", "\\mathcal{")) or text in OF_EVENTS:
        b.fail(f"{text} is not an expression here", node.start)
    if text == "E":
        b.fail("E may be an expectation or a factor", node.start, "write \\mathbb{E}[..]")


def _no_dress(b: Builder, node: n.Name) -> None:
    """Refuse to take \\hat{q} or q_{ij} for a scalar, where q is a vector or a matrix."""
    match = ACCENT.fullmatch(node.text) or _BEST.fullmatch(node.text)
    plain = match.group("plain") if match else node.text
    known = b.vocabulary.letter(plain)
    if known is None and (found := b.vocabulary.family(plain)) is not None and match:
        if b.vocabulary.indices_of(plain)[0] == 1:
            known = found(S.One)
    if known is None or known.is_commutative:
        return
    said = b.text(node)
    if match:
        b.fail(
            f"{said} may be {plain} or something made of it",
            node.start,
            f"write {plain} for it",
        )
    if node.indices:
        b.fail(f"{plain} takes no index, and stands as {said}", node.start, f"write {plain}")


def _primed(b: Builder, node: n.Name) -> Expr:
    """A primed letter that has no meaning of its own: the transpose of the letter."""
    plain = replace(node, primes=0)
    base = b.vocabulary.family(node.base) if node.indices else b.vocabulary.letter(node.base)
    if base is not None and node.primes == 1:
        value = b.build(plain)
        if not value.is_commutative and shape(value)[1] == 1:
            said = _labelled(b, plain)
            b.fail(
                f"{b.text(node)} may be the transpose of {said} or another vector",
                node.start,
                f"write {said}^\\top, or {said}",
            )
        if not value.is_commutative:
            b.notes["a prime is read as a transpose"] = None
            return T(value)
    if node.indices:
        return _unknown_family(b, node)
    return _unknown_letter(b, node.text, node)


def _index_letter(b: Builder, text: str) -> Expr:
    """A letter that stands as an index, or as the end of a sum."""
    found = b.vocabulary.index_letter(text)
    if found is None:
        found = b.vocabulary.letter(text)
        if found is not None and not found.is_commutative:
            found = None  # s_S: the letter of a matrix counts the basis vectors
    if found is None:
        found = b.unknown.get(text)
    if found is None:
        if text not in b.unknown_indices:
            b.unknown_indices[text] = Symbol(text, integer=True, positive=True)
        found = b.unknown_indices[text]
    return found


def _no_index(b: Builder, text: str, node: n.Name) -> None:
    """Refuse v_\\beta: a greek scalar of the vocabulary that is no whole number."""
    if b.vocabulary.index_letter(text) is None:
        found = b.vocabulary.letter(text)
        if (
            found is not None
            and found.is_commutative
            and not found.is_integer
            and text.startswith("\\")
        ):
            b.fail(f"{text} is a scalar and no index", node.start, "write i, j or l")


def index_of(b: Builder, node: Node) -> Expr:
    """Build a node whose letters stand as indices."""
    saved, b.indexing = b.indexing, True
    value = b.scalar(node, "an index")
    b.indexing = saved
    if value.is_Rational and not value.is_Integer:
        b.fail(
            f"the index {b.text(node)} is no whole number",
            node.start,
            "write a comma between two indices",
        )
    return value


def member_of(b: Builder, node: Node) -> Expr:
    """Build one index of a list, where `ij` may be two that lack their comma."""
    if type(node) is n.Times and all(type(x) is n.Name and not op for op, x in node.factors):
        b.fail(
            f"{b.text(node)} may be one index or several",
            node.start,
            "write a comma between indices, or \\cdot for a product",
        )
    return index_of(b, node)


def _indexed(b: Builder, node: n.Name) -> Expr:
    """A letter with indices: a member of a family."""
    text = node.text
    if b.vocabulary.labelled:
        whole = b.vocabulary.letter(_labelled(b, node))
        if whole is not None:  # x_{1} may be a letter of its own
            return whole
    family = b.vocabulary.family(text)
    if b.indexing and family is None:
        # an index with an index of its own, as in k_{i_1}
        return _index_letter(b, _labelled(b, node))
    if family is None and node.primes:
        return _primed(b, node)
    count = len(node.indices)
    if text == "\\delta" and count == 2 and family is None:
        return KroneckerDelta(*[index_of(b, i) for i in node.indices])
    if family is None:
        if text == "I" and count == 2 and n.parts(node.indices[0]) == n.parts(node.indices[1]):
            count, node = 1, replace(node, indices=node.indices[:1])  # I_{d \times d}
        if text == "I" and count == 1 and b.vocabulary.letter("I") is None:
            return IdentityMatrix(index_of(b, node.indices[0]))
        return _unknown_family(b, node)
    least, most = b.vocabulary.indices_of(text)
    if not least <= count <= most:
        takes = "one index" if most == 1 else f"{most} indices"
        b.fail(f"{text} takes {takes}, and {b.text(node)} has {count}", node.start)
    return family(*[index_of(b, i) for i in node.indices])


def _labelled(b: Builder, node: n.Name) -> str:
    """A name with its indices as they are written, as one name."""
    return spelled(node, b.source)


def _unknown_family(b: Builder, node: n.Name) -> Expr:
    """A letter with indices that nobody defined: scalars."""
    text = node.text
    if all(type(i) is n.Number for i in node.indices):
        return _unknown_letter(b, _labelled(b, node), node)
    _no_letter(b, text, node)
    _no_dress(b, node)
    indices = [index_of(b, i) for i in node.indices]
    if text not in b.unknown_families:
        b.unknown_families[text] = IndexedBase(text, real=True)
    return Indexed(b.unknown_families[text], *indices)


def _is_number(node: Node, value: int) -> bool:
    return type(node) is n.Number and node.value == value
