"""Sums and products, where shapes have to fit."""

from __future__ import annotations

from typing import Any, NoReturn

from sympy import Add, Expr, Mul, Piecewise, S

from symattn.algebra.letters import Dot, IdentityMatrix, Shape, T, shape
from symattn.errors import TwoReadings
from symattn.latex import nodes as n
from symattn.latex.cursor import FUNCTION_LETTERS
from symattn.latex.grammar.builder import (
    OPEN_IDENTITY,
    OPEN_SIZE,
    POLES,
    Builder,
    PlacedShapeError,
    is_open,
)
from symattn.latex.grammar.identifiers import ACCENT
from symattn.latex.nodes import Node

# Letters that are usually functions: a bracket after them is not read as a product.
_GROWTH = frozenset(["\\Theta", "\\Omega", "\\omega", "\\tilde{O}"])
_USUAL_FUNCTIONS = frozenset("f g h F G H \\Phi \\Psi \\phi \\psi \\Gamma \\zeta".split())


def build_plus(b: Builder, node: n.Plus) -> Expr:
    """A sum of terms of one shape."""
    values = [(s, b.build(term), term) for s, term in node.terms]
    if b.open and any(is_open(value) for _, value, _ in values):
        values = _sized(b, values)
    first: tuple[Shape, Expr, Node] | None = None
    for _, value, term in values:
        here = () if value.is_commutative else shape(value)
        if first is None:
            if value is not S.Zero:
                first = here, value, term
        elif here != first[0] and value is not S.Zero:
            _perhaps_no_scalar(b, first[1], first[2])
            _perhaps_no_scalar(b, value, term)
            b.misfit(
                f"a sum needs equal shapes; {b.text(first[2])} is {b.kind(first[1])} "
                f"and {b.text(term)} is {b.kind(value)}",
                term.start,
            )
    return Add(*[value if s > 0 else -value for s, value, _ in values])


def _perhaps_no_scalar(b: Builder, value: Expr, node: Node) -> None:
    """Refuse a letter that nobody defined where a scalar does not fit."""
    if not value.is_commutative:
        return
    for name in n.names(node):
        if name.text in b.unknown or name.text in b.unknown_families:
            b.fail(
                f"the letter {b.text(name)} is not known here, and a scalar does not fit",
                name.start,
                "say whether it is a vector or a matrix",
            )


def _sized(b: Builder, values: list[tuple[int, Expr, Node]]) -> list[tuple[int, Expr, Node]]:
    """Give the identities of a sum the size of its other terms."""
    for _, value, _ in values:
        if not is_open(value) and not value.is_commutative:
            size = shape(value)[0]
            return [
                (s, x.xreplace({OPEN_SIZE: size}) if is_open(x) else x, term)
                for s, x, term in values
            ]
    return values


def build_times(b: Builder, node: n.Times) -> Expr:
    """A product: side by side binds tighter than a dot."""
    _unambiguous(b, node)
    total = _Product(b)
    dotted = ""
    pending: list[tuple[str, Node, Expr]] = []
    groups: list[tuple[str, list[tuple[str, Node, Expr]]]] = []
    for at, (op, factor) in enumerate(node.factors):
        if type(factor) is n.Bare:
            value = _bare_factor(b, node, at)
        else:
            value = _divisor(b, factor) if op == "/" else b.build(factor)
        if op in ("", "/"):
            pending.append((op, factor, value))
        else:
            groups.append((dotted, pending))
            dotted, pending = op, [("", factor, value)]
    groups.append((dotted, pending))
    for op, group in groups:
        part = _Product(b)
        for at, (sign_, factor, value) in enumerate(group):
            if sign_ == "/":
                _one_divisor(b, group, at)
                part.scalars.append(1 / value)
            else:
                part.push(value, factor)
        if op:
            total.join(part, op)
        else:
            total = part
    return total.value()


def _unambiguous(b: Builder, node: n.Times) -> None:
    """Refuse `c(\\beta)`: it may be a product or a function of the letter in the bracket."""
    factors = node.factors
    for at in range(1, len(factors)):
        op, group = factors[at]
        before = factors[at - 1][1]
        if not op and type(before) is n.Name and before.base.endswith("^*"):
            plain = before.base[:-2]
            known = b.vocabulary.letter(plain)
            if b.vocabulary.letter(before.text) is None and known and not known.is_commutative:
                b.fail(
                    f"{b.text(before)} may be the transpose of {plain} or another letter",
                    before.start,
                    f"write {plain}^\\top, or {plain}",
                )
        if type(group) is n.Power:  # f(x)^2
            group = group.base
        if op or type(group) is not n.Group or type(before) is not n.Name:
            continue
        if len(group.items) > 1:
            b.fail(
                f"{b.text(before)} before a list is not read",
                before.start,
                "a distribution or a function of several letters is not an expression",
            )
        inner = group.items[0]
        letter = b.vocabulary.letter(before.text)
        bare = type(inner) in (n.Name, n.Number)
        if before.base in _GROWTH and letter is None and not before.indices:
            b.fail(
                f"{before.base}(..), an order of growth, is not read",
                before.start,
                "write \\ll or \\gg, or + O(..) for what is left out",
            )
        known = letter is not None or b.vocabulary.family(before.base) is not None
        plain = _plain(before.base)
        usual = not known and (
            before.primes > 0
            or plain in _USUAL_FUNCTIONS
            or (plain != before.base and plain in FUNCTION_LETTERS)
        )
        if not bare and not usual:
            continue
        if bare and letter is not None and letter.is_commutative and not before.indices:
            if type(inner) is n.Name and not b.build(inner).is_commutative:
                continue  # \beta (q)
        said = b.text(before)
        b.fail(
            f"{said}{b.text(group)} may be a product or a function",
            before.start,
            f"write {said} alone, or \\cdot for a product",
        )


