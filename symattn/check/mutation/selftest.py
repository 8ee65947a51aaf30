"""The checker is checked: every mutant of every claim is put through each kind of evidence.

A mutant is *refused* by a kind of evidence when that evidence does not pass: no proof, no
confirmation by numbers, a formula that is not read back as what it is.  A mutant that is true all
the same (`check.truth`) is counted apart.  Any other that the gate accepts *survives*:

- the gate is the one of every claim: proof and numbers, combined; that the mutant's own text reads
  back as the mutant is taken for granted, so reading is no help to the gate;
- a proof of a wrong right side survives even where the numbers overrule it.  Of a hypothesis or of
  the order of a remainder it does not: there a proof may lean on another claim, which must then
  fall (such proofs are listed);
- a misprint survives when reading takes it for the formula that was to be printed.

Reading by itself is tested the other way round as well: the claim's own text must not be taken for
the mutant.
"""

from __future__ import annotations

import multiprocessing
import warnings
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any

import numpy as np

from symattn.check.budget import deadline
from symattn.check.draws import Plan, completed, instances
from symattn.check.mutation.mutate import KINDS, Mutant, mutants
from symattn.check.mutation.truth import Truth
from symattn.check.numbers import measure, remembered
from symattn.check.proof import proof_of
from symattn.check.readback import read_back
from symattn.check.trials import trial
from symattn.check.verdict import Counterexample, Evidence, combine
from symattn.claims import Claim, chain
from symattn.errors import BudgetExceeded, SymattnError
from symattn.hypotheses.base import Instance

EVIDENCE = ("proof", "numbers", "reading")
SECONDS = 30.0
SLICE = 12


@dataclass(frozen=True)
class Gate:
    """The checks under test; a test puts a broken one in place."""

    prove: Callable[[Claim], Evidence] = proof_of
    measure: Callable[..., tuple[Evidence, Counterexample | None]] = measure
    read: Callable[..., Evidence] = read_back


@dataclass(frozen=True)
class Subject:
    """A claim to be mutated, and the question that it belongs to."""

    question: str
    claim: Claim


@dataclass(frozen=True)
class Outcome:
    """What became of one mutant.

    proof, numbers, reading : the code of the evidence, '' where it has nothing to say.
    accepted : the kinds of evidence that accept it.
    needs : the kinds without which the gate would accept it.
    passed : the gate accepts it.
    true : why it is true all the same; '' when it is wrong.
    unseen : a hypothesis of which neither side of the claim can see whether it holds.
    """

    question: str
    claim: str
    kind: str
    description: str
    proof: str = ""
    numbers: str = ""
    reading: str = ""
    accepted: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    passed: bool = False
    true: str = ""
    unseen: bool = False

    @property
    def spoke(self) -> tuple[str, ...]:
        """The kinds of evidence that had something to say."""
        return tuple(kind for kind in EVIDENCE if getattr(self, kind))

    @property
    def wrong(self) -> bool:
        """It must be refused."""
        return not self.true and not self.unseen

    @property
    def overruled(self) -> bool:
        """The proof holds without what was changed, and the numbers refuse."""
        leans = self.kind in ("hypothesis", "order") or self.numbers == "nowhere-defined"
        return self.wrong and not self.passed and "proof" in self.accepted and leans

    @property
    def survives(self) -> bool:
        """Wrong, and accepted."""
        return self.wrong and (self.passed or ("proof" in self.accepted and not self.overruled))

    @property
    def refused(self) -> bool:
        return self.wrong and not self.survives

    def to_json(self) -> dict[str, Any]:
        return {
            "question": self.question,
            "claim": self.claim,
            "kind": self.kind,
            "mutant": self.description,
            "accepted_by": list(self.accepted),
            "codes": {kind: getattr(self, kind) for kind in self.spoke},
        }


