"""From the syntax tree to the algebra: names get their meaning, and shapes are checked.

Nothing from the input is ever evaluated as code.  Numbers that would be too large to compute are
refused before SymPy sees them, and so is whatever has two readings.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log2
from typing import Any, NoReturn

from sympy import (
    Abs,
    Add,
    Basic,
    E,
    Eq,
    Expr,
    FiniteSet,
    Ge,
    Gt,
    Indexed,
    IndexedBase,
    Integer,
    Integral,
    Interval,
    KroneckerDelta,
    LambertW,
    Le,
    Lt,
    Max,
    Min,
    Mul,
    Ne,
    Not,
    Or,
    Piecewise,
    Pow,
    Product,
    Range,
    Rational,
    S,
    Sum,
    Symbol,
    Tuple,
    acos,
    asin,
    atan,
    binomial,
    cos,
    cosh,
    cot,
    coth,
    csc,
    erf,
    erfc,
    exp,
    factorial,
    log,
    oo,
    pi,
    sec,
    sign,
    sin,
    sinh,
    sqrt,
    tan,
    tanh,
)
from sympy import Limit as SympyLimit

from symattn.algebra.letters import (
    Cov,
    Dot,
    Expect,
    Identity,
    Inverse,
    Norm,
    OffSum,
    Shape,
    T,
    Trace,
    Var,
    shape,
    show_shape,
)
from symattn.errors import ReadError, ShapeError
from symattn.latex import nodes as n
from symattn.latex.names import Vocabulary, spelled
from symattn.latex.nodes import Node, Statement
from symattn.latex.statement import parse

MAX_HEIGHT = 60
MAX_STEPS = 8_000
MAX_BITS = 4_000
MAX_EXPONENT = 1_000
MAX_MATRIX_POWER = 64
MAX_ARGUMENT = 10**6
MAX_NUMBER_DEPTH = 12
MAX_SIZE = 20_000
MAX_LIST = 10
MAX_TERMS_OF_SUM = 10_000
MAX_FACTORS_OF_PRODUCT = 1_000
MAX_FACTORIAL = 200

_BAD = (S.ComplexInfinity, S.NaN, S.Infinity, S.NegativeInfinity)
# The size of an identity matrix whose neighbours have not yet said how large it is.
_OPEN_SIZE = Symbol("?", integer=True, positive=True)
_OPEN_IDENTITY = Identity(_OPEN_SIZE)
# Letters that are usually functions: a bracket after them is not read as a product.
_USUAL_FUNCTIONS = frozenset("f g h F G H \\Phi \\Psi \\phi \\psi".split())
_PLAIN_FUNCTIONS: dict[str, Callable[..., Expr]] = {
    "sin": sin,
    "cos": cos,
    "tan": tan,
    "cot": cot,
    "sec": sec,
    "csc": csc,
    "sinh": sinh,
    "cosh": cosh,
    "tanh": tanh,
    "coth": coth,
    "arcsin": asin,
    "arccos": acos,
    "arctan": atan,
    "erf": erf,
    "erfc": erfc,
    "sign": sign,
}
_COMPARE: dict[str, Callable[..., Basic]] = {
    "=": Eq,
    "!=": Ne,
    "<": Lt,
    "<=": Le,
    ">": Gt,
    ">=": Ge,
}
# Relations next to which a side may be infinite.
_INFINITE = frozenset(["->", "<", "<=", ">", ">="])
# Relations that are mostly between indices.
_OF_INDICES = frozenset(["!=", "in", "notin"])


class ScalarLimit(SympyLimit):
    """An inert limit of a scalar: a scalar itself, which SymPy's own does not say."""

    is_commutative = True


class PlacedShapeError(ShapeError):
    """Shapes that do not fit, with the place in the LaTeX: `source`, `position`, `caret()`."""

    def __init__(self, message: str, source: str, position: int, hint: str = "") -> None:
        super().__init__(message, hint)
        self.source = source
        self.position = position

    def caret(self, width: int = 72) -> str:
        """Return the line at fault and a caret under the place."""
        return ReadError(self.message, self.source, self.position).caret(width)


@dataclass(frozen=True)
class ReadCondition:
    """A side condition: its chain as expressions (or sets, on the right of 'in').

    `word` is what introduced it: '' (a comma), 'with', 'as', 'for', 'for all', 'and', ...
    A condition without relations holds one letter: 'for all i'.
    """

    word: str
    terms: tuple[Basic, ...]
    relations: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Remainder:
    """O(size) in one term of the chain, or o(size) when little."""

    term: int
    size: Expr
    little: bool = False


@dataclass(frozen=True)
class Reading:
    """What a line of LaTeX says.

    terms : the sides of the chain; a set after 'in' is a SymPy set.
    relations : the relations between them: = != < > <= >= ~~ ~ ~= -> => <=> propto >> << in == :=
    conditions : the side conditions.
    unknown : letters that the vocabulary does not have, taken as real scalars, in order.
    unknown_families : letters with indices that the vocabulary does not have.
    unknown_indices : letters that stand only as an index and are not in the vocabulary.
    notes : readings that somebody may want to know about, one sentence each.
    remainders : the O(..) of each term, which is left out of `terms`.
    statement : the syntax tree.
    """

    terms: tuple[Basic, ...]
    relations: tuple[str, ...]
    conditions: tuple[ReadCondition, ...]
    unknown: tuple[str, ...]
    unknown_families: tuple[str, ...]
    unknown_indices: tuple[str, ...]
    notes: tuple[str, ...]
    remainders: tuple[Remainder, ...]
    statement: Statement


def read(latex: str, vocabulary: Vocabulary) -> Reading:
    r"""Read one line of LaTeX with the letters of a vocabulary.

    Raises
    ------
    ReadError : what could not be read, and where.
    ShapeError : vectors and matrices that do not fit, and where.

    >>> from symattn.latex.names import attention_vocabulary
    >>> r = read(r"q = \lambda (k_i + k_j)", attention_vocabulary())
    >>> r.terms, r.relations, r.unknown
    ((q, \lambda*(k[i] + k[j])), ('=',), ('\\lambda',))
    """
    statement = parse(latex, vocabulary.function_letters)
    reader = _Reader(statement, vocabulary)
    try:
        return reader.reading()
    except RecursionError:
        raise ReadError("the formula is nested too deep", latex, reader.place) from None
    except (ArithmeticError, NotImplementedError, TypeError, ValueError) as error:
        # What SymPy refuses to build: an interval of complex numbers, a set of relations, ...
        raise ReadError("this cannot be built as an expression", latex, reader.place) from error


