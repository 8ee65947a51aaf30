"""Numbers, letters and indices: what a name means in a vocabulary."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cached_property
from typing import Any

from sympy import E, Expr, Indexed, IndexedBase, Integer, KroneckerDelta, Rational, S, Symbol, pi

from symattn.algebra.letters import IdentityMatrix, T, shape
from symattn.latex import nodes as n
from symattn.latex.cursor import OF_EVENTS
from symattn.latex.grammar.builder import OPEN_IDENTITY, Builder
from symattn.latex.names import spelled
from symattn.latex.nodes import Node

ACCENT = re.compile(r"\\(?:hat|tilde|bar|check|breve|dot|ddot|mathring)\{(?P<plain>.+)\}")
_BEST = re.compile(
    r"(?P<plain>.+?)(?:[_^]\*|[_^]\{\\mathrm\{(?:opt|best|star|sol|optimal|ans)\}\})"
)


class Identifiers(Builder):
    """Builds numbers, letters and members of families."""

    def infinity(self, node: n.Infinity) -> Expr:
        self.fail(
            "\\infty is not a number",
            node.start,
            "write x \\to \\infty, or use it as the end of a sum or an integral",
        )

    def dots(self, node: n.Dots) -> Expr:
        self.fail("it is not clear what the dots stand for", node.start, "write \\sum_{l=1}^{n}")

    def order(self, node: n.Order) -> Expr:
        self.fail(
            "O(..) is read only as a term of a whole side", node.start, "write a = b + O(\\epsilon)"
        )

    def number(self, node: n.Number) -> Expr:
        value = node.value
        if isinstance(value, int):
            return Integer(value)
        return Rational(value.numerator, value.denominator)

    def group(self, node: n.Group) -> Expr:
        if node.bracket == "matrix" or any(type(item) is n.Dots for item in node.items):
            return self.by_columns(node)
        if len(node.items) != 1:
            self.fail("a list stands where one expression is expected", node.start)
        return self.build(node.items[0])

    def by_columns(self, node: n.Group) -> Expr:
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
            known = self.vocabulary.matrix_of(first.text)
            value = known(self.index(last.indices[0])) if known is not None else None
            if value is not None:
                return value
        if node.bracket == "matrix":
            self.fail(
                "a matrix is not read entry by entry",
                node.start,
                "give it by its letter, or as a product such as S S^\\top",
            )
        raise self.error("a list stands where one expression is expected", node.start)

    def annotated(self, node: n.Annotated) -> Expr:
        self.notes["what is written at a brace is passed over"] = None
        return self.build(node.body)

    def name(self, node: n.Name) -> Expr:
        if node.indices:
            return self.indexed(node)
        text = node.text
        if text in self.scope:
            return self.scope[text]
        vocabulary = self.vocabulary
        if self.indexing:
            self.no_index(text, node)
            return self.index_letter(text)
        found = vocabulary.letter(text)
        if found is None and node.primes:
            return self.primed(node)
        if found is None:
            found = self.best(node)
        if found is None and (self.loose or text in self.standing_as_index):
            found = vocabulary.index_letter(text)
        if found is None:
            if text == "e":
                return E
            if text == "\\pi":
                return pi
            if text == "I":
                self.open = True
                return OPEN_IDENTITY
            if text in self.standing_as_index:
                return self.index_letter(text)
            return self.unknown_letter(text, node)
        return found

    def best(self, node: n.Name) -> Expr | None:
        """`q^*` and `q_{opt}` are q, where q itself does not stand in the line."""
        match = _BEST.fullmatch(node.text)
        value = self.vocabulary.letter(match.group("plain")) if match else None
        if match is None or value is None or value.is_commutative or shape(value)[1] != 1:
            return None
        plain = match.group("plain")
        if any(name.text == plain and not name.indices for name in n.names(self.statement)):
            self.fail(
                f"{node.text} stands beside {plain}",
                node.start,
                f"say what it is, or write {plain} for both",
            )
        self.notes[f"{node.text} is read as {plain}"] = None
        return value

    @cached_property
    def standing_as_index(self) -> frozenset[str]:
        """The letters that stand as an index, or as the end of a sum, anywhere in the line."""
        found: set[str] = set()
        stack: list[tuple[Any, bool]] = [(self.statement, False)]
        while stack:
            here, inside = stack.pop()
            if type(here) is n.Name:
                if inside and not here.indices:
                    found.add(here.text)
                stack.extend((index, True) for index in here.indices)
            else:
                inside = inside or type(here) is n.Domain
                stack.extend((part, inside) for part in n.inside(here))
        return frozenset(found)

    def unknown_letter(self, text: str, node: n.Name) -> Expr:
        """A letter that nobody defined: a real scalar, reported."""
        self.no_letter(text, node)
        self.no_dress(node)
        if text not in self.unknown:
            self.unknown[text] = Symbol(text, real=True)
        return self.unknown[text]

    def no_letter(self, text: str, node: n.Name) -> None:
        """Refuse what is never the name of a scalar."""
        if text == "\\mathbf{1}":
            self.fail(
                "the vector of ones, or an indicator without a relation, is not read",
                node.start,
                "write a sum over the index, or \\mathbf{1}[l = i]",
            )
        if text.startswith("\\mathrm{") and self.vocabulary.function_named(text[8:-1]) is not None:
            self.fail(f"the argument of {text[8:-1]} needs brackets", node.start)
        if text.startswith(("\\mathbb{", "\\mathcal{")) or text in OF_EVENTS:
            self.fail(f"{text} is not an expression here", node.start)
        if text == "E":
            self.fail("E may be an expectation or a factor", node.start, "write \\mathbb{E}[..]")

    def no_dress(self, node: n.Name) -> None:
        """Refuse to take \\hat{q} or q_{ij} for a scalar, where q is a vector or a matrix."""
        match = ACCENT.fullmatch(node.text) or _BEST.fullmatch(node.text)
        plain = match.group("plain") if match else node.text
        known = self.vocabulary.letter(plain)
        if known is None and (found := self.vocabulary.family(plain)) is not None and match:
            if self.vocabulary.indices_of(plain)[0] == 1:
                known = found(S.One)
        if known is None or known.is_commutative:
            return
        said = self.text(node)
        if match:
            self.fail(
                f"{said} may be {plain} or something made of it",
                node.start,
                f"write {plain} for it",
            )
        if node.indices:
            self.fail(f"{plain} takes no index, and stands as {said}", node.start, f"write {plain}")

    def primed(self, node: n.Name) -> Expr:
        """A primed letter that has no meaning of its own: the transpose of the letter."""
        plain = replace(node, primes=0)
        base = (
            self.vocabulary.family(node.base) if node.indices else self.vocabulary.letter(node.base)
        )
        if base is not None and node.primes == 1:
            value = self.build(plain)
            if not value.is_commutative and shape(value)[1] == 1:
                said = self.labelled(plain)
                self.fail(
                    f"{self.text(node)} may be the transpose of {said} or another vector",
                    node.start,
                    f"write {said}^\\top, or {said}",
                )
            if not value.is_commutative:
                self.notes["a prime is read as a transpose"] = None
                return T(value)
        if node.indices:
            return self.unknown_family(node)
        return self.unknown_letter(node.text, node)

    def index_letter(self, text: str) -> Expr:
        """A letter that stands as an index, or as the end of a sum."""
        found = self.vocabulary.index_letter(text)
        if found is None:
            found = self.vocabulary.letter(text)
            if found is not None and not found.is_commutative:
                found = None  # s_S: the letter of a matrix counts the basis vectors
        if found is None:
            found = self.unknown.get(text)
        if found is None:
            if text not in self.unknown_indices:
                self.unknown_indices[text] = Symbol(text, integer=True, positive=True)
            found = self.unknown_indices[text]
        return found

    def no_index(self, text: str, node: n.Name) -> None:
        """Refuse v_\\beta: a greek scalar of the vocabulary that is no whole number."""
        if self.vocabulary.index_letter(text) is None:
            found = self.vocabulary.letter(text)
            if (
                found is not None
                and found.is_commutative
                and not found.is_integer
                and text.startswith("\\")
            ):
                self.fail(f"{text} is a scalar and no index", node.start, "write i, j or l")

    def index(self, node: Node) -> Expr:
        """Build a node whose letters stand as indices."""
        saved, self.indexing = self.indexing, True
        value = self.scalar(node, "an index")
        self.indexing = saved
        if value.is_Rational and not value.is_Integer:
            self.fail(
                f"the index {self.text(node)} is no whole number",
                node.start,
                "write a comma between two indices",
            )
        return value

    def member(self, node: Node) -> Expr:
        """Build one index of a list, where `ij` may be two that lack their comma."""
        if type(node) is n.Times and all(type(x) is n.Name and not op for op, x in node.factors):
            self.fail(
                f"{self.text(node)} may be one index or several",
                node.start,
                "write a comma between indices, or \\cdot for a product",
            )
        return self.index(node)

    def indexed(self, node: n.Name) -> Expr:
        """A letter with indices: a member of a family."""
        text = node.text
        if self.vocabulary.labelled:
            whole = self.vocabulary.letter(self.labelled(node))
            if whole is not None:  # x_{1} may be a letter of its own
                return whole
        family = self.vocabulary.family(text)
        if self.indexing and family is None:
            # an index with an index of its own, as in k_{i_1}
            return self.index_letter(self.labelled(node))
        if family is None and node.primes:
            return self.primed(node)
        count = len(node.indices)
        if text == "\\delta" and count == 2 and family is None:
            return KroneckerDelta(*[self.index(i) for i in node.indices])
        if family is None:
            if text == "I" and count == 2 and n.parts(node.indices[0]) == n.parts(node.indices[1]):
                count, node = 1, replace(node, indices=node.indices[:1])  # I_{d \times d}
            if text == "I" and count == 1 and self.vocabulary.letter("I") is None:
                return IdentityMatrix(self.index(node.indices[0]))
            return self.unknown_family(node)
        least, most = self.vocabulary.indices_of(text)
        if not least <= count <= most:
            takes = "one index" if most == 1 else f"{most} indices"
            self.fail(f"{text} takes {takes}, and {self.text(node)} has {count}", node.start)
        return family(*[self.index(i) for i in node.indices])

    def labelled(self, node: n.Name) -> str:
        """A name with its indices as they are written, as one name."""
        return spelled(node, self.source)

    def unknown_family(self, node: n.Name) -> Expr:
        """A letter with indices that nobody defined: scalars."""
        text = node.text
        if all(type(i) is n.Number for i in node.indices):
            return self.unknown_letter(self.labelled(node), node)
        self.no_letter(text, node)
        self.no_dress(node)
        indices = [self.index(i) for i in node.indices]
        if text not in self.unknown_families:
            self.unknown_families[text] = IndexedBase(text, real=True)
        return Indexed(self.unknown_families[text], *indices)


def _is_number(node: Node, value: int) -> bool:
    return type(node) is n.Number and node.value == value
