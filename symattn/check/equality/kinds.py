r"""What letters are, from their use: the body of a transpose is a vector or a matrix.

Only what its use leaves no choice is inferred.  All that is inferred has one size d, and is told; a
shape that is declared stands.  Hardly a use says that a matrix is square, or that a capital is a
number: `rivals` gives the other shapes, of which what is accepted has to hold as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product

from sympy import Symbol

from symattn.algebra.letters import Letter, Matrix, Vector
from symattn.check.equality.named_laws import normal_columns
from symattn.latex import nodes as n

SIZE = Symbol("d", integer=True, positive=True)
MARKS = (
    "softmax",
    "\\sim",
    "Cov",
    "top",
    "^T",
    "{T}",
    "tr",
    "det",
    "\\|",
    "Vert",
    "nabla",
    "Trace",
    "trans",
)
"""Without one of these in it a side has no letter whose use tells."""
SPELLED = ("\\var", "\\mathbf", "\\boldsymbol", "\\bm", "\\pmb", "\\vec")
"""Without one of these no two spellings are read as one letter."""
_SQUARE = frozenset(["tr", "det", "trace", "\\det", "\\tr", "Tr"])
_NO_MATRICES = frozenset("E I N O P T".split())
"""Letters that mean something else here: an expectation, the identity, a law, an order, a transpose."""


_RANDOM = frozenset("XYZUV")
"""Letters that are random columns where expectations and covariances of matrices' products stand."""


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
    drawn = {
        x.base for s in statements for e in n.every(s, n.StatisticOf) for x in n.names(e.arguments)
    }
    seen |= dict.fromkeys(seen.keys() & drawn & _RANDOM, "vector")
    made = {name: seen[name] for name in sorted(seen) if name in alone - other - set(known)}
    return {
        name: Matrix(name, SIZE, SIZE) if kind == "matrix" else Vector(name, SIZE)
        for name, kind in made.items()
    }


def of_laws(statements: Sequence[n.Statement], known: Mapping[str, Letter]) -> dict[str, Letter]:
    r"""Return the mean and the covariance of a known column, by `x \sim \mathcal{N}(\mu, \Sigma)`."""
    made: dict[str, Letter] = {}
    for node in (e for s in statements for e in n.every(s, n.StatisticOf) if e.over):
        letter, *law = [*_drawn(node), ("", "")]
        if letter[0] in known:
            size = known[letter[0]].shape[0]
            made |= {
                name: Vector(name, size) if kind == "vector" else Matrix(name, size, size)
                for name, kind in law
                if name and name not in known
            }
    return made


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


def multiplied(statements: Sequence[n.Statement]) -> Shapes:
    r"""Return shapes of letters that are read as numbers, and may be matrices whose order counts.

    Capitals that stand nowhere where a matrix cannot, and what is set in bold; none where no two of
    them meet in a product.  `--real A` says that it is a number.

    >>> from symattn.latex.statement import parse
    >>> multiplied([parse("A^{-1} B A")]), multiplied([parse(r"\frac{A B}{A + B}")])
    ({'A': ('d', 'd'), 'B': ('d', 'd')}, {})
    >>> multiplied([parse(r"\mathbf{W} \mathbf{x}")])
    {'W': ('d', 'd'), 'x': ('d', 1)}
    """
    nodes = [node for s in statements for node in _nodes(s)]
    if any(isinstance(x, n.StatisticOf) for x in nodes):
        return {}
    numbers = {_key(name) for x in nodes for part in _of_numbers(x) for name in n.names(part)}
    numbers |= {name.base for x in nodes if isinstance(x, n.Domain) for name in n.names(x)}
    found: Shapes = {}
    for statement in statements:
        for name in n.names(statement):
            key, bold = _key(name), _BOLD.search(statement.source[: name.start]) is not None
            if key is None or key in numbers or name.base in numbers:
                continue
            if _CAPITAL.fullmatch(name.base):
                found[key] = ("d", "d")
            elif bold and not name.indices:
                found.setdefault(key, ("d", 1))
    entries = {name.base for s in statements for name in n.names(s) if name.indices}
    found = {key: shape for key, shape in found.items() if key not in entries}
    products = (n.Times, n.Power, n.Invert)
    meet = any(
        len(found.keys() & {_key(name) for name in n.names(x)}) > 1
        for x in nodes
        if isinstance(x, products)
    )
    return dict(sorted(found.items())) if meet else {}


