"""Is a mutant true all the same?  Decided apart from the evidence that is tested on it.

A mutant may say the same as its claim (an index exchanged in a symmetric expression), less than
it (a larger upper bound), or hold for another reason (a hypothesis that was not needed). Such a
mutant must not count as a failure when it is accepted, and must not count as a success when it is
refused.

How independence is kept. The proof that is tested compares a mutant with the *definition*; here a
mutant is compared with the *claim that it was made from*, which is taken for true. The numbers
that are tested compare a mutant with the oracle on the instances of a seed; here two expressions
are compared with each other (an inequality, with the oracle), on instances from another seed. And
both must agree: an exact decision and fresh numbers. So a proof that passes everything is not
believed here, for the numbers say no; numbers that pass everything are not believed, for the
exact decision says no. What is exact is decided by other means than in a proof where that can be:
the signs of inequalities here come from the coefficients of polynomials, not from `algebra.sign`.
Only that a hypothesis was not needed is for numbers alone to say: fresh instances, each of which
breaks it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
from sympy import (
    Basic,
    Expr,
    Indexed,
    KroneckerDelta,
    S,
    Sum,
    Symbol,
)

from symattn.algebra.arrays import compiled
from symattn.algebra.letters import OffSum
from symattn.algebra.limits import NoSafeLimit, limit_at_infinity
from symattn.algebra.vanish import vanishes
from symattn.algebra.words import Rewriting, normal
from symattn.check.draws import Plan, completed, instances
from symattn.check.mutation.mutate import Mutant
from symattn.check.mutation.signs import certainly_nonnegative
from symattn.check.mutation.weaken import breaks
from symattn.check.numbers import MINIMUM, MINIMUM_FEW, measure
from symattn.check.trials import TOLERANCE, relative
from symattn.claims import Claim, Equivalent, Inequality, Leading, Solution, Tends
from symattn.errors import BudgetExceeded, ShapeError, SymattnError
from symattn.hypotheses.base import Given, Hypothesis, Instance
from symattn.hypotheses.families import Bounded, Distinct, Replaced
from symattn.hypotheses.free import Reals
from symattn.hypotheses.gaussian import Covariance

FRESH = 7919
"""Added to a seed: what recognises a mutant must not see the instances that tested it."""


class Truth:
    """What is known to be true of the mutants of one claim.

    plan : the one that the mutants are tested with.
    """

    def __init__(self, claim: Claim, plan: Plan) -> None:
        self.claim = claim
        self.plan = replace(plan, seed=plan.seed + FRESH)

    @cached_property
    def fresh(self) -> list[Instance]:
        return list(instances(self.claim, self.plan))

    @property
    def least(self) -> int:
        """How many instances it takes: an order is measured on several ways through each."""
        return MINIMUM_FEW if isinstance(self.claim, Leading) else MINIMUM

    def why(self, mutant: Mutant) -> str:
        """Return why a mutant is true all the same: 'same', 'weaker', 'another solution' or
        'not needed' (of a hypothesis); '' when it is not known to be true.
        """
        if mutant.text is not None:
            return ""
        if mutant.weakened is not None:
            return "not needed" if self.not_needed(mutant) else ""
        claim, right = mutant.claim, mutant.claim.right
        if right != self.claim.right and self.same(self.claim.right, right):
            return "same"
        if isinstance(self.claim, Solution) and self.rescaled(right):
            return "another solution"
        if isinstance(claim, Inequality) and self.implied(claim):
            return "weaker"
        return ""

    def same(self, first: Expr, second: Expr) -> bool:
        """Tell whether fresh instances agree, and the difference vanishes exactly."""
        rules = self.claim.given.rewriting
        return all(_alike(a, b) for a, b in self.values(first, second)) and _exactly(
            first - second, rules
        )

    def values(self, first: Expr, second: Expr) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield the values of two expressions on fresh instances.

        When too few of them are finite, a pair that is not alike comes last.
        """
        found = 0
        for given in self.completed(self.claim.with_right(second)):
            try:
                with np.errstate(all="ignore"):
                    a, b = (_real(compiled(x)(given)) for x in (first, second))
            except (SymattnError, ArithmeticError, np.linalg.LinAlgError, ValueError, TypeError,
                    LookupError):  # fmt: skip
                continue
            if np.all(np.isfinite(a)) and np.all(np.isfinite(b)):
                found += 1
                yield a, b
        if found < self.least:
            yield np.zeros(1), np.ones(1)

    def completed(self, claim: Claim) -> Iterator[Instance]:
        """Yield fresh instances with a value for each symbol that a mutant brought in."""
        rng = np.random.default_rng(self.plan.seed)
        return (completed(claim, instance, rng) for instance in self.fresh)

    def implied(self, mutant: Inequality) -> bool:
        """Tell whether an inequality that is true gives the other one."""
        original = self.claim
        if not isinstance(original, Inequality) or original.upward != mutant.upward:
            return False
        sign = 1 if original.upward else -1
        rules = original.given.rewriting
        stricter = mutant.relation in ("<", ">") and original.relation not in ("<", ">")
        strict = mutant.relation in ("<", ">")
        if stricter and mutant.right == original.right and original.middle is None:
            # What the claim leaves as its gap is never zero, though floats may say so far out.
            if certainly_nonnegative(original.slack, rules, strict=True):
                return measure(original, self.plan, at=self.fresh)[0].verdict == "confirmed"
        # The oracle is asked again, on fresh instances: nothing may speak against it.
        if measure(mutant, self.plan, at=self.completed(mutant))[0].verdict != "confirmed":
            return False
        return (
            # what is allowed has only grown
            certainly_nonnegative(sign * (mutant.right - original.right), rules, strict=stricter)
            # or it holds by itself
            or certainly_nonnegative(sign * (mutant.right - original.left), rules, strict=strict)
            or (not stricter and not original.upward and _between(original, mutant.right))
            or (not stricter and _moved(original, mutant.right))
            or _mirrored(original, mutant)
        )

    def rescaled(self, right: Expr) -> bool:
        """Tell whether a candidate is the claim's own at another value of its free parameter.

        The specification lets a parameter grow; a candidate whose parameter is a function of the
        claim's, with the same limit, is a solution as well.
        """
        claim = self.claim
        assert isinstance(claim, Solution)
        rules = claim.given.rewriting
        ways = [c for c in claim.required if isinstance(c, Tends) and c.point == S.Infinity]
        for variable in sorted({c.variable for c in ways}, key=str):
            try:
                before, after = normal(claim.right, rules), normal(right, rules)
            except ShapeError:
                return False
            if not before or before.keys() != after.keys() or not claim.right.has(variable):
                continue
            key = next(iter(before))
            other = (variable * after[key] / before[key]).cancel()
            if other.free_symbols != {variable}:
                continue
            try:
                grows = limit_at_infinity(other, variable) == S.Infinity
            except NoSafeLimit:
                continue
            if grows and self.same(claim.right.xreplace({variable: other}), right):
                return True
        return False

    def not_needed(self, mutant: Mutant) -> bool:
        """Tell whether fresh instances that break the hypothesis agree with the claim."""
        assert mutant.weakened is not None
        plan = self.plan
        if isinstance(mutant.claim, Equivalent):
            plan = replace(plan, instances=2 * plan.instances)
        broken = [i for i in instances(mutant.claim, plan) if breaks(mutant.weakened.dropped, i)]
        if len(broken) < self.least:
            return False
        return measure(mutant.claim, plan, at=broken)[0].verdict == "confirmed"