def _bare_factor(b: Builder, node: n.Times, at: int) -> Expr:
    """A function without brackets, where only one reading of what follows makes sense.

    In `\\ln \\epsilon (\\mu_i + \\mu_j)` the vector cannot stand in the logarithm.
    """
    op, bare = node.factors[at]
    assert type(bare) is n.Bare
    if op == "/" or at + 1 == len(node.factors):
        build_bare(b, bare)
    sign, following = node.factors[at + 1]
    try:
        value = b.build(bare.body)
    except PlacedShapeError:
        _unclear(b, bare, following)
    if sign in (".", "x", "*"):
        return value
    last = all(op == "/" for op, _ in node.factors[at + 2 :])
    if sign or not last or b.build(following).is_commutative:
        _unclear(b, bare, following)
    return value


def build_bare(b: Builder, node: n.Bare) -> Expr:
    """A function without brackets where a product is no help."""
    b.fail(
        f"it is not clear where the argument of {b.text(node)} ends",
        node.end,
        "put brackets round it",
    )


def _unclear(b: Builder, node: n.Bare, following: Node) -> NoReturn:
    """Name both readings of `\\ln a b`."""
    name = b.source[node.start : node.argument.start].strip()
    inner = b.text(node.argument)
    rest = b.source[node.argument.end : following.start].strip()
    more = b.text(following)
    rest = f"{rest} " if rest else ""
    b.fail(
        f"{b.text(n.Bare(node.body, node.argument, '', node.start, following.end))} has two "
        "readings",
        following.start,
        f"write {name}({inner}) {rest}{more} or {name}({inner} {rest}{more})",
    )


def _divisor(b: Builder, node: Node) -> Expr:
    """Build what is divided by."""
    value = b.build(node)
    if not value.is_commutative:
        b.misfit(
            f"one divides by scalars only; {b.text(node)} is {b.kind(value)}",
            node.start,
            "write an inverse as M^{-1}",
        )
    if value is S.Zero or (value.has(Piecewise) and (1 / value).has(*POLES)):
        b.fail("division by zero", node.start)
    return value


def _one_divisor(b: Builder, group: list[tuple[str, Node, Expr]], at: int) -> None:
    """Refuse `1/2 n`, which may be (1/2) n or 1/(2 n)."""
    node = group[at][1]
    if type(node) is n.Big and type(node.body) is n.Times:
        name = node.domains[0].letter.base
        if not all(_mentions(factor, name) for _, factor in node.body.factors):
            b.fail(
                "it is not clear where the sum below the stroke ends",
                node.start,
                "write \\frac{..}{..} or brackets",
            )
    if type(node) is n.Group or at + 1 == len(group) or group[at + 1][0]:
        return
    after, value = group[at + 1][1], group[at + 1][2]
    if value.is_commutative and type(after) is not n.Big:
        said, more = b.text(node), b.text(after)
        top = b.source[group[0][1].start : group[at - 1][1].end].strip()
        parts = rf"\frac{{{top}}}{{{said}}} {more}", rf"\frac{{{top}}}{{{said} {more}}}"
        cut = [x.replace(top, "..") if len(top) > 40 else x for x in parts]
        doubt = TwoReadings(
            f"it is not clear whether {more} is divided by too", b.source, after.start,
            f"write {cut[0]} or {cut[1]}",
        )  # fmt: skip
        start, end = group[0][1].start, after.end
        doubt.parts = parts
        doubt.wholes = tuple(b.source[:start] + x + b.source[end:] for x in parts)  # type: ignore[assignment]
        raise doubt


def build_fraction(b: Builder, node: n.Fraction_) -> Expr:
    """A fraction."""
    top, bottom = b.build(node.top), _divisor(b, node.bottom)
    return Mul(1 / bottom, top)


def build_inner(b: Builder, node: n.Inner) -> Expr:
    """An inner product of two columns."""
    return _dot(b, b.build(node.left), b.build(node.right), node.left, node.right)


def _dot(b: Builder, left: Expr, right: Expr, left_node: Any, right_node: Any) -> Expr:
    """The dot product of two columns, or a ShapeError that names both shapes."""
    first, second = shape(left), shape(right)
    if first == () or second == () or first != second or first[1] != 1:
        b.misfit(
            f"a dot product needs two columns of one length; {b.text(left_node)} is "
            f"{b.kind(left)} and {b.text(right_node)} is {b.kind(right)}",
            right_node.start,
        )
    return Dot(left, right)


