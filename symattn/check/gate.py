"""The gate: `decide` is the only road from a claim to a verdict.

It asks the kernel for a proof, tries plain instances and random ones, reads back what will be
printed, and combines what these find in one place.  No caller decides a limit, a bound, an order or
an equivalence by itself.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Any

import numpy as np
from sympy import (
    Add,
    Basic,
    Expr,
    KroneckerDelta,
    Symbol,
)

from symattn.algebra.arrays import compiled, needed
from symattn.algebra.letters import Inverse
from symattn.algebra.symbols import KINKED, parts
from symattn.algebra.words import normal, to_expr
from symattn.check.assumed import assumed
from symattn.check.described import described, number, told_apart
from symattn.check.draws import FAILURES as UNDRAWN
from symattn.check.draws import SIZES, Letters, Plan, instances, sizes_at
from symattn.check.exactly import witness
from symattn.check.numbers import measure, plain
from symattn.check.plain_instances import plain_instances
from symattn.check.proof import proof_of
from symattn.check.readback import read_claim
from symattn.check.trials import Point, trial
from symattn.check.verdict import Counterexample, Evidence, Verdict, combine
from symattn.claims import (
    Claim,
    Equivalent,
    Identity,
    Inequality,
    IntegralTends,
    Leading,
    MaximalOnSimplex,
    Minimal,
    Tends,
)
from symattn.errors import BudgetExceeded, ShapeError, SymattnError
from symattn.hypotheses.base import Given, Hypothesis, Instance
from symattn.hypotheses.families import Distinct
from symattn.latex.write import latex

FAILURES = (*UNDRAWN, TypeError)
CERTAIN = 1e-8
EXTREMES = ((2, 1e-3), (2, 30.0), (40, 1e-3), (40, 30.0), (17, 1.0), (1, 1.0))
ZERO = "O"
"""The name of the letter that stands for the candidate 0."""
Words = Callable[[Claim, Instance, Any, Any], str]


@dataclass(frozen=True)
class Effort:
    """How hard the gate tries, and in which order.

    instances, seed : how many random instances a claim is measured on, and from where.
    seconds : of the processor for a whole line; what only explains a refutation takes at most half of it.
    doubtful : a stranger's claim is broken on plain instances before a proof is looked for.
    printed : the claim goes on a page, so its LaTeX must read back as what it is.
    shown : a refutation comes with samples that show it; without, what asks only whether a claim
        passes need not wait for them.
    """

    instances: int = 24
    seed: int = 0
    seconds: float = 5.0
    doubtful: bool = True
    printed: bool = False
    shown: bool = True

    @property
    def plan(self) -> Plan:
        return Plan(seed=self.seed, instances=self.instances)

    @property
    def beside_proof(self) -> Plan:
        """What is proved is measured on a quarter of the random instances, and on all against it.

        One of each size tells whether the proof is about what is printed; who asks for another
        number of instances gets it.
        """
        usual = self.instances == Plan().instances
        count = (
            min(self.instances, max(len(SIZES), self.instances // 4)) if usual else self.instances
        )
        return Plan(seed=self.seed, instances=count, proved=True)


PAGE = Effort(doubtful=False, printed=True)
"""For a claim that a script makes and a page prints."""


def decide(claim: Claim, effort: Effort = PAGE, words: Words | None = None) -> Verdict:
    """Return the verdict of a claim: the one road from the one to the other.

    It is proved, tried on plain instances, measured, and read back where it is printed; what these
    find is combined (`symattn.check.verdict.combine`).

    words : how the plain instance of a refutation is told.

    >>> from sympy import Symbol
    >>> from symattn.claims import Identity
    >>> from symattn.hypotheses.base import Given
    >>> b = Symbol("b", real=True)
    >>> def square_is(right):
    ...     return Identity(name="square", given=Given(()), shown=(b + 1) ** 2, left=(b + 1) ** 2,
    ...                     right=right, oracle=lambda I: (I["b"] + 1) ** 2)
    >>> decide(square_is(b**2 + 2 * b + 1)).verdict
    'proved'
    >>> decide(square_is(b**2 + 1)).code
    'counterexample'
    """
    early = effort.doubtful and isinstance(claim, (Identity, Inequality))
    broken_at = broken(claim, words) if early else None
    if broken_at is not None:
        return refuted(broken_at, (), claim.given.latex)
    proof = proof_of(claim)
    said = assumed(proof.proof) if proof.proof is not None else claim.given.latex
    if proof.verdict == "refuted":
        return Verdict("refuted", proof.code, proof.text, (proof,), None, said)
    exact = proof.proof is not None
    if not exact and not effort.shown and (proof.denied or isinstance(claim, _PROVED_OR_NOT)):
        text = "it is not proved, and numbers alone do not confirm it"
        return Verdict("undecided", "not-proved", text, (proof,), None, said)
    if not exact:
        broken_at = None if early else broken(claim, words)
        if broken_at is not None:
            return refuted(broken_at, (proof,), said)
        broken_at = singular(claim)
        if broken_at is not None:
            return refuted(broken_at, (proof,), said, "not-invertible")
    numbers, counterexample = measure(claim, effort.beside_proof if exact else effort.plan)
    if numbers.verdict == "refuted" and counterexample is not None:
        if not exact:
            return at_random(claim, effort, counterexample, words)
        if effort.doubtful:  # one of the two is at fault, and it may be ours
            text = "it is proved, and numbers contradict it: " + numbers.text
            return Verdict("undecided", "conflict", text, (proof, numbers), None, said)
    evidence = [proof, numbers]
    if effort.printed:
        evidence.append(read_claim(claim))
    found = combine(evidence, said)
    if found.verdict == "refuted" and counterexample is not None:
        return replace(found, counterexample=counterexample)
    return looked_at_again(claim, found, proof, effort)


def looked_at_again(
    claim: Claim, found: Verdict, proof: Evidence, effort: Effort = PAGE
) -> Verdict:
    """Return what becomes of a claim that numbers confirm or an exact test denies, with no proof."""
    if proof.proof is not None or not (found.verdict == "confirmed" or proof.denied):
        return found
    found = _unproved(claim, found, proof)
    if effort.printed and found.verdict == "confirmed":
        for kind, text in NEVER_ON_A_PAGE.items():
            if isinstance(claim, kind):
                return replace(found, verdict="undecided", code="not-proved", reason=text)
    return found


def _unproved(claim: Claim, found: Verdict, proof: Evidence) -> Verdict:
    """Look again at a claim that numbers do not tell from a true one, and that is not proved.

    The sizes and scales that were tried are few, and floats are rounded: an identity may hold at
    these alone, and what an exact test denies is looked for where floats do not show it.
    """
    if isinstance(claim, Identity):
        for instance in extremes(claim):
            values = fails_at(claim, instance)
            if values is not None:
                return worst(claim, instance, values)
        gap = to_expr(normal(claim.left - claim.right, claim.given.rewriting))
        if found.verdict == "confirmed":  # by floats, which see nine digits
            counterexample = _closely(claim, claim.left - claim.right, 1e-11)
            if counterexample is not None:
                return refuted(counterexample, (proof,), found.assumptions)
        place = next(plain_instances(claim), None)
        if proof.denied and place is not None and gap.is_number and gap.is_comparable and gap != 0:
            return differs_by(claim, gap, place)
        counterexample = _closely(claim, gap)
        if counterexample is not None:
            return refuted(counterexample, (proof,), found.assumptions)
        if proof.denied or _stays(claim, gap):
            text = "the sides differ as expressions, and no instance tried shows it"
            return replace(found, verdict="undecided", code="not-identical", reason=text)
        case = next((x for x in (*parts(claim.left), *parts(claim.right)) if _tells_cases(x)), None)
        if found.verdict == "confirmed" and case is not None:
            text = f"${latex(case)}$ tells cases apart, and not each is known to be among the instances"
            return replace(found, verdict="undecided", code="case-not-excluded", reason=text)
    for kind, text in NEVER_BY_NUMBERS.items():
        if found.verdict == "confirmed" and isinstance(claim, kind):
            return replace(found, verdict="undecided", code="not-proved", reason=text)
    return found


def _tells_cases(x: Basic) -> bool:
    """Tell whether an expression is another one beyond some number: `min(n, 1000)`."""
    if isinstance(x, KroneckerDelta):
        return any(a.is_number for a in x.args[:2])
    return isinstance(x, KINKED)


NEVER_BY_NUMBERS: Mapping[type, str] = {
    Leading: "it is not what the rules keep of the quantity, and samples do not tell it apart",
    Inequality: "it is not proved; that it holds on all instances tried does not decide a bound",
    Equivalent: "it is not proved; that both conditions hold together on all instances tried does "
    "not decide an equivalence",
}
"""Kinds that agreeing instances never confirm, and why."""
_PROVED_OR_NOT = tuple(NEVER_BY_NUMBERS)
NEVER_ON_A_PAGE: Mapping[type, str] = {
    Tends: "it is not proved, and no float on the way to a limit is the limit",
    IntegralTends: "it is not proved, and no float on the way to a limit is the limit",
    Minimal: "it is not proved; that the places tried are higher does not decide an extremum",
    MaximalOnSimplex: "it is not proved; that other places are lower does not decide an extremum",
}
"""Kinds that a page prints when they are proved alone."""


def _stays(claim: Identity, gap: Expr) -> bool:
    """Whether what is left of a difference, once it is rewritten, does not cancel in floats.

    Two sides may agree to fifteen digits and differ by a term that is small beside them.
    """
    try:
        terms = [compiled(term) for term in Add.make_args(gap)]
    except SymattnError:  # what no law is given of has no value
        return False
    for instance in islice(instances(claim, Plan()), 8):
        try:
            with np.errstate(all="ignore"):
                values = [np.asarray(term(instance), float) for term in terms]
                total, size = sum(values), sum(map(np.abs, values))
        except FAILURES:
            continue
        if np.all(np.isfinite(size)) and np.max(np.abs(total)) > 1e-3 * np.max(size):
            return True
    return False


def differs_by(claim: Identity, gap: Expr, instance: Instance) -> Verdict:
    """Refute an identity whose sides differ by the same number everywhere, however small."""
    value = np.asarray(np.real(compiled(claim.right)(instance)), float) + float(gap)
    text = f"{latex(claim.shown)} differs from what the line says by {number(abs(gap))}, at every instance"
    counter = shown_at(claim, instance, value, value - float(gap), text)
    return refuted(counter, (), claim.given.latex)


def _closely(claim: Identity, gap: Expr, least: float = 0.0) -> Counterexample | None:
    """Look for an instance where a gap that floats do not show is not zero, with many digits.

    least : by how much it must differ, relative to the right side: what arrays of floats miss of
        the hypotheses is no difference.
    """
    found = witness(claim, gap, least)
    if found is None:
        return None
    instance, size = found
    names = [name for name in relevant(claim, instance) if np.ndim(instance[name]) == 0]
    text = (
        f"at {described(instance, names)}: {latex(claim.shown)} differs from what the line says by "
        f"{number(size)}"
    )
    try:
        right = np.asarray(np.real(compiled(claim.right)(instance)), float)
    except FAILURES:  # the gap has a value there, and what cancels in it has none
        return None
    return shown_at(claim, instance, right + size, right, text)


def at_random(
    claim: Claim, effort: Effort, counterexample: Counterexample, words: Words | None
) -> Verdict:
    """Refute a claim by the random instance that numbers found, the smallest of them."""
    found: list[tuple[Any, ...]] = []
    for instance in instances(claim, effort.plan):
        values = fails_at(claim, instance)
        if values is not None:
            found.append((instance["n"] * instance["d"], len(found), instance, values))
    if not found:
        strict = isinstance(claim, Inequality) and claim.relation in ("<", ">")
        what = "it is strict, and may hold with equality" if strict else "the sides may be equal"
        text = f"{what}: {counterexample.text}"
        evidence = Evidence("numbers", "undecided", "not-separated", text)
        return Verdict("undecided", "not-separated", text, (evidence,), None, claim.given.latex)
    size, _, instance, values = min(found, key=lambda f: f[:2])
    if size > 12:
        return worst(claim, instance, values)
    left, right = values
    counter = shown_at(
        claim, instance, left, right, (words or sentence)(claim, instance, left, right)
    )
    return refuted(counter, (), claim.given.latex)


def extremes(claim: Claim) -> Iterator[Instance]:
    """Yield instances with one key and with many, and with very small and very large scalars."""
    letters = Letters.of(claim)
    for turn, (count, size) in enumerate(EXTREMES):
        sizes = claim.given.fitted({**sizes_at(1, letters.used), "n": count})
        values = {
            s.name: sizes["n"] if s.is_integer else claim.ranges.get(s.name, (size,))[0]
            for s in letters.symbols
        }
        found = letters.drawn(claim, sizes, (turn,), values)
        if found is not None:
            yield found


def worst(claim: Claim, instance: Instance, values: tuple[Any, Any]) -> Verdict:
    """Refute a claim by an instance that is too large to print: its scalars are told."""
    names = sorted(relevant(claim, instance))
    scalars = [name for name in names if np.ndim(instance[name]) == 0]
    at = described(instance, list(dict.fromkeys(["n", *scalars])))
    one, two = told_apart(*values)
    text = f"at {at}: {latex(claim.shown)} is {one}, and the other side is {two}"
    return refuted(shown_at(claim, instance, *values, text), (), claim.given.latex)


def shown_at(claim: Claim, instance: Instance, left: Any, right: Any, text: str) -> Counterexample:
    """Return an instance by the names that tell it, with both values."""
    shown = {k: plain(instance[k]) for k in sorted(relevant(claim, instance))}
    return Counterexample(shown, plain(left), plain(right), text)


def refuted(
    counterexample: Counterexample,
    evidence: Iterable[Evidence] = (),
    assumptions: Iterable[str] = (),
    code: str = "counterexample",
) -> Verdict:
    """Return a refutation by one instance."""
    shown = Evidence("numbers", "refuted", code, counterexample.text, counterexample.to_json())
    rest = tuple(e for e in evidence if e.kind != "numbers")
    return Verdict(
        "refuted", code, counterexample.text, (*rest, shown), counterexample, tuple(assumptions)
    )


def broken(claim: Claim, words: Words | None = None) -> Counterexample | None:
    """Return a plain instance where the claim fails beyond doubt, or None."""
    for instance in plain_instances(claim):
        found = failing(claim, instance)
        if found is not None:
            values = found.left, found.right
            text = (words or sentence)(claim, found.instance, *values)
            return shown_at(claim, found.instance, *values, text)
    return None


def singular(claim: Claim) -> Counterexample | None:
    """Return a plain instance where a matrix that is inverted is singular, or None."""
    inverses = {
        x for e in (claim.right, getattr(claim, "left", claim.right)) for x in e.atoms(Inverse)
    }
    for instance in plain_instances(claim) if inverses else ():
        for inverse in sorted(inverses, key=str):
            inner: Expr = inverse.args[0]  # type: ignore[assignment]
            if any(name not in instance for name in needed(inner)):
                continue
            value = np.asarray(compiled(inner)(instance), float)
            if value.ndim == 2 and np.linalg.matrix_rank(value) < len(value):
                at = described(instance, sorted(needed(inner)))
                text = f"at {at}: {latex(inner)} is singular and has no inverse"
                shown = {name: plain(instance[name]) for name in needed(inner)}
                return Counterexample(shown, plain(value), None, text)
    return None


def attained(claim: Inequality) -> bool:
    """Tell whether the sides of a strict inequality meet at a plain instance or an extreme one."""
    tried = chain(islice(plain_instances(claim), 4), extremes(claim))
    return any(disagreeing(claim, instance) is not None for instance in tried)


def disagreeing(claim: Claim, instance: Instance) -> Point | None:
    """Return the point at which the claim does not hold, starting from an instance, or None."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            point = trial(claim, instance)
    except (BudgetExceeded, ShapeError):
        raise
    except FAILURES:
        return None
    return None if point is None or point.agrees else point


