"""Writing LaTeX: the assignment's notation, and only what both readers can read again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sympy import (
    Add,
    And,
    Basic,
    Eq,
    Expr,
    Function,
    Indexed,
    Integer,
    KroneckerDelta,
    Mul,
    Ne,
    Not,
    Number,
    Or,
    Pow,
    Product,
    S,
    Sum,
    Symbol,
    exp,
    log,
    pi,
    sqrt,
)
from sympy.printing.latex import LatexPrinter, _between_two_numbers_p

from symattn.algebra.letters import (
    Cov,
    Dot,
    Expect,
    Gram,
    Holds,
    IdentityMatrix,
    Inverse,
    Letter,
    Norm,
    OffSum,
    Partial,
    T,
    Trace,
    Transposed,
    Var,
    is_column,
    shape,
)


class Writer(LatexPrinter):
    """SymPy's printer with the field's notation: dot products, transposes, natural logarithms.

    slashed : whether fractions are written with a slash, as in a line of text or an exponent.
    """

    def __init__(self, slashed: bool = False) -> None:
        self.slashed = slashed
        super().__init__(
            {"ln_notation": True, "mul_symbol": None, "fold_short_frac": False, "order": "none"}
        )

    # letters ----------------------------------------------------------------------------------

    def _print_Letter(self, x: Letter) -> str:
        if x.index is None:
            return x.name
        return f"{x.name}_{{{self._print(x.index)}}}"

    _print_Vector = _print_Member = _print_Matrix = _print_Letter

    def _print_Integer(self, x: Integer) -> str:
        digits = str(x)
        if len(digits) > 20 and set(digits[1:]) == {"0"} and digits[0] == "1":
            return f"10^{{{len(digits) - 1}}}"  # as it is written, and read
        return digits

    def _print_IdentityMatrix(self, x: IdentityMatrix) -> str:
        return "I"

    def _print_Gram(self, x: Gram) -> str:
        factor: Expr = x.args[0]  # type: ignore[assignment]
        return str(self._print(T(factor) * factor))

    def _print_Transposed(self, x: Transposed) -> str:
        return rf"{self._print(x.args[0])}^{{\top}}"

    def _print_Inverse(self, x: Inverse) -> str:
        inner = x.args[0]
        if isinstance(inner, Letter) and not isinstance(inner, Gram):
            return f"{self._print(inner)}^{{-1}}"
        return rf"\left({self._print(inner)}\right)^{{-1}}"

    def _print_Dot(self, x: Dot) -> str:
        u, v = x.args
        if any(isinstance(a, Mul) and len(a.args_cnc()[1]) > 1 for a in x.args):
            left, right = (u, v) if not isinstance(u, Mul) else (v, u)
            if isinstance(left, Letter):
                plain = isinstance(right, Mul) and all(isinstance(a, Letter) for a in right.args)
                after = self._print(right) if plain else self._factor(right)
                return rf"{self._print(left)}^{{\top}} {after}"
        return rf"{self._factor(u)} \cdot {self._factor(v)}"

    def _factor(self, x: Basic) -> str:
        text = str(self._print(x))
        return text if isinstance(x, (Letter, Transposed)) else rf"\left({text}\right)"

    def _print_Norm(self, x: Norm, exp: str | None = None) -> str:
        inner: Expr = x.args[0]  # type: ignore[assignment]
        frobenius = "" if is_column(inner) else "_{F}"
        text = self._print(inner)
        size = (r"\left", r"\right") if re.search(r"\\frac|\\sum", text) else ("", "")
        base = rf"{size[0]}\lVert {text} {size[1]}\rVert{frobenius}"
        return _raised(base, exp)

    def _print_Det(self, x: Basic, exp: str | None = None) -> str:
        base = rf"\det\left({self._print(x.args[0])}\right)"
        return _raised(base, exp)

    def _print_Diag(self, x: Basic) -> str:
        return rf"\operatorname{{diag}}\left({self._print(x.args[0])}\right)"

    def _print_Abs(self, x: Basic, exp: str | None = None) -> str:
        base = rf"\left|{self._print(x.args[0])}\right|"
        return _raised(base, exp)

    def _print_Trace(self, x: Trace, exp: str | None = None) -> str:
        base = rf"\operatorname{{tr}}\left({self._print(x.args[0])}\right)"
        return _raised(base, exp)

    def _statistic(self, name: str, x: Basic, pair: tuple[str, str]) -> str:
        return rf"{name}\left{pair[0]}{self._print(x.args[0])}\right{pair[1]}"

    def _print_Expect(self, x: Expect) -> str:
        inner = x.args[0]
        if isinstance(inner, Holds):
            return f"P({self._print(inner)})"
        return self._statistic(r"\mathbb{E}", x, ("[", "]"))

    def _print_Holds(self, x: Holds) -> str:
        signs = {"~~": r"\approx", "<=": r"\le", ">=": r"\ge", "or": r"\text{ or }",
                 "and": r"\text{ and }"}  # fmt: skip
        left, right = (self._print(side) for side in x.args[:2])
        return f"{left} {signs.get(x.relation, x.relation)} {right}"

    def _print_Cov(self, x: Cov) -> str:
        return self._statistic(r"\operatorname{Cov}", x, ("(", ")"))

    def _print_Var(self, x: Var) -> str:
        return self._statistic(r"\operatorname{Var}", x, ("(", ")"))

    def _print_Partial(self, x: Partial) -> str:
        names = [self._print(a) for a in x.by]
        order = "" if len(names) == 1 else "^{2}"
        if len(set(names)) < len(names):
            names = [f"{names[0]}^{{2}}"]
        low = " ".join(rf"\partial {name}" for name in names)
        return rf"\frac{{\partial{order} {self._print(x.args[0])}}}{{{low}}}"

    # sums -------------------------------------------------------------------------------------

    def _print_Sum(self, x: Sum) -> str:
        heads = "".join(
            rf"\sum_{{{self._print(i)}={self._print(a)}}}^{{{self._print(b)}}} "
            for i, a, b in reversed(x.limits)
        )
        return heads + self._summand(x.function)

    def _print_OffSum(self, x: OffSum) -> str:
        f, l, upper, excluded = x.args
        without = ",".join(self._print(e) for e in excluded.args)
        if str(upper) != "n":  # the end that a sum has when none is written
            below = rf"\substack{{{self._print(l)}=1 \\ {self._print(l)} \ne {without}}}"
            return rf"\sum_{{{below}}}^{{{self._print(upper)}}} {self._summand(f)}"
        return rf"\sum_{{{self._print(l)} \ne {without}}} {self._summand(f)}"

    # conditions of cases: l \in \{i, j\}, as it is read back

    def _print_Or(self, x: Or, char: Any = None) -> str:
        return self._membership(x, Eq, r"\in") or str(super()._print_Or(x))

    def _print_And(self, x: And, char: Any = None) -> str:
        return self._membership(x, Ne, r"\notin") or str(super()._print_And(x))

    def _print_Not(self, x: Not, char: Any = None) -> str:
        inner = x.args[0]
        found = self._membership(inner, Eq, r"\notin") if isinstance(inner, Or) else ""
        return found or str(super()._print_Not(x))

    def _membership(self, x: Basic, kind: type, sign: str) -> str:
        """One letter compared with each of several; empty when it is something else."""
        if not all(isinstance(pair, kind) for pair in x.args):
            return ""
        shared = set.intersection(*(set(pair.args) for pair in x.args))
        if len(shared) != 1:
            return ""
        (letter,) = shared
        others = sorted((a for pair in x.args for a in pair.args if a != letter), key=str)
        listed = ", ".join(self._print(a) for a in others)
        return rf"{self._print(letter)} {sign} \{{{listed}\}}"

    def _summand(self, f: Basic) -> str:
        text = str(self._print(f))
        return rf"\left({text}\right)" if isinstance(f, Add) or text.startswith("-") else text

    # sums and products in a mathematician's order ---------------------------------------------

    def _print_Add(self, x: Add, order: Any = None) -> str:
        """Growing parts first and numbers last; a leading minus only when all terms have one."""
        if _is_row(x):
            return rf"\left({self._print(T(x))}\right)^{{\top}}"
        terms = sorted(x.args, key=_place)
        terms.sort(key=lambda t: t.could_extract_minus_sign())
        parts = []
        for i, term in enumerate(terms):
            negative = _leads_with_minus(term)
            text = self._print(-term if negative else term)
            if isinstance(-term if negative else term, Add):
                text = rf"\left({text}\right)"
            parts.append(
                ("-" if negative else "") + text
                if i == 0
                else (" - " if negative else " + ") + text
            )
        return "".join(parts)

    def _print_Function(self, x: Any, exp: Any = None) -> str:
        text = str(super()._print_Function(x, exp=exp))
        text = text.replace(r" \right)", r"\right)")
        # The braces do not print; after a power they keep several arguments together.
        return text if exp else re.sub(r"\{(\\left\(.*\\right\))\}$", r"\1", text)

    def _print_log(self, x: Any, exp: Any = None) -> str:
        inner = self._print(x.args[0])
        body = f" {inner}" if x.args[0].is_Symbol else rf"\left({inner}\right)"
        return rf"\ln{body}" if exp is None else rf"\ln^{{{exp}}}{body}"

    def _print_Pow(self, x: Pow, **kwargs: Any) -> str:
        base, power = x.as_base_exp()
        raised = isinstance(base, (Inverse, Transposed))  # M^{-1}^{2} has two superscripts
        if raised or (isinstance(base, (Sum, OffSum)) and power.is_Integer and power > 0):
            return rf"\left({self._print(base)}\right)^{{{self._print(power)}}}"
        return str(super()._print_Pow(x, **kwargs))

    def _print_KroneckerDelta(self, x: KroneckerDelta, exp: str | None = None) -> str:
        a, b = (self._print(i) for i in x.args)
        base = rf"\delta_{{{a}{b}}}" if len(a) == len(b) == 1 else rf"\delta_{{{a}, {b}}}"
        return _raised(base, exp)

    def _print_Indexed(self, x: Indexed) -> str:
        indices = [self._print(i) for i in x.indices]
        apart = "" if all(len(i) == 1 and i.isalpha() for i in indices) else ","
        return f"{self._print(x.base)}_{{{apart.join(indices)}}}"

    def _print_Mul(self, x: Mul) -> str:
        if x.is_commutative:
            if _leads_with_minus(x) and _quotient(x)[1] != 1:
                return f"- {self._print(-x)}"
            rest = x * sqrt(2) * sqrt(pi)
            if x.has(pi) and not rest.has(pi):  # 1/sqrt(2 pi) is written as one root
                top, bottom = _quotient(rest)
                below = "" if bottom == 1 else self._print(bottom) + " "
                return self._over(top, rf"{below}\sqrt{{2 \pi}}", bottom != 1)
            top, bottom = _quotient(x)
            if bottom != 1:
                return self._over(top, self._print(bottom), not _is_short(bottom))
            ordered = sorted(x.args, key=_factor_place)
            return self._in_a_row(x if list(x.args) == ordered else Mul(*ordered, evaluate=False))
        scalars, word = x.args_cnc()
        factor = Mul(*scalars)
        text = " ".join(self._word_factor(w, len(word) > 1) for w in word)
        if factor == 1:
            return text
        if factor == -1:
            return (
                f"-{text}"
                if len(word) > 1 or not isinstance(word[0], Add)
                else (rf"-\left({self._print(word[0])}\right)")
            )
        numerator, denominator = factor.as_numer_denom()
        short = all(isinstance(w, (Letter, Transposed)) for w in word)
        if denominator != 1 and numerator == 1 and (short or _is_sum(word)):
            return self._over(Mul(*word), self._print(denominator), not _is_short(denominator))
        head = str(self._print(factor))
        open_ended = any(map(_needs_an_end, Mul.make_args(factor)))
        if isinstance(factor, Add) or open_ended or (self.slashed and denominator != 1):
            head = rf"\left({head}\right)"
        if _is_sum(word):
            text = rf"\left({self._print(word[0])}\right)"
        return f"{head} {text}"

    def _in_a_row(self, x: Mul) -> str:
        """Write a product that has no bar, as SymPy does once it has simplified all exponents to see that."""
        moving = any(e.exp.is_negative for e in x.args if isinstance(e, (Pow, exp)))
        sign = "- " if x.could_extract_minus_sign() else ""
        args = Mul.make_args(-x if sign else x)
        if not moving or len(args) == 1 or any(isinstance(a, Number) for a in x.args[1:]):
            return str(super()._print_Mul(x))
        text, before = "", ""
        for at, factor in enumerate(args):
            here = self._print(factor)
            if self._needs_mul_brackets(factor, first=at == 0, last=at == len(args) - 1):
                here = rf"\left({here}\right)"
            between = _between_two_numbers_p[0].search(before) and _between_two_numbers_p[1].match(
                here
            )
            blank = self._settings["mul_symbol_latex_numbers" if between else "mul_symbol_latex"]
            text, before = text + (blank if text else "") + here, here
        return sign + text

    def _over(self, top: Expr, below: str, long: bool) -> str:
        """Write a fraction; `long` says that what is below needs brackets behind a slash."""
        above = self._print(top)
        if not self.slashed:
            return rf"\frac{{{above}}}{{{below}}}"
        ends = (Sum, OffSum, Dot, Add)
        if isinstance(top, Add) or any(isinstance(f, ends) or _needs_an_end(f) for f in _last(top)):
            above = rf"\left({above}\right)"
        return f"{above}/" + (rf"\left({below}\right)" if long else below)

    def _print_Rational(self, x: Any) -> str:
        return f"{x.p}/{x.q}" if self.slashed and x.q != 1 else str(super()._print_Rational(x))

    def _print_ExpBase(self, x: Any, exp: Any = None) -> str:
        small = self.__class__(slashed=True)
        parts = [term.as_coeff_Mul()[0] for term in Add.make_args(x.args[0])]
        shared = {c.q for c in parts if c.is_Rational}
        if len(parts) > 1 and len(shared) == 1 and shared != {1}:  # -(a + b)/2
            (below,) = shared
            sign = "-" if all(c.is_negative for c in parts) else ""
            above = (x.args[0] * (-below if sign else below)).expand()
            body = sign + small._over(above, str(below), False)
        else:
            body = small.doprint(x.args[0])
        text = f"e^{{{body}}}"
        return text if exp is None else rf"\left({text}\right)^{{{exp}}}"

    def _needs_mul_brackets(self, expr: Any, first: bool = False, last: bool = False) -> bool:
        """A dot product needs brackets where another factor follows it."""
        if isinstance(expr, Dot):
            return not last
        if isinstance(expr.as_base_exp()[0], log) and expr.as_base_exp()[0].args[0].is_Symbol:
            return not last  # \\ln n \\beta may be the logarithm of both
        return bool(super()._needs_mul_brackets(expr, first=first, last=last))

    def _word_factor(self, x: Basic, many: bool) -> str:
        text = str(self._print(x))
        wrap = many and isinstance(x, (Add, Sum, OffSum)) and not (x.is_Add and _is_row(x))
        return rf"\left({text}\right)" if wrap else text


def _needs_an_end(x: Basic) -> bool:
    """Whether what follows this factor could be taken for a part of it."""
    base = x.as_base_exp()[0] if isinstance(x, Pow) else x
    return isinstance(x, (Dot, Product)) or (isinstance(base, log) and base.args[0].is_Symbol)


def _factor_place(x: Basic) -> tuple[int, float, str]:
    """Order of the factors of a product, as (n - 2) \\epsilon \\beta^2 e^{-\\beta} (1 + \\beta).

    Numbers and counts, then letters from low powers to high ones, functions, exponentials,
    brackets, and last a sum, which has no end.
    """
    base, power = x.as_base_exp() if isinstance(x, Expr) else (x, S.One)
    name = str(base)
    by_name = ("~" if name.startswith("\\") else "") + name.lower()
    if isinstance(base, (Sum, OffSum)):
        return 6, 0, ""
    if x.is_number:  # type: ignore[attr-defined]
        return 0, 0, ""
    if x.is_integer and not x.has(KroneckerDelta, Function):  # type: ignore[attr-defined]
        return 1, 0, by_name
    if isinstance(base, (Symbol, Indexed)):
        return 2, float(power) if power.is_number else 99.0, by_name
    if isinstance(x, exp):
        return 4, 0, by_name
    return (5 if isinstance(base, Add) else 3), 0, by_name


def _is_sum(word: Sequence[Basic]) -> bool:
    return len(word) == 1 and isinstance(word[0], Add)


def _is_short(x: Expr) -> bool:
    """Whether an expression may stand behind a slash without brackets."""
    base = x.as_base_exp()[0]
    return isinstance(base, (Symbol, Indexed)) or x.is_Integer or isinstance(x, exp)


def _last(x: Expr) -> Sequence[Expr]:
    """Return the factor that is written last."""
    scalars, word = x.args_cnc() if isinstance(x, Mul) else ([x], [])
    return word[-1:] or sorted(scalars, key=_factor_place)[-1:]


def _is_row(x: Basic) -> bool:
    """A sum of row vectors reads better as the transpose of a sum of columns."""
    if x.is_commutative or not isinstance(x, Add):  # type: ignore[attr-defined]
        return False
    rows, cols = shape(x)
    return bool(rows == 1 and cols != 1)


def _quotient(x: Expr) -> tuple[Expr, Expr]:
    """Return what stands above and below the bar: powers of negative numbers are below.

    SymPy's `fraction(x, exact=True)` asks of each exponent, by simplifying it, whether it is constant.
    """
    above, below = [], []
    for factor in Mul.make_args(x):
        base, power = factor.as_base_exp()
        if factor.is_Rational:
            above.append(Integer(factor.p))
            below.append(Integer(factor.q))
        elif factor.is_commutative and power.is_negative and not power.free_symbols:
            below.append(base**-power)
        else:
            above.append(factor)
    return Mul(*above), Mul(*below)


def _leads_with_minus(x: Basic) -> bool:
    if isinstance(x, Add):
        return False
    coefficient = x.as_coeff_Mul()[0] if isinstance(x, Expr) else S.One
    return bool(coefficient.is_negative)


def _place(x: Basic) -> tuple[int, Any]:
    """Order of the terms of a sum: numbers, vectors, exponentials, other symbols."""
    from sympy.core.sorting import default_sort_key

    if not x.is_commutative:  # type: ignore[attr-defined]
        rank = 0 if not x.has(Sum, OffSum) else 1
    elif x.is_number:  # type: ignore[attr-defined]
        rank = -1
    elif x.has(exp):
        rank = 2
    else:
        rank = 3
    bare = -x if _leads_with_minus(x) else x  # type: ignore[operator]
    return rank, default_sort_key(bare)


def _raised(base: str, exp: str | None) -> str:
    """Return a printed function, with the power that SymPy's printer hands to it."""
    return base if exp is None else rf"{base}^{{{exp}}}"


@lru_cache(maxsize=4_000, typed=True)  # a sheet prints each of its expressions some ten times
def latex(x: Basic, slashed: bool = False) -> str:
    r"""Return the LaTeX of an expression.

    slashed : write fractions with a slash, as a line of text wants them.

    >>> from sympy import Symbol, exp
    >>> b, n = Symbol(r"\beta", real=True), Symbol("n", integer=True, positive=True)
    >>> print(latex(exp(b) / (2 * exp(b) + n - 2)))
    \frac{e^{\beta}}{2 e^{\beta} + n - 2}
    >>> print(latex((n - 2) * exp(b) / 4, slashed=True))
    \left(n - 2\right) e^{\beta}/4
    """
    return str(Writer(slashed).doprint(_with_bound_names(x)))


def _with_bound_names(x: Basic) -> Basic:
    """Call the indices `_l1`, `_l2`, .. of a normal form as an author does."""
    letters = {s.name: s for s in x.atoms(Symbol)}
    own = sorted(name for name in letters if name.startswith("_l"))
    if not own:
        return x
    free = (name for name in "lmrhpu" if name not in letters)
    return x.xreplace(
        {letters[a]: Symbol(b, integer=True, positive=True) for a, b in zip(own, free)}
    )
