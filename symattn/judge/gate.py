"""The gate: a claim with a stranger's right side is proved, measured, and broken where it can be."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sympy import Expr, Float, Indexed, Rational, Sum, Symbol

from symattn.algebra.arrays import compiled, needed
from symattn.algebra.letters import Inverse, Letter
from symattn.algebra.vanish import vanishes
from symattn.algebra.words import normal, to_expr
from symattn.check.numbers import Plan, instances, measure, plain, symbols_of, trial
from symattn.check.proof import prove
from symattn.check.verdict import Counterexample, Evidence, Verdict
from symattn.claims import Claim, Identity, Inequality, Leading
from symattn.errors import BudgetExceeded, ShapeError, SymattnError
from symattn.hypotheses.base import Given, Hypothesis, Instance
from symattn.hypotheses.families import Distinct
from symattn.judge.instances import described, number, plain_instances, told_apart

FAILURES = (SymattnError, ArithmeticError, np.linalg.LinAlgError, ValueError, TypeError, KeyError)
CERTAIN = 1e-8
EXTREMES = ((2, 1e-3), (2, 30.0), (40, 1e-3), (40, 30.0), (17, 1.0), (1, 1.0))
SHRINK = 0.25**3  # the smallest that a leading part is measured at
ZERO = "O"
"""The name of the letter that stands for the candidate 0."""
Words = Callable[[Claim, Instance, Any, Any], str]


@dataclass(frozen=True)
class Effort:
    """How many random instances a claim is measured on, from which seed, and for how long.

    seconds : wall time for the whole line; what only explains a refutation takes a fifth of it.
    """

    instances: int = 24
    seed: int = 0
    seconds: float = 5.0

    @property
    def plan(self) -> Plan:
        return Plan(seed=self.seed, instances=self.instances)


def pass_gate(claim: Claim, effort: Effort, words: Words | None = None) -> Verdict:
    """Return the verdict of a claim: a proof and numbers, or a plain counterexample.

    A claim that is proved and that numbers contradict is undecided: one of the two is at fault.
    """
    assumptions = claim.given.latex
    early = isinstance(claim, (Identity, Inequality))
    found = broken(claim, words) if early else None
    if found is not None:
        return refuted(found, (), assumptions)
    try:
        proof = prove(claim)
    except BudgetExceeded as error:
        proof = Evidence("proof", "undecided", "out-of-time", str(error))
    if proof.verdict == "refuted":
        return Verdict("refuted", proof.code, proof.text, (proof,), None, assumptions)
    exact = proof.verdict in ("proved", "confirmed")
    if not exact:
        found = None if early else broken(claim, words)
        if found is not None:
            return refuted(found, (proof,), assumptions)
        found = singular(claim)
        if found is not None:
            return refuted(found, (proof,), assumptions, "not-invertible")
    evidence, counterexample = measure(claim, effort.plan)
    if evidence.verdict == "refuted" and counterexample is not None:
        if exact:
            text = "it is proved, and numbers contradict it: " + evidence.text
            return Verdict("undecided", "conflict", text, (proof, evidence), None, assumptions)
        return at_random(claim, effort, counterexample, words)
    if proof.verdict == "proved":
        return Verdict("proved", proof.code, proof.text, (proof, evidence), None, assumptions)
    if proof.verdict == "confirmed" == evidence.verdict:
        return Verdict("confirmed", proof.code, proof.text, (proof, evidence), None, assumptions)
    if evidence.verdict == "confirmed" and isinstance(claim, Identity):
        # The sizes and scales that are tried are few; an identity may hold at these alone.
        for instance in extremes(claim):
            values = fails_at(claim, instance)
            if values is not None:
                return worst(claim, instance, values)
        apart = claim.left - claim.right
        if vanishes(apart, claim.given.rewriting) is False:
            flat = to_expr(normal(apart, claim.given.rewriting))
            if flat.is_number and flat.is_comparable:
                return differs_by(claim, flat)
            found = _closely(claim, flat)
            if found is not None:
                return refuted(found, (proof,), assumptions)
            text = "the sides differ as expressions, and no instance tried shows it"
            return Verdict("undecided", "not-identical", text, (proof, evidence), None, assumptions)
    if evidence.verdict == "confirmed" and isinstance(claim, Leading):
        text = "it is not what the rules keep of the quantity, and samples do not tell it apart"
        return Verdict("undecided", "not-proved", text, (proof, evidence), None, assumptions)
    if evidence.verdict == "confirmed" and isinstance(claim, Inequality):
        text = "it is not proved; that it holds on all instances tried does not decide a bound"
        return Verdict("undecided", "not-proved", text, (proof, evidence), None, assumptions)
    if evidence.verdict == "refuted":
        return Verdict(
            "refuted", evidence.code, evidence.text, (proof, evidence), None, assumptions
        )
    return Verdict(
        evidence.verdict, evidence.code, evidence.text, (proof, evidence), None, assumptions
    )


def differs_by(claim: Identity, gap: Expr) -> Verdict:
    """Refute an identity whose sides differ by the same number everywhere, however small."""
    from symattn.latex.write import latex

    instance = next(plain_instances(claim))
    value = np.asarray(claim.oracle(instance), float)
    text = f"{latex(claim.shown)} differs from what the line says by {number(abs(gap))}, at every instance"
    shown = {k: plain(instance[k]) for k in relevant(claim, instance)}
    counter = Counterexample(shown, plain(value), plain(value - float(gap)), text)
    return refuted(counter, (), claim.given.latex)


def _closely(claim: Identity, gap: Expr) -> Counterexample | None:
    """Evaluate a gap of scalars alone with many digits, where floats do not show it."""
    from symattn.latex.write import latex

    symbols = sorted(gap.free_symbols, key=str)
    if not gap.is_commutative or gap.atoms(Letter, Indexed) or gap.has(Sum):
        return None
    for instance in plain_instances(claim):
        if any(s.name not in instance for s in symbols):
            continue
        place = {s: Rational(str(instance[s.name])) for s in symbols}
        value = gap.subs(place).evalf(50)
        if value.is_Float and value.is_finite and abs(value) > Float("1e-35"):
            at = described(instance, [s.name for s in symbols])
            text = f"at {at} {latex(claim.shown)} differs from what the line says by "
            left = claim.oracle(instance)
            shown = {s.name: plain(instance[s.name]) for s in symbols}
            text += number(abs(value))
            return Counterexample(shown, plain(left), plain(left - float(value)), text)
    return None


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
        text = "the sides differ, but not beyond doubt: " + counterexample.text
        evidence = Evidence("numbers", "undecided", "not-separated", text)
        return Verdict("undecided", "not-separated", text, (evidence,), None, claim.given.latex)
    size, _, instance, values = min(found, key=lambda f: f[:2])
    if size > 12:
        return worst(claim, instance, values)
    text = (words or sentence)(claim, instance, *values)
    shown = {k: plain(v) for k, v in sorted(instance.items()) if k in relevant(claim, instance)}
    counter = Counterexample(shown, plain(values[0]), plain(values[1]), text)
    return refuted(counter, (), claim.given.latex)


def extremes(claim: Claim) -> list[Instance]:
    """Return instances with one key and with many, and with very small and very large scalars."""
    found = []
    for turn, (count, size) in enumerate(EXTREMES):
        rng = np.random.default_rng(turn)
        try:
            instance = claim.given.sample(rng, {"n": count, "d": 3, "s": 2, "t": 1})
        except (ValueError, IndexError, KeyError):
            continue
        for symbol in sorted(symbols_of(claim), key=lambda s: s.name):
            if symbol.name in instance:
                continue
            value = size if symbol.name not in claim.ranges else claim.ranges[symbol.name][0]
            instance[symbol.name] = instance["n"] if symbol.is_integer else value
        found.append(instance)
    return found


def worst(claim: Claim, instance: Instance, values: tuple[Any, Any]) -> Verdict:
    """Refute a claim by an instance that is too large to print: its scalars are told."""
    from symattn.latex.write import latex

    names = relevant(claim, instance)
    scalars = [name for name in sorted(names) if np.ndim(instance[name]) == 0]
    at = described(instance, list(dict.fromkeys(["n", *scalars])))
    one, two = told_apart(*values)
    text = f"at {at}: {latex(claim.shown)} is {one}, and the other side is {two}"
    shown = {k: plain(v) for k, v in sorted(instance.items()) if k in names}
    counter = Counterexample(shown, plain(values[0]), plain(values[1]), text)
    return refuted(counter, (), claim.given.latex)


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
        found = fails_at(claim, instance)
        if found is not None:
            left, right = found
            if isinstance(claim, Leading):
                exact = claim.exact({**instance, "shrink": SHRINK})
                instance = {**instance, **(exact.symbols if exact else {})}
            text = (words or sentence)(claim, instance, left, right)
            shown = {
                k: plain(v) for k, v in sorted(instance.items()) if k in relevant(claim, instance)
            }
            return Counterexample(shown, plain(left), plain(right), text)
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
                from symattn.latex.write import latex

                at = described(instance, sorted(needed(inner)))
                text = f"at {at}: {latex(inner)} is singular and has no inverse"
                shown = {name: plain(instance[name]) for name in needed(inner)}
                return Counterexample(shown, plain(value), None, text)
    return None


def fails_at(claim: Claim, instance: Instance) -> tuple[Any, Any] | None:
    """Return both values when the claim certainly fails at an instance, None otherwise."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            point = trial(claim, instance)
    except (BudgetExceeded, ShapeError):
        raise
    except FAILURES:
        return None
    if point is None or point.agrees or point.difference < CERTAIN:
        return None
    return point.left, point.right


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
    from symattn.latex.write import latex

    names = [n for n in relevant(claim, instance) if n not in ("d",)]
    order = sorted(names, key=lambda n: (n != "n", np.ndim(instance[n]), n))
    at = described(instance, order)
    shown = latex(claim.shown)
    one, two = told_apart(left, right)
    return f"at {at}: {shown} is {one}, and the line says {two}"


def required(claim: Claim, instance: Instance, left: Any, right: Any) -> str:
    """Say where a candidate does not do what it must: the instance, and both values."""
    from symattn.latex.write import latex

    names = [n for n in relevant(claim, instance) if n not in ("d",)]
    at = described(instance, sorted(names, key=lambda n: (n != "n", np.ndim(instance[n]), n)))
    one, two = told_apart(left, right)
    return f"at {at}: {latex(claim.shown)} is {one}, and {latex(claim.right)} is {two}"


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
