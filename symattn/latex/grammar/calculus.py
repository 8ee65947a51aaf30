"""Derivatives, and entries of what is not a letter."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from sympy import Derivative, Dummy, Expr, Indexed, Symbol

from symattn.algebra.letters import Letter, Partial, shape
from symattn.algebra.symbols import of_kind
from symattn.errors import ShapeError
from symattn.latex import nodes as n
from symattn.latex.cursor import DERIVATIVES, NO_DERIVATIVES, NO_ENTRIES, NO_ENTRIES_HINT
from symattn.latex.grammar.builder import Builder
from symattn.latex.grammar.identifiers import index_of
from symattn.latex.grammar.named_functions import arguments_of

_ARGUMENT = "?argument"
LAYOUT = "a derivative by a column has a row for each entry of what is differentiated"


def build_derive(b: Builder, node: n.Derive) -> Expr:
    """A derivative; it stays inert, as only whoever compares knows which letters are one."""
    calculus = b.vocabulary.calculus
    plain = type(node.body) in (n.Name, n.Derive) and not node.gradient
    if calculus is None and b.vocabulary.slopes and plain:
        f = b.build(node.body)
        by = [b.build(letter) for letter, times in node.variables for _ in range(times)]
        with suppress(ShapeError):  # of what is no name, or by too many
            return Partial(f, *by)
    if calculus is None:
        b.fail(DERIVATIVES, node.start, NO_DERIVATIVES)
    _refuse_capture(b, node)
    whole = _by_whole(b, node)
    if whole is not None:
        return whole
    body = b.scalar(node.body, "a derivative")
    letters = of_kind(Letter, body)
    variables: list[tuple[Expr, int]] = []
    for letter, times in node.variables:
        value = b.build(letter)
        if isinstance(value, Letter) and node.gradient:
            found = calculus.gradient(body, value)
            if found is None or not body.has(value):
                b.fail(f"this gradient by {b.text(letter)} is not read", node.start)
            return b.weighed(found, node)
        if letter.indices and isinstance(value, Symbol) and letter.text in b.unknown_families:
            places = [index_of(b, i) for i in letter.indices]
            member = Indexed(b.unknown_families[letter.text], *places)
            body, value = body.xreplace({value: member}), member
        if not isinstance(value, (Symbol, Indexed)):
            b.fail(f"one does not differentiate by {b.text(letter)}", letter.start)
        if isinstance(value, Indexed) and any(e.name == str(value.base) for e in letters):
            body = _by_entry(b, body, value, letter, node)
            if len(node.variables) > 1 or times > 1:
                b.fail("a second derivative by an entry is not read", node.start)
            return body
        _depends(b, body, value, node)
        variables.append((value, times))
    if node.gradient:
        b.notes["\\nabla of a scalar by a scalar is read as its derivative"] = None
    return Derivative(body, *variables)


def _by_whole(b: Builder, node: n.Derive) -> Expr | None:
    r"""A derivative by a column whose layout is not said; None for any other.

    `\nabla f` is by the only column in it, and `\nabla^2 f` may be a Laplacian.
    """
    calculus = b.vocabulary.calculus
    assert calculus is not None
    columns = {
        value: times
        for letter, times in node.variables
        if isinstance(value := b.build(letter), Letter) and shape(value)[1] == 1
    }
    if len(columns) != len(node.variables) or len(columns) > 1:
        return None
    body = b.build(node.body)
    if not columns:
        found = {e for e in of_kind(Letter, body) if shape(e)[1] == 1 and e.index is None}
        if len(found) != 1:
            b.fail(DERIVATIVES, node.start, "write \\nabla_x f, with what it is by")
        columns = {found.pop(): node.times}
    ((x, times),) = columns.items()
    if times == 1 and node.gradient and body.is_commutative:
        made = calculus.gradient(body, x)
    elif times > 2 or (times == 2 and not body.is_commutative):
        made = None
    else:
        b.notes[LAYOUT] = None
        made = calculus.by_vector(body, x, times == 2)
    if made is None or not body.has(x):
        b.fail(f"this derivative by {x} is not read", node.start)
    return b.weighed(made, node)


def _refuse_capture(b: Builder, node: n.Derive) -> None:
    """Refuse the derivative by x_i of a sum over i, where x_i is one entry and every one."""
    bound = {domain.letter.base for big in n.every(node.body, n.Big) for domain in big.domains}
    for letter, _ in node.variables:
        for index in letter.indices:
            for name in n.names(index):
                if name.base in bound:
                    b.fail(
                        f"the index {name.base} of {b.text(letter)} is that of a sum too",
                        letter.start,
                        "sum over another index",
                    )


def _by_entry(b: Builder, body: Expr, value: Indexed, letter: n.Name, node: n.Derive) -> Expr:
    """The derivative by an entry of a vector or a matrix: that entry of the gradient."""
    calculus, whole = b.vocabulary.calculus, b.vocabulary.letter(letter.text)
    found = None
    if calculus is not None and isinstance(whole, Letter) and body.has(whole):
        gradient = calculus.gradient(body, whole)
        found = None if gradient is None else calculus.entry(gradient, *value.indices)
    if found is None:
        b.fail(f"this derivative by {b.text(letter)} is not read", node.start)
    return b.weighed(found, node)


def _depends(b: Builder, body: Expr, value: Expr, node: n.Derive) -> None:
    """Refuse dy/dx where nothing says how y depends on x."""
    base = value.base if isinstance(value, Indexed) else value
    if body.free_symbols and not (body.has(value) or body.has(base)):
        name = str(getattr(base, "name", base)).split("_{")[0]
        if not any(letter.base == name for letter in n.names(node.body)):
            b.fail(
                f"it is not said how {b.text(node.body)} depends on it",
                node.start,
                "write out what is differentiated",
            )


def build_slope(b: Builder, node: n.Slope) -> Expr:
    """f'(x): the derivative of the function, at its argument."""
    if b.vocabulary.calculus is None:
        b.fail(DERIVATIVES, node.start, NO_DERIVATIVES)
    applied = node.applied
    if len(applied.arguments) != 1:
        b.fail(f"{b.text(node)} has several arguments", node.start)
    place = Dummy("x", real=True)
    b.scope[_ARGUMENT] = place
    name = n.Name(_ARGUMENT, (), 0, applied.start, applied.end)
    value = b.build(replace(applied, arguments=(name,)))
    del b.scope[_ARGUMENT]
    at = b.scalar(applied.arguments[0], b.text(node))
    return value.diff(place, node.primes).xreplace({place: at})


def build_entry(b: Builder, node: n.EntryOf) -> Expr:
    """An entry of an expression, as far as the vocabulary knows what it is."""
    calculus = b.vocabulary.calculus
    if calculus is None:
        b.fail(NO_ENTRIES, node.body.end, NO_ENTRIES_HINT)
    indices = [index_of(b, i) for i in node.indices]
    if type(node.body) is n.Apply:
        applied, made = node.body, None
        values = arguments_of(b, applied)
        if len(indices) == len(values) == 1:
            made = calculus.entry_of_function(applied.function, values[0], indices[0])
        if made is not None:
            return b.weighed(made, node)
        if applied.function == "softmax":
            b.fail(NO_ENTRIES, node.body.end, NO_ENTRIES_HINT)
    value = b.build(node.body)
    if value.is_commutative or len(indices) != (1 if shape(value)[1] == 1 else 2):
        b.fail(NO_ENTRIES, node.body.end, NO_ENTRIES_HINT)
    found = calculus.entry(value, *indices)
    if found is None:
        b.fail(NO_ENTRIES, node.body.end, NO_ENTRIES_HINT)
    return b.weighed(found, node)
