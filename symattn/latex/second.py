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

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from sympy import (
    Abs,
    Add,
    Expr,
    Integer,
    KroneckerDelta,
    LambertW,
    Max,
    Min,
    Mul,
    Pow,
    S,
    Sum,
    Symbol,
    cos,
    cosh,
    cot,
    coth,
    csc,
    erf,
    erfc,
    exp,
    log,
    sec,
    sin,
    sinh,
    tan,
    tanh,
)

from symattn.algebra.letters import (
    Cov,
    Dot,
    Expect,
    Inverse,
    Norm,
    OffSum,
    Shape,
    T,
    Trace,
    Var,
    is_column,
    shape,
    show_shape,
)
from symattn.errors import ReadError, ShapeError
from symattn.latex.brackets import (
    Group,
    Node,
    Token,
    brackets,
    is_group,
    is_token,
    key,
    spell,
    split,
)
from symattn.latex.latex2sympy import LETTERS, letters_of, parse_letters

Entry: TypeAlias = Expr | Callable[..., Expr]
"""What a name means: an expression, or a function of its indices or of its argument."""

Vocabulary: TypeAlias = Mapping[str, Entry]

MAX_BITS = 20_000
MAX_DIGITS = 200
MAX_MATRIX_POWER = 64


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
    reader = _Reader(latex, {key(name): entry for name, entry in vocabulary.items()})
    try:
        return reader.value(brackets(latex), 0)
    except ShapeError as error:
        raise ReadError(error.message, latex, reader.at, error.hint) from error
    except RecursionError:
        raise ReadError("a formula that is nested too deeply", latex, reader.at) from None


_ROUND = frozenset(["(", "[", r"\{", r"\lbrace"])
_TIMES = frozenset([r"\cdot", r"\times", "*", "/"])

_ACCENTS = frozenset([r"\bar", r"\hat", r"\tilde", r"\overline", r"\widehat", r"\widetilde"])
_BOLD = frozenset(
    [r"\mathbf", r"\boldsymbol", r"\bm", r"\vec", r"\overrightarrow"]
    + [r"\mathrm", r"\mathit", r"\mathsf", r"\text"]
)
_FONTS = _BOLD | {r"\mathbb", r"\mathcal", r"\operatorname"}
_DECORATIONS = frozenset([r"\star", r"\ast", "*", r"\circ", r"\prime", r"\dagger", "+"])
_TRANSPOSES = frozenset(
    [(r"\top",), ("T",), (r"\intercal",), (r"\mathsf", "T"), (r"\mathrm", "T"), (r"\mathtt", "T")]
)
_UNEQUAL = (r"\ne", r"\neq", r"\notin")
_RELATIONS = frozenset(["=", "<", ">", r"\le", r"\ge", r"\leq", r"\geq", r"\approx", *_UNEQUAL])

_FUNCTIONS = ("exp", "ln", "log", "sin", "cos", "tan", "sec", "csc", "cot", "sinh", "cosh", "tanh")
_LIFTED = (exp, log, sin, cos, tan, sec, csc, cot, sinh, cosh, tanh, coth)
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


@dataclass(frozen=True)
class _Factor:
    """A factor that has been read; `literal` for a number that is written in digits."""

    value: Expr
    at: int
    literal: bool = False

    @property
    def size(self) -> Shape:
        return shape(self.value)


_Item = _Factor | str
"""A factor, or a sign between factors: '.' for \\cdot, '*', '/'."""


