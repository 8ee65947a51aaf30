"""What a formula in a sentence rests on: a claim, a definition, a hypothesis, or nothing yet.

The words of a script are claims too.  A formula with a relation that is not one of those is made a
claim on the spot, and goes through the same checks; what cannot be made one is marked where it is
printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sympy import Basic, Expr, Indexed, S, Symbol, preorder_traversal

from symattn.algebra.arrays import needed
from symattn.algebra.letters import Letter, shape
from symattn.algebra.vanish import vanishes
from symattn.claims import Claim, Equivalent, Identity, Inequality, MaximalOnSimplex, Minimal
from symattn.claims.definitions import Defined, Definitions, family_name, place
from symattn.claims.tie import check_tie
from symattn.derive.prose import Formula
from symattn.errors import SymattnError
from symattn.hypotheses.base import Given, Hypothesis
from symattn.hypotheses.families import Named, Replaced
from symattn.hypotheses.gaussian import Covariance
from symattn.hypotheses.stands import Stands

ROLES = {
    "claim": "a claim of the derivation",
    "side": "one of two conditions that a claim says are equivalent",
    "definition": "what a letter stands for",
    "hypothesis": "given by the question",
    "condition": "assumed by a claim beside it",
    "spot": "made a claim where it stands",
    "part": "a side of a claim or a definition, or a part of one",
    "name": "a letter or a number alone",
    "unchecked": "stated, not checked",
}
NAMING = (Named, Replaced, Covariance, Stands)
"""Hypotheses that say what a letter stands for, wherever it occurs."""
_FLIPPED = {"=": "=", r"\le": r"\ge", r"\ge": r"\le", "<": ">", ">": "<", r"\iff": r"\iff"}


@dataclass(frozen=True)
class Ground:
    """What a sentence stands on.

    claims : all that are made before it; `near` are those that it or its neighbours name.
    history : every definition that was ever made, the latest last.
    """

    claims: Sequence[Claim]
    near: Sequence[Claim]
    names: Definitions
    given: Given
    history: Sequence[Defined] = ()

    def role(self, said: Formula) -> tuple[Formula, tuple[Claim, ...]]:
        """Return a formula with its role, and the claims that were made of it on the spot."""
        if said.role:
            return said, ()
        find = self._related if said.relations else self._alone
        found = find(said)
        if found is not None:
            return replace(said, role=found[0], of=found[1]), ()
        made = self._made(said) if said.relations else ()
        if made:
            names = ", ".join(claim.name for claim in made)
            return replace(said, role="spot", of=names), made
        return replace(said, role="unchecked"), ()

    # formulas with a relation -----------------------------------------------------------------

    def _related(self, said: Formula) -> tuple[str, str] | None:
        given = set(self.given.latex)
        # A claim far away may hold under hypotheses that the sentence does not make.
        far = [claim for claim in self.claims if set(claim.given.latex) <= given]
        for claim in (*self.near, *far):
            if _alike(said, claim.terms, claim.relations) and said.behind == claim.behind:
                return "claim", claim.name
            if isinstance(claim, Equivalent) and claim in self.near:
                for at in (0, 2):
                    if _alike(said, claim.terms[at : at + 2], claim.relations[at : at + 1]):
                        return "side", claim.name
        return self._defined(said) or self._assumed(said)

    def _defined(self, said: Formula) -> tuple[str, str] | None:
        if said.relations != ("=",):
            return None
        for letter, value in (said.terms, said.terms[::-1]):
            for one in self.history:
                if type(letter) is not type(one.letter) or one.value is None:
                    continue
                if family_name(letter) != one.name:
                    continue
                index = place(letter)
                if same(value, one.value if index is None else one.at(index)):
                    return "definition", one.name
        return None

    def _assumed(self, said: Formula) -> tuple[str, str] | None:
        wanted = plain(said.latex)
        groups = (
            ("hypothesis", (self.given,), Hypothesis),
            ("condition", tuple(claim.given for claim in self.near), Hypothesis),
            ("definition", tuple(claim.given for claim in self.claims), NAMING),
        )
        for role, many, kind in groups:
            for hypothesis in (h for given in many for h in given if isinstance(h, kind)):
                if wanted in map(plain, hypothesis.latex.split("$")[1::2]):
                    return role, hypothesis.latex
        return None

    def _made(self, said: Formula) -> tuple[Claim, ...]:
        """Return a claim for each link of the chain; none when one of them cannot be made."""
        if said.relations[1:2] == (r"\iff",) and len(said.relations) == 3:
            first, second = said.terms[:2], said.terms[2:]
            return self._claim(
                Equivalent, first[0], second[1], first=(said.relations[0], first[1]),
                second_left=second[0], second_relation=said.relations[2],
            )  # fmt: skip
        made: list[Claim] = []
        for left, relation, right in zip(said.terms, said.relations, said.terms[1:]):
            if _bare(left, right) or _bare(right, left):
                defined = {one.name for one in self.names.defined}
                if not any(family_name(a) in defined for a in _letters(left, right)):
                    return ()  # a condition, and no claim beside it makes it
            if self.names.expand(right) != right:  # what is defined stands on the left of a claim
                left, right = left - right, S.Zero
            if relation == "=":
                found = self._claim(Identity, left, right, len(made))
            elif relation in _FLIPPED and relation != r"\iff" and left.is_commutative:
                gap = right - left if relation in (r"\le", "<") else left - right
                slack = self.names.expand(gap)
                found = self._claim(
                    Inequality, left, right, len(made), relation=relation, slack=slack
                )
            else:
                return ()
            if not found:
                return ()
            made += found
        return tuple(made)

    def _claim(
        self, kind: type[Claim], left: Expr, right: Expr, offset: int = 0, **more: object
    ) -> tuple[Claim, ...]:
        taken = sum(claim.name.startswith("words-") for claim in self.claims)
        try:
            name = f"words-{taken + offset + 1}"
            claim = self.names.claim(kind, name, self.given, left, right, **more)
            check_tie(claim)
        except (SymattnError, TypeError, ValueError, AttributeError):
            return ()
        return (claim,)

    # formulas without one ---------------------------------------------------------------------

    def _alone(self, said: Formula) -> tuple[str, str] | None:
        (x,) = said.terms
        if x.is_Atom or isinstance(x, (Letter, Indexed)) or x == -1:
            return "name", ""
        for name, whole in self._wholes():
            if any(part == x for part in preorder_traversal(whole)) or same(whole, x):
                return "part", name
        wanted = re.compile(rf"(?<![\w^]){re.escape(plain(said.latex))}(?![\w^])")
        for claim in (*self.near, *self.claims):  # a part of a sum has no expression of its own
            printed = (claim.latex, *(h.latex for h in claim.given))
            if any(wanted.search(plain(text)) for text in printed):
                return "part", claim.name
        return None

    def _wholes(self) -> Iterator[tuple[str, Basic]]:
        for claim in (*self.near, *self.claims):
            yield from ((claim.name, term) for term in claim.terms)
            if isinstance(claim, (MaximalOnSimplex, Minimal)):
                yield claim.name, claim.f
            if claim.behind:
                yield from ((claim.name, term) for term in claim.behind.terms)
        for one in self.history:
            if one.value is not None:
                yield one.name, one.value


def _alike(said: Formula, terms: Sequence[Expr], relations: Sequence[str]) -> bool:
    """Whether a formula says what the terms say, from the left or from the right."""
    if len(said.terms) != len(terms):
        return False
    turned = tuple(_FLIPPED.get(r, "") for r in reversed(said.relations))
    ways = ((said.terms, said.relations), (said.terms[::-1], turned))
    return any(
        tuple(there) == tuple(relations) and all(map(same, here, terms)) for here, there in ways
    )


def same(a: Expr, b: Expr) -> bool:
    """Whether two expressions are certainly equal, with no hypothesis."""
    if a == b:
        return True
    if not isinstance(a, Expr) or not isinstance(b, Expr) or a.is_infinite or b.is_infinite:
        return False
    try:
        if set(needed(a)) != set(needed(b)):
            return False  # equal all the same, now and then; then it is claimed where it stands
        return shape(a) == shape(b) and vanishes(a - b) is True
    except (SymattnError, RecursionError):
        return False


def _bare(a: Expr, b: Expr) -> bool:
    """Whether a side is one letter that the other side does not hold."""
    return isinstance(a, (Symbol, Indexed, Letter)) and a not in b.atoms(Symbol, Indexed, Letter)


def _letters(*sides: Expr) -> Iterable[Expr]:
    return (a for side in sides for a in side.atoms(Symbol, Indexed, Letter))


def plain(latex: str) -> str:
    r"""Return LaTeX without what does not change its meaning: blanks, needless braces, sizes.

    >>> plain(r"k_{i} \cdot k_{j} = 0") == plain(r"k_i \cdot k_j=0")
    True
    """
    text = re.sub(r"\\(?:left|right|,|;|!)(?![A-Za-z])", "", latex)
    text = re.sub(r"\\(leq|geq|neq)(?![A-Za-z])", lambda m: "\\" + m[1][:2], text)
    text = re.sub(r"(?<=[_^])\{(\w|\\[A-Za-z]+)\}", r"\1", text)
    return re.sub(r"\s+(?![A-Za-z])|(?<![A-Za-z])\s+", "", text).strip()
