"""Is an expression zero under the hypotheses?  Scalars, vectors and matrices alike."""

from __future__ import annotations

from sympy import Expr

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
        decided = zero_test(coefficient).decided
        if decided is False:
            return False
        if decided is None:
            answer = None
    return answer
