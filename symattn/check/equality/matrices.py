"""Are two expressions in vectors and matrices equal?  An exact decision first, then instances.

The normal form of the difference is a sum of coefficients times words.  Where every coefficient is
zero the sides are equal; a coefficient that is not decided goes to the scalar gate, and what
refutes it there is put into the instances.  Instances that agree confirm nothing about a
coefficient that bends, nor about a single word whose coefficient is not zero.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sympy import Dummy, Expr, Indexed, KroneckerDelta, S
from sympy.core.relational import Relational
from sympy.core.sorting import default_sort_key

from symattn.algebra.balls import CannotEvaluate, NotReal, Unsure
from symattn.algebra.letters import (
    Det,
    Dot,
    Inverse,
    Letter,
    Norm,
    Statistic,
    Trace,
    shape,
    show_shape,
)
from symattn.algebra.symbols import of_kind
from symattn.algebra.words import to_expr
from symattn.check.equality.arrays_at import Measured, measure
from symattn.check.equality.hidden import too_small
from symattn.check.equality.kinks import steps, switches
from symattn.check.equality.scalars import Scalars
from symattn.check.numbers import MINIMUM
from symattn.check.verdict import Counterexample, Evidence, Verdict
from symattn.errors import BudgetExceeded, ShapeError
from symattn.hypotheses.base import Given, Hypothesis
from symattn.kernel import Proof
from symattn.kernel.proving import normal_forms_agree

SECONDS = 2.0  # for one coefficient
SCALARS = (Det, Dot, Norm, Trace, Statistic)


@dataclass
class _Remainder:
    """What the exact decision leaves of the difference, term by term.

    terms : those whose coefficient is not known to be zero.
    proof : the kernel's, when every coefficient is certainly zero.
    hints : values of the scalars at which a coefficient certainly is not zero.
    sampled : whether a coefficient was found zero by sampling alone.
    """

    terms: list[Expr] = field(default_factory=list)
    coefficients: list[Expr] = field(default_factory=list)
    proof: Proof | None = None
    hints: list[dict[str, Any]] = field(default_factory=list)
    sampled: bool = False


def decide(a: Expr, b: Expr, given: Iterable[Any] = (), seed: int = 0) -> Verdict:
    """Return the verdict on `a = b` for matrices of every size that fits.

    given : hypotheses, and SymPy relations between scalars or indices.

    >>> from sympy import Symbol
    >>> from symattn.algebra.letters import Matrix, T
    >>> d, n = (Symbol(name, integer=True, positive=True) for name in "dn")
    >>> A, B = Matrix("A", d, d), Matrix("B", d, d)
    >>> decide(T(A * B), T(B) * T(A)).verdict, decide(A * B, B * A).verdict
    ('proved', 'refuted')
    >>> decide(n * A, 3 * A).verdict
    'refuted'
    """
    given = tuple(given)
    hypotheses = Given(tuple(h for h in given if isinstance(h, Hypothesis)))
    relations = tuple(g for g in given if isinstance(g, Relational))
    try:
        left, right = shape(a), shape(b)
    except ShapeError as error:
        return _shapes(str(error))
    if left != right and not (a.is_zero or b.is_zero):
        return _shapes(f"the left side is {show_shape(left)}, the right side {show_shape(right)}")
    try:
        rest = _remainder(a - b, hypotheses, relations, seed)
    except BudgetExceeded as error:
        return Verdict("undecided", "out-of-time", str(error))
    found = measure(a, b, hypotheses, relations, rest.hints, seed, rest.proof is not None)
    assumed = _assumed(a, b, hypotheses, relations)
    if found.counterexample is not None:
        return _refuted(found.counterexample, found, assumed)
    if rest.proof is not None:
        text = "both sides reduce to one normal form"
        domain = [str(c) for c in rest.proof.domain if not isinstance(c, Inverse)]
        data = {"domain": domain}
        evidence = Evidence("proof", "proved", "identity-proved", text, data, rest.proof)
        assumed = (*assumed, *domain)
        return Verdict("proved", evidence.code, text, (evidence,), None, assumed)
    return _sampled(a, b, found, rest, assumed)


def _remainder(
    difference: Expr, given: Given, relations: tuple[Relational, ...], seed: int
) -> _Remainder:
    rest = _Remainder()
    rest.proof, left = normal_forms_agree(difference, given, relations)
    for key, coefficient in left.items():
        plain, fresh = _without_letters(coefficient)
        verdict = Scalars(plain, plain * 0, relations, (), seed, SECONDS).verdict()
        if verdict.passed:
            rest.sampled = rest.sampled or verdict.verdict != "proved"
            continue
        if verdict.counterexample is not None:
            names = {str(s) for s in fresh}
            values = verdict.counterexample.instance.items()
            rest.hints.append({k: v for k, v in values if k not in names})
        rest.terms.append(to_expr({key: coefficient}))
        rest.coefficients.append(coefficient)
    return rest


def _without_letters(coefficient: Expr) -> tuple[Expr, list[Expr]]:
    """Return a coefficient with a new symbol for each scalar that is made of letters."""
    found = sorted(of_kind(SCALARS, coefficient), key=lambda e: len(str(e)), reverse=True)
    change: dict[Expr, Expr] = {}
    for e in found:
        square = isinstance(e, Norm) or (isinstance(e, Dot) and e.args[0] == e.args[1])
        assumption = {"nonnegative": True} if square else {"real": True}
        change[e] = Dummy(f"s_{len(change)}", **assumption)
    return coefficient.xreplace(change), list(change.values())


def _sampled(
    a: Expr, b: Expr, found: Measured, rest: _Remainder, assumed: tuple[str, ...]
) -> Verdict:
    # instances have equal indices as well as distinct ones, so a delta is no bend
    bare = [c.xreplace(dict.fromkeys(of_kind(KroneckerDelta, c), S.One)) for c in rest.coefficients]
    bends = sorted({*switches(bare), *steps(bare)}, key=default_sort_key)
    single = len(rest.terms) == 1 and not of_kind((Letter, *SCALARS), rest.coefficients[0])
    if found.valid < MINIMUM:
        code, text = "too-few-points", f"only {found.valid} valid instances of at least {MINIMUM}"
    elif bends:
        code = "case-not-excluded"
        text = f"no proof, and instances that agree may all lie on one side of {bends[0]} = 0"
    elif unseen := [c for c in rest.coefficients if _vanishes(c, found)]:
        code = "too-small-to-see"
        text = f"no proof, and {unseen[0]} vanishes at every instance tried"
    elif (part := too_small([at(64) for at in found.met], (a, b))) is not None:
        code = "too-small-to-see"
        text = f"no proof, and a part of {part} is too small to see at any instance tried"
    elif single:
        code = "not-identical"
        text = f"the coefficient {rest.coefficients[0]} is not known to be zero"
    else:
        text = f"{found.valid} instances agree to {found.worst:.1e}"
        evidence = Evidence("numbers", "confirmed", "instances-agree", text, found.data)
        return Verdict("confirmed", evidence.code, text, (evidence,), None, assumed)
    evidence = Evidence("numbers", "undecided", code, text, found.data)
    return Verdict("undecided", code, text, (evidence,), None, assumed)


def _vanishes(coefficient: Expr, found: Measured) -> bool:
    """Tell whether a coefficient of sizes and numbers, not known to be zero, is so everywhere."""
    if of_kind((Letter, Indexed, *SCALARS), coefficient):
        return False
    try:
        return all(at(64).bits(coefficient) is None for at in found.met)
    except (NotReal, Unsure, CannotEvaluate):
        return False


def _refuted(counterexample: Counterexample, found: Measured, assumed: tuple[str, ...]) -> Verdict:
    text = counterexample.text
    evidence = Evidence("numbers", "refuted", "counterexample", text, found.data)
    return Verdict("refuted", evidence.code, text, (evidence,), counterexample, assumed)


def _assumed(a: Expr, b: Expr, given: Given, relations: tuple[Relational, ...]) -> tuple[str, ...]:
    inverses = ("every inverse that is written exists",) if (a - b).has(Inverse) else ()
    return (*given.latex, *map(str, relations), *inverses)


def _shapes(text: str) -> Verdict:
    found = Evidence("proof", "refuted", "shape-mismatch", text)
    return Verdict("refuted", found.code, text, (found,))
