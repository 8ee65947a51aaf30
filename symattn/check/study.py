"""The pipe from a script to verdicts: it is run, then proved, measured and read back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from symattn.check.draws import Plan
from symattn.check.gate import PAGE, decide
from symattn.check.numbers import measure
from symattn.check.readback import read_back
from symattn.check.verdict import Evidence, Verdict
from symattn.claims import Claim, Identity, chain
from symattn.claims.tie import check_tie
from symattn.derive.derivation import Derivation, Step
from symattn.derive.script import derive, guarded
from symattn.errors import BrokenDerivation, BudgetExceeded


@dataclass(frozen=True)
class CheckedStep:
    """A step and how it was checked: 'proved', 'confirmed', or '' where the value may change."""

    step: Step
    how: str


@dataclass(frozen=True)
class Result:
    """What one script gave: its derivation, the verdict of each claim, and the checks of the rest.

    words : the reading of each formula in the prose, in its order, and of the printed steps.
    steps : how each step was checked.
    """

    script: Path
    derivation: Derivation
    verdicts: dict[str, Verdict]
    words: tuple[Evidence, ...]
    steps: tuple[CheckedStep, ...]
    plan: Plan

    @property
    def name(self) -> str:
        """The name of the question."""
        return self.script.stem

    @property
    def passed(self) -> bool:
        """True when each claim is proved or confirmed, and every formula was read back."""
        return all(v.passed for v in self.verdicts.values()) and not self.unread

    @property
    def unread(self) -> list[Evidence]:
        """The formulas of the prose and of the steps that were not read back."""
        return [e for e in self.words if e.verdict != "confirmed"]

    def missing(self) -> list[tuple[str, Evidence]]:
        """Return (claim, evidence) for each kind of evidence that did not come to a decision."""
        return [
            (name, e)
            for name, verdict in self.verdicts.items()
            for e in verdict.evidence
            if e.verdict in ("undecided", "unread")
        ]

    def tally(self) -> dict[str, int]:
        """Return how many claims have which verdict."""
        found: dict[str, int] = {}
        for verdict in self.verdicts.values():
            found[verdict.verdict] = found.get(verdict.verdict, 0) + 1
        return found


# checks ----------------------------------------------------------------------------------------


def examine(derivation: Derivation, plan: Plan | None = None) -> dict[str, Verdict]:
    """Return the verdict of each claim by its name: proved, measured and read back.

    Raises
    ------
    BrokenDerivation : a step that keeps the value does not.
    """
    check_steps(derivation, plan)
    return {claim.name: examine_claim(claim, plan) for claim in derivation.claims}


def examine_claim(claim: Claim, plan: Plan | None = None) -> Verdict:
    """Decide one claim as a page prints it.

    Raises
    ------
    BrokenDerivation : it is not about what it prints.
    """
    check_tie(claim)
    plan = plan or Plan()
    return decide(claim, replace(PAGE, seed=plan.seed, instances=plan.instances))


def check_steps(derivation: Derivation, plan: Plan | None = None) -> tuple[CheckedStep, ...]:
    """Check that each step that keeps the value does so, under the step's own hypotheses.

    Raises
    ------
    BrokenDerivation : naming the step, when it is refuted or not decided.
    """
    return tuple(CheckedStep(step, _check(step, plan)) for step in derivation.steps)


def _check(step: Step, plan: Plan | None) -> str:
    from symattn.algebra.vanish import vanishes

    if not step.keeps:
        return ""
    try:
        if vanishes(step.before - step.after, step.given.rewriting) is True:
            return "proved"
    except BudgetExceeded:
        pass  # the numbers may still tell
    from symattn.algebra.arrays import compiled

    claim = Identity(
        name=f"{step.chain}: {step.rule}",
        given=step.given,
        shown=step.before,
        left=step.before,
        right=step.after,
        oracle=compiled(step.before),
    )
    evidence, _ = measure(claim, plan)
    if evidence.verdict == "confirmed":
        return "confirmed"
    raise BrokenDerivation(
        f"step {step.rule!r} of {step.chain!r} takes {step.before} to {step.after}, and that "
        f"is {evidence.verdict}: {evidence.text}",
        "correct the rule, or the hypotheses under which it is used",
    )


def study(script: Path, plan: Plan | None = None, *, steps: bool = False) -> Result:
    """Run a script and check everything in it.

    steps : whether to read the steps back too, because they will be printed.

    Raises
    ------
    BrokenDerivation : the script raises, or one of its steps is wrong.
    """
    plan = plan or Plan()
    derivation = derive(script)

    def checked() -> Result:
        checked_steps = check_steps(derivation, plan)
        verdicts = {claim.name: examine_claim(claim, plan) for claim in derivation.claims}
        words = []
        for f in derivation.formulas():
            words.append(read_back(f.terms, f.relations, chain(f.terms, f.relations, slashed=True)))
            if f.behind:
                words.append(read_back(f.behind.terms, f.behind.relations))
        for step in derivation.steps if steps else ():
            words += [read_back([step.before]), read_back([step.after])]
        return Result(script, derivation, verdicts, tuple(words), checked_steps, plan)

    found = guarded(script, checked)
    assert isinstance(found, Result)
    return found
