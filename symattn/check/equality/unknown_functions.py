"""Letters that stand for functions: `f(x)`, its derivatives, and densities such as `p(x \\mid z)`.

Nothing is known of such a function but that it is smooth; what is accepted holds of every one.  At
one place it and its derivatives take whatever values one likes, so that points may refute; of its
values at several places something may hold that is not said here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from typing import Any

from sympy import Expr
from sympy.core.function import AppliedUndef, UndefinedFunction

from symattn.algebra.symbols import of_kind
from symattn.errors import ReadError
from symattn.latex import nodes as n
from symattn.latex.statement import parse

LETTERS = frozenset("f g h F G H p q \\phi \\psi".split())
_APPLIED = re.compile(
    r"(?:[fghFGHpq]|\\phi|\\psi)(?:_\w|_\\[A-Za-z]+|_\{[^{}]*\})?\s*'*(?:\^\{?\d\}?)?\s*\{?\s*(?:\\left|\\[bB]igl?)?\s*\("
)


class Unknown(AppliedUndef):
    """A function of which nothing is known, at its arguments.

    >>> from sympy import Symbol
    >>> x = Symbol("x", real=True)
    >>> (unknown("f")(x) ** 2).diff(x), unknown("f")(2 * x).diff(x)
    (2*f(x)*f'(x), 2*f'(2*x))
    """

    def fdiff(self, argindex: int = 1) -> Expr:
        name, orders = type(self).letter, list(type(self).orders)
        orders[argindex - 1] += 1
        return unknown(name, tuple(orders))(*self.args)


def unknown(letter: str, orders: tuple[int, ...] = ()) -> Callable[..., Expr]:
    """Return the function of a letter, differentiated so often by each of its arguments."""

    def at(*arguments: Any) -> Expr:
        times = orders or (0,) * len(arguments)
        marks = "'" * times[0] if len(times) == 1 else str(times) if any(times) else ""
        # The keywords are part of what the function is: it is none of SymPy's own of that name.
        made = UndefinedFunction(
            letter + marks, bases=(Unknown,), letter=letter, orders=times, real=True
        )
        found: Expr = made(*arguments)
        return found

    return at


def family(letter: str) -> Callable[..., Expr]:
    r"""Return the function of a letter; with a subscript, as in `p_\theta(x)`, that is one argument."""

    def at(*arguments: Any, below: Any = None) -> Expr:
        return (
            unknown(letter)(*arguments)
            if below is None
            else unknown(letter + "_")(below, *arguments)
        )

    return at


def of_sympy(x: Expr) -> Expr:
    """Write the undefined functions of an expression of SymPy as unknown ones."""
    found: Expr = x.replace(
        lambda e: isinstance(e, AppliedUndef) and not isinstance(e, Unknown),
        lambda e: family(e.func.__name__)(*e.args),
    )
    return found


def not_refuted(left: Expr, right: Expr) -> str:
    """Return why points do not refute what holds unknown functions; '' where they may."""
    sides = [of_kind(Unknown, x) for x in (left, right)]
    places: dict[str, set[Any]] = {}
    for e in (*sides[0], *sides[1]):
        places.setdefault(type(e).letter, set()).add(e.args)
    for letter, found in sorted(places.items()):
        one_sided = any(all(type(e).letter != letter for e in side) for side in sides)
        if one_sided or len(found) > 1:
            return f"{letter.rstrip('_')} is not known, and it does not hold of every function"
    return ""


def applied(
    sources: Sequence[str], functions: Collection[str], taken: Collection[str]
) -> list[str]:
    """Return the letters that a bracket follows wherever they stand, and that are no name taken.

    >>> applied(["f(x+1)", "f(x) + p(1-p)"], (), ())
    ['f']
    """
    if not any(_APPLIED.search(x) for x in sources):
        return []
    try:
        trees = [parse(x, frozenset(functions) | LETTERS) for x in sources]
    except ReadError:
        return []
    used = {e.function for tree in trees for e in n.every(tree, n.Apply)} & LETTERS
    alone = {_plain(name.base) for tree in trees for name in n.names(tree)}
    return sorted(used - alone - set(taken))


def _plain(base: str) -> str:
    return re.split(r"[_^]", re.sub(r"^\\\w+\{(\\?\w+)\}", r"\1", base))[0]
