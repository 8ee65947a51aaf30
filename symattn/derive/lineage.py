"""Which claims take up what another one says, read off their expressions: nobody types it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields

from sympy import Basic, Expr

from symattn.claims import Claim
from symattn.derive.derivation import Step

_ABOUT = frozenset(["name", "given", "oracle", "ranges", "definitions", "note", "relation"])
"""Fields of a claim that hold nothing it computes with."""


def taken_up(claims: Sequence[Claim]) -> dict[str, tuple[str, ...]]:
    """Return, for each claim, the earlier ones whose right side stands in it.

    What a claim computes with are its sides and whatever else proves it: the end of its chain, a
    slack, the steps between two sides.  A right side that is a letter or a number tells nothing and
    is left out, and so is a claim that is reached through another one.

    >>> from sympy import exp, symbols
    >>> from symattn.claims import Identity
    >>> from symattn.hypotheses.base import Given
    >>> x, y = symbols("x y")
    >>> def says(name, left, right):
    ...     return Identity(name=name, given=Given(()), shown=left, left=left, right=right, oracle=float)
    >>> one = says("one", x, 1 / (1 + exp(y)))
    >>> two = says("two", x * y, one.right * y)
    >>> taken_up((one, two, says("three", x * y + 1, two.right + 1)))
    {'one': (), 'two': ('one',), 'three': ('two',)}
    """
    first: dict[Expr, str] = {}
    above: dict[str, set[str]] = {}
    nearest: dict[str, tuple[str, ...]] = {}
    for claim in claims:
        held = tuple(_held(claim))
        used = [name for right, name in first.items() if any(x.has(right) for x in held)]
        further = set().union(*(above[name] for name in used))
        above[claim.name] = further | set(used)
        nearest[claim.name] = tuple(name for name in used if name not in further)
        if not claim.right.is_Atom and claim.right.count_ops() > 1:
            first.setdefault(claim.right, claim.name)
    return nearest


def _held(claim: Claim) -> Iterator[Basic]:
    for field in fields(claim):
        if field.name not in _ABOUT:
            yield from _expressions(getattr(claim, field.name))


def _expressions(x: object) -> Iterator[Basic]:
    if isinstance(x, Basic):
        yield x
    elif isinstance(x, (tuple, list)):
        for part in x:
            yield from _expressions(part)


def steps_of(claim: Claim, steps: Iterable[Step]) -> tuple[int, ...]:
    """Return the places, from 1, of the steps of the chain that ends in a claim's right side.

    A letter or a number is the end of many chains: then it is the chain of the claim's own name.
    """
    numbered = list(enumerate(steps, 1))
    own = [step.chain for _, step in numbered if step.chain == claim.name]
    ends = [step.chain for _, step in numbered if step.after == claim.right]
    chain = next(iter(own or ([] if claim.right.is_Atom else ends[-1:])), None)
    return tuple(at for at, step in numbered if step.chain == chain)
