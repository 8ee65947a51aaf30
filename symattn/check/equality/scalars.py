"""Are two scalar expressions equal?  The stages, each with its right to accept or only to reject.

1. quick rejection: a few points, each value in a certain interval;
2. the exact zero test: a proof, with the domain;
3. thorough rejection: more points, at a precision that is raised until the difference stays;
4. sampling: agreement at a stated minimum of valid points.  Fewer points decide nothing, and
   neither do points that cannot show a part of the expressions (`symattn.check.equality.hidden`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sympy import Eq, Expr, Ge, Gt, Le, Lt, Ne, Sum, Symbol, asinh, atan, erf, exp, sinh, tanh

from symattn.algebra.symbols import all_symbols, of_kind
from symattn.algebra.zero import Limits, Open, ZeroTest
from symattn.check.equality.comparison import MINIMUM, Agreement, Comparison
from symattn.check.equality.equations import put_in
from symattn.check.equality.hidden import hidden
from symattn.check.equality.inert import MINIMUM as INERT_MINIMUM
from symattn.check.verdict import Counterexample, Evidence, Verdict, Word
from symattn.errors import BudgetExceeded
from symattn.kernel import Proof
from symattn.kernel.proving import identical

ELSEWHERE, FEW = 24, 4  # points looked at beside one that separates, and those that must agree
SIGNS = {Eq: {0}, Ne: {-1, 1}, Gt: {1}, Ge: {0, 1}, Lt: {-1}, Le: {-1, 0}}
ODD_AND_INCREASING = (erf, tanh, sinh, asinh, atan)


@dataclass
class Scalars:
    """The comparison of two scalar expressions over declared symbols."""

    left: Expr
    right: Expr
    given: tuple[Any, ...]
    notes: Sequence[str] = ()
    seed: int = 0
    seconds: float = 10.0
    minimum: int = MINIMUM
    comparison: Comparison = field(init=False)
    relations: tuple[Any, ...] = field(init=False)
    proof: Proof | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.left, self.right, self.relations = put_in(self.left, self.right, self.given)
        self.comparison = Comparison(
            self.left, self.right, self.relations, self.seed, 0.8 * self.seconds
        )

    def verdict(self) -> Verdict:
        found = self.comparison.quick()
        if found is not None:
            return self.refuted("separated", found)
        exact, late = self.exact(common=False)
        if exact.decided:
            return self.proved("identity-proved", exact)
        if exact.decided is None and not late:
            shared, late = self.exact(common=True)
            if shared.decided:
                # a power such as x**y is also real at some points beyond the domain of its proof
                found = self.comparison.thorough() if self.comparison.sampler.powers else None
                if found is not None:
                    return self.refuted("separated", found)
                return self.proved("identity-proved-on-common-domain", shared)
        found = self.comparison.thorough()
        if found is not None:
            return self.refuted("separated", found)
        unmet: list[Open] = []
        for case in exact.open:
            if contradictory(case.conditions):
                continue
            met = self.comparison.in_case(case.conditions, case.remainder)
            if isinstance(met, Counterexample):
                return self.refuted("separated", met)
            if not met and case.conditions:
                unmet.append(case)
        found = self.comparison.only_apart()
        if found is not None:
            return self.refuted("no-common-domain", found)
        return self.sampled(exact, unmet, late)

    def holds_elsewhere(self) -> bool:
        """Tell whether sides that a point separates agree at several others."""
        for point in islice(self.comparison.sampler.points(), ELSEWHERE):
            self.comparison._try(point)
        return len(self.comparison.met) >= FEW

    def exact(self, common: bool) -> tuple[ZeroTest, str]:
        """Return what the zero test found, and why it stopped when it did not end."""
        limits = Limits(seconds=0.4 * self.seconds)
        try:
            found, self.proof = identical(
                self.left, self.right, self.relations, common=common, limits=limits
            )
        except BudgetExceeded as error:
            return ZeroTest(None), str(error)
        return found, ""

    def assumptions(self, exact: ZeroTest | None = None) -> tuple[str, ...]:
        """Return what the symbols are taken for, what is given, and the domain."""
        kinds: dict[str, list[str]] = {}
        free = self.left.free_symbols | self.right.free_symbols
        for s in sorted(all_symbols(self.left, self.right), key=str):
            if s in free:
                kinds.setdefault(_kind(s), []).append(s.name)
        found = [f"{', '.join(names)} {kind}" for kind, names in sorted(kinds.items())]
        found += [str(g) for g in self.given]
        if exact is not None:
            found += [_condition(_at_any(c, free)) for c in exact.domain]
        return tuple(dict.fromkeys([*found, *self.notes]))

    def proved(self, code: str, exact: ZeroTest) -> Verdict:
        comparison = self.comparison
        if not comparison.met and not comparison.imaginary:
            found = comparison.quick(wanted=1, most=160)
            if found is None and not comparison.failed:
                found = comparison.only_apart()
            if found is not None:
                return self.refuted("separated", found)
            if not comparison.met and not comparison.failed:
                return self.undecided(
                    "nowhere-defined",
                    f"none of {comparison.tried} points gave both sides a finite real value",
                )
        text = "the difference is identically zero"
        if code != "identity-proved":
            text += ", where both sides are real"
        data = {
            "domain": [str(c) for c in exact.domain],
            "points": len(comparison.met),
            "left only": len(comparison.left_only),
            "right only": len(comparison.right_only),
            "seed": self.seed,
        }
        text += self.domains()
        evidence = Evidence("proof", "proved", code, text, data, self.proof)
        return Verdict("proved", code, text, (evidence,), None, self.assumptions(exact))

    def domains(self) -> str:
        """Return a clause on points where one side alone has a value."""
        left, right = len(self.comparison.left_only), len(self.comparison.right_only)
        parts = []
        if left:
            parts.append(f"the left side alone is real at {left} points tried")
        if right:
            parts.append(f"the right side alone is real at {right} points tried")
        return f" ({'; '.join(parts)})" if parts else ""

    def refuted(self, code: str, found: Counterexample) -> Verdict:
        if any(
            isinstance(g, Eq) and g not in self.relations and of_kind(Sum, g) for g in self.given
        ):
            # the sum was put in, and no point is made to meet it
            return self.undecided("two-readings", "a sum that is given binds a family")
        data = {"seed": self.seed, **found.to_json()}
        evidence = Evidence("numbers", "refuted", code, found.text, data)
        return Verdict("refuted", code, found.text, (evidence,), found, self.assumptions())

    def undecided(self, code: str, reason: str, data: dict[str, Any] | None = None) -> Verdict:
        evidence = Evidence("numbers", "undecided", code, reason, data or {})
        return Verdict("undecided", code, reason, (evidence,), None, self.assumptions())

    def sampled(self, exact: ZeroTest, unmet: list[Open], late: str) -> Verdict:
        found = self.comparison.agree()
        data = _agreement_data(found)
        if exact.decided is False:
            reason = "the difference is not identically zero, but no point separates the sides"
            return self.undecided("not-identical", reason, data)
        if unmet:
            case = " and ".join(map(str, unmet[0].conditions))
            reason = f"no proof if {case}, and too few points tried meet that"
            return self.undecided("case-not-excluded", reason, data)
        unseen = hidden(self.comparison)
        if unseen and (apart := self.comparison.of_order_one()) is not None:
            return self.refuted("separated", apart)
        if unseen and found.valid:
            return self.undecided("too-small-to-see", unseen, data)
        sampler = self.comparison.sampler
        minimum = min(self.minimum, INERT_MINIMUM) if sampler.inert else self.minimum
        if not (sampler.symbols or sampler.families):
            minimum = 1
        if found.valid < minimum:
            if self.comparison.late or late:
                return self.undecided("out-of-time", late or "the time is used up", data)
            reason = f"no proof, and {found.valid} valid points where {minimum} are needed"
            return self.undecided("too-few-points", reason, data)
        text = (
            f"{found.valid} {'point agrees' if found.valid == 1 else 'points agree'} "
            f"to a relative error below {max(found.error, 1e-300):.0e}"
            f"{self.domains()}"
        )
        word: Word = "confirmed"
        evidence = Evidence("numbers", word, "samples-agree", text, data)
        return Verdict(word, "samples-agree", text, (evidence,), None, self.assumptions())


def contradictory(conditions: Sequence[Any]) -> bool:
    """Tell whether two conditions ask for different signs of one expression.

    >>> from sympy import Symbol, erf
    >>> x = Symbol("x", real=True)
    >>> contradictory([x > 0, erf(x) < 0]), contradictory([x > 0, x >= 0])
    (True, False)
    """
    allowed: dict[Expr, set[int]] = {}
    for c in conditions:
        signs = SIGNS.get(c.func)
        if signs is None:
            continue
        e = c.lhs - c.rhs
        while e.func in ODD_AND_INCREASING:
            e = e.args[0]
        if e.is_Add and e.args[0] == -1 and isinstance(e + 1, exp):  # exp(x) - 1 has the sign of x
            e = (e + 1).args[0]
        if e.could_extract_minus_sign():
            e, signs = -e, {-s for s in signs}
        found = allowed.setdefault(e, {-1, 0, 1})
        found &= signs
        if not found:
            return True
    return False


def _agreement_data(found: Agreement) -> dict[str, Any]:
    return {
        "seed": found.seed,
        "points": found.valid,
        "error": found.error,
        "left only": found.left_only,
        "right only": found.right_only,
        "neither": found.neither,
        "failed": found.failed,
        "sizes": list(found.sizes),
    }


def _kind(s: Any) -> str:
    sign = (
        "positive "
        if s.is_positive
        else "negative "
        if s.is_negative
        else "nonnegative "
        if s.is_nonnegative
        else ""
    )
    if s.is_integer:
        return f"{sign}integer"
    return f"{sign}real" if s.is_extended_real is not False else "complex"


def _at_any(c: Expr, free: Collection[Any]) -> Expr:
    """Write a condition at the index of a sum at a letter that is free."""
    own = [s for s in sorted(c.free_symbols, key=str) if str(s).startswith("_")]
    letters = [x for x in "klmijrst" if x not in {str(s) for s in free}]
    return c.xreplace({s: Symbol(x, integer=True) for s, x in zip(own, letters)})


def _condition(c: Expr) -> str:
    return f"{c.lhs} != {c.rhs}" if isinstance(c, Ne) else str(c)
