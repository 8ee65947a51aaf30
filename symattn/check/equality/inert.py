"""Numbers for integrals and infinite sums, which no exact test here evaluates.

An integral is enclosed by Arb wherever its integrand is analytic; what is left at an infinite or
singular end, and the tail of a sum, is estimated twice.  So no value here is proved, and it may
confirm or refute only as agreement at two precisions may.  What is not seen to converge has no
value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial, reduce
from math import factorial
from operator import add, mul
from typing import Any

import sympy
from flint import acb, arb, ctx, fmpq
from mpmath import MPContext
from sympy import Dummy, Expr, Integral, Product, S, Sum
from sympy.core.function import AppliedUndef

from symattn.algebra.balls import (
    CannotEvaluate,
    NotReal,
    Unsure,
    Value,
    magnitude,
    total,
    whole,
    working,
)
from symattn.algebra.enclosure import Enclosure
from symattn.algebra.symbols import of_kind
from symattn.check.equality.limits_at import limit_at
from symattn.latex.grammar.builder import ScalarLimit

MINIMUM = 16  # valid points that a confirmation takes: each costs a quadrature
# Of these functions of the index the terms ahead say nothing about those far behind.
STEPPED = (
    sympy.KroneckerDelta,
    sympy.Piecewise,
    sympy.Heaviside,
    sympy.Max,
    sympy.Min,
    sympy.Abs,
    sympy.sign,
    sympy.floor,
    sympy.ceiling,
    sympy.Mod,
    sympy.binomial,
    Sum,
    Product,
    sympy.Indexed,
)
MOST_TERMS = 3000
MOST_FACTORS = 400  # before those of a product that are near one
LOOK = 24  # terms whose ratio is looked at
RATIO = 0.98  # of a geometric tail
FAR = (2**9, 2**12, 2**15)  # where the power of a slow decay is measured
LEAST_POWER = 1.2
LEAST_ALTERNATING = 0.3
SIZES = (16, 32, 64, 128, 256)  # of an extrapolation
WHOLE = 0.02  # how near to a whole one a power is where extrapolation is quick
EVALUATIONS = 20_000  # of an integrand
STEPS = (1, 1.0625, 1.25, 1.75, 2.5)  # beyond an end, where nothing may be left
WIDEST = 60  # bits of an end that stands for infinity
GROWN = 200  # bits of an integrand far out, where no integral is seen to converge
EDGE = 20  # bits of the share at a singular end that is estimated


def holds_inert(*expressions: Expr) -> bool:
    """Tell whether an integral, a limit or an infinite sum stands in an expression."""
    return any(
        isinstance(e, (Integral, ScalarLimit))
        or (isinstance(e, (Sum, Product)) and _is_infinite(e))
        for x in expressions
        for e in sympy.preorder_traversal(x)
    )


def _is_infinite(e: Sum | Product) -> bool:
    return any(end in (S.Infinity, S.NegativeInfinity) for limit in e.limits for end in limit[1:])


class InertEnclosure(Enclosure):
    """The values of expressions that hold integrals and infinite sums, at one point."""

    def __init__(self, *of: Any) -> None:
        super().__init__(*of)
        self.scales: list[arb] = []  # of what an integral adds up

    def _at(self, point: Mapping[Any, Fraction]) -> InertEnclosure:
        return InertEnclosure(point, self.precision, self.family, self.turn)

    def _sum_of_all(self, x: Sum) -> Value:
        if not _is_infinite(x):
            return self._sum(x)
        self.proved = False
        found = arb(0)
        for first, term in self._from(x):
            found += self._series(first, term)
        return found

    def _product_of_all(self, x: Product) -> Value:
        if not _is_infinite(x):
            return self._product_over(x)
        self.proved = False
        result = arb(1)
        less_one = x.func(x.function - 1, *x.limits)
        for (first, term), (_, less) in zip(self._from(x), self._from(less_one)):
            head = [term(k) for k in range(first, first + LOOK)]
            ahead = [term(k) for k in range(first + LOOK, first + 2 * LOOK)]
            if all(abs(v) < RATIO for v in (*ahead, *map(term, FAR))):
                return fmpq(0)  # the factors do not tend to one, and the product to zero
            while not all(v > 0.5 for v in ahead):
                if len(head) > MOST_FACTORS:
                    raise CannotEvaluate("an infinite product of factors that are far from one")
                head += ahead
                ahead = [term(k) for k in range(first + len(head), first + len(head) + LOOK)]
            tail = self._series(first + len(head), partial(_logarithm, less))
            result *= reduce(mul, head) * tail.exp()
        return result

    def _from(self, x: Sum | Product) -> list[tuple[int, Callable[[int], arb]]]:
        """Return where the terms of a sum or product begin, and what they are; two for both ends."""
        if len(x.limits) != 1:
            raise CannotEvaluate("a sum over several indices without an end")
        index, low, high = x.limits[0]
        counted = Dummy(integer=True, positive=True)
        ways = [(low, counted)]
        if low is S.NegativeInfinity:
            last = S.Zero if high is S.Infinity else high
            ways = [(-last, -counted), *([(S.One, counted)] if high is S.Infinity else [])]
        elif high is not S.Infinity:
            raise CannotEvaluate("an infinite sum of this kind")
        found: list[tuple[int, Callable[[int], arb]]] = []
        for low, way in ways:
            f = x.function.xreplace({index: way})
            if any(counted in e.free_symbols for e in of_kind(STEPPED, f)):
                raise CannotEvaluate("an infinite sum of terms that jump")

            def term(k: int, f: Expr = f, way: Expr = way) -> arb:
                return arb(self._with_index(counted, k, f))

            found.append((whole(self._of(low)), term))
        return found

    def _series(self, first: int, term: Callable[[int], arb]) -> arb:
        """Return a sum without an end, where its terms are seen to decay."""
        sizes = [term(k) for k in range(first + LOOK, first + 2 * LOOK)]
        if all(v.is_zero() for v in sizes):
            found = arb(total([term(k) for k in range(first, first + LOOK)]))
            if found.is_zero():
                raise CannotEvaluate("an infinite sum of zeros")
            return found
        ratios = [float((b / a).mid()) for a, b in zip(sizes, sizes[1:]) if not a.contains(0)]
        if len(ratios) < LOOK - 2:
            raise CannotEvaluate("an infinite sum with many terms that vanish")
        alternating = all(r < 0 for r in ratios)
        ratios = [abs(r) for r in ratios]
        if min(ratios) > 1.001 and ratios[-1] >= ratios[0] - 1e-3:
            raise CannotEvaluate("an infinite sum whose terms grow")
        quick = self._geometric(term, first, max(ratios)) if max(ratios) < RATIO else None
        return self._slow(term, first, alternating) if quick is None else quick

    def _geometric(self, term: Callable[[int], arb], first: int, ratio: float) -> arb | None:
        """Return a sum whose terms decay by a factor; None where they do not soon vanish."""
        found, k = arb(0), first
        small = 2.0
        while k < first + MOST_TERMS:
            value = term(k)
            found += value
            k += 1
            if k > first + 2 * LOOK and not value.is_zero():
                small = magnitude(value)
                if small < magnitude(found) - self.precision - 8:
                    tail = abs(value).abs_upper() * (ratio / (1 - ratio))
                    return found + arb(0, tail)
            elif value.is_zero() and k > first + 3 * LOOK:
                return found
        return None

    def _slow(self, term: Callable[[int], arb], first: int, alternating: bool) -> arb:
        """Return a sum whose terms decay as a power of the index, by extrapolation."""
        values = [abs(term(first + k)) for k in FAR] + [abs(term(first + 2 * FAR[-1]))]
        if any(v.contains(0) for v in values):
            raise CannotEvaluate("an infinite sum of this kind")
        powers = [-float((b / a).mid().log() / arb(8).log()) for a, b in zip(values, values[1:-1])]
        powers.append(-float((values[-1] / values[-2]).mid().log() / arb(2).log()))
        least = LEAST_ALTERNATING if alternating else LEAST_POWER
        if min(powers) < least or max(powers) - min(powers) > 0.2:
            raise CannotEvaluate("an infinite sum that is not seen to converge")
        if not alternating and abs(powers[-1] - round(powers[-1])) > WHOLE:
            raise CannotEvaluate("an infinite sum that is not extrapolated")
        before = None
        for n in SIZES:
            with working(self.precision + 4 * n):  # extrapolation loses digits
                found = (_alternating if alternating else _extrapolated)(
                    lambda k: term(first + k), n
                )
            gap = abs(found - before).abs_upper() if before is not None else arb(1)
            if magnitude(gap) <= magnitude(found) - self.precision // 3:
                return found + arb(0, 4 * gap)
            before = found
        raise CannotEvaluate("an infinite sum whose extrapolations differ")

    def _integral(self, x: Integral) -> Value:
        *inner, last = x.limits
        if any(len(limit) != 3 for limit in x.limits):
            raise CannotEvaluate("an integral of this kind")
        self.proved = False
        variable, low, high = last
        if low is S.Infinity or high is S.NegativeInfinity:
            raise CannotEvaluate("an integral from the far end")
        f = _Integrand(self, Integral(x.function, *inner) if inner else x.function, variable)
        width = 8 + max((abs(float(v)) for v in self.point.values()), default=0.0)
        (a, below), (b, above) = (self._end(end, f, arb(width)) for end in (low, high))
        found = arb(0)
        if below:
            found += f.estimated(None, a)
        if above:
            found += f.estimated(b, None)
        middle = ((a + b) / 2).mid()
        halves = [f.between(a, middle), f.between(middle, b)]
        self.scales += halves
        return found + sum(halves, arb(0))

    def _end(self, end: Expr, f: _Integrand, width: arb) -> tuple[arb, bool]:
        """Return an end, or a number for an infinite one, and whether something is left beyond."""
        if end.is_finite is not False:
            return arb(self._of(end)), False
        sign = 1 if end is S.Infinity else -1
        at = width
        for _ in range(WIDEST):
            beyond = [abs(f.real(sign * at * arb(step))) for step in STEPS]
            if all(v.is_zero() or magnitude(v * at) < -2 * self.precision for v in beyond):
                return sign * at, False
            if all(magnitude(v) > GROWN for v in beyond):
                raise CannotEvaluate("an integral of what grows without end")
            at *= 2
        return sign * width, True

    def _limit(self, x: ScalarLimit) -> Value:
        self.proved = False
        return self._of(limit_at(x, self.point, self._indexed))

    _rules: Mapping[Any, Any] = {
        **Enclosure._rules,
        Integral: _integral,
        Sum: _sum_of_all,
        Product: _product_of_all,
        ScalarLimit: _limit,
    }


def _separated(e: Integral) -> Expr:
    """Return an integral inside another with what does not hold its letter outside of it."""
    first, *rest = e.limits
    found = S.Zero
    for term in sympy.Add.make_args(e.function.expand()):
        outside, inside = term.as_independent(first[0], as_Add=False)
        one = outside * Integral(inside, first)
        found += Integral(one, *rest) if rest else one
    if found == e:
        raise CannotEvaluate("an integral inside another that does not come apart")
    return found


def _logarithm(less: Callable[[int], arb], k: int) -> arb:
    """Return the logarithm of a factor of which one less is given."""
    return less(k).log1p()


def _extrapolated(term: Callable[[int], arb], n: int) -> arb:
    """Return the limit of the partial sums, which are taken for a polynomial in one over their size.

    Richardson's: the sum over k of (-1)^(k+n) (n+k)^n / (k! (n-k)!) S(n+k), for k from 0 to n.
    """
    partial_sum = sum((term(k) for k in range(n - 1)), arb(0))
    found = arb(0)
    for k in range(n + 1):
        partial_sum += term(n - 1 + k)
        weight = fmpq((n + k) ** n, factorial(k) * factorial(n - k))
        found += partial_sum * weight * (-1) ** (k + n)
    return found


def _alternating(term: Callable[[int], arb], n: int) -> arb:
    """Return an alternating sum, by the weights of Cohen, Rodriguez Villegas and Zagier."""
    d = (3 + arb(8).sqrt()) ** n
    d = (d + 1 / d) / 2
    b, c, found = arb(-1), -d, arb(0)
    for k in range(n):
        c = b - c
        found += c * term(k) * (-1) ** k
        b = b * (k + n) * (k - n) / ((k + arb(0.5)) * (k + 1))
    return found / d


_ANALYTIC = {
    sympy.exp: "exp",
    sympy.sin: "sin",
    sympy.cos: "cos",
    sympy.sinh: "sinh",
    sympy.cosh: "cosh",
    sympy.tanh: "tanh",
    sympy.tan: "tan",
    sympy.erf: "erf",
    sympy.erfc: "erfc",
    sympy.gamma: "gamma",
    sympy.atan: "atan",
}
_BRANCHED = {sympy.log: "log", sympy.Abs: "real_abs", sympy.sign: "real_sgn"}


Function = Callable[[acb, bool], acb]


class _Integrand:
    """A function of one variable over the complex numbers, at the values of the other letters."""

    def __init__(self, at: InertEnclosure, f: Expr, variable: Any) -> None:
        self.at = at
        self.variable = variable
        self._f = self._compiled(f)

    def __call__(self, z: acb, analytic: bool = False) -> acb:
        return self._f(z, analytic)

    def real(self, x: arb) -> arb:
        found = self(acb(x))
        if not found.imag.contains(0):
            raise NotReal("an integrand that is not real")
        return found.real

    def _compiled(self, e: Any) -> Function:
        """Return a function of the variable, and of whether it must be analytic there."""
        if e == self.variable:
            return lambda z, analytic: z
        if self.variable not in e.free_symbols:
            constant = acb(arb(self.at._of(e)))
            return lambda z, analytic: constant
        if isinstance(e, Integral):
            return self._compiled(_separated(e))
        parts = [self._compiled(a) for a in e.args]
        first = parts[0]
        if isinstance(e, AppliedUndef):
            return partial(self._any, e, parts)
        if e.is_Add:
            return lambda z, analytic: reduce(add, [f(z, analytic) for f in parts])
        if e.is_Mul:
            return lambda z, analytic: reduce(mul, [f(z, analytic) for f in parts])
        if e.is_Pow:
            if e.base is S.Exp1:
                return lambda z, analytic: parts[1](z, analytic).exp()
            if e.exp.is_Integer:
                power = int(e.exp)
                return lambda z, analytic: first(z, analytic) ** power
            if e.exp == S.Half:
                return lambda z, analytic: first(z, analytic).sqrt(analytic=analytic)
            return lambda z, analytic: first(z, analytic).pow(
                parts[1](z, analytic), analytic=analytic
            )
        if e.func in _ANALYTIC and len(parts) == 1:
            name = _ANALYTIC[e.func]
            return lambda z, analytic: getattr(first(z, analytic), name)()
        if e.func in _BRANCHED and len(parts) == 1:
            name = _BRANCHED[e.func]
            return lambda z, analytic: getattr(first(z, analytic), name)(analytic=analytic)
        if e.func in (sympy.Max, sympy.Min) and len(parts) == 2:
            name = "real_max" if e.func is sympy.Max else "real_min"
            return lambda z, analytic: getattr(first(z, analytic), name)(
                parts[1](z, analytic), analytic=analytic
            )
        raise CannotEvaluate(f"no integral of {e.func.__name__}")

    def _any(self, e: Any, parts: list[Function], z: acb, analytic: bool) -> acb:
        """Return a value of a function that is not known, as at real arguments."""
        return acb(self.at.any_of(e, [f(z, analytic) for f in parts]))

    def between(self, a: arb, b: arb) -> arb:
        """Return the integral between two ends; next to an end where it is singular an estimate."""
        if (a - b).is_zero():
            return arb(0)
        left, right, found = a, b, arb(0)
        share = (b - a) / (1 << EDGE)
        if not self(acb(a)).is_finite():
            left = (a + share).mid()
            found += self.estimated(a, left)
        if not self(acb(b)).is_finite():
            right = (b - share).mid()
            found += self.estimated(right, b)
        try:
            value = acb.integral(self, acb(left), acb(right), eval_limit=EVALUATIONS)
        except SystemError as error:  # how an exception of the integrand comes back
            cause: BaseException | None = error
            while isinstance(cause, SystemError):
                cause = cause.__cause__ or cause.__context__
            raise cause or CannotEvaluate("an integral of this kind") from None
        if not value.is_finite():
            raise CannotEvaluate("an integral that is not seen to converge")
        if not value.imag.contains(0):
            raise NotReal("an integral that is not real")
        return found + value.real

    def estimated(self, a: arb | None, b: arb | None) -> arb:
        """Return an integral by quadrature at two precisions; None stands for infinity."""
        context = MPContext()
        ends = [
            (-context.inf, context.inf)[n] if e is None else context.make_mpf(e.mid()._mpf_)
            for n, e in enumerate((a, b))
        ]

        def value(x: Any) -> Any:
            found = self.real(arb(x))
            if not found.is_finite():
                raise Unsure("an integrand")
            return context.make_mpf(found.mid()._mpf_)

        found = []
        for bits in (ctx.prec, ctx.prec + 64):
            context.prec = bits
            try:
                found.append(arb(context.quad(value, ends, maxdegree=8)))
            except (ValueError, ZeroDivisionError, OverflowError):
                raise CannotEvaluate("an integral that is not seen to converge") from None
        gap = abs(found[0] - found[1]).abs_upper()
        if not gap.is_finite() or magnitude(gap) > -(self.at.precision // 3):
            raise CannotEvaluate("an integral that is not seen to converge")
        return found[1] + arb(0, 4 * gap)
