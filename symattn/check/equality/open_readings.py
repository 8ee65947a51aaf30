r"""What may be read in another way, or is not written.

The pairs of `\sum_{i<j}`, ends of sums, where a product ends, powers of `\sigma(x)`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sympy import Expr, Symbol

from symattn.algebra.letters import Letter
from symattn.errors import ReadError
from symattn.latex import nodes as n
from symattn.latex.meaning import Reading
from symattn.latex.statement import parse
from symattn.latex.tree import PICKS

_PAIR = re.compile(
    r"\\sum_\{\s*(?:1\s*\\leq?\s*)?([a-z])\s*(<|\\neq?(?![a-z]))\s*([a-z])\s*(?:\\leq?\s*([A-Za-z])\s*)?\}"
)
_END = re.compile(r"\\sum_\{\s*[a-z]\s*=\s*1\s*\}\s*\^\s*(?:\{\s*([A-Za-z])\s*\}|([A-Za-z]))")
_BRACKET = r"\s*(?:\\left|\\[bB]igl?)?\s*[(\[]"
_FUNCTION = r"(?:\\(?:sigma|Gamma|Phi|phi|psi)|(?<![A-Za-z\\])[fghFGH])"
_RAISED = re.compile(_FUNCTION + r"\s*\^\s*(?:\{[^{}]*\}|\d)" + _BRACKET)
_APPLIED = re.compile(_FUNCTION + _BRACKET)
_LAPLACIAN = re.compile(r"\\Delta\s*(?:\\left)?\s*\\\|")
PAIRS = "a sum over two letters is read as one over all their pairs"
COUNT = Symbol("n", integer=True, positive=True)


def pairs(sources: Sequence[str]) -> list[str]:
    r"""Write a sum over `i < j` or `i \ne j` as one over both, where nothing else says what j is.

    >>> pairs([r"\sum_{i<j} x_i x_j"])
    ['\\sum_{j=1}^{n}\\sum_{i=1}^{j-1} x_i x_j']
    >>> pairs([r"\sum_{i<j} x_i", "x_j"])
    ['\\sum_{i<j} x_i', 'x_j']
    """
    if not any(_PAIR.search(x) for x in sources):
        return list(sources)
    ends = {found.group(1) or found.group(2) for x in sources for found in _END.finditer(x)} or {
        "n"
    }

    def written(found: re.Match[str]) -> str:
        i, sign, j, end = found.groups()
        if end is None and (len(ends) > 1 or not _only_inside(sources, i, j)):
            return found.group()
        end = end or min(ends)
        inner = rf"{i}=1}}^{{{j}-1" if sign == "<" else rf"{i}\ne {j}}}^{{{end}"
        return rf"\sum_{{{j}=1}}^{{{end}}}\sum_{{{inner}}}"

    return [_PAIR.sub(written, x) for x in sources]


def _only_inside(sources: Sequence[str], i: str, j: str) -> bool:
    """Whether a letter stands in the bodies of the sums below it, and nowhere else."""
    try:
        trees = [parse(x) for x in sources]
    except ReadError:
        return False
    inside: set[tuple[int, int]] = set()
    bound: set[tuple[int, int]] = set()  # by a sum of its own
    for at, tree in enumerate(trees):
        for big in n.every(tree, n.Big):
            first = big.domains[0]
            if any(domain.letter.base == j for domain in big.domains):
                bound |= {(at, x.start) for x in n.names(big) if x.base == j}
            own = [x for x in n.names(first) if x.base == j]
            if first.letter.base == i and own:
                body = [x for x in n.names(big.body) if x.base == j]
                if not body:
                    return False
                inside |= {(at, x.start) for x in (*own, *body)}
    if inside & bound:
        return False
    whole = {(at, x.start) for at, tree in enumerate(trees) for x in n.names(tree) if x.base == j}
    return bool(inside) and whole <= inside | bound


def count_of(
    statements: Sequence[n.Statement], letters: Mapping[str, Letter]
) -> tuple[Expr | None, str]:
    r"""Return where the sums end that write no end, and how that is told.

    It is where a sum over the same family ends, or the length of the vector, or n where no end is
    written at all.

    letters : the vectors and matrices that are known.

    >>> one, other = parse(r"\max_i x_i"), parse(r"\sum_{k=1}^K x_k")
    >>> count_of([one, other], {})[0]
    K
    """
    over = [
        (big, d)
        for s in statements
        for big in n.every(s, n.Big)
        for d in big.domains
        if big.kind not in PICKS or _families_over(big, d)
    ]
    open_ones = [(big, d) for big, d in over if d.upper is None and d.members is None]
    if not open_ones:
        return None, ""
    bases = {x for big, d in open_ones for x in _families_over(big, d)}
    ends = {
        d.upper
        for big, d in over
        if d.upper is not None and type(d.lower) is n.Number and d.lower.value == 1
        if bases & _families_over(big, d)
    }
    sizes: set[Any] = {
        Symbol(end.base, integer=True, positive=True)
        if type(end) is n.Name and not end.indices
        else end
        for end in ends
    }
    sizes |= {letters[x].shape[0] for x in bases if x in letters and letters[x].shape[1] == 1}
    if len(sizes) == 1:
        (size,) = sizes
        if isinstance(size, Expr):
            return size, f"a sum that writes no end is read as one from 1 to {size}"
    own = any(x.base == "n" and not x.indices for s in statements for x in n.names(s))
    if sizes or own or any(d.upper is not None for _, d in over):
        return None, ""
    return COUNT, "a sum that writes no end is read as one from 1 to n"


def _families_over(big: n.Big, domain: n.Domain) -> set[str]:
    """Return the families whose index is that of a sum."""
    return {
        x.base
        for x in n.names(big.body)
        if any(domain.letter.base == i.base for i in x.indices if type(i) is n.Name)
    }


def supposed(readings: Sequence[Reading]) -> str:
    """Return what the reading had to suppose, so that no point may refute it; '' for nothing."""
    return _laplacian(readings) or _mean(readings) or _tail(readings) or _raised(readings)


def _laplacian(readings: Sequence[Reading]) -> str:
    """Say that a Delta before a norm may be the Laplacian."""
    if any(_LAPLACIAN.search(reading.statement.source) for reading in readings):
        return r"\Delta may be the Laplacian, and is read as a factor"
    return ""


def _mean(readings: Sequence[Reading]) -> str:
    r"""Say that a barred letter may be the mean of its family, where both occur."""
    names = [name for reading in readings for name in n.names(reading.statement)]
    families = {name.base for name in names if name.indices}
    for name in names:
        bare = name.base.removeprefix("\\bar{").removesuffix("}")
        if bare != name.base and bare in families and not name.indices:
            return (
                f"{name.base} may be the mean of the {bare}_i, and is read as a letter of its own; "
                rf"write \frac{{1}}{{n}} \sum_{{i=1}}^n {bare}_i"
            )
    return ""


def _tail(readings: Sequence[Reading]) -> str:
    r"""Say that a product over an index may end before a factor that does not hold the index."""
    for reading in readings:
        for big in n.every(reading.statement, n.Big):
            if big.kind != "prod" or not isinstance(big.body, n.Times):
                continue
            own = {domain.letter.base for domain in big.domains}
            last = big.body.factors[-1][1]
            if not any(name.base in own for name in n.names(last)):
                said = reading.statement.source[last.start : last.end]
                return f"the product may end before {said}; put brackets round it"
    return ""


def _raised(readings: Sequence[Reading]) -> str:
    r"""Say that `\sigma^{-1}(p)` may be the inverse function, and `\sigma^2(x)` a square of it."""
    sources = [reading.statement.source for reading in readings]
    found = [x for source in sources for x in _RAISED.findall(source)]
    rest = [_APPLIED.sub("", _RAISED.sub("", x)) for x in sources]
    letters = [m.group() for x in found if (m := re.match(_FUNCTION, x))]
    if not found or any(letter in x for letter in letters for x in rest):
        return ""
    return f"{found[0]}..) may be a power of the function, or its inverse"
