"""A query without what vanishes in it as the scale grows.

Adding to the query what tends to zero adds to every logit what tends to zero, so every weight is
multiplied by what tends to 1: the limits of the weights and of the output stay as they are.  That
is used where the keys are fixed and there are finitely many of them.
"""

from __future__ import annotations

from sympy import Add, Expr, S, apart
from sympy.functions.elementary.hyperbolic import HyperbolicFunction

from symattn.algebra.limits import NoSafeLimit
from symattn.algebra.words import normal, to_expr
from symattn.hypotheses.base import Given
from symattn.kernel.approaches import Approach, one_limit


def settled(query: Expr, approach: Approach, given: Given) -> Expr:
    """Return a query whose difference from the given one vanishes along the approach.

    >>> from symattn.algebra.attention import beta, i, k
    >>> from sympy import oo
    >>> settled((beta + 1 / beta) * k(i), Approach(beta, oo), Given(()))
    \\beta*k[i]
    >>> settled(beta / (beta + 1) * k(i), Approach(beta, oo), Given(()))
    k[i]
    """
    words = normal(query, given.rewriting)
    return to_expr({word: _settled(x, approach) for word, x in words.items()})


def _settled(x: Expr, approach: Approach) -> Expr:
    """Put the limit in the place of a coefficient that has one, else leave out what vanishes."""
    if not x.has(approach.symbol):
        return x
    if x.has(HyperbolicFunction):
        x = x.rewrite("exp").expand()
    whole = _end(x, approach)
    if whole is not None and whole.is_finite:
        return whole
    if x.is_rational_function(approach.symbol):
        x = apart(x, approach.symbol)
    terms = [a for a in Add.make_args(x.expand()) if _end(a, approach) != 0]
    return Add(*terms) if terms else S.Zero


def _end(x: Expr, approach: Approach) -> Expr | None:
    try:
        return one_limit(x, approach)
    except NoSafeLimit:
        return None
