"""Inequalities in a document: by the kernel's signs, or by a point where they fail."""

from __future__ import annotations

from sympy import Expr, Indexed, Le, Sum, Symbol
from sympy.core.relational import Relational

from symattn.algebra.stable import Peak
from symattn.algebra.symbols import of_kind
from symattn.algebra.words import NOTHING
from symattn.check.budget import deadline
from symattn.check.equality.comparison import MOST
from symattn.check.equality.declared import ReadSides
from symattn.check.equality.reading import read_sides
from symattn.check.equality.sampler import FIRST_PRECISION, Sampler
from symattn.check.equality.shown import show
from symattn.check.equality.sides import instance_of, separated, sides, where
from symattn.check.equality.spellings import SHARED
from symattn.check.proof import proof_of
from symattn.check.verdict import Counterexample, Evidence, Verdict
from symattn.claims import Inequality
from symattn.claims.definitions import Definitions
from symattn.claims.search import ingredients
from symattn.document.holds import Known
from symattn.document.judged_links import SECONDS, JudgedLink, occurring, options_for
from symattn.errors import BudgetExceeded, SymattnError
from symattn.hypotheses.base import Given


def ordered(left: str, relation: str, right: str, holds: Known) -> JudgedLink:
    r"""Return the verdict on an inequality between two scalars.

    >>> ordered("2 x y", "<=", "x^2 + y^2", Known()).verdict.verdict
    'proved'
    >>> ordered("2 x y", "<", "x^2 + y^2", Known()).verdict.verdict
    'refuted'
    """
    options = options_for(left, right, holds, True)
    try:
        with deadline(SECONDS):
            options = occurring(left, right, options)
            read = read_sides(left, right, options)
            verdict = _decided(read, relation, options.given)
    except BudgetExceeded as error:
        return JudgedLink(Verdict("undecided", "out-of-time", str(error)))
    except SymattnError as error:
        return JudgedLink(Verdict("unread", "unread", error.message))
    return JudgedLink(verdict, read, options.standing)


def _decided(read: ReadSides, relation: str, given: tuple[object, ...]) -> Verdict:
    low, high = read.left, read.right
    if not (low.is_commutative and high.is_commutative):
        return Verdict("undecided", "relation-not-judged", "only scalars are larger or smaller")
    if SHARED in read.notes:
        return Verdict("undecided", "not-proved", "what entropies satisfy is not put in")
    if relation in (">", ">="):
        low, high = high, low
    strict = relation in ("<", ">")
    found = _fails(read, strict, low, high)
    if found is not None:
        evidence = Evidence("numbers", "refuted", "counterexample", found.text)
        return Verdict("refuted", "counterexample", found.text, (evidence,), found)
    reasons = ingredients((low, high), NOTHING, upward=True, strict=strict)
    if reasons is not None:
        sign = "<" if strict else r"\le"
        claim = Definitions().claim(
            Inequality, "line", Given(()), low, high, relation=sign, **reasons
        )
        evidence = proof_of(claim)
        if evidence.proof is not None:
            signs = tuple(f"{s} > 0" for s in evidence.proof.signs)
            return Verdict("proved", evidence.code, evidence.text, (evidence,), None, signs)
    return Verdict("undecided", "not-proved", "no point refutes it, and no rule proves it")


def _places(low: Expr, high: Expr) -> list[Relational]:
    """Return that a letter is one of 1..n where it is the place in a family that is summed so far."""
    ends = {
        (str(i.base), limit[1])
        for e in of_kind((Sum, Peak), low, high)
        for limit in ([(x[0], x[-1]) for x in e.limits] if isinstance(e, Sum) else [e.args[1:3]])
        for i in of_kind(Indexed, e.args[0])
        if limit[0] in i.indices
    }
    bound = {
        s
        for e in of_kind((Sum, Peak), low, high)
        for s in of_kind(Symbol, e)
        if s not in e.free_symbols
    }
    free = [(str(e.base), i) for e in of_kind(Indexed, low, high) for i in e.indices]
    found = [Le(i, end) for base, i in free for name, end in ends
             if name == base and i.is_Symbol and i not in bound]  # fmt: skip
    return [g for g in dict.fromkeys(found) if isinstance(g, Relational)]


def _fails(read: ReadSides, strict: bool, low: Expr, high: Expr) -> Counterexample | None:
    """Return a point at which `low <= high`, or `<`, certainly fails."""
    relations = [g for g in read.given if getattr(g, "is_Relational", False)]
    relations += _places(low, high)
    sampler = Sampler(low, high, relations, 0)
    tried = 0
    for point in sampler.points():
        tried += 1
        if tried > MOST:
            return None
        both = sides(sampler, low, high, point, FIRST_PRECISION)
        if both is None or both.left is None or both.right is None:
            continue
        apart = separated(both, FIRST_PRECISION)
        same = strict and low.subs(dict(point)) == high.subs(dict(point))
        if same or (apart and both.left > both.right):
            instance = instance_of(sampler, point)
            a, b, note = show(both.left, both.right)
            sign = "<" if strict else "<="
            text = f"{where(instance)}{a} {sign} {b} does not hold{note}"
            return Counterexample(instance, a, b, text)
    return None
