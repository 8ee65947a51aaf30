"""Which index of a line is which index of the question, and over what each of them runs.

Roles come from what a line says of its indices: the two that it names as a pair, the one that it
keeps apart from both, the one that a quantifier runs over.  Only what it leaves open is taken by
custom: an own letter for itself, foreign letters in alphabetical order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sympy import Basic, Expr, Integer, S, oo

from symattn.algebra.letters import Dot, Member, OffSum
from symattn.algebra.stable import Peak
from symattn.algebra.words import normal, to_expr
from symattn.judge.free_letters import listed
from symattn.judge.judged import Judged
from symattn.judge.line import Line, Unclear

Places = dict[Expr, Expr]


@dataclass
class Indices:
    """What a line says of its indices.

    apart : (subject, partner) for `subject \\ne partner`.
    same : pairs that are equal.
    numbered : the number that a letter is said to be.
    every : letters that a quantifier runs over, with its words.
    members : the few indices that a letter runs over, for `l \\in \\{i, j\\}`.
    """

    apart: list[tuple[Expr, Expr]] = field(default_factory=list)
    same: list[tuple[Expr, Expr]] = field(default_factory=list)
    numbered: Places = field(default_factory=dict)
    every: dict[Expr, str] = field(default_factory=dict)
    members: dict[Expr, tuple[Expr, ...]] = field(default_factory=dict)

    def partners(self, subject: Expr) -> list[Expr]:
        """The indices that a letter is said to be none of, in their order."""
        return list(dict.fromkeys(p for s, p in self.apart if s == subject))

    def differ(self, p: Expr, o: Expr) -> bool:
        """Whether two are said to be different, or to be different numbers."""
        one, two = (x if x.is_Integer else self.numbered.get(x) for x in (p, o))
        return bool({(p, o), (o, p)} & set(self.apart)) or (None not in (one, two) and one != two)


def unified(own: Sequence[Expr], said: Indices, kept: Expr | None) -> Places:
    """Return the letters and numbers that the line says are others: `a = i`, or `a = 1, i = 1`.

    kept : a letter that stays, because the question has a case for each of its places.

    Raises
    ------
    Unclear : the two of a pair are said to be one.
    """
    pairs = [(a, b) for a, b in said.same if kept not in (a, b)]
    names: dict[Expr, list[Expr]] = {}
    for letter, number in said.numbered.items():
        names.setdefault(number, []).append(letter)
    for number, letters in names.items():
        pairs += [(letters[0], other) for other in (*letters[1:], number)]
    found: Places = {}

    def end(p: Expr) -> Expr:
        while p in found:
            p = found[p]
        return p

    for one, two in pairs:
        one, two = sorted((end(one), end(two)), key=lambda p: _standing(p, own))
        if one == two:
            continue
        if one in own[:2] and two in own[:2]:
            raise Unclear("contradicts-the-question", f"{one} and {two} are different indices")
        found[two] = one
    return {p: end(p) for p in found}


def _standing(p: Expr, own: Sequence[Expr]) -> int:
    """Own letters stand for others, letters for numbers."""
    return own.index(p) if p in own else len(own) + bool(p.is_Integer)


def pair_and_others(
    own: Sequence[Expr], free: Sequence[Expr], foreign: Sequence[Expr], said: Indices
) -> Places:
    """Return the places of the free indices of a line about a pair and all others.

    own : the two of the pair and, where the question has it, any other.

    Raises
    ------
    Unclear : more indices than places.
    """
    third = own[2] if len(own) > 2 else None
    named = next((two for p in free if len(two := said.partners(p)) == 2), None)
    strangers = [p for p in free if p in foreign or p.is_Integer]
    if named is None and third is not None and len(strangers) == 2:
        if len([p for p in free if p in own[:2]]) == 1:
            named = strangers  # k_a q = k_b q >> k_i q
    if named is not None:
        places = _pair(named, own)
        for p in free:
            if p not in named and p != third and (p not in own or set(named) != set(own[:2])):
                places[p] = third if third is not None else p
        beside = {p for p, place in places.items() if place == third}
        if len(beside | ({third} & set(free))) > 1:
            raise Unclear("ask-which-index", "several indices are none of the pair; write one, l")
        return places
    vacant = [p for p in own if p not in free]
    if not [p for p in free if p in own[:2]]:
        others = [p for p in free if p not in own[:2] and p not in strangers]
        if others and len(strangers) + len(others) == 2:  # k_l + k_m
            strangers, vacant = [*strangers, *others], list(own)
    places = {}
    for p in sorted(strangers, key=_by_name):
        fit = [o for o in vacant if not said.differ(p, o)]
        if fit:
            places[p] = fit[0]
            vacant.remove(fit[0])
        elif third is not None and third not in free and third not in places.values():
            places[p] = third
    return places


def _pair(named: Sequence[Expr], own: Sequence[Expr]) -> Places:
    """Give two named indices the places of the pair; own letters keep theirs."""
    kept = {p: p for p in named if p in own[:2]}
    rest = [o for o in own[:2] if o not in kept]
    return kept | dict(zip(sorted((p for p in named if p not in kept), key=_by_name), rest))


def _by_name(p: Expr) -> tuple[int, str]:
    return (int(p), "") if p.is_Integer else (0, str(p))


def further(
    own: Sequence[Expr], free: Sequence[Expr], said: Indices, places: Mapping[Expr, Expr]
) -> list[Places]:
    """Return the further indices at which a statement must hold: what a quantifier does not leave out.

    `\\alpha_l \\approx 0 for all l` says it of i and j as well, and so does `l \\ne i` of j.
    """
    found: list[Places] = []
    third = own[2] if len(own) > 2 else None
    for p in free:
        place = places.get(p, p)
        apart = [*said.partners(p), *[s for s, other in said.apart if other == p]]
        out = {places.get(o, o) for o in apart} | {place}
        if p not in said.every and (place in own[:2] or not apart):
            continue
        found += [{place: o} for o in own[:2] if o not in out]
        if place in own[:2] and third is not None:
            found.append({place: third})
    return found


@dataclass(frozen=True)
class Roles:
    """Who dominates whom in a condition for one weight to be the largest by far.

    places : the index that dominates is the first of the question, the others the second.
    left_out : indices that the condition says nothing of.
    """

    places: Places
    left_out: tuple[Expr, ...] = ()


def dominance(
    own: Sequence[Expr], free: Sequence[Expr], said: Indices, above: Expr | None
) -> Roles | None:
    r"""Return who dominates by the quantifier and the pair that is named; None where none is said.

    above : the index on the larger side.  `k_i q \gg k_j q, i \ne j` without a quantifier leaves it
    to the sides; `\forall m \ne l` runs over m.

    Raises
    ------
    Unclear : a quantifier runs over both.
    """
    first, second = own[:2]
    subjects = [p for p in free if p in said.every or said.partners(p)]
    over = [p for p in subjects if p in said.every]
    if len(over) > 1:
        raise Unclear(
            "ask-for-all",
            "not every weight can be larger than all others; write the condition for one i",
        )
    if not subjects:
        return None
    subject = over[0] if over else subjects[0]
    rest = [p for p in free if p != subject and p not in said.partners(subject)]
    named = [p for p in said.partners(subject) if p in free]
    one = (named or rest or [first])[0]
    if not over and said.partners(subject) == [one] and above == subject:
        if subject == second:
            raise Unclear(
                "ask-which-index",
                f"it is not clear over which index it runs; write \\forall {subject} \\ne {one}, or "
                f"\\forall {one} \\ne {subject}",
            )
        subject, one = one, subject
    out = tuple(p for p in said.partners(subject) if p != one)
    if any(isinstance(p, Integer) for p in (subject, one)):
        return None
    places: Places = {one: first}
    if one != first or subject not in own:
        places[subject] = second
    return Roles(places, out)


def number_asked(left: Sequence[Basic]) -> Unclear:
    """Ask about an index that is a number and has no place."""
    return Unclear(
        "ask-which-index",
        f"the index {listed(left)} is a number; write i, j or l, or both as in k_1 + k_2",
    )


def excepted(line: Line, first: Expr) -> Roles | None:
    """Return the index that a maximum or a sum over the others leaves out, if it is another one."""
    out = {
        p for x in line.terms for node in x.atoms(OffSum, Peak)
        if len(node.args[3].args) == 1 for p in node.args[3].args
    }  # fmt: skip
    (one,) = out if len(out) == 1 else (first,)
    return None if one == first else Roles({one: first, first: one})


def larger(judged: Judged, line: Line) -> Expr | None:
    """Return the index of the logit on the larger side of a condition, where there is one."""
    for link in line.links[:1]:
        left, right = link.left, link.right
        up = link.relation in (">", ">=", ">>") or (link.relation == "->" and right == oo)
        down = link.relation in ("<", "<=", "<<") or (link.relation == "->" and right == -oo)
        if not (up or down) or not isinstance(right, Expr):
            return None
        gap = judged.expand(left) - (S.Zero if right in (oo, -oo) else judged.expand(right))
        if not gap.is_commutative:
            return None
        flat = to_expr(normal(gap if up else -gap)).expand()
        keys = {
            a.index for dot in flat.atoms(Dot) if flat.coeff(dot).is_positive
            for a in dot.args if isinstance(a, Member)
        }  # fmt: skip
        return next(iter(keys)) if len(keys) == 1 else None
    return None
