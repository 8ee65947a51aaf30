"""Is an expression zero under the hypotheses?  Scalars, vectors and matrices alike."""

from __future__ import annotations

from sympy import Expr, GreaterThan, LessThan

from symattn.algebra.somewhere import not_zero_somewhere
from symattn.algebra.words import NOTHING, Rewriting, normal
from symattn.algebra.zero import zero_test


def vanishes(x: Expr, rules: Rewriting = NOTHING) -> bool | None:
    """Tell whether `x` is identically zero: True is a proof; False says that a coefficient of a
    single word certainly is not zero; None is no decision.

    Whether different words are independent depends on the instance (its sizes, for one), so False
    is a hint for where to look for a counterexample and never a refutation by itself.

    >>> from sympy import Symbol
    >>> from symattn.algebra.letters import Inverse, Matrix, T
    >>> d, s = Symbol("d"), Symbol("s")
    >>> A = Matrix("A", d, s)
    >>> P = A * Inverse(T(A) * A) * T(A)
    >>> vanishes(P * P - P), vanishes(P - A * T(A))
    (True, False)
    """
    answer: bool | None = True
    for coefficient in normal(x, rules).values():
        found = zero_test(coefficient)
        if found.decided is False:
            return False
        if found.decided is None or not all(_inside(c, rules) for c in found.domain):
            answer = None
    return answer


def certainly_vanishes(x: Expr, rules: Rewriting = NOTHING) -> bool:
    """Tell whether `vanishes` is True; a point where `x` is not zero answers before any proof is tried.

    >>> from sympy import Symbol
    >>> d = Symbol("d")
    >>> certainly_vanishes((d + 1) ** 2 - d * (d + 2) - 1), certainly_vanishes(d)
    (True, False)
    """
    if any(not_zero_somewhere(coefficient) for coefficient in normal(x, rules).values()):
        return False
    return vanishes(x, rules) is True


def _inside(condition: object, rules: Rewriting) -> bool:
    """Whether a place that a delta names lies in its sum; other conditions are the caller's.

    A letter for an index is one of 1..n; a number, or a place counted from another, need not be.
    """
    if not isinstance(condition, (GreaterThan, LessThan)) or condition.lts.is_integer is None:
        return True
    low, high = condition.lts, condition.gts
    if not (low.is_integer and high.is_integer) or low.is_Symbol or (high.is_Symbol and low == 1):
        return True
    return bool((high - low).xreplace(dict(rules.ranges)).is_nonnegative)
