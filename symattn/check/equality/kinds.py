r"""What letters are, from their use: the body of a transpose is a vector or a matrix.

Only what its use leaves no choice is inferred.  All that is inferred has one size d, and is told; a
shape that is declared stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sympy import Symbol

from symattn.algebra.letters import Letter, Matrix, Vector
from symattn.latex import nodes as n

SIZE = Symbol("d", integer=True, positive=True)
MARKS = ("top", "^T", "{T}", "tr", "det", "\\|", "Vert", "nabla", "Trace", "trans")
"""Without one of these in it a side has no letter whose use tells."""
_SQUARE = frozenset(["tr", "det", "trace", "\\det", "\\tr", "Tr"])
_NO_MATRICES = frozenset("E I N O P T".split())
"""Letters that mean something else here: an expectation, the identity, a law, an order, a transpose."""


def inferred(statements: Sequence[n.Statement], known: Iterable[str]) -> dict[str, Letter]:
    r"""Return the letters whose use says that they are vectors or matrices, all of one size.

    known : names that mean something already.

    >>> from symattn.latex.statement import parse
    >>> found = inferred([parse(r"x^\top A x")], ())
    >>> {name: letter.shape for name, letter in found.items()}
    {'A': (d, d), 'x': (d, 1)}
    """
    seen = {name: kind for s in statements for name, kind in _evidence(s)}
    if not seen:
        return {}
    alone: set[str] = set()
    other = set(known)
    for statement in statements:
        for name in n.names(statement):
            (other if name.indices or name.primes else alone).add(name.base)
            other |= {x.base for index in name.indices for x in n.names(index)}
    divisors = {
        name.base
        for s in statements
        for node in _nodes(s)
        if isinstance(node, n.Fraction_)
        for name in n.names(node.bottom)
    }
    for base in alone - divisors:  # `\frac{1}{M} \|x\|^2` has a number M
        if _upper(base):
            seen.setdefault(base, "matrix")
    made = {name: kind for name, kind in sorted(seen.items()) if name in alone - other}
    return {
        name: Matrix(name, SIZE, SIZE) if kind == "matrix" else Vector(name, SIZE)
        for name, kind in made.items()
    }


def told(found: Mapping[str, Letter]) -> list[str]:
    """Return what was inferred, for the verdict to print."""
    return [
        f"{name} is read as {'a matrix, d by d' if x.shape[1] != 1 else 'a column of length d'}"
        for name, x in found.items()
    ]


def _evidence(tree: n.Statement) -> Iterator[tuple[str, str]]:
    """Yield letters and what their place makes them: the surest places first."""
    for node in _nodes(tree):
        if isinstance(node, n.Transpose) or (isinstance(node, n.NormBars) and node.kind != "abs"):
            yield from _kinds(node.body)
        elif isinstance(node, n.Apply) and node.function in _SQUARE:
            for argument in node.arguments:
                yield from ((x, kind) for x, kind in _kinds(argument) if kind == "matrix")
        elif isinstance(node, n.Derive) and node.gradient:
            yield from (
                (v.base, "matrix" if _upper(v.base) else "vector") for v, _ in node.variables
            )


def _kinds(body: n.Node) -> Iterator[tuple[str, str]]:
    for name in n.names(body):
        if name.indices or name.primes:
            continue
        if _upper(name.base):
            yield name.base, "matrix"
        elif len(name.base) == 1 or name.base.startswith("\\mathbf"):
            yield name.base, "vector"


def _upper(name: str) -> bool:
    return len(name) == 1 and name.isupper() and name not in _NO_MATRICES


def _nodes(tree: object) -> Iterator[object]:
    stack = [tree]
    while stack:
        here = stack.pop()
        yield here
        stack.extend(n.inside(here))