@dataclass(frozen=True)
class Report:
    """What became of all mutants, in the order of the sheet."""

    outcomes: tuple[Outcome, ...]
    seed: int
    claims: int
    faults: tuple[str, ...] = ()

    @property
    def tested(self) -> list[Outcome]:
        """Mutants that some evidence could tell from the claim."""
        return [o for o in self.outcomes if not o.unseen]

    @property
    def survivors(self) -> list[Outcome]:
        return [o for o in self.outcomes if o.survives]

    @property
    def passed(self) -> bool:
        """True when mutants were made, none survived, and every claim itself was accepted."""
        return bool(self.tested) and not self.survivors and not self.faults

    def tally(self, outcomes: Iterable[Outcome]) -> dict[str, Any]:
        """Count mutants, by fate and by evidence."""
        found = list(outcomes)
        wrong = [o for o in found if not o.true]
        return {
            "mutants": len(found),
            "refused": sum(o.refused for o in found),
            "equal": len(found) - len(wrong),
            "survivors": sum(o.survives for o in found),
            "evidence": {kind: self.weight(kind, wrong) for kind in EVIDENCE},
        }

    @staticmethod
    def weight(kind: str, wrong: Sequence[Outcome]) -> dict[str, int]:
        """Count the wrong mutants that one kind of evidence was put to, and what it did.

        alone : what the gate would accept without this kind.
        """
        put_to = [o for o in wrong if kind in o.spoke]
        refused = [o for o in put_to if kind not in o.accepted]
        alone = [o for o in refused if kind in o.needs]
        return {"mutants": len(put_to), "refused": len(refused), "alone": len(alone)}

    def to_json(self) -> dict[str, Any]:
        """Return counts, survivors, and what was counted apart, as plain data."""
        kinds = [kind for kind in KINDS if any(o.kind == kind for o in self.tested)]
        reasons = sorted({o.true for o in self.tested if o.true})
        questions = list(dict.fromkeys(o.question for o in self.outcomes))
        return {
            "passed": self.passed,
            "seed": self.seed,
            "claims": self.claims,
            **self.tally(self.tested),
            "equal_because": {r: sum(o.true == r for o in self.tested) for r in reasons},
            "kinds": {k: self.tally(o for o in self.tested if o.kind == k) for k in kinds},
            "questions": {
                q: self.tally(o for o in self.tested if o.question == q) for q in questions
            },
            "surviving": [o.to_json() for o in self.survivors],
            "overruled": [o.to_json() for o in self.outcomes if o.overruled],
            "not_needed": [
                {"question": o.question, "claim": o.claim, "hypothesis": o.description}
                for o in self.tested
                if o.true == "not needed"
            ],
            "unseen": [
                {"question": o.question, "claim": o.claim, "what": o.description}
                for o in self.outcomes
                if o.unseen
            ],
            "faults": list(self.faults),
        }


# one mutant ------------------------------------------------------------------------------------


