r"""The second reader: LaTeX read once more by latex2sympy2, for the read-back check.

It shares nothing with our own reader.  What latex2sympy2 cannot read, or reads wrongly without a
word (names with subscripts, transposes, dot products, norms, statistics, sums over index sets,
inverses of matrices), is handled around it: the formula is taken apart bracket by bracket, and
latex2sympy2 reads one level at a time, in which everything that has been read already stands as
one plain letter.  Then the letters are put back.  Each letter is used once and in order, so a
factor that was lost, doubled or moved is noticed.

What latex2sympy2 sees is therefore short and carries no names: `a b - \frac{c}{f}` and the like.
That is what makes it quick (its parser learns few patterns) and lets its answers be remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from sympy import (
    Abs,
    Expr,
    Integer,
    KroneckerDelta,
    LambertW,
    Max,
    Min,
    erf,
    erfc,
)

from symattn.algebra.letters import (
    Cov,
    Dot,
    Expect,
    Inverse,
    Norm,
    T,
    Trace,
    Var,
    is_column,
)
from symattn.errors import ReadError, ShapeError
from symattn.latex.second.brackets import (
    BracketGroup,
    Lexeme,
    Node,
    brackets,
    is_group,
    is_token,
    key,
    spell,
    split,
)
from symattn.latex.second.indexed import FONTS, ROUND, UNEQUAL, IndexedNames, argument_of
from symattn.latex.second.short_formulas import Entry
from symattn.latex.second.terms import Factor, Item

Vocabulary: TypeAlias = Mapping[str, Entry]

MAX_DIGITS = 200


def second_reading(latex: str, vocabulary: Vocabulary) -> Expr:
    r"""Read one side of a relation with latex2sympy2 and return it in symattn's algebra.

    Parameters
    ----------
    latex : a formula without a relation sign.
    vocabulary : what each name means: an expression, or a function of the index (`k` of `k_{l}`)
        or of the argument (`W` of `W(x)`). `n` is the upper end of a sum that names none.

    Raises
    ------
    ReadError : with the place, if the formula cannot be read or its shapes do not fit.

    >>> from sympy import Symbol
    >>> from symattn.algebra.letters import Vector
    >>> q, beta = Vector("q", Symbol("d")), Symbol("beta")
    >>> second_reading(r"\frac{\exp(\beta\, q \cdot q)}{2}", {"q": q, r"\beta": beta})
    exp(beta*<q, q>)/2
    """
    reader = _SecondReader(latex, {key(name): entry for name, entry in vocabulary.items()})
    try:
        return reader.value(brackets(latex), 0)
    except ShapeError as error:
        raise ReadError(error.message, latex, reader.at, error.hint) from error
    except RecursionError:
        raise ReadError("a formula that is nested too deeply", latex, reader.at) from None


_TIMES = frozenset([r"\cdot", r"\times", "*", "/"])
_TRANSPOSES = frozenset(
    [(r"\top",), ("T",), (r"\intercal",), (r"\mathsf", "T"), (r"\mathrm", "T"), (r"\mathtt", "T")]
)
_RELATIONS = frozenset(["=", "<", ">", r"\le", r"\ge", r"\leq", r"\geq", r"\approx", *UNEQUAL])
_FUNCTIONS = ("exp", "ln", "log", "sin", "cos", "tan", "sec", "csc", "cot", "sinh", "cosh", "tanh")
_STATISTICS: dict[str, Callable[[Expr], Expr]] = {
    "E": Expect,
    "Var": Var,
    "Cov": Cov,
    "tr": Trace,
    "Tr": Trace,
    "trace": Trace,
}
_SPECIAL: dict[str, Callable[..., Expr]] = {
    "W": LambertW,
    "erf": erf,
    "erfc": erfc,
    "max": Max,
    "min": Min,
}


class _SecondReader(IndexedNames):
    """Reads factors. A list called `rest` is consumed from its front."""

    def items(self, nodes: Sequence[Node]) -> list[Item]:
        """Split a term into its factors and the signs between them."""
        found: list[Item] = []
        rest = list(nodes)
        while rest:
            node = rest[0]
            if is_token(node, *_TIMES):
                sign = spell([node])[0]
                rest.pop(0)
                if not found or isinstance(found[-1], str) or not rest:
                    raise self.fail(f"a factor is missing beside {sign}", node.at)
                found.append({r"\cdot": ".", "/": "/"}.get(sign, "*"))
                continue
            literal = isinstance(node, Lexeme) and node.text[0].isdigit()
            value = self.scripts(self.factor(rest), rest, node.at)
            found.append(Factor(value, node.at, literal))
        return found

    def factor(self, rest: list[Node]) -> Expr:
        """Take one factor, without its exponents."""
        node = rest.pop(0)
        self.at = at = node.at
        if isinstance(node, BracketGroup):
            return self.bracket(node, rest)
        text = node.text
        if text[0].isdigit():
            if len(text) > MAX_DIGITS:
                raise self.fail("a number too long to read", at)
            return self.read(text, at=at)
        named = self.name(node, rest)
        if named is not None:
            return named
        if text in (r"\frac", r"\dfrac", r"\tfrac", r"\cfrac"):
            top, low = self.argument(rest, at), self.argument(rest, at)
            if not low.is_commutative:
                raise self.fail("a division by a vector or matrix", at)
            return self.read(r"\frac{", top, "}{", low, "}", at=at)
        if text == r"\sqrt":
            root = rest.pop(0) if rest and is_group(rest[0], "[") else None
            order = self.value(root.items, at) if isinstance(root, BracketGroup) else Integer(2)
            return self.read("{", self.argument(rest, at), r"}^{\frac{1}{", order, "}}", at=at)
        if text == r"\sum":
            return self.sum(rest, at)
        if text in (r"\infty", r"\pi"):
            return self.read(text, at=at)
        if text == r"\delta" and rest and is_token(rest[0], "_"):
            rest.pop(0)
            indices = self.indices(self.raw_argument(rest, at), at, pair=True)
            if len(indices) == 2:
                return KroneckerDelta(*indices)
        word = self.word(node, rest)
        if word == "e":
            return self.read("e", at=at)
        if word in _FUNCTIONS:
            return self.function(word, rest, at)
        if word in _STATISTICS or word in _SPECIAL:
            group = rest.pop(0) if rest and isinstance(rest[0], BracketGroup) else None
            inner = argument_of(group) if isinstance(group, BracketGroup) else ()
            if not inner:
                raise self.fail(f"{word} needs brackets round its argument", at)
            if word in _STATISTICS:
                return _STATISTICS[word](self.value(inner, at))
            return self.special(word, self.indices(inner, at), at)
        if text in _RELATIONS:
            raise self.fail("a relation; one side at a time is read here", at)
        raise self.fail(f"the symbol {word or text} is not known here", at)

    def word(self, node: Lexeme, rest: list[Node]) -> str:
        r"""Return the plain word of `\exp`, `\operatorname{Var}`, `\mathbb{E}`, `e`, or ''."""
        text = node.text
        if text not in FONTS or not rest:
            return text.removeprefix("\\")
        inner = [w for w in spell(self.raw_argument(rest, node.at)) if w not in FONTS | {"{", "}"}]
        word = "".join(inner)
        return word if text != r"\mathbb" or word == "E" else ""

    def bracket(self, group: BracketGroup, rest: list[Node]) -> Expr:
        kind, at = group.opening, group.at
        if kind == r"\langle":
            sides = split(group.items, ",")
            if len(sides) != 2:
                raise self.fail("an inner product needs two vectors", at)
            return Dot(self.value(sides[0], at), self.value(sides[1], at))
        if kind == "{":
            # Braces do not print: what stands in them must be one factor as it is.
            terms = list(self.terms(group.items, at))
            factors = self.items(terms[0][2]) if len(terms) == 1 and not terms[0][0] else []
            if len(factors) != 1 or not isinstance(factors[0], Factor):
                raise self.fail("braces do not print; one factor can stand in them", at)
            return factors[0].value
        value = self.value(group.items, at)
        if kind not in (r"\lVert", r"\lvert"):
            return value
        if value.is_commutative:
            if kind == r"\lVert":
                raise self.fail("a norm of a scalar", at)
            return Abs(value)
        which: tuple[str, ...] = ()
        if rest and is_token(rest[0], "_"):
            rest.pop(0)
            which = tuple(w for w in spell(self.raw_argument(rest, at)) if w not in FONTS)
        if which not in ((), ("2",) if is_column(value) else ("F",)):
            raise self.fail("a norm that is not known here", at, r"write \lVert M \rVert_F")
        return Norm(value)

    def function(self, name: str, rest: list[Node], at: int) -> Expr:
        r"""Read `\exp(..)`, `\ln^2 x`, `\log_2 n`; without brackets one factor, and no more."""
        base, power = None, None
        while rest and is_token(rest[0], "_", "^"):
            mark = rest.pop(0)
            script = self.argument(rest, at)
            if is_token(mark, "_") and name == "log":
                base = script
            elif is_token(mark, "^") and script != -1:
                power = script
            else:
                raise self.fail(f"it is not clear what the index of \\{name} means", mark.at)
        if not rest:
            raise self.fail(f"\\{name} has no argument", at)
        if isinstance(rest[0], BracketGroup) and rest[0].opening in ROUND | {"{"}:
            argument = self.value(rest[0].items, rest.pop(0).at)
        else:
            argument = self.scripts(self.factor(rest), rest, at)
            if rest and not is_token(rest[0], *_TIMES):
                raise self.fail(f"it is not clear where \\{name} ends", rest[0].at, "use brackets")
        # latex2sympy2 takes \log for the decimal one
        command = r"\ln" if name == "log" else "\\" + name
        value = self.read(command + "{", argument, "}", at=at)
        if base is not None:
            below = self.read(r"\ln{", base, "}", at=at)
            value = self.read(r"\frac{", value, "}{", below, "}", at=at)
        return value if power is None else self.read("{", value, "}^{", power, "}", at=at)

    def special(self, name: str, arguments: list[Expr], at: int) -> Expr:
        if not all(a.is_commutative for a in arguments):
            raise self.fail("a function of a vector or matrix", at)
        if len(arguments) != 1 and name not in ("max", "min"):
            raise self.fail(f"{name} takes one argument", at)
        return _SPECIAL[name](*arguments)

    def scripts(self, value: Expr, rest: list[Node], at: int) -> Expr:
        """Apply the exponents and transposes that follow a factor."""
        raised = False
        while rest and is_token(rest[0], "^", "_"):
            mark = rest.pop(0)
            if is_token(mark, "_"):
                raise self.fail("a subscript that belongs to no name", mark.at)
            if raised:
                raise self.fail("two exponents side by side", mark.at, "use brackets")
            raised = True
            nodes = self.raw_argument(rest, mark.at)
            mark_words = spell(nodes)
            self.at = mark.at
            if mark_words in _TRANSPOSES and (not value.is_commutative or mark_words == (r"\top",)):
                value = T(value)
            elif (
                mark_words[:1] == ("-",)
                and mark_words[1:] in _TRANSPOSES
                and not value.is_commutative
            ):
                value = T(Inverse(value))
            elif value.is_commutative:
                value = self.read("{", value, "}^{", self.value(nodes, mark.at), "}", at=at)
            else:
                value = self.power(value, self.value(nodes, mark.at), mark.at)
        return value
