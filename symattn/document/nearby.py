"""The right line nearest to one that does not follow: one sign, one factor or one transpose away."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Add, Expr, Integer, Mul, Pow, Rational

from symattn.algebra.letters import Letter, T, Transposed
from symattn.algebra.symbols import of_kind
from symattn.check.equality.reading import read_sides
from symattn.document.holds import Known
from symattn.document.judged_links import decided, options_for
from symattn.errors import ShapeError, SymattnError
from symattn.latex.write import latex

MOST = 40


def nearest_side(left: str, right: str, holds: Known) -> str:
    """Return in LaTeX the right side with one change that makes it equal to the left; '' for none.

    >>> nearest_side("(a - b)^2", "a^2 + 2 a b + b^2", Known())
    'a^{2} + b^{2} - 2 a b'
    """
    try:
        written = read_sides(right, right, options_for(right, right, holds, False)).right
    except SymattnError:
        return ""
    seen: set[str] = set()
    for candidate in _changed(written):
        try:
            text = latex(candidate)
        except (SymattnError, TypeError, ValueError, NotImplementedError, AttributeError):
            continue  # what has no LaTeX of ours
        if text in seen:
            continue
        seen.add(text)
        if len(seen) > MOST:
            return ""
        if decided(left, text, holds).verdict.passed:
            return text
    return ""


def _changed(x: Expr) -> Iterator[Expr]:
    factors = (Integer(-1), Integer(2), Rational(1, 2))
    terms = Add.make_args(x)
    for factor in factors:
        yield factor * x
        if len(terms) > 1:
            for t in terms:
                yield x - t + factor * t
    for t in terms:
        for at, part in enumerate(t.args if isinstance(t, Mul) else ()):
            rest = x - t
            others = [*t.args[:at], *t.args[at + 1 :]]
            if isinstance(part, Add):  # a sign inside of one bracket
                for inner in part.args:
                    yield rest + Mul(*t.args[:at], part - 2 * inner, *t.args[at + 1 :])
            if isinstance(part, Pow) and part.is_commutative:
                yield rest + Mul(part.base ** (part.exp + 1), *others)
                yield rest + Mul(part.base ** (part.exp - 1), *others)
            elif part.is_commutative and not part.is_number:
                yield rest + Mul(part**2, *others)
                yield rest + Mul(*others)
    for letter in sorted(of_kind(Letter, x), key=str):
        for old in (Transposed(letter), letter):
            if x.has(old):
                try:
                    yield x.xreplace({old: T(old)})
                except ShapeError:
                    continue