@dataclass
class MutantTrial:
    """A claim, its mutants, and what they share: instances and values of the oracle."""

    subject: Subject
    plan: Plan
    gate: Gate
    seed: int
    claim: Claim = field(init=False)
    mutants: list[Mutant] = field(init=False)
    truth: Truth = field(init=False)
    _own: dict[str, Evidence] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.claim = remembered(self.subject.claim)
        self.mutants = list(mutants(self.claim, self.seed))
        self.truth = Truth(self.claim, self.plan)

    @cached_property
    def instances(self) -> list[Instance]:
        return list(instances(self.claim, self.plan))

    def own(self, kind: str) -> Evidence:
        """What the gate says of the claim itself."""
        if kind not in self._own:
            if kind == "proof":
                self._own[kind] = self.gate.prove(self.claim)
            elif kind == "numbers":
                self._own[kind] = self.gate.measure(self.claim, self.plan, at=self.instances)[0]
            else:
                self._own[kind] = self.read(self.claim)
        return self._own[kind]

    def fault(self) -> str:
        """Say why the claim itself is not accepted: then its mutants show nothing."""
        verdict = combine([self.own(kind) for kind in EVIDENCE])
        if verdict.passed:
            return ""
        return f"{self.subject.question} {self.claim.name}: {verdict}"

    def outcome(self, mutant: Mutant) -> Outcome:
        """Put one mutant through the gate."""
        seen = mutant.weakened is None or sees(mutant)
        found = Outcome(
            self.subject.question,
            self.claim.name,
            mutant.kind,
            mutant.description,
            unseen=not seen,
        )
        if not seen:
            return found
        if mutant.text is not None:
            evidence = {"reading": self.misread(mutant)}
            gate = {"proof": self.own("proof"), "numbers": self.own("numbers"), **evidence}
        else:
            evidence = {
                "proof": _bounded("proof", partial(self.gate.prove, mutant.claim)),
                "numbers": _bounded("numbers", partial(self.measured, mutant)),
            }
            gate = dict(evidence)
            if self.prints_otherwise(mutant.claim) and self.own("reading").verdict == "confirmed":
                reading = partial(self.read, mutant.claim)
                evidence["reading"] = _bounded("reading", reading)
        accepted = tuple(k for k, e in evidence.items() if e.verdict in ("proved", "confirmed"))
        true = self.true(mutant)
        passed = combine(gate.values()).passed
        needs = tuple(
            kind
            for kind in gate
            if not passed and combine(e for k, e in gate.items() if k != kind).passed
        )
        codes: dict[str, Any] = {kind: e.code for kind, e in evidence.items()}
        return replace(found, **codes, accepted=accepted, needs=needs, passed=passed, true=true)

    def true(self, mutant: Mutant) -> str:
        """Say why a mutant is true all the same; '' where that is not known."""
        try:
            with deadline(SECONDS):
                return self.truth.why(mutant)
        except SymattnError:
            return ""

    def measured(self, mutant: Mutant) -> Evidence:
        """Measure a mutant on the instances of the claim, or on those of its own hypotheses."""
        if mutant.weakened is not None:
            return self.gate.measure(mutant.claim, self.plan)[0]
        rng = np.random.default_rng([self.plan.seed, len(mutant.description)])
        at = (completed(mutant.claim, instance, rng) for instance in self.instances)
        return self.gate.measure(mutant.claim, self.plan, at=at)[0]

    def prints_otherwise(self, claim: Claim) -> bool:
        return _printed(claim) != _printed(self.claim)

    def read(self, claim: Claim) -> Evidence:
        """Read the text of the claim, and compare it with the sides of a mutant (or its own)."""
        evidence = Evidence("reading", "undecided", "nothing-read", "nothing was printed")
        for mine, text in zip(_printed(claim), _texts(self.claim), strict=True):
            evidence = self.gate.read(*mine, text)
            if evidence.verdict != "confirmed":
                return evidence
        return evidence

    def misread(self, mutant: Mutant) -> Evidence:
        """Read a misprint, and compare it with the sides that were to be printed."""
        read = partial(self.gate.read, self.claim.terms, self.claim.relations, mutant.text)
        return _bounded("reading", read)


def _printed(claim: Claim) -> list[tuple[tuple[Any, ...], tuple[str, ...]]]:
    """Return the chains of terms and relations that a claim prints."""
    behind = claim.behind
    more = [(behind.terms, behind.relations)] if behind is not None else []
    return [(claim.terms, claim.relations), *more]


def _texts(claim: Claim) -> list[str]:
    return [chain(*printed) for printed in _printed(claim)]


def _bounded(kind: Any, check: Callable[[], Evidence]) -> Evidence:
    """Run one check within its time; what it raises on purpose is no pass."""
    try:
        with deadline(SECONDS):
            return check()
    except BudgetExceeded as error:
        return Evidence(kind, "undecided", "out-of-time", str(error))
    except SymattnError as error:
        return Evidence(kind, "undecided", "raised", str(error))