_CAPITAL = re.compile(
    r"(?:\\(?:hat|tilde|bar)\{)?(?:[A-DF-HJ-MQRSU-Z]|\\(?:Sigma|Lambda|Omega|Theta|Psi))\}?"
)
_BOLD = re.compile(r"\\(?:mathbf|boldsymbol|bm|pmb|vec)\s*\{?\s*$")


def alike(statements: Sequence[n.Statement]) -> tuple[list[str], str]:
    r"""Return notes on spellings that are read as one letter, and why that is open on one side.

    >>> from symattn.latex.statement import parse
    >>> alike([parse(r"\varepsilon"), parse(r"\epsilon + x")])
    (['\\epsilon and \\varepsilon are read as one letter'], '')
    >>> alike([parse(r"\mathbf{x} - x")])[1]
    '\\mathbf{x} and x are read as one letter, and stand side by side'
    """
    whole: dict[tuple[str, bool], set[str]] = {}
    side_by_side = ""
    for statement in statements:
        own: dict[tuple[str, bool], set[str]] = {}
        for name in n.names(statement):
            bold = _BOLD.search(statement.source[: name.start])
            word = _WORD.match(statement.source, name.start)
            spelling = word.group() if word and word.group().startswith("\\var") else name.base
            spelling = f"\\mathbf{{{spelling}}}" if bold else spelling
            own.setdefault((name.base, bool(name.indices)), set()).add(spelling)
        for key, spellings in own.items():
            whole.setdefault(key, set()).update(spellings)
            if len(spellings) > 1 and not side_by_side:
                said = " and ".join(sorted(spellings))
                side_by_side = f"{said} are read as one letter, and stand side by side"
    notes = [
        f"{' and '.join(sorted(x))} are read as one letter" for x in whole.values() if len(x) > 1
    ]
    return notes, side_by_side


_WORD = re.compile(r"\\[A-Za-z]+")


def _key(name: n.Name) -> str | None:
    r"""Return what a letter is declared by: `W_1` and `W_Q` too, and no entry nor random variable."""
    if name.primes or len(name.indices) > 1:
        return None
    if not name.indices:
        return name.base
    (index,) = name.indices
    label = str(index.value) if isinstance(index, n.Number) else getattr(index, "base", "")
    labelled = isinstance(index, n.Number) or _upper(label)
    return f"{name.base}_{{{label}}}" if labelled and name.base not in "XYZ" else None


def _of_numbers(node: object) -> tuple[object, ...]:
    """Return the parts of a node that are numbers, whatever their letters are elsewhere."""
    if isinstance(node, n.Fraction_):
        return (node.bottom,)
    if isinstance(node, n.Apply) and node.function not in {*_SQUARE, "exp", "\\exp"}:
        return node.arguments
    if isinstance(node, n.NormBars) and node.kind == "abs":
        return (node.body,)
    return (node,) if isinstance(node, (n.Root, n.Binomial, n.Indicator)) else ()


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
        for node in n.every(statement, n.StatisticOf):
            alone |= {name for name, _ in _drawn(node)}
    return alone, other


def told(found: Mapping[str, Letter]) -> list[str]:
    """Return what was inferred, for the verdict to print."""
    return [
        f"{name} is read as {'a matrix, d by d' if x.shape[1] != 1 else 'a column of length d'}"
        for name, x in found.items()
    ]


