r"""The second reader: LaTeX read once more by latex2sympy2, for the read-back check.

It shares nothing with our own reader.  What latex2sympy2 cannot read, or reads wrongly without a
word (names with subscripts, transposes, dot products, norms, statistics, sums over index sets,
inverses of matrices), is handled around it: the formula is taken apart bracket by bracket, and
latex2sympy2 reads one level at a time, in which everything that has been read already stands as
one plain letter.  Then the letters are put back.  Each letter is used once and in order, so a
factor that was lost, doubled or moved is noticed.

What latex2sympy2 sees is therefore short and carries no names: `a b - \frac{c}{f}` and the like.
That is what makes it quick (its parser learns few patterns) and lets its answers be remembered.
A list called `rest` is consumed from its front.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
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
    Det,
    Diag,
    Dot,
    Expect,
    Inverse,
    Norm,
    Partial,
    T,
    Trace,
    Var,
    is_column,
    shape,
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
from symattn.latex.second.indexed import (
    FONTS,
    ROUND,
    UNEQUAL,
    argument_of,
    raw_argument,
    read_argument,
    read_indices,
    read_name,
    read_sum,
)
from symattn.latex.second.latex2sympy import LETTERS
from symattn.latex.second.short_formulas import Entry, Plain
from symattn.latex.second.terms import Factor, Item, scalars_first

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
    reader = Plain(latex, {key(name): entry for name, entry in vocabulary.items()}, _level)
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
    "det": Det,
    "diag": Diag,
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


def _level(reader: Plain, nodes: Sequence[Node], at: int) -> Expr:
    """Read what stands on one bracket level."""
    if not nodes:
        raise reader.fail("a formula is missing here", at)
    parts: list[str | Expr] = []
    letters = 0
    for sign, start, term in _terms(reader, nodes, at):
        words = [*([sign] if sign else []), *scalars_first(reader, _items(reader, term), start)]
        needed = sum(isinstance(word, Expr) for word in words)
        if needed >= len(LETTERS):
            raise reader.fail(f"a product of more than {len(LETTERS) - 1} factors", start)
        if letters + needed > len(LETTERS):
            parts, letters = [reader.read(*parts, at=at)], 1
        parts += words
        letters += needed
    value = parts[0] if len(parts) == 1 else reader.read(*parts, at=at)
    assert isinstance(value, Expr)
    reader.at = at
    shape(value)
    return value


def _terms(
    reader: Plain, nodes: Sequence[Node], at: int
) -> Iterator[tuple[str, int, Sequence[Node]]]:
    """Split at the plus and minus signs of this level: sign, place, factors."""
    sign, start = "", 0
    for place, node in enumerate([*nodes, Lexeme("+", at)]):
        if not is_token(node, "+", "-"):
            continue
        if place > start:
            yield sign, nodes[start].at, nodes[start:place]
        elif place > 0:
            raise reader.fail("a term is missing here", nodes[place - 1].at)
        sign, start = spell([node])[0], place + 1


def _items(reader: Plain, nodes: Sequence[Node]) -> list[Item]:
    """Split a term into its factors and the signs between them."""
    found: list[Item] = []
    rest = list(nodes)
    while rest:
        node = rest[0]
        if is_token(node, *_TIMES):
            sign = spell([node])[0]
            rest.pop(0)
            if not found or isinstance(found[-1], str) or not rest:
                raise reader.fail(f"a factor is missing beside {sign}", node.at)
            found.append({r"\cdot": ".", "/": "/"}.get(sign, "*"))
            continue
        literal = isinstance(node, Lexeme) and node.text[0].isdigit()
        value = _scripts(reader, _factor(reader, rest), rest, node.at)
        found.append(Factor(value, node.at, literal))
    return found


def _fraction(reader: Plain, rest: list[Node], at: int) -> Expr:
    if all(isinstance(g, BracketGroup) and is_token(g.items[0], r"\partial") for g in rest[:2]):
        top, low = (list(rest.pop(0).items) for _ in range(2))  # type: ignore[union-attr]
        order = 1 + is_token(top[1], "^") if len(top) > 1 else 1
        heads = [place for place, node in enumerate(low) if is_token(node, r"\partial")]
        names = [reader.value(low[a + 1 : b], at) for a, b in zip(heads, [*heads[1:], None])]
        names = [base for x in names for base in [x.as_base_exp()[0]] * int(x.as_base_exp()[1])]
        if len(names) != order:
            raise reader.fail("a derivative of another order than it is by", at)
        return Partial(reader.value(top[2 * order - 1 :], at), *names)
    top, low = read_argument(reader, rest, at), read_argument(reader, rest, at)
    if not low.is_commutative:
        raise reader.fail("a division by a vector or matrix", at)
    return reader.read(r"\frac{", top, "}{", low, "}", at=at)


def _root(reader: Plain, rest: list[Node], at: int) -> Expr:
    root = rest.pop(0) if rest and is_group(rest[0], "[") else None
    order = reader.value(root.items, at) if isinstance(root, BracketGroup) else Integer(2)
    return reader.read("{", read_argument(reader, rest, at), r"}^{\frac{1}{", order, "}}", at=at)


def _of_bracket(reader: Plain, word: str, rest: list[Node], at: int) -> Expr:
    """Read a statistic, or a function that latex2sympy2 has no name for, with its bracket."""
    group = rest.pop(0) if rest and isinstance(rest[0], BracketGroup) else None
    inner = argument_of(group) if isinstance(group, BracketGroup) else ()
    if not inner:
        raise reader.fail(f"{word} needs brackets round its argument", at)
    if word in _STATISTICS:
        return _STATISTICS[word](reader.value(inner, at))
    return _special(reader, word, read_indices(reader, inner, at), at)


_COMMANDS: dict[str, Callable[[Plain, list[Node], int], Expr]] = {
    **dict.fromkeys((r"\frac", r"\dfrac", r"\tfrac", r"\cfrac"), _fraction),
    r"\sqrt": _root,
    r"\sum": read_sum,
    r"\infty": lambda reader, rest, at: reader.read(r"\infty", at=at),
    r"\pi": lambda reader, rest, at: reader.read(r"\pi", at=at),
}


def _factor(reader: Plain, rest: list[Node]) -> Expr:
    """Take one factor, without its exponents."""
    node = rest.pop(0)
    reader.at = at = node.at
    if isinstance(node, BracketGroup):
        return _bracket(reader, node, rest)
    text = node.text
    if text[0].isdigit():
        if len(text) > MAX_DIGITS:
            raise reader.fail("a number too long to read", at)
        return reader.read(text, at=at)
    named = read_name(reader, node, rest)
    if named is not None:
        return named
    if text in _COMMANDS:
        return _COMMANDS[text](reader, rest, at)
    if text == r"\delta" and rest and is_token(rest[0], "_"):
        rest.pop(0)
        indices = read_indices(reader, raw_argument(reader, rest, at), at, pair=True)
        if len(indices) == 2:
            return KroneckerDelta(*indices)
    word = _word(reader, node, rest)
    if word == "e":
        return reader.read("e", at=at)
    if word in _FUNCTIONS:
        return _function(reader, word, rest, at)
    if word in _STATISTICS or word in _SPECIAL:
        return _of_bracket(reader, word, rest, at)
    if text in _RELATIONS:
        raise reader.fail("a relation; one side at a time is read here", at)
    raise reader.fail(f"the symbol {word or text} is not known here", at)


def _word(reader: Plain, node: Lexeme, rest: list[Node]) -> str:
    r"""Return the plain word of `\exp`, `\operatorname{Var}`, `\mathbb{E}`, `e`, or ''."""
    text = node.text
    if text not in FONTS or not rest:
        return text.removeprefix("\\")
    inner = [w for w in spell(raw_argument(reader, rest, node.at)) if w not in FONTS | {"{", "}"}]
    word = "".join(inner)
    return word if text != r"\mathbb" or word == "E" else ""


def _bracket(reader: Plain, group: BracketGroup, rest: list[Node]) -> Expr:
    kind, at = group.opening, group.at
    if kind == r"\langle":
        sides = split(group.items, ",")
        if len(sides) != 2:
            raise reader.fail("an inner product needs two vectors", at)
        return Dot(reader.value(sides[0], at), reader.value(sides[1], at))
    if kind == "{":
        # Braces do not print: what stands in them must be one factor as it is.
        terms = list(_terms(reader, group.items, at))
        factors = _items(reader, terms[0][2]) if len(terms) == 1 and not terms[0][0] else []
        if len(factors) != 1 or not isinstance(factors[0], Factor):
            raise reader.fail("braces do not print; one factor can stand in them", at)
        return factors[0].value
    value = reader.value(group.items, at)
    if kind not in (r"\lVert", r"\lvert"):
        return value
    if value.is_commutative:
        if kind == r"\lVert":
            raise reader.fail("a norm of a scalar", at)
        return Abs(value)
    which: tuple[str, ...] = ()
    if rest and is_token(rest[0], "_"):
        rest.pop(0)
        which = tuple(w for w in spell(raw_argument(reader, rest, at)) if w not in FONTS)
    if which not in ((), ("2",) if is_column(value) else ("F",)):
        raise reader.fail("a norm that is not known here", at, r"write \lVert M \rVert_F")
    return Norm(value)


def _function(reader: Plain, name: str, rest: list[Node], at: int) -> Expr:
    r"""Read `\exp(..)`, `\ln^2 x`, `\log_2 n`; without brackets one factor, and no more."""
    base, power = None, None
    while rest and is_token(rest[0], "_", "^"):
        mark = rest.pop(0)
        script = read_argument(reader, rest, at)
        if is_token(mark, "_") and name == "log":
            base = script
        elif is_token(mark, "^") and script != -1:
            power = script
        else:
            raise reader.fail(f"it is not clear what the index of \\{name} means", mark.at)
    if not rest:
        raise reader.fail(f"\\{name} has no argument", at)
    if isinstance(rest[0], BracketGroup) and rest[0].opening in ROUND | {"{"}:
        argument = reader.value(rest[0].items, rest.pop(0).at)
    else:
        argument = _scripts(reader, _factor(reader, rest), rest, at)
        if rest and not is_token(rest[0], *_TIMES):
            raise reader.fail(f"it is not clear where \\{name} ends", rest[0].at, "use brackets")
    # latex2sympy2 takes \log for the decimal one
    command = r"\ln" if name == "log" else "\\" + name
    value = reader.read(command + "{", argument, "}", at=at)
    if base is not None:
        below = reader.read(r"\ln{", base, "}", at=at)
        value = reader.read(r"\frac{", value, "}{", below, "}", at=at)
    return value if power is None else reader.read("{", value, "}^{", power, "}", at=at)


def _special(reader: Plain, name: str, arguments: list[Expr], at: int) -> Expr:
    if not all(a.is_commutative for a in arguments):
        raise reader.fail("a function of a vector or matrix", at)
    if len(arguments) != 1 and name not in ("max", "min"):
        raise reader.fail(f"{name} takes one argument", at)
    return _SPECIAL[name](*arguments)


def _scripts(reader: Plain, value: Expr, rest: list[Node], at: int) -> Expr:
    """Apply the exponents and transposes that follow a factor."""
    raised = False
    while rest and is_token(rest[0], "^", "_"):
        mark = rest.pop(0)
        if is_token(mark, "_"):
            raise reader.fail("a subscript that belongs to no name", mark.at)
        if raised:
            raise reader.fail("two exponents side by side", mark.at, "use brackets")
        raised = True
        nodes = raw_argument(reader, rest, mark.at)
        mark_words = spell(nodes)
        reader.at = mark.at
        if mark_words in _TRANSPOSES and (not value.is_commutative or mark_words == (r"\top",)):
            value = T(value)
        elif (
            mark_words[:1] == ("-",) and mark_words[1:] in _TRANSPOSES and not value.is_commutative
        ):
            value = T(Inverse(value))
        elif value.is_commutative:
            value = reader.read("{", value, "}^{", reader.value(nodes, mark.at), "}", at=at)
        else:
            value = reader.power(value, reader.value(nodes, mark.at), mark.at)
    return value