# the same --------------------------------------------------------------------------------------


def _exactly(difference: Expr, rules: Rewriting, depth: int = 4) -> bool:
    """Tell whether a difference vanishes; deltas that stay are decided by cases."""
    try:
        if vanishes(difference, rules) is True:
            return True
    except (ShapeError, BudgetExceeded):
        return False
    deltas = sorted(difference.atoms(KroneckerDelta), key=str)
    open_ = [e for e in deltas if e not in rules.scalars and not _bound(difference) & set(e.args)]
    if not open_ or not depth:
        return False
    fixed = {s for e in rules.scalars for s in e.free_symbols}
    b, a = sorted(open_[0].args, key=lambda s: (s not in fixed, str(s)))  # a is put away
    return all(
        _exactly(case, rules, depth - 1)
        for case in (difference.subs(a, b), difference.xreplace({open_[0]: S.Zero}))
    )


def _bound(x: Expr) -> set[Basic]:
    return {total.args[1] for total in x.atoms(OffSum)} | {
        index for total in x.atoms(Sum) for index in total.variables
    }


def _real(value: Any) -> np.ndarray:
    """Return a value as floats; nan for one that is complex."""
    found = np.asarray(value)
    return np.full(found.shape, np.nan) if np.iscomplexobj(found) else found.astype(float)


