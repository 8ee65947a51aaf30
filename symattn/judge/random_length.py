r"""A letter for the random length of the key that varies: `k_i \approx \gamma \mu_i, \gamma \sim N(1, 1/2)`.

People tell by it what becomes of the weights.  It is taken as k_i . mu_i, the only thing that it can
be, and what the line says of its law is judged as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sympy import Add, Basic, Expr, Mul, S, Symbol

from symattn.algebra.attention import k, mu
from symattn.algebra.letters import Dot, Expect, Member, Var
from symattn.judge.judged import Judged
from symattn.judge.line import Link
from symattn.latex.meaning import Distribution, ReadCondition

NORMAL = frozenset(["N", r"\mathcal{N}"])


@dataclass(frozen=True)
class Length:
    """The letter, the key that it is the length of, and what is stated of its law."""

    letter: Symbol
    place: Expr
    value: Expr
    stated: tuple[Link, ...]
    used: tuple[ReadCondition, ...]


def random_length(
    judged: Judged, unknown: Sequence[str], conditions: Sequence[ReadCondition],
    pairs: Sequence[tuple[Basic, str, Basic]],
) -> Length | None:  # fmt: skip
    """Return the random length that a line speaks of, or None.

    unknown : the letters that the question does not have.
    pairs : the relations of the line itself.
    """
    if judged.chance is None or len(judged.chance.cases) < 2:
        return None
    laws = [c for c in conditions if c.relations == ("~",) and _normal(c.terms[1])]
    laws = [c for c in laws if isinstance(c.terms[0], Symbol) and c.terms[0].name in unknown]
    told = [
        (found, c) for c in conditions if len(c.relations) == 1
        if (found := _multiple(c.terms[0], c.relations[0], c.terms[1], unknown)) is not None
    ]  # fmt: skip
    said = [found for pair in pairs if (found := _multiple(*pair, unknown)) is not None]
    letters = {c.terms[0] for c in laws} | {x for (x, *_), _ in told} | {x for x, *_ in said}
    scales = {found[2:] for found in [*(f for f, _ in told), *said]} or {(S.Zero, S.One)}
    if len(letters) != 1 or len(scales) != 1:
        return None
    (letter,), ((rest, slope),) = letters, scales
    indices = [p for (_, p, *_), _ in told] + [p for _, p, *_ in said]
    indices += [a.index for x, _, _ in pairs for a in x.atoms(Member) if a.name == "k"]
    place = indices[0] if indices else judged.indices[0]
    value = (Dot(k(place), mu(place)) - rest) / slope
    stated = []
    for c in laws:
        _, mean, variance = c.terms[1].args
        stated += [
            Link(Expect(value), "=", mean, c.text, law=True),
            Link(Var(value), "~~", variance, c.text, law=True),
        ]
    return Length(letter, place, value, tuple(stated), (*laws, *[c for _, c in told]))


def _normal(x: Any) -> bool:
    return isinstance(x, Distribution) and x.name in NORMAL and len(x.args) == 3


def _multiple(
    left: Basic, relation: str, right: Basic, unknown: Sequence[str]
) -> tuple[Symbol, Expr, Expr, Expr] | None:
    r"""Return letter, index, a and b of `k_i \approx (a + b \gamma) \mu_i`, or None."""
    if relation not in ("~~", "=", "~=") or not isinstance(left, Member) or left.name != "k":
        return None
    whole = S.Zero
    for term in Add.make_args(right.expand()) if isinstance(right, Expr) else ():
        scalars, word = term.args_cnc()
        if word != [mu(left.index)]:
            return None
        whole += Mul(*scalars)
    letters = [s for s in whole.free_symbols if s.name in unknown]
    if len(letters) != 1:
        return None
    slope, rest = whole.coeff(letters[0], 1), whole.coeff(letters[0], 0)
    plain = slope.is_number and slope != 0 and rest.is_number
    return (letters[0], left.index, rest, slope) if plain else None
