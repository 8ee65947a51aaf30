"""Expressions in a terminal: one line of Unicode, for reading and not for reading back."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

from sympy import Basic, Expr, Sum
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.str import StrPrinter

from symattn.algebra.letters import OffSum

_SIGNS = {
    r"\to": "→",
    r"\le": "≤",
    r"\leq": "≤",
    r"\ge": "≥",
    r"\geq": "≥",
    r"\ne": "≠",
    r"\neq": "≠",
    r"\iff": "⟺",
    r"\Rightarrow": "⟹",
    r"\approx": "≈",
    r"\ll": "≪",
    r"\gg": "≫",
    r"\in": "∈",
    r"\sim": "∼",
    r"\propto": "∝",
    r"\infty": "∞",
    r"\cdot": "·",
    r"\top": "⊤",
}


@lru_cache(maxsize=2_000)
def letter(name: str) -> str:
    r"""Return a LaTeX name with its Greek letters as letters.

    >>> letter(r"\beta"), letter(r"v_j'"), letter(r"\Sigma")
    ('β', "v_j'", 'Σ')
    """
    return re.sub(r"\\([A-Za-z]+)", _greek, name)


def _greek(found: re.Match[str]) -> str:
    word = found[1]
    if found[0] in _SIGNS:
        return _SIGNS[found[0]]
    size = "CAPITAL" if word[0].isupper() else "SMALL"
    word = {"lambda": "lamda", "Lambda": "Lamda"}.get(word, word).removeprefix("var")
    try:
        return unicodedata.lookup(f"GREEK {size} LETTER {word.upper()}")
    except KeyError:
        return found[0]


def sign(relation: str) -> str:
    r"""Return a relation as one sign.

    >>> sign(r"\le"), sign("=")
    ('≤', '=')
    """
    return _SIGNS.get(relation, relation)


class Liner(StrPrinter):
    """SymPy's one-line printer with vectors, transposes and Greek letters."""

    printmethod = "_symattn_line"  # the letters' own `_sympystr` is for debugging

    def _print_Symbol(self, x: Any) -> str:
        return letter(x.name)

    def _print_IndexedBase(self, x: Any) -> str:
        return letter(str(x.label))

    def _print_Indexed(self, x: Any) -> str:
        return f"{self._print(x.base)}_{self._index(x.indices)}"

    def _index(self, indices: Any) -> str:
        text = ",".join(self._print(i) for i in indices)
        return text if re.fullmatch(r"\w'*", text) else f"{{{text}}}"

    def _print_Letter(self, x: Any) -> str:
        name = letter(x.name)
        return name if x.index is None else f"{name}_{self._index((x.index,))}"

    _print_Vector = _print_Member = _print_Matrix = _print_Letter

    def _print_IdentityMatrix(self, x: Any) -> str:
        return "I"

    def _print_Gram(self, x: Any) -> str:
        factor = self.parenthesize(x.args[0], PRECEDENCE["Atom"])
        return f"{factor}ᵀ*{factor}"

    def _print_Transposed(self, x: Any) -> str:
        return f"{self._factor(x.args[0])}ᵀ"

    def _print_Inverse(self, x: Any) -> str:
        return f"({self._print(x.args[0])})⁻¹"

    def _print_Dot(self, x: Any) -> str:
        return "·".join(self._factor(a) for a in x.args)

    def _factor(self, x: Basic) -> str:
        text = str(self._print(x))
        return text if not x.is_Add and not x.is_Mul else f"({text})"

    def _print_Norm(self, x: Any) -> str:
        return f"‖{self._print(x.args[0])}‖"

    def _print_Trace(self, x: Any) -> str:
        return f"tr({self._print(x.args[0])})"

    def _print_Expect(self, x: Any) -> str:
        return f"E[{self._print(x.args[0])}]"

    def _print_Partial(self, x: Any) -> str:
        order = "²" if len(x.by) > 1 else ""
        low = "".join(f"∂{self._print(a)}" for a in x.by)
        return f"∂{order}{self._print(x.args[0])}/{low}"

    def _print_Cov(self, x: Any) -> str:
        return f"Cov({self._print(x.args[0])})"

    def _print_Var(self, x: Any) -> str:
        return f"Var({self._print(x.args[0])})"

    def _print_Sum(self, x: Any) -> str:
        heads = [
            f"Σ_{{{self._print(i)}={self._print(a)}..{self._print(b)}}} "
            for i, a, b in reversed(x.limits)
        ]
        return "".join(heads) + self._summand(x.function)

    def _print_OffSum(self, x: Any) -> str:
        f, index, _, excluded = x.args
        others = ",".join(self._print(e) for e in excluded.args)
        return f"Σ_{{{self._print(index)}≠{others}}} {self._summand(f)}"

    def _summand(self, f: Expr) -> str:
        text = str(self._print(f))
        return f"({text})" if f.is_Add else text

    def _print_Add(self, x: Any, order: Any = None) -> str:
        terms = sorted(
            self._as_ordered_terms(x, order),
            key=lambda t: (t.could_extract_minus_sign(), t.has(Sum, OffSum)),
        )
        text = ""
        for term in terms:
            negative = term.as_coeff_Mul()[0].is_negative
            body = self.parenthesize(-term if negative else term, PRECEDENCE["Add"], strict=True)
            if term is not terms[-1] and re.match(r"(?:[^()Σ]*\*)?Σ", body):
                body = f"({body})"  # or what follows would be summed too
            if text:
                text += f" {'-' if negative else '+'} {body}"
            else:
                text = f"-{body}" if negative else body
        return text

    def _print_KroneckerDelta(self, x: Any) -> str:
        return f"δ_{{{','.join(self._print(a) for a in x.args)}}}"

    def _print_exp(self, x: Any) -> str:
        return f"exp({self._print(x.args[0])})"

    def _print_log(self, x: Any) -> str:
        return f"ln({self._print(x.args[0])})"

    def _print_Infinity(self, x: Any) -> str:
        return "∞"

    def parenthesize(self, item: Any, level: int, strict: bool = False) -> str:
        """Put a sum over a family in brackets wherever it is a factor."""
        kind = type(item).__name__
        if kind in ("Sum", "OffSum") and level > PRECEDENCE["Add"]:
            return f"({self._print(item)})"
        if kind == "Dot" and level >= PRECEDENCE["Pow"]:
            return f"({self._print(item)})"
        return str(super().parenthesize(item, level, strict))


def line(x: Basic) -> str:
    r"""Return an expression on one line.

    >>> from sympy import Symbol, exp
    >>> from symattn.algebra.attention import l, n, z
    >>> line(exp(Symbol(r"\beta")) / 2)
    'exp(β)/2'
    >>> one, two = Sum(z(l), (l, 1, n)), Sum(z(l) ** 2, (l, 1, n))
    >>> line(one + two + 1), line(n - one)
    ('1 + (Σ_{l=1..n} z_l) + Σ_{l=1..n} z_l**2', 'n - Σ_{l=1..n} z_l')
    """
    return str(Liner().doprint(x))


def chain(terms: Any, relations: Any) -> str:
    r"""Return terms with the relations between them on one line.

    >>> from sympy import S, Symbol
    >>> chain([Symbol("a"), S.Zero], [r"\ge"])
    'a ≥ 0'
    """
    text = line(terms[0])
    for relation, term in zip(relations, terms[1:], strict=True):
        text += f" {sign(relation)} {line(term)}"
    return text