class _Reader:
    """One formula with its vocabulary. A list called `rest` is consumed from its front."""

    def __init__(self, source: str, vocabulary: dict[tuple[str, ...], Entry]) -> None:
        self.source = source
        self.vocabulary = vocabulary
        self.at = 0  # the last place that was read, for errors of shape

    def fail(self, message: str, at: int, hint: str = "") -> ReadError:
        return ReadError(message, self.source, at, hint)

    # what latex2sympy2 reads ------------------------------------------------------------------

    def read(self, *parts: str | Expr, at: int) -> Expr:
        """Let latex2sympy2 read plain TeX in which each expression stands as a letter."""
        letters: dict[str, Expr] = {}
        words: list[str] = []
        for part in parts:
            if isinstance(part, Expr):
                letter = LETTERS[len(letters)]
                letters[letter] = part
                part = letter
            words.append(part)
        raw = parse_letters(" ".join(words))
        if not isinstance(raw, Expr):
            raise self.fail("latex2sympy2 cannot read this", at)
        met = list(letters_of(raw))
        ordered = [name for name in met if name in letters and not letters[name].is_commutative]
        if sorted(met) != sorted(letters) or ordered != sorted(ordered, key=LETTERS.index):
            raise self.fail("latex2sympy2 lost or moved a part of this", at)
        self.at = at
        return self.lift(raw, letters, at)

    def lift(self, raw: Expr, letters: Mapping[str, Expr], at: int) -> Expr:
        """Put the expressions back for their letters and evaluate, products in their order."""
        if isinstance(raw, Symbol):
            return letters[raw.name]
        if raw.is_Rational or raw in (S.Exp1, S.Pi, S.Infinity):
            return raw
        args = [self.lift(arg, letters, at) for arg in raw.args]
        if isinstance(raw, Add):
            return Add(*args)
        if isinstance(raw, Mul):
            return Mul(*args)
        if isinstance(raw, Pow):
            return self.power(args[0], args[1], at)
        if isinstance(raw, _LIFTED) and all(arg.is_commutative for arg in args):
            # \ln comes back with its base as a second argument
            return log(args[0]) if isinstance(raw, log) else raw.func(*args)
        raise self.fail(f"a {type(raw).__name__} does not fit here", at)

    def power(self, base: Expr, exponent: Expr, at: int) -> Expr:
        """Return a power; numbers that would fill the memory are refused."""
        if not exponent.is_commutative:
            raise self.fail("a vector or matrix in an exponent", at)
        if base.is_commutative:
            if base.is_Rational and exponent.is_Rational:
                bits = max(base.p.bit_length(), base.q.bit_length())
                if abs(exponent) * bits > MAX_BITS:
                    raise self.fail("a number too large to write out", at)
            if base.is_zero and exponent.is_negative:
                raise self.fail("a division by zero", at)
            return Pow(base, exponent)
        if exponent == -1:
            return Inverse(base)
        rows_cols = shape(base)
        if rows_cols[0] != rows_cols[1]:
            raise self.fail(f"a power of a {show_shape(rows_cols)} matrix", at)
        if not (isinstance(exponent, Integer) and 0 < exponent.p <= MAX_MATRIX_POWER):
            raise self.fail("a power of a matrix that is no small whole number", at)
        return Mul(*[base] * exponent.p)

    # sums and products ------------------------------------------------------------------------

    def value(self, nodes: Sequence[Node], at: int) -> Expr:
        """Read what stands on one bracket level."""
        if not nodes:
            raise self.fail("a formula is missing here", at)
        parts: list[str | Expr] = []
        letters = 0
        for sign, start, term in self.terms(nodes, at):
            words = [*([sign] if sign else []), *self.term(self.items(term), start)]
            needed = sum(isinstance(word, Expr) for word in words)
            if needed >= len(LETTERS):
                raise self.fail(f"a product of more than {len(LETTERS) - 1} factors", start)
            if letters + needed > len(LETTERS):
                parts, letters = [self.read(*parts, at=at)], 1
            parts += words
            letters += needed
        value = parts[0] if len(parts) == 1 else self.read(*parts, at=at)
        assert isinstance(value, Expr)
        self.at = at
        shape(value)
        return value

    def terms(self, nodes: Sequence[Node], at: int) -> Iterator[tuple[str, int, Sequence[Node]]]:
        """Split at the plus and minus signs of this level: sign, place, factors."""
        sign, start = "", 0
        for place, node in enumerate([*nodes, Token("+", at)]):
            if not is_token(node, "+", "-"):
                continue
            if place > start:
                yield sign, nodes[start].at, nodes[start:place]
            elif place > 0:
                raise self.fail("a term is missing here", nodes[place - 1].at)
            sign, start = spell([node])[0], place + 1

    def term(self, items: list[_Item], at: int) -> list[str | Expr]:
        """Turn the products of vectors that are scalars into scalars, and write the rest."""
        items = self.rows(self.dots(items))
        if self.fitted(items) is None:
            word = [item for item in items if isinstance(item, _Factor) and item.size]
            self.at = next(b.at for a, b in pairwise(word) if a.size[1] != b.size[0])
            shape(Mul(*(item.value for item in word)))
        words: list[str | Expr] = []
        divisors = 0  # factors since a slash
        for place, item in enumerate(items):
            if isinstance(item, str):
                divisors = 1 if item == "/" else 0
                words.append("/" if item == "/" else r"\cdot")
                continue
            if divisors and (divisors > 1 or item.size):
                raise self.fail("it is not clear what the slash divides", item.at, r"use \frac")
            divisors += bool(divisors)
            before = items[place - 1] if place else "*"
            if item.literal and isinstance(before, _Factor) and before.literal:
                raise self.fail("two numbers side by side", item.at)
            words.append(item.value)
        return words

    def dots(self, items: list[_Item]) -> list[_Item]:
        r"""Read each \cdot between two columns as their dot product, the others as products.

        An operand is as long as it can be: `M k \cdot q` is `(M k) \cdot q`.
        """
        while "." in items:
            here = items.index(".")
            start = max((k + 1 for k in range(here) if items[k] == "/"), default=0)
            end = here + 1
            while end < len(items) and isinstance(items[end], _Factor):
                end += 1
            left = next(
                (
                    k
                    for k in range(start, here)
                    if getattr(items[k], "size", ()) and self.columns(items[k:here])
                ),
                None,
            )
            right = next(
                (k for k in range(end, here + 1, -1) if self.columns(items[here + 1 : k])), None
            )
            if left is None or right is None:
                items = [*items[:here], "*", *items[here + 1 :]]
                continue
            scalars = here + 1
            while not items[scalars].size:  # type: ignore[union-attr]
                scalars += 1
            first = items[left]
            assert isinstance(first, _Factor)
            u, v = self.product(items[left:here]), self.product(items[scalars:right])
            dot = _Factor(Dot(u, v), first.at)
            items = [*items[:left], *items[here + 1 : scalars], dot, *items[right:]]
        return items

    def rows(self, items: list[_Item]) -> list[_Item]:
        """Read a row times a column as a dot product, the shortest run first."""
        start = 0
        while start < len(items):
            row = items[start]
            if isinstance(row, _Factor) and row.size and row.size[0] == 1 != row.size[1]:
                for end in range(start + 2, len(items) + 1):
                    if items[end - 1] == "/":
                        break
                    if self.fitted(items[start:end]) == (1, 1):
                        self.at = row.at
                        dot = Dot(T(row.value), self.product(items[start + 1 : end]))
                        items = [*items[:start], _Factor(dot, row.at), *items[end:]]
                        break
            start += 1
        return items

    def fitted(self, items: Sequence[_Item]) -> Shape | None:
        """Return the shape of a run of factors, None where they do not fit."""
        sizes = [item.size for item in items if isinstance(item, _Factor) and item.size]
        if any(a[1] != b[0] for a, b in pairwise(sizes)):
            return None
        return (sizes[0][0], sizes[-1][1]) if sizes else ()

    def columns(self, items: Sequence[_Item]) -> bool:
        size = self.fitted(items)
        return size is not None and size[1:] == (1,)

    def product(self, items: Sequence[_Item]) -> Expr:
        factors = [item for item in items if isinstance(item, _Factor)]
        if len(factors) == 1:
            return factors[0].value
        return self.read(*(f.value for f in factors), at=factors[0].at)

    # factors ----------------------------------------------------------------------------------

    def items(self, nodes: Sequence[Node]) -> list[_Item]:
        """Split a term into its factors and the signs between them."""
        found: list[_Item] = []
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
            literal = isinstance(node, Token) and node.text[0].isdigit()
            value = self.scripts(self.factor(rest), rest, node.at)
            found.append(_Factor(value, node.at, literal))
        return found

    def factor(self, rest: list[Node]) -> Expr:
        """Take one factor, without its exponents."""
        node = rest.pop(0)
        self.at = at = node.at
        if isinstance(node, Group):
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
            order = self.value(root.items, at) if isinstance(root, Group) else Integer(2)
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
            group = rest.pop(0) if rest and isinstance(rest[0], Group) else None
            inner = _argument(group) if isinstance(group, Group) else ()
            if not inner:
                raise self.fail(f"{word} needs brackets round its argument", at)
            if word in _STATISTICS:
                return _STATISTICS[word](self.value(inner, at))
            return self.special(word, self.indices(inner, at), at)
        if text in _RELATIONS:
            raise self.fail("a relation; one side at a time is read here", at)
        raise self.fail(f"the symbol {word or text} is not known here", at)

    def word(self, node: Token, rest: list[Node]) -> str:
        r"""Return the plain word of `\exp`, `\operatorname{Var}`, `\mathbb{E}`, `e`, or ''."""
        text = node.text
        if text not in _FONTS or not rest:
            return text.removeprefix("\\")
        inner = [w for w in spell(self.raw_argument(rest, node.at)) if w not in _FONTS | {"{", "}"}]
        word = "".join(inner)
        return word if text != r"\mathbb" or word == "E" else ""

    def bracket(self, group: Group, rest: list[Node]) -> Expr:
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
            if len(factors) != 1 or not isinstance(factors[0], _Factor):
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
            which = tuple(w for w in spell(self.raw_argument(rest, at)) if w not in _FONTS)
        if which not in ((), ("2",) if is_column(value) else ("F",)):
            raise self.fail("a norm that is not known here", at, r"write \lVert M \rVert_F")
        return Norm(value)

    def raw_argument(self, rest: list[Node], at: int) -> tuple[Node, ...]:
        """Take what TeX takes as an argument: a group in braces, or one token, or one digit."""
        if not rest:
            raise self.fail("an argument is missing here", at)
        node = rest.pop(0)
        if isinstance(node, Group):
            return node.items if node.opening == "{" else (node,)
        if node.text[0].isdigit() and len(node.text) > 1:
            rest.insert(0, Token(node.text[1:], node.at + 1))
            return (Token(node.text[0], node.at),)
        return (node,)

    def argument(self, rest: list[Node], at: int) -> Expr:
        start = rest[0].at if rest else at
        return self.value(self.raw_argument(rest, at), start)

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
        if isinstance(rest[0], Group) and rest[0].opening in _ROUND | {"{"}:
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

    # names ------------------------------------------------------------------------------------

    def name(self, node: Token, rest: list[Node]) -> Expr | None:
        """Read a name of the vocabulary with its indices; None if it is not one."""
        heads: list[tuple[str, ...]] = [(node.text,)]
        tail = rest[:]
        if node.text in _ACCENTS | _FONTS and tail:
            inner = spell(self.raw_argument(tail, node.at))
            heads = [(node.text, *(inner if len(inner) == 1 else ("{", *inner, "}")))]
            if node.text in _BOLD:
                heads.append(inner)
        for head in heads:
            entry, after = self.longest(head, tail)
            if entry is None:
                continue
            if isinstance(entry, Expr):
                if after and is_token(after[0], "_"):
                    continue  # an index that the vocabulary does not know makes another name
                rest[:] = after
                return entry
            if after and is_token(after[0], "_"):
                after = after[1:]
                arguments = self.indices(self.raw_argument(after, node.at), node.at)
            elif after and isinstance(after[0], Group) and _argument(after[0]):
                arguments = self.indices(_argument(after[0]), node.at)
                after = after[1:]
            else:
                raise self.fail(f"{''.join(head)} needs an index", node.at)
            rest[:] = after
            try:
                return entry(*arguments)
            except TypeError:
                message = f"{''.join(head)} does not take {len(arguments)} indices"
                raise self.fail(message, node.at) from None
        return None

    def longest(
        self, head: tuple[str, ...], tail: Sequence[Node]
    ) -> tuple[Entry | None, list[Node]]:
        """Look up the head with as many of its scripts as the vocabulary knows."""
        spellings: list[tuple[tuple[str, ...], int]] = [(head, 0)]
        words, used = head, 0
        while used < len(tail) and is_token(tail[used], "'", "_", "^"):
            mark = spell([tail[used]])[0]
            used += 1
            words = (*words, mark)
            if mark != "'":
                after = list(tail[used:])
                script = spell(self.raw_argument(after, tail[used - 1].at))
                words = (*words, *(script if len(script) == 1 else ("{", *script, "}")))
                used = len(tail) - len(after)
            spellings.append((words, used))
        for spelling, used in reversed(spellings):
            if spelling in self.vocabulary:
                after = list(tail[used:])
                decorated = (
                    len(after) > 1 and is_token(after[0], "^") and is_token(after[1], *_DECORATIONS)
                )
                if decorated or (after and is_token(after[0], "'")):
                    break  # a star or a prime that the vocabulary does not know: another name
                return self.vocabulary[spelling], after
        return None, []

    def indices(self, nodes: Sequence[Node], at: int, pair: bool = False) -> list[Expr]:
        sides = split(nodes, ",")
        if pair and len(sides) == 1 and len(nodes) == 2:
            sides = [(nodes[0],), (nodes[1],)]
        return [self.value(side, at) for side in sides]

    # sums -------------------------------------------------------------------------------------

    def sum(self, rest: list[Node], at: int) -> Expr:
        r"""Read `\sum` with its index set; it reaches to the end of the term."""
        low, high = self.bounds(rest, at)
        conditions = [c for line in split(low, r"\\") for c in _conditions(line)]
        unclear = self.fail("a sum whose index set is not understood", at)
        if not conditions:
            raise unclear
        name = spell(conditions[0][:1])
        known = self.vocabulary.get(name)
        index = (
            known
            if isinstance(known, Symbol)
            else Symbol(name[0].lstrip("\\"), integer=True, positive=True)
        )
        first: Expr | None = None
        excluded: list[Expr] = []
        for condition in conditions:
            others = condition[2:]
            if spell(condition[:1]) != name or len(condition) == 2:
                raise unclear
            if len(condition) == 1:
                continue
            if is_token(condition[1], *_UNEQUAL):
                if isinstance(others[0], Group) and len(others) == 1:
                    others = others[0].items
                excluded += self.indices(others, at)
            elif is_token(condition[1], "=") and high and first is None:
                first = self.value(others, at)
            else:
                raise unclear
        last = self.value(high, at) if high else self.vocabulary.get(("n",))
        if not isinstance(last, Expr):
            raise self.fail("a sum without an upper end", at)
        if not rest:
            raise self.fail("a sum of nothing", at)
        outer = self.vocabulary
        self.vocabulary = {**outer, name: index}
        body = self.value(rest, rest[0].at)
        self.vocabulary = outer
        rest.clear()
        if not excluded:
            return Sum(body, (index, Integer(1) if first is None else first, last))
        if first not in (None, 1):
            raise unclear
        return OffSum(body, index, last, tuple(excluded))

    def bounds(self, rest: list[Node], at: int) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
        """Take the lower and the upper bound of a sum; either may be empty."""
        found: dict[str, tuple[Node, ...]] = {"_": (), "^": ()}
        while rest and is_token(rest[0], "_", "^"):
            mark = spell([rest.pop(0)])[0]
            nodes = self.raw_argument(rest, at)
            if nodes and is_token(nodes[0], r"\substack") and len(nodes) == 2:
                nodes = self.raw_argument(list(nodes[1:]), at)
            found[mark] = nodes
        return found["_"], found["^"]


def _argument(group: Group) -> tuple[Node, ...]:
    r"""Return what `f(x)` applies to, also in SymPy's spelling `f{\left(x \right)}`."""
    inner = group.items
    if group.opening == "{" and len(inner) == 1 and isinstance(inner[0], Group):
        group = inner[0]
    return group.items if group.opening in _ROUND else ()


def _conditions(nodes: Sequence[Node]) -> list[tuple[Node, ...]]:
    r"""Split `l=1, l \ne i, j` into `l=1` and `l \ne i, j`."""
    found: list[tuple[Node, ...]] = []
    for part in split(nodes, ","):
        begins = len(part) > 1 and is_token(part[1], "=", *_UNEQUAL)
        if found and not begins:
            found[-1] = (*found[-1], Token(",", nodes[0].at), *part)
        elif part:
            found.append(part)
    return found
