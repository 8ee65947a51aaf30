"""Small noise: Taylor coefficients in small symbols, and Gaussian moments of polynomials."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sympy import Add, Expr, Indexed, Mul, S, Symbol, exp, expand, factorial, factorial2, together

from symattn.algebra.letters import OffSum
from symattn.algebra.words import normal, to_expr
from symattn.derive.rules import Rule, tidy
from symattn.errors import BrokenDerivation


@dataclass(frozen=True)
class Small:
    """What is small: every member of a noise family is of order one in `noise_mark`, and every
    listed symbol of order one in `mark`.

    >>> from sympy import Indexed, IndexedBase, symbols
    >>> r, s, eta = symbols("r s eta")
    >>> small = Small("g", r, (eta,), s)
    >>> g = IndexedBase("g")
    >>> small.coefficient(1 / (1 + exp(-g[1]) + eta), 1, 0)
    g[1]/4
    """

    family: str
    noise_mark: Symbol
    symbols: tuple[Symbol, ...]
    mark: Symbol

    def scaled(self, f: Expr) -> Expr:
        """Return `f` with the marks put in."""
        members = {a: self.noise_mark * a for a in f.atoms(Indexed) if str(a.base) == self.family}
        return f.xreplace({**members, **{a: self.mark * a for a in self.symbols}})

    def coefficient(self, f: Expr, noise: int, other: int) -> Expr:
        """Return the Taylor term of a scalar at the two orders."""
        found = self.scaled(together(f))
        # What is put to zero goes first: it leaves less to differentiate.
        for mark, order in sorted(
            ((self.mark, other), (self.noise_mark, noise)), key=lambda pair: pair[1]
        ):
            found = (found.diff(mark, order) if order else found).xreplace({mark: S.Zero}).doit()
        return tidy(found / (factorial(noise) * factorial(other)))


def in_terms_of(variable: Symbol, name: Symbol) -> Rule:
    """Write `exp(-variable)` as a symbol of its own."""

    def apply(e: Expr) -> Expr:
        apart = e.replace(lambda x: isinstance(x, exp), lambda x: x.expand(power_exp=True))
        return apart.xreplace({exp(variable): 1 / name, exp(-variable): name})

    return Rule(f"write exp(-{variable}) as {name}", apply, keeps=False)


def exchanged(f: Expr, a: Indexed, b: Indexed) -> Expr:
    """Return `f` with two noises exchanged; independent noises of one law may be."""
    return f.xreplace({a: b, b: a})


def leading(small: Small, keep: Sequence[tuple[int, int]]) -> Rule:
    """Keep the Taylor terms of the given (noise, other) orders, vector by vector."""

    def scalar(f: Expr) -> Expr:
        return Add(*[small.coefficient(f, *orders) for orders in keep])

    return Rule(
        "keep the leading terms of the Taylor series",
        lambda e: each_scalar(e, scalar),
        keeps=False,
    )


def noise_only(small: Small) -> Rule:
    """Put the small symbols to zero and keep the noise whole."""
    zeros = dict.fromkeys(small.symbols, S.Zero)
    return Rule(
        "keep the noise alone",
        lambda e: each_scalar(e, lambda f: together(f).subs(zeros)),
        keeps=False,
    )


def each_scalar(e: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """Apply a function to the scalar coefficient of every vector."""
    if e.is_commutative:
        return change(e)
    if e.is_Add:
        return Add(*[each_scalar(a, change) for a in e.args])
    scalars, word = e.args_cnc()
    if len(word) == 1 and isinstance(word[0], OffSum):
        f, *rest = word[0].args
        inner, vectors = f.args_cnc()
        share = change(Mul(*scalars, *inner))
        if rest[0] in share.free_symbols:
            return OffSum(share * Mul(*vectors), *rest)
        return share * OffSum(Mul(*vectors), *rest)
    return change(Mul(*scalars)) * Mul(*word)


def gaussian_moment(noise: Mapping[Indexed, Expr]) -> Rule:
    """Take the expectation over independent centred normals: name -> variance.

    E g^{2k} is (2k - 1)!! times the variance to the k, and odd moments vanish.
    """

    def apply(e: Expr) -> Expr:
        terms = {}
        for key, coefficient in normal(e).items():
            terms[key] = Add(*[_moment(t, noise) for t in Add.make_args(expand(coefficient))])
        return to_expr(terms)

    return Rule("take the Gaussian expectation", apply, keeps=False, shorten=True)


def _moment(term: Expr, noise: Mapping[Indexed, Expr]) -> Expr:
    value = S.One
    for factor in Mul.make_args(term):
        base, power = factor.as_base_exp()
        if base in noise:
            if not power.is_Integer:
                raise BrokenDerivation(f"a power of {base} was expected, not {factor}")
            if power % 2:
                return S.Zero
            value *= factorial2(power - 1) * noise[base] ** (power / 2)
        elif any(g in factor.free_symbols or factor.has(g) for g in noise):
            raise BrokenDerivation(f"a polynomial in the noise was expected, not {factor}")
        else:
            value *= factor
    return value


def change_of_variable(variable: Symbol, inverse: Expr, new: Symbol) -> Rule:
    """Turn the density of one variable into that of another: times the inverse's slope."""
    return Rule(
        f"change the variable to {new}",
        lambda e: tidy(e.subs(variable, inverse) * tidy(inverse.diff(new))),
        keeps=False,
    )
