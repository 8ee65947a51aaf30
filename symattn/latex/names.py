"""What letters mean: a vocabulary maps names to scalars, vectors, families, matrices, functions.

A vocabulary is data.  It does not import SymPy itself; its entries are expressions and functions
that make expressions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache
from inspect import Parameter, signature
from typing import TYPE_CHECKING, Any, TypeAlias

from symattn.errors import ReadError
from symattn.latex.cursor import FUNCTION_LETTERS
from symattn.latex.nodes import Name, Number
from symattn.latex.parser import parse_tokens
from symattn.latex.tokens import tokenize

if TYPE_CHECKING:
    from sympy import Expr

    Meaning: TypeAlias = Expr | Callable[..., Expr]

# O and o before a bracket are always the order of a remainder.
_ALWAYS_FUNCTIONS = frozenset(["O", "o", "\\mathcal{O}", "\\mathcal{N}"])


class CalculusOf:
    """How a reader differentiates and takes entries; this one does not, and others know some."""

    def gradient(self, f: Expr, x: Expr) -> Expr | None:
        """Return the gradient of a scalar by a vector or a matrix; None where no rule gives it."""
        return None

    def by_vector(self, f: Expr, x: Expr, twice: bool) -> Expr | None:
        """Return a derivative by a vector that may be laid out in two ways; None as above."""
        return None

    def norm(self, x: Expr, p: Expr) -> Expr | None:
        """Return the p-norm of a column; None where no rule gives its entries."""
        return None

    def entry(self, x: Expr, *indices: Expr) -> Expr | None:
        """Return an entry of a vector or a matrix; None where no rule gives it."""
        return None

    def stacked(self, rows: list[list[Expr]]) -> Expr | None:
        """Return a matrix of numbers or of blocks; None where none is read."""
        return None

    def kronecker(self, a: Expr, b: Expr, columns: bool) -> Expr | None:
        """Return the Kronecker product of two matrices; None where it is not read as one."""
        return None

    def elementwise(self, a: Expr, b: Expr) -> Expr | None:
        """Return the product of two vectors or matrices entry by entry; None where it is not read."""
        return None

    def column(self, first: list[Expr], rest: Expr) -> Expr | None:
        """Return the column with these entries first and the same in all other places, or None."""
        return None

    def family(self, f: Expr, index: Expr) -> Expr | None:
        """Return the column of all that f is as its index runs, or None."""
        return None

    def entry_of_function(self, name: str, x: Expr, index: Expr) -> Expr | None:
        """Return an entry of a function of a vector, such as softmax; None for another function."""
        return None


class Vocabulary:
    """An immutable mapping from names to meanings.

    letters : name -> expression, for a letter without indices.
    families : name -> function of the index expressions, for a letter with indices.
    functions : name -> function of the arguments; a bracket right after the name applies it.
    ranges : 'max' or 'min' -> function of (summand, index, upper end, excluded indices).
    indices : name -> integer symbol, for letters that stand as an index.
    count : the upper end of a sum that writes none.
    size : the size of an identity matrix that nothing else fixes.
    matrices : name of a family -> function of the last index, for [s_1, .., s_t]; it may return
        None for an index that it does not know.
    calculus : what differentiates and takes entries; None where neither is read.
    slopes : whether a derivative of a name by another is read, and stays as it is written.

    >>> from sympy import Symbol
    >>> words = Vocabulary({"x": Symbol("x")})
    >>> words = words.define("a", lambda l: Symbol("a") ** l)
    >>> words.letter("x"), words.family("a")(2)
    (x, a**2)
    """

    def __init__(
        self,
        letters: Mapping[str, Expr] | None = None,
        families: Mapping[str, Callable[..., Expr]] | None = None,
        functions: Mapping[str, Callable[..., Expr]] | None = None,
        ranges: Mapping[str, Callable[..., Expr]] | None = None,
        indices: Mapping[str, Expr] | None = None,
        count: Expr | None = None,
        size: Expr | None = None,
        matrices: Mapping[str, Callable[[Expr], Expr | None]] | None = None,
        calculus: CalculusOf | None = None,
        slopes: bool = False,
    ) -> None:
        self._letters = {canonical(name): x for name, x in (letters or {}).items()}
        self._families = {canonical(name): f for name, f in (families or {}).items()}
        self._functions = {canonical(name): f for name, f in (functions or {}).items()}
        self._ranges = dict(ranges or {})
        self._indices = {canonical(name): x for name, x in (indices or {}).items()}
        self.count = count
        self.size = size
        self.calculus = calculus
        self.slopes = slopes
        self._matrices = dict(matrices or {})
        self._arities: dict[str, tuple[int, int]] = {}

    @classmethod
    def of(cls, entries: Mapping[str, Meaning], **rest: Any) -> Vocabulary:
        """Build one from a single mapping: expressions are letters, functions are families."""
        letters = {name: entry for name, entry in entries.items() if not callable(entry)}
        families = {name: entry for name, entry in entries.items() if callable(entry)}
        return cls(letters, families, **rest)

    def _with(self, **changes: Any) -> Vocabulary:
        parts = {
            "letters": self._letters,
            "families": self._families,
            "functions": self._functions,
            "ranges": self._ranges,
            "indices": self._indices,
            "count": self.count,
            "size": self.size,
            "matrices": self._matrices,
            "calculus": self.calculus,
            "slopes": self.slopes,
        }
        return Vocabulary(**{**parts, **changes})

    # making another vocabulary ------------------------------------------------------------------

    def define(self, name: str, meaning: Meaning) -> Vocabulary:
        """Add a letter (an expression) or a family (a function of the index expressions)."""
        if callable(meaning):
            return self._with(families={**self._families, name: meaning})
        return self._with(letters={**self._letters, name: meaning})

    def function(self, name: str, builder: Callable[..., Expr]) -> Vocabulary:
        """Add a function of its arguments, as in `\\operatorname{softplus}(x)`."""
        return self._with(functions={**self._functions, name: builder})

    def range(self, name: str, builder: Callable[..., Expr]) -> Vocabulary:
        """Add what `\\max_{l \\ne i}` makes of (f, l, n, excluded)."""
        return self._with(ranges={**self._ranges, name: builder})

    def index(self, name: str, symbol: Expr) -> Vocabulary:
        """Add a letter that stands as an index."""
        return self._with(indices={**self._indices, name: symbol})

    def matrix(self, family: str, builder: Callable[[Expr], Expr | None]) -> Vocabulary:
        """Say which matrix has the members of a family as its columns."""
        return self._with(matrices={**self._matrices, family: builder})

    def with_entries(self, calculus: CalculusOf) -> Vocabulary:
        """Say what takes entries and differentiates."""
        return self._with(calculus=calculus)

    def without(self, *names: str) -> Vocabulary:
        """Forget what the names mean, everywhere."""
        gone = {canonical(name) for name in names}

        def kept(entries: dict[str, Any]) -> dict[str, Any]:
            return {name: entry for name, entry in entries.items() if name not in gone}

        return self._with(
            letters=kept(self._letters),
            families=kept(self._families),
            functions=kept(self._functions),
            ranges=kept(self._ranges),
            indices=kept(self._indices),
        )

    def merged(self, other: Vocabulary) -> Vocabulary:
        """Both together; where they disagree, `other` counts."""
        return Vocabulary(
            {**self._letters, **other._letters},
            {**self._families, **other._families},
            {**self._functions, **other._functions},
            {**self._ranges, **other._ranges},
            {**self._indices, **other._indices},
            other.count if other.count is not None else self.count,
            other.size if other.size is not None else self.size,
            {**self._matrices, **other._matrices},
            other.calculus or self.calculus,
            other.slopes or self.slopes,
        )

    # looking up ---------------------------------------------------------------------------------

    def letter(self, name: str) -> Expr | None:
        """What the name means without an index."""
        return self._letters.get(name)

    def family(self, name: str) -> Callable[..., Expr] | None:
        """What the name means with an index."""
        return self._families.get(name)

    def index_letter(self, name: str) -> Expr | None:
        """What the name means as an index."""
        return self._indices.get(name)

    def function_named(self, name: str) -> Callable[..., Expr] | None:
        """The function of that name."""
        return self._functions.get(name)

    def range_named(self, name: str) -> Callable[..., Expr] | None:
        """What takes the maximum or minimum over an index."""
        return self._ranges.get(name)

    def matrix_of(self, family: str) -> Callable[[Expr], Expr | None] | None:
        """The matrix whose columns are the members of a family, by its last index."""
        return self._matrices.get(family)

    def names(self) -> tuple[str, ...]:
        """All names, sorted."""
        return tuple(sorted({*self._letters, *self._families, *self._functions, *self._indices}))

    def indices_of(self, name: str) -> tuple[int, int]:
        """How many indices a family takes, at least and at most."""
        if name not in self._arities:
            self._arities[name] = arity(self._families[name])
        return self._arities[name]

    @cached_property
    def labelled(self) -> bool:
        """Whether some letter is written with a subscript of its own, as x_{1}."""
        return any("_{" in name for name in self._letters)

    @cached_property
    def function_letters(self) -> frozenset[str]:
        """Letters that are functions when a bracket follows at once."""
        defined = {*self._letters, *self._families}
        free = {name for name in FUNCTION_LETTERS if name not in defined}
        return frozenset(free | _ALWAYS_FUNCTIONS | set(self._functions))


@lru_cache(maxsize=4_000)
def canonical(name: str) -> str:
    r"""Return the one spelling of a name: braces, greek variants and labels do not matter.

    >>> canonical(r"\varepsilon"), canonical(r"\mathbf{k}_1"), canonical("x_{max}")
    ('\\epsilon', 'k_{1}', 'x_{\\mathrm{max}}')
    """
    if len(name) == 1:
        return name
    try:
        node = parse_tokens(tokenize(name), name, len(name), ())
    except ReadError:
        return name  # a word, as the name of a function
    return spelled(node, name) if isinstance(node, Name) else name


def spelled(node: Name, source: str) -> str:
    """Return a name with its indices, as one canonical text."""
    if not node.indices:
        return node.text
    inside = []
    for index in node.indices:
        if isinstance(index, Name):
            inside.append(spelled(index, source))
        elif isinstance(index, Number):
            inside.append(str(index.value))
        else:
            inside.append("".join(source[index.start : index.end].split()))
    return f"{node.text}_{{{','.join(inside)}}}"


def arity(build: Callable[..., Any]) -> tuple[int, int]:
    """The least and the greatest number of positional arguments."""
    try:
        parameters = signature(build).parameters.values()
    except (TypeError, ValueError):
        return 1, 1
    least = most = 0
    for parameter in parameters:
        if parameter.kind == Parameter.VAR_POSITIONAL:
            most = 9
        elif parameter.kind in (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD):
            most += 1
            least += parameter.default is Parameter.empty
    return least, most


def attention_vocabulary() -> Vocabulary:
    r"""The letters of the assignment on attention.

    Scalars n, d, \beta, \epsilon, \delta, \tau; vectors q and c; families k, v, \mu, s, t of
    columns and \alpha, p, z, a, b, w, \Delta of scalars; matrices S (d x s), T (d x t), M and P
    (d x d), and the family \Sigma of symmetric ones.

    >>> from symattn.latex.meaning import read
    >>> read(r"\alpha_i", attention_vocabulary()).terms
    (\alpha[i],)
    """
    from sympy import Indexed, IndexedBase, Symbol

    from symattn.algebra import attention as a
    from symattn.algebra.letters import Matrix, Member

    def scalars(name: str) -> Callable[[Expr], Expr]:
        base = IndexedBase(name, real=True)
        return lambda index: Indexed(base, index)

    def columns(name: str) -> Callable[[Expr], Expr]:
        return lambda index: Member(name, index, a.d)

    s, t = (Symbol(name, integer=True, positive=True) for name in "st")
    letters: dict[str, Any] = {
        "n": a.n,
        "d": a.d,
        "q": a.q,
        "c": a.c,
        "\\beta": a.beta,
        "\\epsilon": a.epsilon,
        "\\delta": a.delta,
        "\\tau": Symbol("\\tau", positive=True),
        "S": Matrix("S", a.d, s),
        "T": Matrix("T", a.d, t),
        "M": Matrix("M", a.d, a.d),
        "P": Matrix("P", a.d, a.d),
    }
    families: dict[str, Callable[..., Any]] = {
        "k": a.k,
        "v": a.v,
        "\\mu": a.mu,
        "\\Sigma": a.Sigma,
        "\\alpha": a.alpha,
        "z": a.z,
        **{name: columns(name) for name in "st"},
        **{name: scalars(name) for name in ("p", "a", "b", "w", "\\Delta")},
    }
    indices = {name: Symbol(name, integer=True, positive=True) for name in "ijlmstx"}
    return Vocabulary(letters, families, indices=indices, count=a.n, size=a.d)