class _Reader:
    """Builds the expressions of one statement."""

    def __init__(self, statement: Statement, vocabulary: Vocabulary) -> None:
        self.statement = statement
        self.source = statement.source
        self.vocabulary = vocabulary
        self.scope: dict[str, Expr] = {}  # bound letters
        self.unknown: dict[str, Expr] = {}
        self.unknown_families: dict[str, IndexedBase] = {}
        self.unknown_indices: dict[str, Expr] = {}
        self.notes: dict[str, None] = {}
        self.remainders: list[Remainder] = []
        self.indexing = False  # whether the letters that are read stand as indices
        self.loose = False  # whether a bare letter may be an index, as in `l \\ne i`
        self.open = False  # whether an identity of open size was built
        self.place = 0  # where the node stands that is being built
        self.height = 0
        self.steps = 0

    # the whole --------------------------------------------------------------------------------

    def reading(self) -> Reading:
        statement = self.statement
        terms, relations, moved = self.limits_aside(statement.terms, statement.relations)
        built = self.chain(terms, relations, True)
        conditions = [
            ReadCondition(
                c.word,
                self.chain(c.terms, c.relations, False),
                c.relations,
                self.source[c.start : c.end].strip(),
            )
            for c in (*moved, *statement.conditions)
        ]
        return Reading(
            built,
            relations,
            tuple(conditions),
            tuple(self.unknown),
            tuple(self.unknown_families),
            tuple(self.unknown_indices),
            tuple(self.notes),
            tuple(self.remainders),
            statement,
        )

    def limits_aside(
        self, terms: tuple[Node, ...], relations: tuple[str, ...]
    ) -> tuple[tuple[Node, ...], tuple[str, ...], list[n.Condition]]:
        """Read `\\lim_{x \\to a} y = z` as `y -> z` as `x -> a`."""
        if not relations or not any(type(term) is n.Limit for term in terms):
            return terms, relations, []
        found: list[n.Condition] = []
        bare: list[Node] = []
        for term in terms:
            if type(term) is not n.Limit:
                bare.append(term)
                continue
            bare.append(term.body)
            condition = n.Condition(
                "as", (term.variable, term.target), ("->",), term.start, term.body.start
            )
            same = [c for c in found if self.same(c.terms, condition.terms)]
            if found and not same:
                self.fail("two different limits stand in one chain", term.start)
            if not found:
                found.append(condition)
        changed = list(relations)
        for at, relation in enumerate(relations):
            left, right = (type(terms[k]) is n.Limit for k in (at, at + 1))
            if not (left or right):
                continue
            if relation not in ("=", "~~", "->"):
                continue
            changed[at] = "~~" if left and right else "->" if left else "<-"
        self.notes["a limit beside a relation is read as a condition"] = None
        return tuple(bare), tuple(changed), found

    def same(self, one: Any, other: Any) -> bool:
        """Whether two trees are equal but for their places."""
        if type(one) is not type(other):
            return False
        if isinstance(one, tuple):
            if hasattr(one, "_fields"):
                one, other = one[:-2], other[:-2]
            return len(one) == len(other) and all(map(self.same, one, other))
        return bool(one == other)

    def chain(
        self, terms: Sequence[Node], relations: Sequence[str], statement: bool
    ) -> tuple[Basic, ...]:
        """Build the sides of a chain; shapes across relations are left to whoever judges."""
        built: list[Basic] = []
        self.loose = not statement or bool(_OF_INDICES.intersection(relations))
        for at, term in enumerate(terms):
            before = relations[at - 1] if at else ""
            after = relations[at] if at < len(relations) else ""
            if before in ("in", "notin"):
                built.append(self.set_of(term))
                continue
            if {before, after} & _INFINITE and (value := _infinite(term)) is not None:
                built.append(value)
                continue
            built.append(self.term(term, at) if statement else self.build(term))
        if self.open:
            sizes = [
                s[0] for x in built if isinstance(x, Expr) and not _is_open(x) and (s := shape(x))
            ]
            size = sizes[0] if sizes else self.vocabulary.size
            built = [self.settled(x, size, terms[0]) for x in built]
        return tuple(built)

    def settled(self, x: Basic, size: Expr | None, node: Node) -> Basic:
        if not _is_open(x):
            return x
        if size is None:
            self.fail("nothing says how large the identity I is", node.start, "write I_d")
        return x.xreplace({_OPEN_SIZE: size})

    def term(self, node: Node, at: int) -> Expr:
        """One side of the statement; its O(..) are taken aside."""
        parts = node.terms if type(node) is n.Plus else ((1, node),)
        orders = [part for _, part in parts if type(part) is n.Order]
        if not orders:
            return self.build(node)
        for order in orders:
            self.remainders.append(Remainder(at, self.build(order.size), order.little))
        rest = tuple(part for part in parts if type(part[1]) is not n.Order)
        if not rest:
            return S.Zero
        return self.build(n.Plus(rest, node.start, node.end))

    # errors -----------------------------------------------------------------------------------

    def fail(self, message: str, position: int, hint: str = "") -> NoReturn:
        raise ReadError(message, self.source, position, hint)

    def misfit(self, message: str, position: int, hint: str = "") -> NoReturn:
        raise PlacedShapeError(message, self.source, position, hint)

    def text(self, node: Any) -> str:
        """The LaTeX of a node, shortened."""
        said = self.source[node.start : node.end].strip()
        return said if len(said) <= 60 else said[:57] + "..."

    def scalar(self, node: Node, of: str) -> Expr:
        """Build a node that must be a scalar."""
        value = self.build(node)
        if not value.is_commutative:
            self.misfit(f"{of} needs a scalar; {self.text(node)} is {self.kind(value)}", node.start)
        return value

    def kind(self, value: Expr) -> str:
        """A shape in words."""
        if _is_open(value):
            return "a multiple of the identity" if value.is_Mul else "a square matrix"
        rows_cols = shape(value)
        if rows_cols == ():
            return "a scalar"
        if rows_cols[1] == 1:
            return f"a column ({show_shape(rows_cols)})"
        if rows_cols[0] == 1:
            return f"a row ({show_shape(rows_cols)})"
        return f"a matrix ({show_shape(rows_cols)})"

    def sound(self, value: Expr, node: Node) -> Expr:
        """Refuse what SymPy makes of a pole."""
        if value in _BAD:
            self.fail(f"{self.text(node)} is not a number", node.start)
        return value

    def argument(self, value: Expr, node: Node) -> None:
        """Refuse a numeric argument that is too large to compute with.

        SymPy evaluates numbers when it asks for their sign; a tower of exponentials, or a sum of
        ten thousand sines, would keep it busy for ever.
        """
        if value.is_Rational:
            if abs(value) > MAX_ARGUMENT:
                self.fail(f"the number {self.text(node)} is too large here", node.start)
        elif self.constant(value, node):
            size = value.evalf(6)
            if size.is_Float and abs(size) > MAX_ARGUMENT:
                self.fail(f"the number {self.text(node)} is too large here", node.start)

    def constant(self, value: Expr, node: Node) -> bool:
        """Whether this is a number that is no fraction; refused when it is hard to evaluate."""
        if value.is_Atom or value.free_symbols or not value.is_number:
            return False
        if value.has(Sum, Product, Integral, SympyLimit):
            self.fail(
                "a sum, product, integral or limit of plain numbers stands inside a function",
                node.start,
                "write its value",
            )
        if _depth(value) > MAX_NUMBER_DEPTH:
            self.fail(f"the number {self.text(node)} is nested too deep", node.start)
        return True

    def weighed(self, value: Expr, node: Node) -> Expr:
        """Refuse what has grown too large by repeating its parts."""
        if _size(value) > MAX_SIZE:
            self.fail(f"{self.text(node)} is too large when it is written out", node.start)
        return value

    # dispatch ---------------------------------------------------------------------------------

    def build(self, node: Node) -> Expr:
        """The expression of a node."""
        self.steps += 1
        if self.steps > MAX_STEPS:
            self.fail("the formula is too large", node.start)
        self.height += 1
        self.place = node.start
        if self.height > MAX_HEIGHT:
            self.fail(f"the formula is nested more than {MAX_HEIGHT} deep", node.start)
        try:
            value: Expr = _BUILD[type(node)](self, node)
        except PlacedShapeError:
            raise
        except ShapeError as error:
            raise PlacedShapeError(error.message, self.source, node.start, error.hint) from None
        self.height -= 1
        return value

    def infinity(self, node: n.Infinity) -> Expr:
        self.fail(
            "\\infty is not a number",
            node.start,
            "write x \\to \\infty, or use it as the end of a sum or an integral",
        )

    def dots(self, node: n.Dots) -> Expr:
        self.fail("it is not clear what the dots stand for", node.start, "write \\sum_{l=1}^{n}")

    def order(self, node: n.Order) -> Expr:
        self.fail(
            "O(..) is read only as a term of a whole side", node.start, "write a = b + O(\\epsilon)"
        )

    def number(self, node: n.Number) -> Expr:
        value = node.value
        if isinstance(value, int):
            return Integer(value)
        return Rational(value.numerator, value.denominator)

    def group(self, node: n.Group) -> Expr:
        if len(node.items) != 1:
            self.fail("a list stands where one expression is expected", node.start)
        return self.build(node.items[0])

    # letters ----------------------------------------------------------------------------------

    def name(self, node: n.Name) -> Expr:
        if node.indices:
            return self.indexed(node)
        text = node.text
        if text in self.scope:
            return self.scope[text]
        vocabulary = self.vocabulary
        if self.indexing:
            return self.index_letter(text)
        found = vocabulary.letter(text)
        if found is None and node.primes:
            return self.primed(node)
        if found is None and (self.loose or text in self.standing_as_index):
            found = vocabulary.index_letter(text)
        if found is None:
            if text == "e":
                return E
            if text == "\\pi":
                return pi
            if text == "I":
                self.open = True
                return _OPEN_IDENTITY
            if text in self.standing_as_index:
                return self.index_letter(text)
            return self.unknown_letter(text, node)
        return found

    @cached_property
    def standing_as_index(self) -> frozenset[str]:
        """The letters that stand as an index, or as the end of a sum, anywhere in the line."""
        found: set[str] = set()
        stack: list[tuple[Any, bool]] = [(self.statement, False)]
        while stack:
            here, inside = stack.pop()
            if type(here) is n.Name:
                if inside and not here.indices:
                    found.add(here.text)
                stack.extend((index, True) for index in here.indices)
            elif isinstance(here, tuple):
                inside = inside or type(here) is n.Domain
                stack.extend((part, inside) for part in here)
        return frozenset(found)

    def unknown_letter(self, text: str, node: n.Name) -> Expr:
        """A letter that nobody defined: a real scalar, reported."""
        if text.startswith(("\\mathbb{", "\\mathcal{", "\\mathbf{1}")):
            self.fail(f"{text} is not an expression here", node.start)
        if text not in self.unknown:
            self.unknown[text] = Symbol(text, real=True)
        return self.unknown[text]

    def primed(self, node: n.Name) -> Expr:
        """A primed letter that has no meaning of its own: the transpose of the letter."""
        plain = node._replace(primes=0)
        base = (
            self.vocabulary.family(node.base) if node.indices else self.vocabulary.letter(node.base)
        )
        if base is not None and node.primes == 1:
            value = self.build(plain)
            if not value.is_commutative:
                self.notes["a prime is read as a transpose"] = None
                return T(value)
        if node.indices:
            return self.unknown_family(node)
        return self.unknown_letter(node.text, node)

    def index_letter(self, text: str) -> Expr:
        """A letter that stands as an index, or as the end of a sum."""
        found = self.vocabulary.index_letter(text)
        if found is None:
            found = self.vocabulary.letter(text)
            if found is not None and not found.is_commutative:
                found = None  # s_S: the letter of a matrix counts the basis vectors
        if found is None:
            found = self.unknown.get(text)
        if found is None:
            if text not in self.unknown_indices:
                self.unknown_indices[text] = Symbol(text, integer=True, positive=True)
            found = self.unknown_indices[text]
        return found

    def index(self, node: Node) -> Expr:
        """Build a node whose letters stand as indices."""
        saved, self.indexing = self.indexing, True
        value = self.scalar(node, "an index")
        self.indexing = saved
        return value

    def indexed(self, node: n.Name) -> Expr:
        """A letter with indices: a member of a family."""
        text = node.text
        if self.vocabulary.labelled:
            whole = self.vocabulary.letter(self.labelled(node))
            if whole is not None:  # x_{1} may be a letter of its own
                return whole
        family = self.vocabulary.family(text)
        if self.indexing and family is None:
            # an index with an index of its own, as in k_{i_1}
            return self.index_letter(self.labelled(node))
        if family is None and node.primes:
            return self.primed(node)
        count = len(node.indices)
        if text == "\\delta" and count == 2 and family is None:
            return KroneckerDelta(*[self.index(i) for i in node.indices])
        if family is None:
            if text == "I" and count == 1 and self.vocabulary.letter("I") is None:
                return Identity(self.index(node.indices[0]))
            return self.unknown_family(node)
        least, most = self.vocabulary.indices_of(text)
        if not least <= count <= most:
            takes = "one index" if most == 1 else f"{most} indices"
            self.fail(f"{text} takes {takes}, and {self.text(node)} has {count}", node.start)
        return family(*[self.index(i) for i in node.indices])

    def labelled(self, node: n.Name) -> str:
        """A name with its indices as they are written, as one name."""
        return spelled(node, self.source)

    def unknown_family(self, node: n.Name) -> Expr:
        """A letter with indices that nobody defined: scalars."""
        text = node.text
        if all(type(i) is n.Number for i in node.indices):
            return self.unknown_letter(self.labelled(node), node)
        if text.startswith(("\\mathbb{", "\\mathcal{", "\\mathbf{1}")):
            self.fail(f"{text} is not an expression here", node.start)
        indices = [self.index(i) for i in node.indices]
        if text not in self.unknown_families:
            self.unknown_families[text] = IndexedBase(text, real=True)
        return Indexed(self.unknown_families[text], *indices)

    # sums and products ------------------------------------------------------------------------

    def plus(self, node: n.Plus) -> Expr:
        values = [(s, self.build(term), term) for s, term in node.terms]
        if self.open and any(_is_open(value) for _, value, _ in values):
            values = self.sized(values)
        first: tuple[Shape, Expr, Node] | None = None
        for _, value, term in values:
            here = () if value.is_commutative else shape(value)
            if first is None:
                if value is not S.Zero:
                    first = here, value, term
            elif here != first[0] and value is not S.Zero:
                self.misfit(
                    f"a sum needs equal shapes; {self.text(first[2])} is {self.kind(first[1])} "
                    f"and {self.text(term)} is {self.kind(value)}",
                    term.start,
                )
        return Add(*[value if s > 0 else -value for s, value, _ in values])

    def sized(self, values: list[tuple[int, Expr, Node]]) -> list[tuple[int, Expr, Node]]:
        """Give the identities of a sum the size of its other terms."""
        for _, value, _ in values:
            if not _is_open(value) and not value.is_commutative:
                size = shape(value)[0]
                return [
                    (s, x.xreplace({_OPEN_SIZE: size}) if _is_open(x) else x, term)
                    for s, x, term in values
                ]
        return values

    def times(self, node: n.Times) -> Expr:
        """A product: side by side binds tighter than a dot."""
        self.unambiguous(node)
        total = _Product(self)
        dotted = ""
        pending: list[tuple[str, Node, Expr]] = []
        groups: list[tuple[str, list[tuple[str, Node, Expr]]]] = []
        for op, factor in node.factors:
            value = self.divisor(factor) if op == "/" else self.build(factor)
            if op in ("", "/"):
                pending.append((op, factor, value))
            else:
                groups.append((dotted, pending))
                dotted, pending = op, [("", factor, value)]
        groups.append((dotted, pending))
        for op, group in groups:
            part = _Product(self)
            for at, (sign_, factor, value) in enumerate(group):
                if sign_ == "/":
                    self.one_divisor(group, at)
                    part.scalars.append(1 / value)
                else:
                    part.push(value, factor)
            if op:
                total.join(part, op)
            else:
                total = part
        return total.value()

    def unambiguous(self, node: n.Times) -> None:
        """Refuse `c(\\beta)`: it may be a product or a function of the letter in the bracket."""
        factors = node.factors
        for at in range(1, len(factors)):
            op, group = factors[at]
            before = factors[at - 1][1]
            if op or type(group) is not n.Group or type(before) is not n.Name:
                continue
            if len(group.items) > 1:
                self.fail(
                    f"{self.text(before)} before a list is not read",
                    before.start,
                    "a distribution or a function of several letters is not an expression",
                )
            inner = group.items[0]
            letter = self.vocabulary.letter(before.text)
            bare = type(inner) in (n.Name, n.Number)
            usual = before.base in _USUAL_FUNCTIONS and letter is None and not before.indices
            if not bare and not usual:
                continue
            if bare and letter is not None and letter.is_commutative and not before.indices:
                if type(inner) is n.Name and not self.build(inner).is_commutative:
                    continue  # \beta (q)
            said = self.text(before)
            self.fail(
                f"{said}{self.text(group)} may be a product or a function",
                before.start,
                f"write {said} alone, or \\cdot for a product",
            )

    def divisor(self, node: Node) -> Expr:
        """Build what is divided by."""
        value = self.build(node)
        if not value.is_commutative:
            self.misfit(
                f"one divides by scalars only; {self.text(node)} is {self.kind(value)}",
                node.start,
                "write an inverse as M^{-1}",
            )
        if value is S.Zero:
            self.fail("division by zero", node.start)
        return value

    def one_divisor(self, group: list[tuple[str, Node, Expr]], at: int) -> None:
        """Refuse `1/2 n`, which may be (1/2) n or 1/(2 n)."""
        node = group[at][1]
        if type(node) is n.Big and type(node.body) is n.Times:
            name = node.domains[0].index.base
            if not all(_mentions(factor, name) for _, factor in node.body.factors):
                self.fail(
                    "it is not clear where the sum below the stroke ends",
                    node.start,
                    "write \\frac{..}{..} or brackets",
                )
        if type(node) is n.Group or at + 1 == len(group) or group[at + 1][0]:
            return
        after, value = group[at + 1][1], group[at + 1][2]
        if value.is_commutative and type(after) is not n.Big:
            said = self.text(node)
            self.fail(
                f"it is not clear whether {self.text(after)} is divided by too",
                after.start,
                f"write \\frac{{..}}{{{said}}} or brackets",
            )

    def fraction(self, node: n.Fraction_) -> Expr:
        top, bottom = self.build(node.top), self.divisor(node.bottom)
        return Mul(1 / bottom, top)

    def power(self, node: n.Power) -> Expr:
        base_node = node.base
        if (
            type(base_node) is n.Name
            and base_node.base == "e"
            and not base_node.indices
            and not base_node.primes
            and "e" not in self.scope
            and self.vocabulary.letter("e") is None
        ):
            exponent = self.scalar(node.exponent, "an exponent")
            self.argument(exponent, node.exponent)
            return self.sound(exp(exponent), node)
        base = self.build(base_node)
        exponent = self.scalar(node.exponent, "an exponent")
        if not base.is_commutative:
            return self.matrix_power(base, exponent, node)
        return self.scalar_power(base, exponent, node)

    def matrix_power(self, base: Expr, exponent: Expr, node: n.Power) -> Expr:
        said = self.text(node.base)
        rows_cols = shape(base)
        if rows_cols[0] != rows_cols[1]:
            hint = f"write \\|{said}\\| for its length" if rows_cols[1] == 1 else ""
            self.misfit(f"a power needs a square matrix; {said} is {self.kind(base)}",
                        node.start, hint)  # fmt: skip
        if not exponent.is_Integer or abs(exponent) > MAX_MATRIX_POWER:
            self.fail(
                f"matrices are raised to whole powers up to {MAX_MATRIX_POWER} only",
                node.exponent.start,
            )
        if exponent == 0:
            return Identity(rows_cols[0])
        factor = base if exponent > 0 else Inverse(base)
        value = Mul(*[factor] * abs(int(exponent)))
        if value.is_Pow and abs(value.exp) > MAX_MATRIX_POWER:
            self.fail(f"powers of matrices beyond {MAX_MATRIX_POWER} are not read", node.start)
        return value

    def scalar_power(self, base: Expr, exponent: Expr, node: Any) -> Expr:
        """base**exponent, refused when it is a pole, complex, or too large to write down."""
        if base is S.Zero and exponent.is_negative:
            self.fail("division by zero", node.start)
        if base.is_Rational is False:
            self.constant(base, node)
        if exponent.is_Rational:
            if base.is_Rational:
                bits = log2(max(abs(base.p), base.q, 1)) * float(abs(exponent))
                if bits > MAX_BITS:
                    self.fail(f"the number {self.text(node)} is too large", node.start)
                if base.is_negative and not exponent.is_Integer:
                    self.fail("complex numbers are not read", node.start)
            else:
                self.moderate(exponent, node)
        else:
            self.argument(exponent, node)
            if base.is_Rational and max(abs(base.p), base.q) > MAX_ARGUMENT:
                self.argument(base, node)
        value = self.sound(Pow(base, exponent), node)
        if value.is_Pow and value.exp.is_Rational:
            self.moderate(value.exp, node)
        return value

    def moderate(self, exponent: Expr, node: Any) -> None:
        """Refuse an exponent that would be too much to multiply out."""
        if abs(exponent) > MAX_EXPONENT or exponent.q > MAX_EXPONENT:
            self.fail(f"exponents beyond {MAX_EXPONENT} are not read", node.start)

    def root(self, node: n.Root) -> Expr:
        body = self.scalar(node.body, "a root")
        if node.degree is None:
            return self.square_root(body, node)
        if body.is_Rational and body.is_negative:
            self.fail("complex numbers are not read", node.start)
        degree = self.scalar(node.degree, "the degree of a root")
        if degree is S.Zero or (degree.is_Rational and abs(degree) > MAX_EXPONENT):
            self.fail("this degree of a root is not read", node.degree.start)
        return self.scalar_power(body, 1 / degree, node)

    def square_root(self, value: Expr, node: Any) -> Expr:
        if value.is_Rational and value.is_negative:
            self.fail("complex numbers are not read", node.start)
        if not value.is_Rational:
            self.constant(value, node)
        return sqrt(value)

    # transposes and inverses --------------------------------------------------------------------

    def transpose(self, node: n.Transpose) -> Expr:
        if type(node.body) is n.Number:
            self.fail("the transpose of a number", node.start, "write a power as ^{..}")
        value = self.build(node.body)
        self.known(value, node.body, "transposed")
        return T(value)

    def known(self, value: Expr, node: Node, what: str) -> None:
        """Refuse to take a letter for a scalar that is used as a vector or a matrix."""
        if isinstance(value, (Symbol, Indexed)) and (
            str(value.name) in self.unknown or str(value.name) in self.unknown_families
        ):
            self.fail(
                f"the letter {self.text(node)} is not known here, and it is {what}",
                node.start,
                "say whether it is a vector or a matrix",
            )

    def prime(self, node: n.Prime) -> Expr:
        value = self.build(node.body)
        if value.is_commutative:
            self.fail("a prime after a scalar is not read", node.start, "derivatives are not read")
        self.notes["a prime is read as a transpose"] = None
        return T(value)

    def invert(self, node: n.Invert) -> Expr:
        value = self.build(node.body)
        if value.is_commutative:
            if value is S.Zero:
                self.fail("division by zero", node.start)
            return self.sound(1 / value, node)
        if _is_open(value):
            return value if value == _OPEN_IDENTITY else self.open_inverse(value, node)
        rows_cols = shape(value)
        if rows_cols[0] != rows_cols[1]:
            self.misfit(
                f"an inverse needs a square matrix; {self.text(node.body)} is {self.kind(value)}",
                node.start,
                "a tall matrix with independent columns has (A^\\top A)^{-1} A^\\top",
            )
        return Inverse(value)

    def open_inverse(self, value: Expr, node: n.Invert) -> Expr:
        """The inverse of a multiple of an identity of open size."""
        scalars, word = value.args_cnc()
        if not value.is_Mul or word != [_OPEN_IDENTITY]:
            self.fail("nothing says how large the identity I is", node.start, "write I_d")
        return Mul(1 / Mul(*scalars), _OPEN_IDENTITY)

    def pseudo_invert(self, node: n.PseudoInvert) -> Expr:
        value = self.build(node.body)
        if value.is_commutative or _is_open(value):
            self.fail("a pseudo-inverse needs a matrix", node.start)
        rows_cols = shape(value)
        self.notes["A^+ is read as (A^T A)^{-1} A^T, for independent columns"] = None
        if rows_cols[1] == 1:
            return self.weighed(Mul(1 / Dot(value, value), T(value)), node)
        if rows_cols[0] == 1:
            column = T(value)
            return self.weighed(Mul(1 / Dot(column, column), column), node)
        return self.weighed(Mul(Inverse(Mul(T(value), value)), T(value)), node)

    # lengths, brackets and functions --------------------------------------------------------------

    def bars(self, node: n.Bars) -> Expr:
        value = self.build(node.body)
        said = self.text(node.body)
        label = node.label
        if value.is_commutative:
            if label:
                self.fail("a subscript on the bars of a scalar is not read", node.start)
            if node.kind == "norm":
                self.known(value, node.body, "measured like a vector")
            self.argument(value, node.body)
            return Abs(value)
        rows, cols = shape(value)
        if label not in ("", "2", "F"):
            self.fail(f"the norm with subscript {label} is not read", node.start)
        if cols == 1 or rows == 1:
            if node.kind == "abs":
                self.notes[f"|{said}| is read as the length of a vector"] = None
            return Norm(value if cols == 1 else T(value))
        if node.kind == "abs":
            self.fail(f"|{said}| of a matrix is not read", node.start)
        if label != "F":
            self.fail(
                f"the norm of the matrix {said} may be one of several",
                node.start,
                f"write \\|{said}\\|_F for the Frobenius norm",
            )
        return Norm(value)

    def inner(self, node: n.Inner) -> Expr:
        return self.dot(self.build(node.left), self.build(node.right), node.left, node.right)

    def dot(self, left: Expr, right: Expr, left_node: Any, right_node: Any) -> Expr:
        """The dot product of two columns, or a ShapeError that names both shapes."""
        first, second = shape(left), shape(right)
        if first == () or second == () or first != second or first[1] != 1:
            self.misfit(
                f"a dot product needs two columns of one length; {self.text(left_node)} is "
                f"{self.kind(left)} and {self.text(right_node)} is {self.kind(right)}",
                right_node.start,
            )
        return Dot(left, right)

    def apply(self, node: n.Apply) -> Expr:
        name = node.function
        own = self.vocabulary.function_named(name)
        if own is not None:
            if node.base is not None:
                self.fail(f"{name} does not take a subscript", node.base.start)
            values = [self.build(argument) for argument in node.arguments]
            try:
                return self.sound(own(*values), node)
            except TypeError:
                self.fail(f"{name} does not take {len(values)} arguments", node.start)
        if name in ("max", "min"):
            return self.largest(node)
        if len(node.arguments) != 1:
            if name == "\\mathcal{N}":
                self.fail("a distribution is not an expression", node.start)
            self.fail(
                f"{name} takes one argument, and {len(node.arguments)} stand here", node.start
            )
        argument = node.arguments[0]
        if name == "tr":
            value = self.build(argument)
            if value.is_commutative:
                return value
            return Trace(value)
        if name not in _SCALAR_FUNCTIONS:
            self.fail(f"{name} is not read", node.start)
        value = self.scalar(argument, name)
        if node.base is not None and name not in ("log", "ln", "W"):
            self.fail(f"{name} does not take a subscript", node.base.start)
        return self.sound(self.function(name, value, node, argument), node)

    def function(self, name: str, value: Expr, node: n.Apply, argument: Node) -> Expr:
        """A function of one scalar."""
        if name in ("ln", "log"):
            self.constant(value, argument)
            if value.is_Rational and not value.is_positive:
                self.fail(f"the logarithm of {self.text(argument)} is not a number", node.start)
            if node.base is None:
                return log(value)
            base = self.scalar(node.base, "the base of a logarithm")
            self.constant(base, node.base)
            if base.is_Rational and (base <= 0 or base == 1):
                self.fail("this base of a logarithm is not read", node.base.start)
            return log(value) / log(base)
        if name == "lg":
            self.fail("\\lg has several bases", node.start, "write \\ln, \\log_2 or \\log_{10}")
        if name == "sqrt":
            return self.square_root(value, node)
        if name == "factorial":
            if value.is_number and not (value.is_Integer and 0 <= value <= MAX_FACTORIAL):
                self.fail(f"factorials are read of 0 to {MAX_FACTORIAL}", node.start)
            return factorial(value)
        self.argument(value, argument)
        if name == "exp":
            return exp(value)
        if name in ("logistic", "\\sigma"):
            if name == "\\sigma":
                self.notes["\\sigma(..) is read as the logistic function"] = None
            return 1 / (1 + exp(-value))
        if name == "W":
            branch = S.Zero if node.base is None else self.scalar(node.base, "a branch of W")
            if branch not in (0, -1):
                self.fail("W has the branches 0 and -1", node.start)
            self.notes["W is read as the Lambert function"] = None
            return LambertW(value) if branch == 0 else LambertW(value, -1)
        return _PLAIN_FUNCTIONS[name](value)

    def largest(self, node: n.Apply) -> Expr:
        values = [self.scalar(argument, node.function) for argument in node.arguments]
        if len(values) < 2:
            self.fail(f"\\{node.function} needs a list or an index", node.start)
        if len(values) > MAX_LIST:
            self.fail(f"\\{node.function} of more than {MAX_LIST} numbers is not read", node.start)
        for value, argument in zip(values, node.arguments, strict=True):
            self.argument(value, argument)
        return (Max if node.function == "max" else Min)(*values)

    def choose(self, node: n.Binomial) -> Expr:
        top, bottom = (self.scalar(x, "a binomial") for x in (node.top, node.bottom))
        for value in (top, bottom):
            if value.is_number and not (value.is_Integer and abs(value) <= MAX_FACTORIAL):
                self.fail(f"binomials are read of numbers up to {MAX_FACTORIAL}", node.start)
        return binomial(top, bottom)

    def statistic(self, node: n.Statistic) -> Expr:
        """E, Cov and Var, inert."""
        if node.over:
            self.notes[f"what stands below {node.kind} is left to the context"] = None
        values = [self.build(argument) for argument in node.arguments]
        first = values[0]
        if node.kind == "Cov" and len(values) == 2:
            second = values[1]
            if first == second:
                return Var(first) if first.is_commutative else self.covariance(first, node)
            if (() if first.is_commutative else shape(first)[1:]) != (
                () if second.is_commutative else shape(second)[1:]
            ):
                self.misfit(
                    f"a covariance needs two scalars or two columns; {self.text(node)} has "
                    f"{self.kind(first)} and {self.kind(second)}",
                    node.start,
                )
            if first.is_commutative:
                both = Expect(first * second) - Expect(first) * Expect(second)
            else:
                both = Expect(Mul(first, T(second))) - Mul(Expect(first), T(Expect(second)))
            return self.weighed(both, node)
        if len(values) != 1:
            self.fail(f"{node.kind} takes one argument, and {len(values)} stand here", node.start)
        if node.kind == "E":
            return Expect(first)
        if first.is_commutative:
            return Var(first)
        if node.kind == "Var":
            self.notes["the variance of a vector is read as its covariance matrix"] = None
        return self.covariance(first, node)

    def covariance(self, value: Expr, node: n.Statistic) -> Expr:
        if shape(value)[1] != 1:
            self.misfit(
                f"a covariance needs a column; {self.text(node.arguments[0])} is "
                f"{self.kind(value)}",
                node.start,
            )
        return Cov(value)

    # ranges -------------------------------------------------------------------------------------

    def bound(self, name: n.Name) -> Expr:
        """The symbol of a bound index."""
        return self.vocabulary.index_letter(name.base) or Symbol(
            name.base, integer=True, positive=True
        )

    def big(self, node: n.Big) -> Expr:
        """A sum, product, maximum or minimum over indices."""
        return self.over(node, 0)

    def over(self, node: n.Big, at: int) -> Expr:
        """Over the domains from `at` on; the first is the outermost."""
        if at == len(node.domains):
            body = node.body
            # The bracket after \max is its argument and no product.
            if type(body) is n.Group and len(body.items) == 1:
                body = body.items[0]
            return self.build(body)
        domain = node.domains[at]
        key = domain.index.base
        saved = self.scope.get(key)
        try:
            if domain.members is not None:
                return self.over_members(node, at, domain)
            lower, upper = self.ends(domain, node)
            excluded = []
            for item in domain.excluded:
                value = self.index(item)
                if value not in excluded:
                    excluded.append(value)
            symbol = self.bound(domain.index)
            self.scope[key] = symbol
            inner = self.over(node, at + 1)
        finally:
            if saved is None:
                self.scope.pop(key, None)
            else:
                self.scope[key] = saved
        if _is_open(inner):
            inner = inner.xreplace({_OPEN_SIZE: self.vocabulary.size or _OPEN_SIZE})
        return self.ranged(node, inner, symbol, lower, upper, excluded)

    def ranged(
        self, node: n.Big, inner: Expr, symbol: Expr, lower: Expr, upper: Expr, excluded: list[Expr]
    ) -> Expr:
        if symbol in excluded:
            self.fail("the index is excluded from its own sum", node.start)
        if excluded and lower != 1:
            self.fail("a sum that leaves indices out starts at 1", node.start)
        if node.kind == "sum":
            if excluded:
                return OffSum(inner, symbol, upper, excluded)
            return Sum(inner, (symbol, lower, upper))
        if not inner.is_commutative:
            self.misfit(
                f"\\{node.kind} needs scalars; {self.text(node.body)} is {self.kind(inner)}",
                node.body.start,
            )
        if node.kind == "prod":
            if excluded:
                self.fail("a product that leaves indices out is not read", node.start)
            return Product(inner, (symbol, lower, upper))
        builder = self.vocabulary.range_named(node.kind)
        if builder is None or lower != 1:
            self.fail(
                f"\\{node.kind} over an index is not read here",
                node.start,
                "write the condition for each index, with \\forall",
            )
        return builder(inner, symbol, upper, tuple(excluded))

    def ends(self, domain: n.Domain, node: n.Big) -> tuple[Expr, Expr]:
        """The lower and upper end of an index; n where none is written."""
        lower = self.end(domain.lower) if domain.lower is not None else S.One
        if domain.upper is not None:
            upper = self.end(domain.upper)
        elif self.vocabulary.count is not None:
            upper = self.vocabulary.count
        else:
            self.fail("the upper end of the sum is missing", node.start, "write \\sum_{l=1}^{n}")
        if lower.is_number and upper.is_number and lower.is_finite and upper.is_finite:
            if not (lower.is_Integer and upper.is_Integer):
                self.fail("the ends of a sum are whole numbers", domain.start)
            count = int(upper) - int(lower) + 1
            most = MAX_TERMS_OF_SUM if node.kind == "sum" else MAX_FACTORS_OF_PRODUCT
            if count > most:
                self.fail(
                    f"a {'sum' if node.kind == 'sum' else 'product'} of {count} terms is too long; "
                    f"at most {most} are read",
                    node.start,
                )
            if count < 1:
                self.fail("the sum runs over nothing", node.start)
        return lower, upper

    def end(self, node: Node) -> Expr:
        """One end of a range; it may be infinite."""
        infinite = _infinite(node)
        return infinite if infinite is not None else self.index(node)

    def over_members(self, node: n.Big, at: int, domain: n.Domain) -> Expr:
        """A sum over a few indices that are listed."""
        assert domain.members is not None
        key = domain.index.base
        values = []
        for member in domain.members:
            self.scope.pop(key, None)
            place = self.index(member)
            self.scope[key] = place
            values.append(self.over(node, at + 1))
        if len(values) > MAX_LIST and node.kind in ("max", "min"):
            self.fail(f"\\{node.kind} of more than {MAX_LIST} numbers is not read", node.start)
        if node.kind == "sum":
            return self.weighed(Add(*values), node)
        if not all(value.is_commutative for value in values):
            self.misfit(f"\\{node.kind} needs scalars", node.body.start)
        if node.kind == "prod":
            return Mul(*values)
        return (Max if node.kind == "max" else Min)(*values)

    def integral(self, node: n.Integrate) -> Expr:
        if (node.lower is None) != (node.upper is None):
            self.fail("an integral has two ends or none", node.start)
        ends = []
        for side in (node.lower, node.upper):
            if side is not None:
                infinite = _infinite(side)
                ends.append(
                    infinite
                    if infinite is not None
                    else self.scalar(side, "the end of an integral")
                )
        key = node.variable.base
        saved = self.scope.get(key)
        self.scope[key] = symbol = Symbol(key, real=True)
        try:
            body = self.scalar(node.body, "an integral")
        finally:
            if saved is None:
                self.scope.pop(key, None)
            else:
                self.scope[key] = saved
        return Integral(body, (symbol, *ends))

    def limit(self, node: n.Limit) -> Expr:
        """A limit inside an expression, inert."""
        variable = self.build(node.variable)
        if not isinstance(variable, Symbol):
            self.fail("the variable of a limit is one letter", node.variable.start)
        target = _infinite(node.target)
        if target is None:
            target = self.scalar(node.target, "the target of a limit")
        body = self.build(node.body)
        if not body.is_commutative:
            self.fail(
                "the limit of a vector is read only as a whole side",
                node.start,
                "write c \\to v \\text{ as } x \\to \\infty",
            )
        if target in (oo, -oo):
            return ScalarLimit(body, variable, target)
        return ScalarLimit(
            body, variable, target, node.side or ("+" if variable.is_positive else "+-")
        )

    def cases(self, node: n.Cases) -> Expr:
        rows = []
        for row in node.rows:
            value = self.scalar(row.value, "a case")
            if not row.relations:
                rows.append((value, S.true))
                continue
            if len(row.relations) > 1:
                self.fail("a chain as the condition of a case is not read", row.start)
            relation, (left, right) = row.relations[0], row.terms
            saved, self.loose = self.loose, True
            side = self.scalar(left, "a condition")
            if relation in ("in", "notin"):
                members = self.set_of(right)
                if not isinstance(members, FiniteSet):
                    self.fail("a case is read with \\in \\{i, j\\}", right.start)
                inside = Or(*[Eq(side, member) for member in members.args])
                rows.append((value, inside if relation == "in" else Not(inside)))
            elif relation in _COMPARE:
                compared = _COMPARE[relation](side, self.scalar(right, "a condition"))
                rows.append((value, compared))
            else:
                self.fail("the condition of this case is not read", left.start)
            self.loose = saved
        return Piecewise(*rows)

    # sets ---------------------------------------------------------------------------------------

    def set_of(self, node: Node) -> Basic:
        """What stands on the right of \\in.

        A list is a FiniteSet, {1, .., n} a Range, [a, b] an Interval, \\mathbb{R} the reals, and
        \\mathbb{R}^{d} or \\mathbb{R}^{a \\times b} a Tuple of the reals and the sizes.
        """
        if type(node) is n.Group:
            if node.bracket == "\\{":
                if any(type(item) is n.Dots for item in node.items):
                    first, last = node.items[0], node.items[-1]
                    if type(node.items[-2]) is not n.Dots or len(node.items) > 4:
                        self.fail("this set is not read", node.start)
                    return Range(self.index(first), self.index(last) + 1)
                return FiniteSet(*[self.index(item) for item in node.items])
            if len(node.items) == 2:
                left, right = (self.scalar(item, "the end of an interval") for item in node.items)
                square = node.bracket == "["
                return Interval(left, right, not square, not square)
            last = self.index(node.items[0])
            if node.bracket == "[" and len(node.items) == 1 and last.is_integer is not False:
                return Range(1, last + 1)
        reals = {"\\mathbb{R}": S.Reals, "\\mathbb{N}": S.Naturals, "\\mathbb{Z}": S.Integers}
        if type(node) is n.Name and not node.indices and node.base in reals:
            return reals[node.base]
        if type(node) is n.Power and type(node.base) is n.Name and node.base.base == "\\mathbb{R}":
            power = node.exponent
            sizes = (
                [size for _, size in power.factors]
                if type(power) is n.Times and all(op == "x" for op, _ in power.factors[1:])
                else [power]
            )
            return Tuple(S.Reals, *[self.index(size) for size in sizes])
        self.fail(
            "this set is not read", node.start, "sets are read as \\{i, j\\} or \\{1, \\dots, n\\}"
        )


