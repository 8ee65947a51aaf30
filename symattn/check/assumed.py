r"""What a proof rests on, in words: the sentences that are printed as assumed.

>>> from sympy import Symbol
>>> from symattn.kernel import Context, Sign, prove
>>> b, x = Symbol(r"\beta", positive=True), Symbol("x", real=True)
>>> assumed(prove([Sign(b, True)], Context())), in_words(x > 0)
(('$\\beta > 0$',), '$x > 0$')
"""

from __future__ import annotations

from sympy import Basic, Equality, Expr, Ge, Gt, Le, Lt, Ne, Symbol

from symattn.algebra.letters import Inverse
from symattn.kernel import Certificate, Proof
from symattn.latex.write import latex

RELATIONS = {Ge: r"\ge", Gt: ">", Le: r"\le", Lt: "<", Ne: r"\ne", Equality: "="}
THEOREMS = {
    "cauchy-schwarz": "the inequality of Cauchy and Schwarz",
    "triangle": "the triangle inequality",
    "tangent": r"$\ln x \le x - 1$, that is $1 + x \le e^x$",
}


def assumed(proof: Proof | Certificate) -> tuple[str, ...]:
    """Return one sentence for each thing that a proof rests on, formulas between dollars."""
    found = [
        *proof.hypotheses,
        *(_sign(s) for s in proof.signs),
        *(in_words(condition) for condition in proof.domain),
        *(meaning(letter, value) for letter, value in proof.definitions),
        *(THEOREMS.get(name, name) for name in proof.theorems),
    ]
    return tuple(dict.fromkeys(found))


def meaning(letter: Expr, value: Expr) -> str:
    r"""Return what a letter stands for as a phrase.

    >>> from sympy import symbols
    >>> b, q = symbols("b q")
    >>> meaning(q, 2 * b), meaning(q, b * q)
    ('$q = 2 b$', '$b q$ in place of $q$')
    """
    if value.has(letter):
        return f"${latex(value)}$ in place of ${latex(letter)}$"
    return f"${latex(letter)} = {latex(value)}$"


def _sign(s: Symbol) -> str:
    relation = (
        ">" if s.is_positive else "<" if s.is_negative else r"\ge" if s.is_nonnegative else r"\le"
    )
    return f"${latex(s)} {relation} 0$"


def in_words(condition: Basic) -> str:
    """Return a condition of a domain as a sentence."""
    if isinstance(condition, Inverse):
        inner: Expr = condition.args[0]
        return f"${latex(inner)}$ is invertible"
    left, right = condition.args
    return f"${latex(left)} {RELATIONS[type(condition)]} {latex(right)}$"