def _alike(a: np.ndarray, b: np.ndarray) -> bool:
    if a.shape != b.shape:
        return False
    size = max(float(np.max(np.abs(a), initial=0)), float(np.max(np.abs(b), initial=0)))
    return size < 1e-11 or relative(a, b) <= TOLERANCE + 1e-14 / size


# a weaker inequality ---------------------------------------------------------------------------


def _between(claim: Inequality, right: Expr) -> bool:
    """Tell whether a lower bound of something nonnegative is a part of the claim's, from 0 to 1."""
    rules = claim.given.rewriting
    if claim.right == 0 or not certainly_nonnegative(claim.left, rules):
        return False
    part = (right / claim.right).cancel()
    return certainly_nonnegative(part, rules) and certainly_nonnegative(1 - part, rules)


def _moved(claim: Inequality, right: Expr) -> bool:
    """Tell whether a bound is the claim's own at other members of a family of any reals.

    Where all of them grow by one and the left side stays as it was, the bound of these bounds it, too.
    """
    for base in (h.base for h in claim.given if isinstance(h, Reals) and not h.base.is_positive):
        left, moved = (
            x.xreplace({e: e + 1 for e in x.atoms(Indexed) if e.base == base})
            for x in (claim.left, claim.right)
        )
        rules = claim.given.rewriting
        if _exactly(moved - right, rules) and _exactly(left - claim.left, rules):
            return True
    return False


def _mirrored(original: Inequality, mutant: Inequality) -> bool:
    """Tell whether the mutant is the claim with two indices exchanged that play the same part."""
    if original.relation != mutant.relation:
        return False
    for h in original.given:
        if not isinstance(h, Distinct):
            continue
        for a in h.indices:
            for b in h.indices:
                if str(a) >= str(b) or not _alike_in(original.given, a, b):
                    continue
                swap = {a: b, b: a}
                rules = original.given.rewriting
                left, right = (x.xreplace(swap) for x in (original.left, original.right))
                if _exactly(original.left - left, rules) and _exactly(mutant.right - right, rules):
                    return True
    return False


def _alike_in(given: Given, a: Symbol, b: Symbol) -> bool:
    """Tell whether two indices can be exchanged in the hypotheses."""
    return all(_symmetric(h, a, b) for h in given)


def _symmetric(h: Hypothesis, a: Symbol, b: Symbol) -> bool:
    swap = {a: b, b: a}
    if isinstance(h, Distinct):
        return (a in h.indices) == (b in h.indices)
    if isinstance(h, Replaced):
        return not h.letter.has(a, b)
    if isinstance(h, Bounded):
        same = {swap.get(e, e) for e in h.excluded} == set(h.excluded)
        return same and _exactly(h.norm - h.norm.xreplace(swap), given_apart(a, b))
    if isinstance(h, Covariance):
        return h.value(a).xreplace(swap) == h.value(b)
    places = {value for value in vars(h).values() if isinstance(value, Symbol)}
    return not places & {a, b}


def given_apart(a: Symbol, b: Symbol) -> Rewriting:
    """Return the rule that two indices differ."""
    return Rewriting(scalars={KroneckerDelta(a, b): S.Zero})