def failing(claim: Claim, instance: Instance) -> Point | None:
    """Return the point at which the claim certainly fails, starting from an instance, or None."""
    point = disagreeing(claim, instance)
    return None if point is None or point.difference < CERTAIN else point


def fails_at(claim: Claim, instance: Instance) -> tuple[Any, Any] | None:
    """Return both values when the claim certainly fails at an instance, None otherwise."""
    point = failing(claim, instance)
    return None if point is None else (point.left, point.right)


def relevant(claim: Claim, instance: Instance) -> list[str]:
    """Return the names that an instance of the claim is told by, sizes first."""
    names: dict[str, None] = {"n": None} if "k" in instance else {}
    for x in (claim.right, getattr(claim, "left", claim.shown)):
        if isinstance(x, Expr):
            names.update(dict.fromkeys(needed(x)))
    for h in claim.given:
        letter = getattr(h, "matrix", None) or getattr(h, "letter", None)
        name = getattr(letter, "name", None)
        if name in instance and not getattr(letter, "index", None):
            names[name] = None
    if "k" in names or r"\mu" in names or "v" in names:
        names["n"] = None
    return [name for name in names if name in instance and name != ZERO]


def sentence(claim: Claim, instance: Instance, left: Any, right: Any) -> str:
    """Say where a claim fails: the instance, and both values."""
    return _told(claim, instance, left, right, "the line says")


