"""Derivatives, and entries of what is not a letter."""

from __future__ import annotations

from dataclasses import replace

from sympy import Derivative, Dummy, Expr, Indexed, Symbol

from symattn.algebra.letters import Letter, shape
from symattn.algebra.symbols import of_kind
from symattn.latex import nodes as n
from symattn.latex.cursor import DERIVATIVES, NO_DERIVATIVES, NO_ENTRIES, NO_ENTRIES_HINT
from symattn.latex.grammar.identifiers import Identifiers

_ARGUMENT = "?argument"


class Calculus(Identifiers):
    """Builds derivatives, which stay inert: only whoever compares knows which letters are one."""

    def derive(self, node: n.Derive) -> Expr:
        calculus = self.vocabulary.calculus
        if calculus is None:
            self.fail(DERIVATIVES, node.start, NO_DERIVATIVES)
        body = self.scalar(node.body, "a derivative")
        letters = of_kind(Letter, body)
        variables: list[tuple[Expr, int]] = []
        for letter, times in node.variables:
            value = self.build(letter)
            if isinstance(value, Letter) and node.gradient:
                found = calculus.gradient(body, value)
                if found is None or not body.has(value):
                    self.fail(f"this gradient by {self.text(letter)} is not read", node.start)
                return self.weighed(found, node)
            if (
                letter.indices
                and isinstance(value, Symbol)
                and letter.text in self.unknown_families
            ):
                places = [self.index(i) for i in letter.indices]
                member = Indexed(self.unknown_families[letter.text], *places)
                body, value = body.xreplace({value: member}), member
            if not isinstance(value, (Symbol, Indexed)):
                self.fail(f"one does not differentiate by {self.text(letter)}", letter.start)
            if isinstance(value, Indexed) and any(e.name == str(value.base) for e in letters):
                body = self.by_entry(body, value, letter, node)
                if len(node.variables) > 1 or times > 1:
                    self.fail("a second derivative by an entry is not read", node.start)
                return body
            self.depends(body, value, node)
            variables.append((value, times))
        if node.gradient:
            self.notes["\\nabla of a scalar by a scalar is read as its derivative"] = None
        return Derivative(body, *variables)

    def by_entry(self, body: Expr, value: Indexed, letter: n.Name, node: n.Derive) -> Expr:
        """The derivative by an entry of a vector or a matrix: that entry of the gradient."""
        calculus, whole = self.vocabulary.calculus, self.vocabulary.letter(letter.text)
        found = None
        if calculus is not None and isinstance(whole, Letter) and body.has(whole):
            gradient = calculus.gradient(body, whole)
            found = None if gradient is None else calculus.entry(gradient, *value.indices)
        if found is None:
            self.fail(f"this derivative by {self.text(letter)} is not read", node.start)
        return self.weighed(found, node)

    def depends(self, body: Expr, value: Expr, node: n.Derive) -> None:
        """Refuse dy/dx where nothing says how y depends on x."""
        base = value.base if isinstance(value, Indexed) else value
        if body.free_symbols and not (body.has(value) or body.has(base)):
            name = str(getattr(base, "name", base)).split("_{")[0]
            if not any(letter.base == name for letter in n.names(node.body)):
                self.fail(
                    f"it is not said how {self.text(node.body)} depends on it",
                    node.start,
                    "write out what is differentiated",
                )

    def slope(self, node: n.Slope) -> Expr:
        """f'(x): the derivative of the function, at its argument."""
        if self.vocabulary.calculus is None:
            self.fail(DERIVATIVES, node.start, NO_DERIVATIVES)
        applied = node.applied
        if len(applied.arguments) != 1:
            self.fail(f"{self.text(node)} has several arguments", node.start)
        place = Dummy("x", real=True)
        self.scope[_ARGUMENT] = place
        name = n.Name(_ARGUMENT, (), 0, applied.start, applied.end)
        value = self.build(replace(applied, arguments=(name,)))
        del self.scope[_ARGUMENT]
        at = self.scalar(applied.arguments[0], self.text(node))
        return value.diff(place, node.primes).xreplace({place: at})

    def entry(self, node: n.EntryOf) -> Expr:
        """An entry of an expression, as far as the vocabulary knows what it is."""
        calculus = self.vocabulary.calculus
        if calculus is None:
            self.fail(NO_ENTRIES, node.body.end, NO_ENTRIES_HINT)
        indices = [self.index(i) for i in node.indices]
        if type(node.body) is n.Apply:
            applied, made = node.body, None
            if len(indices) == len(applied.arguments) == 1:
                value = self.build(applied.arguments[0])
                made = calculus.entry_of_function(applied.function, value, indices[0])
            if made is None:
                self.fail(NO_ENTRIES, node.body.end, NO_ENTRIES_HINT)
            return self.weighed(made, node)
        value = self.build(node.body)
        if value.is_commutative or len(indices) != (1 if shape(value)[1] == 1 else 2):
            self.fail(NO_ENTRIES, node.body.end, NO_ENTRIES_HINT)
        found = calculus.entry(value, *indices)
        if found is None:
            self.fail(NO_ENTRIES, node.body.end, NO_ENTRIES_HINT)
        return self.weighed(found, node)
