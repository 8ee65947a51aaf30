r"""What letters are, from their use: the body of a transpose is a vector or a matrix.

Only what its use leaves no choice is inferred.  All that is inferred has one size d, and is told; a
shape that is declared stands.  Hardly a use says that a matrix is square, or that a capital is a
number: `rivals` gives the other shapes, of which what is accepted has to hold as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product

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
    alone, other = _places(statements)
    for base in _capitals(statements):
        seen.setdefault(base, "matrix")
    made = {name: seen[name] for name in sorted(seen) if name in alone - other - set(known)}
    return {
        name: Matrix(name, SIZE, SIZE) if kind == "matrix" else Vector(name, SIZE)
        for name, kind in made.items()
    }


Shapes = dict[str, tuple[str, str | int]]
TRIED = 256
"""Shapes that are tried beside the guessed ones, at most."""


def rivals(guessed: Mapping[str, Letter]) -> list[Shapes] | None:
    """Return the shapes of sizes d and p that these letters may have too; None where too many may.

    >>> [shapes["A"] for shapes in rivals({"A": Matrix("A", SIZE, SIZE)})]
    [('d', 'p'), ('p', 'd')]
    """
    free = sum(1 if x.shape[1] == 1 else 2 for x in guessed.values())
    if 2**free > TRIED:
        return None
    choices: list[list[tuple[str, str | int]]] = [
        [("d", 1), ("p", 1)] if x.shape[1] == 1 else [(r, c) for r in "dp" for c in "dp"]
        for x in guessed.values()
    ]
    every = (dict(zip(guessed, shapes, strict=True)) for shapes in product(*choices))
    # what has one size only is the guess itself
    return [s for s in every if {"d", "p"} <= {size for sizes in s.values() for size in sizes}]


def capitals(statements: Sequence[n.Statement]) -> list[str]:
    r"""Return the capitals that may be matrices, where one is inverted or stands beside an `\otimes`.

    >>> from symattn.latex.statement import parse
    >>> capitals([parse("A^{-1} B A")]), capitals([parse("A B - B A")])
    (['A', 'B'], [])
    """
    nodes = [node for s in statements for node in _nodes(s)]
    ordered: list[n.Node] = [node for node in nodes if isinstance(node, n.Invert)]
    ordered += [x for x in nodes if isinstance(x, n.Times) and any(o == "ox" for o, _ in x.factors)]
    found = _capitals(statements)
    inside = {name.base for node in ordered for name in n.names(node)}
    return sorted(found) if inside & found else []


def _capitals(statements: Sequence[n.Statement]) -> set[str]:
    alone, other = _places(statements)
    divisors = {
        name.base
        for s in statements
        for node in _nodes(s)
        if isinstance(node, n.Fraction_)
        for name in n.names(node.bottom)
    }
    # `\frac{1}{M} \|x\|^2` has a number M
    return {base for base in alone - other - divisors if _upper(base)}


def _places(statements: Sequence[n.Statement]) -> tuple[set[str], set[str]]:
    """Return the letters that stand alone, and those that have an index or a prime, or are an index."""
    alone: set[str] = set()
    other: set[str] = set()
    for statement in statements:
        for name in n.names(statement):
            (other if name.indices or name.primes else alone).add(name.base)
            other |= {x.base for index in name.indices for x in n.names(index)}
    return alone, other


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