OUTER = "\\otimes of two columns is the outer product"


class _Product:
    """Scalars and a word of vectors and matrices; a row that meets a column becomes a scalar."""

    __slots__ = ("reader", "scalars", "word")

    def __init__(self, reader: Builder) -> None:
        self.reader = reader
        self.scalars: list[Expr] = []
        self.word: list[tuple[Expr, Shape, Any]] = []

    def push(self, value: Expr, node: Any) -> None:
        """Multiply by a factor from the right."""
        if value.is_commutative:
            self.scalars.append(value)
            return
        word = self.word
        if is_open(value):
            if value == OPEN_IDENTITY and word:
                return  # A I = A
            if word:
                value = value.xreplace({OPEN_SIZE: word[-1][1][1]})
        here = shape(value)
        if word and word[-1][1][1] == OPEN_SIZE:
            size = {OPEN_SIZE: here[0]}
            word[:] = [
                (x.xreplace(size), tuple(s.xreplace(size) for s in sizes), at)
                for x, sizes, at in word
            ]
            if isinstance(word[-1][0], IdentityMatrix):
                word.pop()  # I A = A
        if word and word[-1][1][1] != here[0]:
            self.misfit(word[-1], (value, here, node))
        word.append((value, here, node))
        if here[1] == 1:
            for at in range(len(word) - 2, -1, -1):
                if word[at][1][0] == 1:
                    row = word[at]
                    rest = Mul(*[x for x, _, _ in word[at + 1 :]])
                    del word[at:]
                    self.scalars.append(Dot(T(row[0]), rest))
                    return

    def misfit(self, left: tuple[Expr, Shape, Any], right: tuple[Expr, Shape, Any]) -> NoReturn:
        """Say which two shapes do not fit."""
        reader = self.reader
        one, two = reader.text(left[2]), reader.text(right[2])
        hint = ""
        if left[1] == right[1] and left[1][1] == 1:
            hint = f"write {one}^\\top {two} or {one} \\cdot {two} for the dot product"
        reader.misfit(
            f"the product {one} {two} does not fit: {one} is {reader.kind(left[0])} and {two} is "
            f"{reader.kind(right[0])}",
            right[2].start,
            hint,
        )

    def join(self, other: _Product, op: str) -> None:
        """Multiply by another product, with \\cdot, * or \\times between them."""
        reader = self.reader
        if op == "odot":
            self.elementwise(other)
            return
        if not self.word or not other.word:
            self.scalars += other.scalars
            for value, _, node in other.word:
                self.push(value, node)
            return
        left, right = (Mul(*[x for x, _, _ in side.word]) for side in (self, other))
        if op == "ox":
            calculus = reader.vocabulary.calculus
            columns = self.word[-1][1][1] == 1 or other.word[-1][1][1] == 1
            value = calculus.kronecker(left, right, columns) if calculus else None
            if calculus and columns:
                reader.notes[OUTER] = None
            if value is not None:
                self.scalars += other.scalars
                self.word = [(value, shape(value), other.word[-1][2])]
                return
            if self.word[-1][1][1] != 1 or other.word[-1][1][1] != 1 or len(self.word) != 1:
                reader.fail(
                    "\\otimes is read only between two columns",
                    other.word[0][2].start,
                    "write the outer product as u v^\\top",
                )
            self.scalars += other.scalars
            self.push(T(right), other.word[-1][2])
            return
        if op == "x":
            reader.fail("\\times between vectors or matrices is not read", other.word[0][2].start)
        self.scalars += other.scalars
        if self.word[-1][1][1] == 1 and other.word[-1][1][1] == 1 and op == ".":
            # the first factor of the left word names it in a message
            value = _dot(reader, left, right, self.word[0][2], other.word[-1][2])
            self.word.clear()
            self.scalars.append(value)
            return
        for value, _, node in other.word:
            self.push(value, node)

    def elementwise(self, other: _Product) -> None:
        """Multiply by another product entry by entry."""
        reader = self.reader
        calculus = reader.vocabulary.calculus
        sides = [Mul(*[x for x, _, _ in side.word]) for side in (self, other)]
        value = calculus.elementwise(*sides) if calculus and self.word and other.word else None
        if value is None:
            end = self.word[-1][2].end if self.word else reader.place
            blanks = len(reader.source[end:]) - len(reader.source[end:].lstrip())
            reader.fail(
                "\\odot (the elementwise product) is not read",
                end + blanks,
                "write the l-th entry of each side",
            )
        node = other.word[0][2]
        self.scalars += other.scalars
        self.word = [(value, shape(value), node)]

    def value(self) -> Expr:
        return Mul(*self.scalars, *[x for x, _, _ in self.word])


def _plain(base: str) -> str:
    """A letter without its accent and label."""
    match = ACCENT.fullmatch(base)
    return (match.group("plain") if match else base).split("_")[0].split("^")[0]


def _mentions(node: Any, base: str) -> bool:
    """Whether a letter occurs in a tree."""
    return any(name.base == base for name in n.names(node))