def sees(mutant: Mutant) -> bool:
    """Tell whether the numbers of a claim depend on everything between which a hypothesis stood.

    A hypothesis may be built into an oracle (logits that are drawn as independent normals do not
    know the keys); then nothing that is sampled can break it, and the mutant says nothing.
    """
    assert mutant.weakened is not None
    claim = mutant.claim
    for instance in instances(claim, Plan(seed=1, instances=6)):
        if not _measurable(claim, instance):
            continue
        return all(
            any(not _measurable(claim, _without(instance, name)) for name in reach)
            for reach in mutant.weakened.reach(instance)
        )
    return True


def _measurable(claim: Claim, instance: Instance) -> bool:
    try:
        return trial(claim, instance) is not None
    except (SymattnError, ArithmeticError, LookupError, ValueError, TypeError):
        return False


def _without(instance: Instance, name: str) -> Instance:
    return {k: v for k, v in instance.items() if k != name}


# all mutants -----------------------------------------------------------------------------------

_BENCHES: list[MutantTrial] = []
"""What the workers inherit when they are forked."""


def selftest(
    subjects: Iterable[Subject],
    *,
    seed: int = 0,
    plan: Plan | None = None,
    gate: Gate | None = None,
    workers: int = 2,
    executor: Callable[[int], Executor] | None = None,
    started: Callable[[int], None] = lambda total: None,
    progress: Callable[[int], None] = lambda done: None,
) -> Report:
    """Put every mutant of every claim through the gate.

    Parameters
    ----------
    seed : of the mutants; `plan` has the seed of the instances.
    gate : the checks under test.
    workers : processes; 1 works in this one.
    executor : a number of workers -> an executor whose workers inherit this process's memory.
    started, progress : told how many mutants there are, and how many more are done.
    """
    plan, gate = plan or Plan(), gate or Gate()
    benches = [MutantTrial(subject, plan, gate, seed) for subject in subjects]
    slices = [
        (at, start)
        for at, bench in enumerate(benches)
        for start in range(0, len(bench.mutants), SLICE)
    ]
    total = sum(len(b.mutants) for b in benches)
    results: dict[tuple[int, int], tuple[str, list[Outcome]]] = {}
    _BENCHES[:] = benches
    try:
        if workers <= 1 or (executor is None and not _can_fork()):
            started(total)
            for job in slices:
                results[job] = _run(job)
                progress(len(results[job][1]))
        else:
            with (executor or _forked)(workers) as pool:
                with warnings.catch_warnings():
                    # Python warns of a fork beside threads; the workers use none of theirs.
                    warnings.simplefilter("ignore", DeprecationWarning)
                    futures = {pool.submit(_run, job): job for job in slices}
                started(total)  # after the fork: a progress bar has a thread of its own
                try:
                    for future in as_completed(futures):
                        results[futures[future]] = future.result()
                        progress(len(results[futures[future]][1]))
                except BaseException:
                    pool.shutdown(wait=False, cancel_futures=True)
                    raise
    finally:
        _BENCHES.clear()
    faults = dict.fromkeys(results[job][0] for job in slices)
    outcomes = tuple(o for job in slices for o in results[job][1])
    return Report(outcomes, seed, len(benches), tuple(f for f in faults if f))


def _run(job: tuple[int, int]) -> tuple[str, list[Outcome]]:
    """Test one slice of one claim's mutants: (what is wrong with the claim itself, outcomes)."""
    at, start = job
    bench = _BENCHES[at]
    fault = bench.fault() if start == 0 else ""
    chosen = bench.mutants[start : start + SLICE]
    with np.errstate(all="ignore"), warnings.catch_warnings():  # a mutant may divide by zero
        warnings.simplefilter("ignore", RuntimeWarning)
        return fault, [bench.outcome(m) for m in chosen]


def _can_fork() -> bool:
    return "fork" in multiprocessing.get_all_start_methods()


def _forked(workers: int) -> Executor:
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("fork"))
