"""Proof: each obligation of a claim is decided exactly, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import combinations

from sympy import Add, Basic, Expr, KroneckerDelta, Mul, S, Sum, exp, log

from symattn.algebra.letters import Dot, Norm, OffSum
from symattn.algebra.limits import NoSafeLimit, limit_at_infinity, limit_at_zero
from symattn.algebra.sign import nonnegative, positive
from symattn.algebra.vanish import vanishes
from symattn.algebra.words import Rewriting, normal, to_expr
from symattn.check.verdict import Evidence
from symattn.derive.claim import Claim, Leading, LimitIs, Obligation, Sign, Theorem, Zero
from symattn.errors import BudgetExceeded, ShapeError

CODES = {
    "Zero": "identity-proved",
    "Sign": "sign-proved",
    "LimitIs": "limit-proved",
    "Theorem": "bound-proved",
}


def prove(claim: Claim) -> Evidence:
    """Decide every obligation of the claim; proved only when all hold.

    A leading part with the order of what it leaves out is at most confirmed: the kept terms are
    exact, but no obligation bounds the rest.
    """
    rules = claim.given.rewriting
    done: list[str] = []
    for obligation in claim.obligations:
        kind = type(obligation).__name__
        try:
            decided = decide(obligation, rules)
        except ShapeError as error:
            return Evidence("proof", "refuted", "shape-mismatch", str(error))
        except (NoSafeLimit, BudgetExceeded) as error:
            return Evidence("proof", "undecided", "no-safe-form", str(error))
        if decided is False and isinstance(obligation, LimitIs):
            text = f"the obligation {describe(obligation)} does not hold: the limit is another one"
            return Evidence("proof", "undecided", "wrong-limit", text)
        if decided is not True:
            what = "is not decided" if decided is None else "does not hold"
            return Evidence(
                "proof",
                "undecided",
                "not-proved",
                f"the obligation {describe(obligation)} {what}",
                {"obligation": describe(obligation)},
            )
        done.append(kind)
    if not done:
        return Evidence("proof", "undecided", "no-obligation", "nothing was proved")
    lead = next(k for k in ("Theorem", "LimitIs", "Sign", "Zero") if k in done)
    text = {
        "Zero": "the difference is identically zero",
        "Sign": "the gap is an expression whose sign is certain",
        "LimitIs": "the limit of every coefficient was taken in a safe form",
        "Theorem": "a named inequality, and an exact identity for the rest",
    }[lead]
    data = {"obligations": [describe(o) for o in claim.obligations]}
    if isinstance(claim, Leading):
        text = (
            "the kept terms are what the rules computed, exactly; that the rest is of the stated "
            "order is measured, not proved"
        )
        return Evidence("proof", "confirmed", "leading-terms-exact", text, data)
    return Evidence("proof", "proved", CODES[lead], text, data)


def describe(obligation: Obligation) -> str:
    """Write an obligation for the report."""
    if isinstance(obligation, Zero):
        return f"{obligation.expr} = 0"
    if isinstance(obligation, Sign):
        return f"{obligation.expr} {'>' if obligation.strict else '>='} 0"
    if isinstance(obligation, LimitIs):
        approach = f"{obligation.variable} -> {obligation.point}"
        return f"{obligation.f} -> {obligation.value} as {approach}"
    return f"{obligation.left} <= {obligation.right} ({obligation.name})"


def decide(obligation: Obligation, rules: Rewriting) -> bool | None:
    """Return True when the obligation certainly holds, False or None otherwise."""
    if not _apart(obligation, rules):
        return None
    if isinstance(obligation, Zero):
        return vanishes(obligation.expr, rules)
    if isinstance(obligation, Sign):
        test = positive if obligation.strict else nonnegative
        return True if test(obligation.expr, rules) else None
    if isinstance(obligation, LimitIs):
        return _limit(obligation, rules)
    return _theorem(obligation, rules)


def _apart(o: Obligation, rules: Rewriting) -> bool:
    """Tell whether the indices that sums leave out are known to be different."""
    sums = {s for x in vars(o).values() if isinstance(x, Basic) for s in x.atoms(OffSum)}
    pairs = {p for s in sums for p in combinations(s.args[3].args, 2)}
    return all(rules.scalars.get(d := KroneckerDelta(a, b), d) == 0 for a, b in pairs)


def _limit(o: LimitIs, rules: Rewriting) -> bool | None:
    if o.point not in (S.Infinity, S.Zero):
        return None
    take = limit_at_infinity if o.point == S.Infinity else limit_at_zero
    found = {key: take(value, o.variable) for key, value in normal(o.f, rules).items()}
    if any(value.is_infinite for value in found.values()) or o.value.is_infinite:
        return len(found) == 1 and next(iter(found.values())) == o.value
    return vanishes(to_expr(found) - o.value, rules)


def _theorem(o: Theorem, rules: Rewriting) -> bool | None:
    """Check that an inequality is an instance of the theorem that it names."""
    if o.name == "cauchy-schwarz":
        if not isinstance(o.left, Dot):
            return None
        u, w = o.left.args
        return vanishes(o.right - Norm(u) * Norm(w), rules)
    if o.name == "triangle":
        if not isinstance(o.left, Norm):
            return None
        parts = []
        for factor, summand, build in _summands(o.left.args[0]):
            if not nonnegative(factor, rules):
                return None
            parts.append(factor * build(Norm(summand)))
        return vanishes(o.right - sum(parts, S.Zero), rules)
    if o.name == "tangent":
        return _tangent(o, rules)
    return None


def _tangent(o: Theorem, rules: Rewriting) -> bool | None:
    """`ln x <= x - 1` and `1 + x <= exp(x)` in every term, each with a nonnegative weight."""
    for curved, flat, kind in ((o.left, o.right, log), (o.right, o.left, exp)):
        if not curved.has(kind):
            continue
        straight = []
        for term in Add.make_args(curved):
            line = _straight(term, kind, rules)
            if line is None:
                break
            straight.append(line)
        else:
            if vanishes(flat - Add(*straight), rules) is True:
                return True
    return None


def _straight(term: Expr, kind: type[Expr], rules: Rewriting) -> Expr | None:
    """Return a nonnegative multiple of `kind(x)`, summed or not, with the tangent for it."""
    if isinstance(term, (Sum, OffSum)):
        inside = _straight(term.args[0], kind, rules)
        return None if inside is None else term.func(inside, *term.args[1:])
    for factor in Mul.make_args(term):
        weight = term / factor
        if isinstance(factor, (Sum, OffSum)) and factor != term and factor.has(kind):
            inside = _straight(factor, kind, rules)
            if inside is not None and nonnegative(weight, rules):
                return weight * inside
        if isinstance(factor, kind) and nonnegative(weight, rules):
            x = factor.args[0]
            if kind is exp:
                return weight * (1 + x)
            if positive(x, rules):
                return weight * (x - 1)
    return None


def _summands(x: Expr) -> list[tuple[Expr, Expr, Callable[[Expr], Expr]]]:
    """Split a vector into scalar factor, vector, and what sums the vector's norms."""
    found: list[tuple[Expr, Expr, Callable[[Expr], Expr]]] = []
    for term in Add.make_args(x):
        scalars, word = term.args_cnc()
        factor, vector = Mul(*scalars), Mul(*word)
        if isinstance(vector, OffSum):
            found.append((factor, vector.args[0], partial(_over, vector)))
        elif isinstance(vector, Sum):
            found.append((factor, vector.function, partial(_over, vector)))
        else:
            found.append((factor, vector, lambda norm: norm))
    return found


def _over(total: Expr, summand: Expr) -> Expr:
    """Sum over the same indices as another sum."""
    return total.func(summand, *total.args[1:])
