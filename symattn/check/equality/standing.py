r"""What the names of a document stand for: `p_i = e^{z_i} / \sum_k e^{z_k}` is put in for each p_j."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sympy import Dummy, Expr, Indexed, IndexedBase, Integral, Product, Sum, Symbol

from symattn.algebra.symbols import of_kind
from symattn.errors import ReadError
from symattn.latex.meaning import read
from symattn.latex.names import Vocabulary, canonical


@dataclass(frozen=True)
class Standing:
    """A name and what it stands for.

    places : its indices, or its arguments where it is a function.
    """

    name: str
    latex: str
    places: tuple[str, ...] = ()
    function: bool = False


def put_in_place(words: Vocabulary, one: Standing) -> Vocabulary:
    r"""Return a vocabulary in which a name stands for its value.

    Raises
    ------
    ReadError, ShapeError : the value cannot be read.

    >>> words = put_in_place(Vocabulary(), Standing("f", "x^2", ("x",), True))
    >>> read("f(a)", words).terms[0]
    a**2
    """
    reading = read(one.latex, words)
    if reading.relations or len(reading.terms) != 1 or not isinstance(reading.terms[0], Expr):
        raise ReadError(f"what {one.name} stands for is no expression", one.latex, 0)
    value = _apart(reading.terms[0])
    if not one.places:
        return words.define(one.name, value)
    if one.function:
        return words.function(one.name, _at(one.name, value, one.places, True))
    return words.define(one.name, _at(one.name, value, one.places, False))


def _at(base: str, value: Expr, places: tuple[str, ...], function: bool) -> Callable[..., Expr]:
    """Return the value as a function of what stands in its places.

    An index that the value does not hold is a label: only the name with that very one is meant.
    """
    names = [canonical(place) for place in places]
    labels = not function and not any(_called(value, name) for name in names)

    def put(*given: Any) -> Expr:
        if len(given) != len(names):
            raise ReadError(f"{len(names)} indices or arguments are expected")
        if labels and [str(x) for x in given] != names:
            return Indexed(IndexedBase(base, real=True), *given)  # `d_v` is not `d_k`
        change = {s: x for name, x in zip(names, given) for s in _called(value, name)}
        return value.xreplace(change)

    return put


def _called(value: Expr, name: str) -> list[Symbol]:
    return [s for s in value.free_symbols if isinstance(s, Symbol) and s.name == name]


def _apart(value: Expr) -> Expr:
    """Return a value whose bound letters are no letters of the document."""
    change = {
        s: Dummy(s.name, **s.assumptions0)
        for e in of_kind((Sum, Product, Integral), value)
        for s in e.bound_symbols
        if isinstance(s, Symbol) and not isinstance(s, Dummy)
    }
    bound = {s for s in change if s not in value.free_symbols}
    return value.xreplace({s: d for s, d in change.items() if s in bound})
