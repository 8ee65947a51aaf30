"""A query without what vanishes in it as the scale grows.

Adding to the query what tends to zero adds to every logit what tends to zero, so every weight is
multiplied by what tends to 1: the limits of the weights and of the output stay as they are.  That
is used where the keys are fixed and there are finitely many of them.
"""

from __future__ import annotations

from sympy import Add, Dummy, Expr, Poly, Pow, S, Symbol, apart, oo
from sympy.functions.elementary.hyperbolic import HyperbolicFunction

from symattn.algebra.limits import NoSafeLimit
from symattn.algebra.words import normal, to_expr
from symattn.hypotheses.base import Given
from symattn.kernel.approaches import Approach, one_limit

MOST_TERMS = 20


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
    if approach.point == oo:
        x = _without_roots(x, approach.symbol)
    whole = _end(x, approach)
    if whole is not None and whole.is_finite:
        return whole
    if x.is_rational_function(approach.symbol):
        x = apart(x, approach.symbol)
    terms = [a for a in Add.make_args(x.expand()) if _end(a, approach) != 0]
    return Add(*terms) if terms else S.Zero


def _without_roots(x: Expr, scale: Symbol) -> Expr:
    r"""Put the beginning of its expansion in the place of the root of a polynomial; the rest vanishes.

    `\sqrt{p} = \sqrt{a} \beta^m (1 + r_1 / \beta + ..)` for a polynomial with the leading term
    `a \beta^{2m}`; its terms follow from the square.  As many are kept as do not vanish beside the
    powers of the scale that the root stands with.

    >>> b = Symbol("b", positive=True)
    >>> _without_roots((b**2 + 4 * b + 1) ** S.Half, b), _without_roots((b**2 + 1) ** S.Half / b, b)
    (b + 2, 1)
    """
    roots = [
        r for r in x.atoms(Pow)
        if r.exp.is_Rational and not r.exp.is_Integer and r.base.is_Add and r.has(scale)
        and r.base.is_polynomial(scale)
    ]  # fmt: skip
    for root in sorted(roots, key=str):
        letter, p = Dummy(), Poly(root.base, scale)
        terms = Add.make_args(x.xreplace({root: letter}).expand())
        split = [term.as_coeff_exponent(letter) for term in terms]
        rests = [beside.as_coeff_exponent(scale) for beside, power in split if power != 0]
        plain = all(power in (0, 1) and not beside.has(letter) for beside, power in split)
        if not plain or not p.LC().is_positive or any(rest.has(scale) for rest, _ in rests):
            continue
        top = p.degree() * root.exp
        size = top + max(degree for _, degree in rests)
        if not (size.is_Rational and size <= MOST_TERMS):
            continue
        monic = [c / p.LC() for c in p.all_coeffs()] + [S.Zero] * MOST_TERMS
        series = [S.One]  # of (1 + m_1 / scale + ..) to the power: by its logarithmic derivative
        for k in range(1, int(size) + 1):
            steps = [(root.exp * m - k + m) * monic[m] * series[k - m] for m in range(1, k + 1)]
            series.append(Add(*steps) / k)
        kept = p.LC() ** root.exp * Add(*[r * scale ** (top - k) for k, r in enumerate(series)])
        whole = kept if size >= 0 else S.Zero
        x = Add(*[beside * whole if power else beside for beside, power in split]).expand()
    return x


def _end(x: Expr, approach: Approach) -> Expr | None:
    try:
        return one_limit(x, approach)
    except NoSafeLimit:
        return None