def required(claim: Claim, instance: Instance, left: Any, right: Any) -> str:
    """Say where a candidate does not do what it must: the instance, and both values."""
    return _told(claim, instance, left, right, f"{latex(claim.right)} is")


def _told(claim: Claim, instance: Instance, left: Any, right: Any, other: str) -> str:
    names = [n for n in relevant(claim, instance) if n != "d"]
    at = described(instance, sorted(names, key=lambda n: (n != "n", np.ndim(instance[n]), n)))
    one, two = told_apart(left, right)
    return f"at {at}: {latex(claim.shown)} is {one}, and {other} {two}"


def with_assumptions(verdict: Verdict, more: Iterable[str]) -> Verdict:
    """Return the verdict with assumptions added, each once."""
    return replace(verdict, assumptions=tuple(dict.fromkeys((*verdict.assumptions, *more))))


def with_apart(given: Given, indices: Sequence[Symbol]) -> Given:
    """Take the indices as pairwise different, in the place of what is said of them already."""
    own = Distinct(tuple(indices))
    if not any(isinstance(h, Distinct) for h in given):
        return Given((own, *given))
    changed: list[Hypothesis] = []
    for h in given:
        if isinstance(h, Distinct):
            extra = tuple(p for p in h.indices if p not in own.indices)
            changed.append(Distinct((*own.indices, *extra)))
        else:
            changed.append(h)
    return Given(tuple(changed))
