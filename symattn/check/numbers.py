"""Numbers: a claim measured on instances that meet its hypotheses, against the oracle.

A point that raised, or that gave no finite number, is not a point that agreed; hypotheses that no
instance meets are never a pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from symattn.check.draws import FAILURES, SIZES, Far, NameClash, Plan, instances, names_of
from symattn.check.draws import uninhabited as unmet
from symattn.check.oracle import Remembered
from symattn.check.orders import over_counts
from symattn.check.trials import TOLERANCE, MovingLimit, Point, Slow, Undefined, of_order, trial
from symattn.check.verdict import Counterexample, Evidence, Word
from symattn.claims import Claim, Equivalent, Inequality, Leading
from symattn.errors import BudgetExceeded, ShapeError, SymattnError
from symattn.hypotheses.base import Instance

MINIMUM = 12
MINIMUM_FEW = 5
"""Of instances of what is proved, and of an order: each of these is the start of several ways."""
APART = 1e-3
"""A strict inequality whose sides come closer than this, relatively, is not for numbers to say."""


def remembered(claim: Claim) -> Claim:
    """Return the claim with an oracle that keeps its values, for its mutants to share."""
    kept = replace(claim, oracle=Remembered(claim.oracle))
    if not isinstance(kept, Leading):
        return kept
    return replace(kept, exact=Remembered(kept.exact))


@dataclass
class Tally:
    """What the trials of a claim gave, one after the other.

    failures : why points had no value; raised : those among them that ended with an error; slow :
        those where floats do not tell.
    undefined : how many had a finite left side only.
    """

    claim: Claim
    valid: int = 0
    failures: list[str] = field(default_factory=list)
    raised: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)
    undefined: int = 0
    worst: float = 0.0
    unit: str = "relative"
    truths: set[bool] = field(default_factory=set)
    apart: float = np.inf
    moved: bool = False

    @property
    def stated(self) -> float:
        """The worst difference as the report states it; its text rounds no other number."""
        return float(f"{self.worst:.3g}")

    def take(self, attempt: Callable[[], Point | None], far: bool = False) -> Point | None:
        """Take in one trial; return the point where it disagrees.

        far : it is at extreme scalars, where floats may overflow.

        Raises
        ------
        ShapeError, BudgetExceeded, MovingLimit : from the two sides.
        """
        try:
            point = attempt()
        except (BudgetExceeded, ShapeError, MovingLimit):
            raise
        except Slow as error:
            self.slow.append(str(error))
            self.failures.append(self.slow[-1])
            return None
        except Undefined:
            if not far:
                self.undefined += 1
                self.failures.append("no finite number")
            return None
        except (*FAILURES, TypeError) as error:
            if far and isinstance(error, (ArithmeticError, np.linalg.LinAlgError)):
                return None
            self.raised.append(_told(error))
            self.failures.append(self.raised[-1])
            return None
        if point is None:
            if not far:
                self.failures.append("no finite number")
            return None
        if not point.agrees:
            return point
        self.valid += 1
        if point.difference >= self.worst:
            self.worst, self.unit = point.difference, point.unit
        self.moved = self.moved or point.moved
        self.truths.add(bool(point.left) if isinstance(self.claim, Equivalent) else True)
        if isinstance(self.claim, Inequality) and self.claim.relation in ("<", ">"):
            self.apart = min(self.apart, _apart(point))
        return None

    def lacking(self, proved: bool) -> tuple[str, str] | None:
        """Return code and text of what is missing for a confirmation; None where nothing is."""
        claim, failed = self.claim, len(self.failures)
        if not self.valid and set(self.failures) == {"no finite number"}:
            return (
                "nowhere-defined",
                f"at none of {failed} instances do both sides have a finite value",
            )
        if self.slow:
            text = f"at {len(self.slow)} instances floats do not tell: {self.slow[0]}"
            return "too-slow", text
        least = MINIMUM_FEW if proved or isinstance(claim, Leading) else MINIMUM
        if self.valid < least:
            text = f"only {self.valid} valid instances of at least {least}"
            more = f" (the first failure: {self.failures[0]})" if failed else ""
            return "too-few-points", text + more
        if not self.moved:
            return "nothing-moves", "at no instance does the left side change along the approach"
        if self.raised:
            text = f"{len(self.raised)} instances raised; the first failure: {self.raised[0]}"
            return "instances-raised", text
        if isinstance(claim, Equivalent) and len(self.truths) < 2:
            return "one-sided", "the condition was never both true and false"
        if isinstance(claim, Equivalent) and claim.first.strict != claim.second.strict:
            text = "one condition is strict and the other is not; no instance lies on the boundary"
            return "boundary-unseen", text
        if self.undefined:
            text = f"at {self.undefined} of {self.valid + failed} instances the right side has no value"
            return "partly-defined", text
        if self.apart < APART:
            text = f"the sides come as close as {self.apart:.1e}; that they are never equal is not seen"
            return "boundary-unseen", text
        return None

    def summary(self) -> str:
        if isinstance(self.claim, (Inequality, Equivalent)):
            return f"{self.valid} instances agree"
        if self.unit == "relative":
            return f"{self.valid} instances agree to {self.stated:.1e}"
        what = "standard errors" if self.unit == "standard errors" else "times the stated order"
        return f"{self.valid} instances agree within {self.stated:.1e} {what}"


def measure(
    claim: Claim, plan: Plan | None = None, at: Iterable[Instance] | None = None
) -> tuple[Evidence, Counterexample | None]:
    """Return the evidence of numbers for a claim, and a counterexample when it is refuted.

    at : the instances, when they are not to be drawn from the plan's seed.
    """
    plan = plan or Plan()
    data: dict[str, Any] = {
        "seed": plan.seed,
        "instances": plan.instances,
        "sizes": [dict(s) for s in SIZES],
        "tolerance": TOLERANCE,
    }

    def evidence(verdict: Word, code: str, text: str) -> Evidence:
        return Evidence("numbers", verdict, code, text, data)

    tally, count = Tally(claim), 0

    def trials() -> Iterator[tuple[Callable[[], Point | None], bool]]:
        for instance in instances(claim, plan) if at is None else at:
            yield partial(trial, claim, instance), isinstance(instance, Far)
        if isinstance(claim, Leading):
            yield partial(of_order, partial(over_counts, claim, plan.seed)), True

    try:
        for attempt, far in trials():
            count += 1
            point = tally.take(attempt, far)
            if point is None:
                continue
            names = names_of(claim)
            counter = Counterexample(
                {k: plain(v) for k, v in sorted(point.instance.items()) if k in names},
                plain(point.left),
                plain(point.right),
                f"at n = {point.instance['n']} the two sides differ by {abs(point.difference):.3g}",
            )
            data |= {"valid": tally.valid + 1, "difference": point.difference}
            return evidence("refuted", "counterexample", counter.text), counter
    except ShapeError as error:
        return evidence("refuted", "shape-mismatch", str(error)), None
    except NameClash as error:
        return evidence("undecided", "name-clash", str(error)), None
    except MovingLimit as error:
        return evidence("undecided", "wrong-limit", str(error)), None
    data |= {
        "valid": tally.valid, "worst": tally.stated, "unit": tally.unit,
        "failed": len(tally.failures),
    }  # fmt: skip
    if count <= isinstance(claim, Leading) and at is None:
        text = f"no instance meets all that is given; what most miss: {unmet(claim, plan)}"
        return evidence("undecided", "uninhabited", text), None
    lacking = tally.lacking(plan.proved)
    if lacking is not None:
        return evidence("undecided", *lacking), None
    return evidence("confirmed", "instances-agree", tally.summary()), None


def _told(error: Exception) -> str:
    """Say in words why a side could not be computed."""
    if isinstance(error, IndexError):
        return "an index is beyond its family, which has n members"
    if isinstance(error, KeyError):
        return f"nothing gives {error.args[0]} a value"
    if isinstance(error, TypeError):  # of Python or NumPy: no word for a reader
        return "it could not be computed"
    what = error.message if isinstance(error, SymattnError) else str(error)
    return what or "it could not be computed"


def _apart(point: Point) -> float:
    """Return the least difference of the two sides, relative to their magnitudes."""
    left, right = np.asarray(point.left, dtype=float), np.asarray(point.right, dtype=float)
    size = np.maximum(np.abs(left) + np.abs(right), 1e-300)
    return float(np.min(np.abs(left - right) / size))


def plain(value: Any) -> Any:
    """Return a value as plain JSON, floats to 12 digits."""
    if isinstance(value, np.ndarray):
        return [plain(v) for v in value] if value.ndim else plain(value.item())
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return float(f"{float(value):.12g}")
    return value
