"""What an index runs over, and sums that are written with dots."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import is_dataclass, replace
from typing import Any

from symattn.errors import ReadError
from symattn.latex import nodes as n
from symattn.latex.nodes import Node

_FRESH = "lmrhpu"


def domains(
    parts: Sequence[tuple[list[Node], list[str]]],
    upper: Node | None,
    source: str,
    start: int,
    end: int,
) -> tuple[n.Domain, ...]:
    """Read what stands below a sum: `l=1`, `l \\ne i, j`, `l \\in \\{i,j\\}`, `1 \\le l \\le n`.

    parts : the chains between the commas, as terms and relations.
    upper : what stands above the sum; it belongs to the first index.
    """
    found: list[n.Domain] = []
    previous = ""
    for terms, relations in parts:
        kind = " ".join(relations)
        if not relations and previous in ("!=", "notin"):
            found[-1] = _without(found[-1], terms[0])
            continue
        if kind not in _BOUNDS:
            raise _no_range(terms[0], source)
        letter, *rest = _BOUNDS[kind][0](terms, found)
        if type(letter) is not n.Name or letter.indices or letter.primes:
            raise _no_range(letter, source)
        at = _place(letter, found)
        if at is None:
            at = len(found)
            found.append(n.Domain(letter, None, None, (), None, start, end))
        elif not relations:
            raise _no_range(letter, source)
        bounded = _BOUNDS[kind][1](found[at], *rest)
        if bounded is None:
            raise _no_range(rest[-1] if kind != "=" else letter, source)
        found[at] = bounded
        previous = kind
    if upper is not None:
        if found[0].upper is not None or found[0].members is not None:
            raise _no_range(upper, source)
        found[0] = replace(found[0], upper=upper)
    return tuple(found)


def _no_range(node: Node, source: str) -> ReadError:
    return ReadError(
        "this range of an index is not read",
        source,
        node.start,
        "write \\sum_{l=1}^{n}, \\sum_{l \\ne i, j} or \\sum_{l \\in \\{i, j\\}}",
    )


def _place(node: Node, found: list[n.Domain]) -> int | None:
    """Which domain a letter has, if it has one."""
    places = (
        at for at, d in enumerate(found) if type(node) is n.Name and d.letter.base == node.base
    )
    return next(places, None)


def _in_order(terms: list[Node], found: list[n.Domain]) -> list[Node]:
    return terms


def _known_first(terms: list[Node], found: list[n.Domain]) -> list[Node]:
    """The letter of `i \\ne l` is the one that a domain was found for."""
    return (
        terms
        if _place(terms[1], found) is None or _place(terms[0], found) is not None
        else terms[::-1]
    )


def _middle_first(terms: list[Node], found: list[n.Domain]) -> list[Node]:
    return [terms[1], terms[0], terms[2]]


def _without(domain: n.Domain, *nodes: Node) -> n.Domain:
    return replace(domain, excluded=(*domain.excluded, *nodes))


def _not_among(domain: n.Domain, right: Node) -> n.Domain | None:
    if type(right) is not n.Group or right.bracket != "\\{" or _range(right):
        return None
    return _without(domain, *right.items)


def _among(domain: n.Domain, right: Node) -> n.Domain | None:
    if type(right) is not n.Group:
        return None
    if right.bracket == "[" and len(right.items) == 1:  # [n] is 1, ..., n
        return replace(domain, lower=n.Number(1, right.start, right.start), upper=right.items[0])
    if right.bracket != "\\{":
        return None
    if bounds := _range(right):
        return replace(domain, lower=bounds[0], upper=bounds[1])
    return replace(domain, members=right.items)


def _from(domain: n.Domain, right: Node) -> n.Domain | None:
    return None if domain.lower is not None else replace(domain, lower=right)


def _within(below: int, above: int) -> Callable[..., n.Domain]:
    """Bounds on both sides, each moved by a step."""

    def bounded(domain: n.Domain, low: Node, high: Node) -> n.Domain:
        return replace(domain, lower=_shifted(low, below), upper=_shifted(high, above))

    return bounded


_BOUNDS: dict[str, tuple[Callable[..., list[Node]], Callable[..., n.Domain | None]]] = {
    "": (_in_order, lambda domain: domain),
    "!=": (_known_first, _without),
    "notin": (_in_order, _not_among),
    "in": (_in_order, _among),
    "=": (_in_order, _from),
    "<": (_in_order, lambda domain, right: replace(domain, upper=_shifted(right, -1))),
    "<=": (_in_order, lambda domain, right: replace(domain, upper=right)),
    ">": (_in_order, lambda domain, right: replace(domain, lower=_shifted(right, 1))),
    ">=": (_in_order, lambda domain, right: replace(domain, lower=right)),
    "<= <=": (_middle_first, _within(0, 0)),
    "< <=": (_middle_first, _within(1, 0)),
    "<= <": (_middle_first, _within(0, -1)),
    "< <": (_middle_first, _within(1, -1)),
}
"""The relations of a chain: its letter first, then the bounds; and what they make of a domain."""


def _shifted(node: Node, by: int) -> Node:
    if not by:
        return node
    one = n.Number(1, node.start, node.end)
    return n.Plus(((1, node), (by, one)), node.start, node.end)


def _range(group: n.Group) -> tuple[Node, Node] | None:
    """The bounds of \\{1, \\dots, n\\} or \\{1, 2, \\dots, n\\}."""
    items = group.items
    if len(items) not in (3, 4) or type(items[-2]) is not n.Dots:
        return None
    first = items[0]
    if type(first) is not n.Number or first.value != 1:
        return None
    if len(items) == 4 and not (type(items[1]) is n.Number and items[1].value == 2):
        return None
    return first, items[-1]


def expand(plus: n.Plus, source: str) -> Node:
    """Turn `a_1 + \\dots + a_n` into a sum over an index, or leave the dots to be refused."""
    terms = plus.terms
    places = [at for at, (_, term) in enumerate(terms) if type(term) is n.Dots]
    at = places[0]
    if len(places) != 1 or at == 0 or at == len(terms) - 1:
        raise _unclear(terms[at][1], source)
    sign, last = terms[at + 1]
    numbers: list[int] = []
    pattern: tuple[Any, int, Node] | None = None
    before = at
    while before > 0 and terms[at][0] == sign == terms[before - 1][0]:
        found = _pattern(terms[before - 1][1], last)
        if found is None:
            break
        pattern = found
        numbers.insert(0, found[1])
        before -= 1
        if found[1] == 1:
            break
    if pattern is None or numbers != list(range(1, len(numbers) + 1)):
        raise _unclear(terms[at][1], source)
    shape, _, upper = pattern
    letters = {name.base for name in n.names(plus)}
    fresh = next((c for c in _FRESH if c not in letters), None)
    if fresh is None:
        raise _unclear(terms[at][1], source)
    start, end = terms[before][1].start, last.end
    index = n.Name(fresh, (), 0, start, start)
    body = _fill(shape, index)
    domain = n.Domain(index, n.Number(1, start, start), upper, (), None, start, end)
    total = n.Big("sum", (domain,), body, start, end)
    rest = (*terms[:before], (sign, total), *terms[at + 2 :])
    if len(rest) == 1 and sign > 0:
        return total
    return n.Plus(rest, plus.start, plus.end)


def _pattern(first: Node, last: Node) -> tuple[Any, int, Node] | None:
    """The common form of `a_1` and `a_n`, with the numeric index and the last one."""
    holes: list[tuple[Node, Node]] = []
    shape = _generalise(first, last, holes)
    if shape is None or not holes:
        return None
    number, upper = holes[0]
    pair = (n.parts(number), n.parts(upper))
    if any((n.parts(a), n.parts(b)) != pair for a, b in holes) or type(number) is not n.Number:
        return None
    return (shape, int(number.value), upper) if number.value == int(number.value) else None


def listed(items: Sequence[Node]) -> tuple[Sequence[Node], Node, tuple[n.Name, Node] | None] | None:
    r"""Read a list with dots: its first items, what all others are, and over which index up to what.

    `x_1, \dots, x_n` has no first items; `a, b, 0, \dots, 0` has no index.
    """
    if (
        len(items) < 3
        or [type(x) for x in items].count(n.Dots) != 1
        or type(items[-2]) is not n.Dots
    ):
        return None
    *first, _, last = items
    if len(first) > 1 and _same(first[-1], last):
        return first[:-1], last, None
    found = [_pattern(x, last) for x in first]
    if None in found or [x[1] for x in found if x] != list(range(1, len(first) + 1)):
        return None
    assert found[0] is not None
    shape, _, upper = found[0]
    taken = {name.base for name in n.names(tuple(items))}
    fresh = next((c for c in _FRESH if c not in taken), None)
    if fresh is None:
        return None
    index = n.Name(fresh, (), 0, last.start, last.start)
    return (), _fill(shape, index), (index, upper)


def _same(one: Node, other: Node) -> bool:
    holes: list[tuple[Node, Node]] = []
    return _generalise(one, other, holes) is not None and not holes


def alike(one: Any, other: Any) -> bool:
    """Whether two terms differ in the indices of their letters, and in nothing else."""
    if type(one) is not type(other):
        return False
    if type(one) is n.Name:
        return bool(one.text == other.text and len(one.indices) == len(other.indices))
    if is_dataclass(one):
        one, other = n.parts(one), n.parts(other)
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    return bool(one == other)


def _unclear(dots: Node, source: str) -> ReadError:
    return ReadError(
        "it is not clear what the dots stand for",
        source,
        dots.start,
        "write \\sum_{l=1}^{n}",
    )


_HOLE = n.Name("\0", (), 0, 0, 0)


def _generalise(first: Any, last: Any, holes: list[tuple[Node, Node]]) -> Any:
    """The common form of two terms with a hole where the index differs, or None."""
    if type(first) is not type(last):
        if _is_index(first) and _is_index(last):
            holes.append((first, last))
            return _HOLE
        return None
    if is_dataclass(first):
        if type(first) is n.Number or (type(first) is n.Name and not first.indices):
            if n.parts(first) == n.parts(last):
                return first
            if type(first) is n.Number:
                holes.append((first, last))
                return _HOLE
            return None
        pairs = list(zip(n.parts(first), n.parts(last), strict=True))
        common = [_generalise(a, b, holes) for a, b in pairs]
        if any(c is None and a is not None for c, (a, _) in zip(common, pairs, strict=True)):
            return None
        return _made(first, common)
    if isinstance(first, tuple):
        if len(first) != len(last):
            return None
        items = [_generalise(a, b, holes) for a, b in zip(first, last, strict=True)]
        return None if any(item is None for item in items) else tuple(items)
    return first if first == last else None


def _made(node: Any, parts: list[Any]) -> Any:
    """Return a node of the same kind and place with other parts."""
    return type(node)(*parts, node.start, node.end)


def _is_index(value: Any) -> bool:
    return type(value) is n.Number or (
        type(value) in (n.Name, n.Plus) and not getattr(value, "indices", ())
    )


def _fill(shape: Any, index: n.Name) -> Any:
    if shape is _HOLE:
        return index
    if is_dataclass(shape):
        filled = [_fill(part, index) for part in n.parts(shape)]
        return _made(shape, filled)
    if isinstance(shape, tuple):
        return tuple(_fill(item, index) for item in shape)
    return shape