class _Product:
    """Scalars and a word of vectors and matrices; a row that meets a column becomes a scalar."""

    __slots__ = ("reader", "scalars", "word")

    def __init__(self, reader: _Reader) -> None:
        self.reader = reader
        self.scalars: list[Expr] = []
        self.word: list[tuple[Expr, Shape, Any]] = []

    def push(self, value: Expr, node: Any) -> None:
        """Multiply by a factor from the right."""
        if value.is_commutative:
            self.scalars.append(value)
            return
        word = self.word
        if _is_open(value):
            if value == _OPEN_IDENTITY and word:
                return  # A I = A
            if word:
                value = value.xreplace({_OPEN_SIZE: word[-1][1][1]})
        here = shape(value)
        if word and word[-1][1][1] == _OPEN_SIZE:
            size = {_OPEN_SIZE: here[0]}
            word[:] = [
                (x.xreplace(size), tuple(s.xreplace(size) for s in sizes), at)
                for x, sizes, at in word
            ]
            if isinstance(word[-1][0], Identity):
                word.pop()  # I A = A
        if word and word[-1][1][1] != here[0]:
            self.misfit(word[-1], (value, here, node))
        word.append((value, here, node))
        if here[1] == 1:
            for at in range(len(word) - 2, -1, -1):
                if word[at][1][0] == 1:
                    row = word[at]
                    rest = Mul(*[x for x, _, _ in word[at + 1 :]])
                    del word[at:]
                    self.scalars.append(Dot(T(row[0]), rest))
                    return

    def misfit(self, left: tuple[Expr, Shape, Any], right: tuple[Expr, Shape, Any]) -> NoReturn:
        """Say which two shapes do not fit."""
        reader = self.reader
        one, two = reader.text(left[2]), reader.text(right[2])
        hint = ""
        if left[1] == right[1] and left[1][1] == 1:
            hint = f"write {one}^\\top {two} or {one} \\cdot {two} for the dot product"
        elif right[1][1] == 1 and left[1][1] == 1:
            hint = f"write {one} {two}^\\top for the outer product"
        reader.misfit(
            f"the product {one} {two} does not fit: {one} is {reader.kind(left[0])} and {two} is "
            f"{reader.kind(right[0])}",
            right[2].start,
            hint,
        )

    def join(self, other: _Product, op: str) -> None:
        """Multiply by another product, with \\cdot, * or \\times between them."""
        reader = self.reader
        if not self.word or not other.word:
            self.scalars += other.scalars
            for value, _, node in other.word:
                self.push(value, node)
            return
        left, right = (Mul(*[x for x, _, _ in side.word]) for side in (self, other))
        if op == "x":
            reader.fail("\\times between vectors or matrices is not read", other.word[0][2].start)
        self.scalars += other.scalars
        if self.word[-1][1][1] == 1 and other.word[-1][1][1] == 1 and op == ".":
            # the first factor of the left word names it in a message
            value = reader.dot(left, right, self.word[0][2], other.word[-1][2])
            self.word.clear()
            self.scalars.append(value)
            return
        for value, _, node in other.word:
            self.push(value, node)

    def value(self) -> Expr:
        return Mul(*self.scalars, *[x for x, _, _ in self.word])


