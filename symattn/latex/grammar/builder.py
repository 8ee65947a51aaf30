"""What all builders share: the state of one reading, its errors, and the bounds on numbers.

A builder is a function of that state and a node; `meaning` has the table of them.

Nothing from the input is ever evaluated as code.  Numbers that would be too large to compute are
refused before SymPy sees them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from sympy import Basic, Expr, IndexedBase, Integral, Product, S, Sum, Symbol
from sympy import Limit as SympyLimit

from symattn.algebra.letters import IdentityMatrix, shape, show_shape
from symattn.errors import ReadError, ShapeError
from symattn.latex.names import Vocabulary
from symattn.latex.nodes import Node, Statement

MAX_HEIGHT = 60
MAX_STEPS = 8_000
MAX_ARGUMENT = 10**6
MAX_NUMBER_DEPTH = 12
MAX_SIZE = 20_000

POLES = (S.ComplexInfinity, S.NaN, S.Infinity, S.NegativeInfinity)
# The size of an identity matrix whose neighbours have not yet said how large it is.
OPEN_SIZE = Symbol("?", integer=True, positive=True)
EXPONENT = "an exponent"
NO_SIZE = "nothing says how large the identity I is"
OPEN_IDENTITY = IdentityMatrix(OPEN_SIZE)


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


class Builder:
    """The state of one reading, and what every builder needs."""

    def __init__(
        self,
        statement: Statement,
        vocabulary: Vocabulary,
        builders: Mapping[type, Callable[..., Expr]],
    ) -> None:
        self.builders = builders  # node -> what builds it
        self.statement = statement
        self.source = statement.source
        self.vocabulary = vocabulary
        self.scope: dict[str, Expr] = {}  # bound letters
        self.unknown: dict[str, Expr] = {}
        self.unknown_families: dict[str, IndexedBase] = {}
        self.unknown_indices: dict[str, Expr] = {}
        self.notes: dict[str, None] = {}
        self.remainders: list[tuple[int, Expr, bool]] = []  # term, size, whether little
        self.indexing = False  # whether the letters that are read stand as indices
        self.loose = False  # whether a bare letter may be an index, as in `l \\ne i`
        self.open = False  # whether an identity of open size was built
        self.index_names: frozenset[str] | None = None  # once they are looked for
        self.place = 0  # where the node stands that is being built
        self.height = 0
        self.steps = 0

    def error(self, message: str, position: int, hint: str = "") -> ReadError:
        return ReadError(message, self.source, position, hint)

    def fail(self, message: str, position: int, hint: str = "") -> NoReturn:
        raise self.error(message, position, hint)

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
        if is_open(value):
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
        if value in POLES:
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
            value: Expr = self.builders[type(node)](self, node)
        except PlacedShapeError:
            raise
        except ShapeError as error:
            raise PlacedShapeError(error.message, self.source, node.start, error.hint) from None
        self.height -= 1
        return value


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


def is_open(x: Basic) -> bool:
    """Whether an identity of open size stands in it."""
    return OPEN_SIZE in x.free_symbols
