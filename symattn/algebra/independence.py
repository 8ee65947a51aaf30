"""Is a numerator over atoms zero that is not empty?  Its atoms may depend on each other.

Guarantee.  True and False are proofs: of roots of numbers by a separation bound, of exponentials
and logarithms by Ax's theorem.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import Symbol, isprime

from symattn.algebra.factors import irreducible
from symattn.algebra.field import Field
from symattn.algebra.polynomials import (
    WIDTH,
    Monomial,
    Number,
    Polynomial,
    magnitude,
)
from symattn.algebra.separation import is_zero_number


def decide_numerator(reader: Field, p: Polynomial) -> bool | None:
    """Decide a numerator: its coefficients may be algebraic numbers that vanish after all."""
    groups: dict[Monomial, dict[Monomial, Number]] = {}
    for m, c in p.terms.items():
        numeric = 0
        for k, e in reader.exponents(m):
            atom = reader.atoms[k]
            if atom.kind == "root" and atom.numeric and _algebraic(reader, atom.base):
                numeric += e << (WIDTH * k)
        group = groups.setdefault(m - numeric, {})
        group[numeric] = c
    kept = []
    certain = False
    for m, group in groups.items():
        zero = _is_zero_group(reader, reader.polynomial(group))
        if zero:
            continue
        kept.append(m)
        certain = certain or zero is False
    if not kept:
        return True
    if not certain:
        return None
    if len(kept) == 1:
        atoms = [k for k, _ in reader.exponents(kept[0])]
        return False if all(_never_zero(reader, k) for k in atoms) else None
    return False if _independent(reader, kept) else None


def _never_zero(reader: Field, k: int) -> bool:
    """Tell whether an atom certainly is not the zero function where it is real."""
    atom = reader.atoms[k]
    if atom.kind in {"symbol", "exp", "pi"}:
        return True
    if atom.kind in {"log", "root"}:
        inside = [reader.atoms[i].kind for i in reader.support(atom.base)]
        return {"symbol", "exp"}.issuperset(inside)
    return False


def _algebraic(reader: Field, p: Polynomial) -> bool:
    return all(
        reader.atoms[k].kind == "root" and _algebraic(reader, reader.atoms[k].base)
        for k in reader.support(p)
    )


def _is_zero_group(reader: Field, p: Polynomial) -> bool | None:
    """Decide a number over roots: roots of different primes are linearly independent."""
    bases = [reader.atoms[k].base for k in reader.support(p)]
    if all(len(b.terms) == 1 and 0 in b.terms for b in bases):
        if len(p.terms) == 1 or all(isprime(int(b.terms[0])) for b in bases):
            return False
    return is_zero_number(reader.expr(p))


def _independent(reader: Field, monomials: Iterable[Monomial]) -> bool:
    """Tell whether the atoms are algebraically independent functions.

    By Ax's theorem exponentials and logarithms are, together with the symbols, when their
    exponents are linearly independent and their arguments multiplicatively so, modulo constants.
    """
    constants = 0
    logarithms: set[Any] = set()
    seen: set[int] = set()
    for m in monomials:
        seen.update(k for k, _ in reader.exponents(m))
    for k in seen:
        atom = reader.atoms[k]
        if atom.kind == "symbol":
            if not isinstance(atom.expr, Symbol):
                return False
            continue
        if atom.kind == "pi":
            constants += 1
        elif atom.kind == "exp":
            top, under = atom.base.top, atom.base.under
            if under or not _over_symbols(reader, top):
                return False
            if not reader.support(top):
                constants += 1
        elif atom.kind == "log":
            c, m, q = reader.primitive(atom.base)
            if not _over_symbols(reader, atom.base) or (q.key, m) in logarithms:
                return False
            logarithms.add((q.key, m))
            if not reader.support(atom.base):
                constants += 1
            elif magnitude(c) != 1 or not _irreducible(reader, m, q):
                return False
        else:
            return False
    return constants <= 1


def _irreducible(reader: Field, m: Monomial, q: Polynomial) -> bool:
    exponents = reader.exponents(m)
    if len(q.terms) == 1:
        return len(exponents) == 1 and exponents[0][1] == reader.scale
    return not exponents and irreducible(reader, q) == [(q, 1)]


def _over_symbols(reader: Field, p: Polynomial) -> bool:
    return all(
        reader.atoms[k].kind == "symbol" and isinstance(reader.atoms[k].expr, Symbol)
        for k in reader.support(p)
    )