def _depth(x: Basic) -> int:
    """The height of an expression, up to the bound that matters."""
    level, height = [x], 0
    while level and height <= MAX_NUMBER_DEPTH:
        level = list({a for e in level for a in e.args})
        height += 1
    return height


def _size(x: Basic) -> int:
    """The number of nodes of an expression when shared parts are counted each time."""
    sizes: dict[Basic, int] = {}
    stack = [x]
    while stack:
        here = stack[-1]
        todo = [a for a in here.args if a not in sizes]
        if todo:
            stack.extend(todo)
        else:
            sizes[stack.pop()] = 1 + sum(sizes[a] for a in here.args)
    return sizes[x]


def _infinite(node: Node) -> Expr | None:
    """oo or -oo when the node is just that."""
    if type(node) is n.Infinity:
        return oo
    if type(node) is n.Plus and len(node.terms) == 1 and type(node.terms[0][1]) is n.Infinity:
        return oo if node.terms[0][0] > 0 else -oo
    return None


def _is_open(x: Basic) -> bool:
    """Whether an identity of open size stands in it."""
    return _OPEN_SIZE in x.free_symbols


def _mentions(node: Any, base: str) -> bool:
    """Whether a letter occurs in a tree."""
    stack = [node]
    while stack:
        here = stack.pop()
        if type(here) is n.Name and here.base == base:
            return True
        if isinstance(here, tuple):
            stack.extend(here)
    return False


_SCALAR_FUNCTIONS = frozenset(
    [*_PLAIN_FUNCTIONS, "exp", "ln", "log", "lg", "sqrt", "factorial", "logistic", "\\sigma", "W"]
)
_BUILD: dict[type, Callable[..., Expr]] = {
    n.Number: _Reader.number,
    n.Name: _Reader.name,
    n.Infinity: _Reader.infinity,
    n.Dots: _Reader.dots,
    n.Plus: _Reader.plus,
    n.Times: _Reader.times,
    n.Power: _Reader.power,
    n.Transpose: _Reader.transpose,
    n.Invert: _Reader.invert,
    n.PseudoInvert: _Reader.pseudo_invert,
    n.Prime: _Reader.prime,
    n.Fraction_: _Reader.fraction,
    n.Binomial: _Reader.choose,
    n.Root: _Reader.root,
    n.Apply: _Reader.apply,
    n.Statistic: _Reader.statistic,
    n.Bars: _Reader.bars,
    n.Inner: _Reader.inner,
    n.Group: _Reader.group,
    n.Big: _Reader.big,
    n.Integrate: _Reader.integral,
    n.Limit: _Reader.limit,
    n.Cases: _Reader.cases,
    n.Order: _Reader.order,
}