def _evidence(tree: n.Statement) -> Iterator[tuple[str, str]]:
    """Yield letters and what their place makes them: the surest places first."""
    by_entry = [e.body for e in n.every(tree, n.EntryOf)]
    for node in _nodes(tree):
        if isinstance(node, n.Apply) and node.function == "softmax" and node not in by_entry:
            for argument in node.arguments:
                yield from _of_column(argument)
        if isinstance(node, n.Times):
            for (_, before), (op, after) in zip(node.factors, node.factors[1:]):
                if (
                    isinstance(before, n.Transpose)
                    and isinstance(before.body, n.Apply)
                    and op in ("", ".")
                ):
                    inner = after.items[0] if isinstance(after, n.Group) else after
                    yield from (
                        (x, kind)
                        for x, kind in _of_column(inner)
                        if kind == "vector" and not _upper(x)
                    )
        elif isinstance(node, n.StatisticOf):
            yield from _drawn(node)
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
    inner = body.items[0] if isinstance(body, n.Group) else body
    terms = [t for _, t in inner.terms] if isinstance(inner, n.Plus) else [inner]
    for name in terms if all(isinstance(t, (n.Name, n.Times)) for t in terms) else ():
        if isinstance(name, n.Name) and not name.indices and name.base in _GREEK:
            yield name.base, "vector"
    for name in n.names(body):
        if name.indices or name.primes:
            continue
        if _upper(name.base):
            yield name.base, "matrix"
        elif len(name.base) == 1 or name.base.startswith("\\mathbf"):
            yield name.base, "vector"


def _of_column(body: n.Node) -> Iterator[tuple[str, str]]:
    """Yield the letters of a column: the last of each product, and capitals before it."""
    terms = [t for _, t in body.terms] if isinstance(body, n.Plus) else [body]
    words = [
        [f for op, f in t.factors if op != "/"] if isinstance(t, n.Times) else [t] for t in terms
    ]
    words = [[x.top if isinstance(x, n.Fraction_) else x for x in word] for word in words]
    if any(not isinstance(word[-1], (n.Name, n.Group)) for word in words):
        return
    for *before, last in words:
        yield from ((x.base, "matrix") for x in before if isinstance(x, n.Name) and _upper(x.base))
        if isinstance(last, n.Name) and last.base != "\\mathbf{1}" and not last.indices:
            yield last.base, "vector"


def _drawn(node: n.StatisticOf) -> Iterator[tuple[str, str]]:
    r"""Yield what a covariance and a law of columns, as of `x \sim \mathcal{N}(\mu, \Sigma)`, say."""
    found = [x for argument in node.arguments for x in _of_column(argument)]
    if node.kind == "Cov" and (len(node.arguments) == 1 or "matrix" in dict(found).values()):
        yield from found
    letter, law_of, *_ = (*node.over, None, None)
    if not (isinstance(letter, n.Name) and isinstance(law_of, n.Name)):
        return
    law = normal_columns(law_of.base.removeprefix("~"))
    if law is not None:
        yield letter.base, "vector"
        for text, kind in zip(law, ("vector", "matrix")):
            yield from (
                (x, kind) for x in _LETTER.findall(text.strip()) if x == text.strip() and x != "I"
            )


_LETTER = re.compile(r"\\?[A-Za-z]+")


_GREEK = frozenset("\\mu \\nu \\theta \\phi \\epsilon \\xi \\eta \\omega \\psi \\delta".split())
"""Small Greek letters that are columns where they are transposed or measured, alone or in a sum."""


def _upper(name: str) -> bool:
    return (
        len(name) == 1 and name.isupper() and name not in _NO_MATRICES
    ) or name in _GREEK_MATRICES


_GREEK_MATRICES = frozenset("\\Sigma \\Lambda \\Omega \\Theta \\Psi".split())


def _nodes(tree: object) -> Iterator[object]:
    stack = [tree]
    while stack:
        here = stack.pop()
        yield here
        stack.extend(n.inside(here))
