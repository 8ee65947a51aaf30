"""NumPy functions from symbolic expressions: sums over a family become matrix products.

A family of n vectors is an array of shape (n, d); a sum over its index is vectorised along the
first axis, so that nothing larger than the family itself is formed.  Indices count from 1, as on
paper.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from sympy import Basic, Expr, Indexed, KroneckerDelta, Mul, Sum, Symbol, lambdify
from sympy.core.sorting import default_sort_key
from sympy.printing.numpy import NumPyPrinter, SciPyPrinter

from symattn.algebra.letters import (
    ENTRY,
    Det,
    Diag,
    Dot,
    Gram,
    IdentityMatrix,
    Inverse,
    Letter,
    Matrix,
    Norm,
    OffSum,
    Statistic,
    T,
    Trace,
    Transposed,
    is_column,
    shape,
)
from symattn.algebra.stable import Greater, Peak, Pit, stable
from symattn.errors import SymattnError, no_value

TOO_DEEP = "an expression is nested too deeply to be evaluated in numbers"


def identifier(name: str) -> str:
    r"""Return a Python name for a LaTeX name.

    >>> identifier(r"\mu"), identifier("v_j'"), identifier("lambda")
    ('mu_', 'v_jprime_', 'lambda_')
    """
    return re.sub(r"\W", "", name.replace("'", "prime")) + "_"


class ArrayPrinter(SciPyPrinter):
    """Print an expression as NumPy code; `axes` holds the summation indices now vectorised."""

    # SciPy's own pi is the same number, and to import its constants takes as long as a derivation.
    _kc = {**SciPyPrinter._kc, **NumPyPrinter._kc}

    def __init__(self, settings: dict[str, Any] | None = None) -> None:
        super().__init__({"fully_qualified_modules": False, **(settings or {})})
        self.axis: Symbol | None = None

    def _print_LambertW(self, x: Any) -> str:
        if len(x.args) > 1:
            return str(super()._print_LambertW(x))
        return f"lambert({self._print(x.args[0])})"

    def batched(self, x: Basic) -> bool:
        return self.axis is not None and self.axis in x.free_symbols

    def _at(self, name: str, index: Expr) -> str:
        if index == self.axis:
            return name
        if self.batched(index):
            raise SymattnError(f"an index {index} that moves with a sum is not supported")
        return f"member({name}, {self._print(index)})"

    def _print_Symbol(self, x: Symbol) -> str:
        if x == self.axis:
            return "arange(1, n_ + 1)"
        return identifier(x.name)

    def _print_Indexed(self, x: Indexed) -> str:
        name, (index, *more) = identifier(str(x.base)), x.indices
        if not more:
            return self._at(name, index)
        if index == self.axis == more[0]:
            return f"einsum('ll->l', {name})"
        one, two = (f"swapaxes({name}, 0, 1)", more[0]) if index == self.axis else (name, index)
        other = index if index == self.axis else more[0]
        return self._at(self._at(one, two), other)

    def _print_Vector(self, x: Letter) -> str:
        return identifier(x.name)

    def _print_Member(self, x: Letter) -> str:
        assert x.index is not None
        return self._at(identifier(x.name), x.index)

    def _print_Matrix(self, x: Matrix) -> str:
        name = identifier(x.name)
        return name if x.index is None else self._at(name, x.index)

    def _print_IdentityMatrix(self, x: IdentityMatrix) -> str:
        return f"eye({self._print(x.args[0])})"

    def _print_Gram(self, x: Gram) -> str:
        factor: Expr = x.args[0]
        return str(self._print(T(factor) * factor))

    def _print_Transposed(self, x: Transposed) -> str:
        inner: Expr = x.args[0]
        code = self._print(inner)
        return str(code) if is_column(inner) else f"swapaxes({code}, -1, -2)"

    def _print_Inverse(self, x: Inverse) -> str:
        return f"inv({self._print(x.args[0])})"

    def _print_Dot(self, x: Dot) -> str:
        u, v = x.args
        if self.batched(u) and self.batched(v):
            return f"einsum('...i,...i->...', {self._print(u)}, {self._print(v)})"
        if self.batched(v):
            u, v = v, u
        return f"({self._inner(u)} @ {self._inner(v)})"

    def _print_Norm(self, x: Norm) -> str:
        inner: Expr = x.args[0]
        axis = -1 if is_column(inner) or shape(inner)[0] == 1 else (-2, -1)
        return f"norm({self._print(inner)}, axis={axis})"

    def _print_Trace(self, x: Trace) -> str:
        return f"einsum('...ii->...', {self._print(x.args[0])})"

    def _print_Det(self, x: Det) -> str:
        return f"det({self._print(x.args[0])})"

    def _print_Diag(self, x: Diag) -> str:
        return f"diagonal({self._print(x.args[0])})"

    def _print_KroneckerDelta(self, x: KroneckerDelta) -> str:
        a, b = x.args
        return f"where(({self._print(a)}) == ({self._print(b)}), 1.0, 0.0)"

    def _print_Mul(self, x: Mul) -> str:
        if x.is_commutative:
            return str(super()._print_Mul(x))
        scalars, word = x.args_cnc()
        code = self._word(word)
        if not scalars:
            return code
        factor = Mul(*scalars)
        if self.batched(factor):
            rank = 1 if 1 in shape(Mul(*word)) else 2
            return f"(({self._print(factor)})[..., {', '.join(['None'] * rank)}] * {code})"
        return f"(({self._print(factor)}) * {code})"

    def _word(self, word: list[Expr]) -> str:
        code, kind, moving = self._inner(word[0]), self._rank(word[0]), self.batched(word[0])
        chain = False
        for factor in word[1:]:
            right, other, moves = self._inner(factor), self._rank(factor), self.batched(factor)
            known = {
                ("matrix", "column"): ("...ij,...j->...i", "column"),
                ("matrix", "matrix"): ("...ij,...jk->...ik", "matrix"),
                ("row", "matrix"): ("...i,...ij->...j", "row"),
                ("row", "column"): ("...i,...i->...", "scalar"),
                ("column", "row"): ("...i,...j->...ij", "matrix"),
                ("scalar", "row"): ("...,...i->...i", "row"),
                ("scalar", "scalar"): ("...,...->...", "scalar"),
                ("column", "scalar"): ("...i,...->...i", "column"),
            }
            if (kind, other) not in known:
                raise SymattnError(f"a {kind} times a {other} has no value")
            pattern, rank = known[kind, other]
            # a chain of @ goes from left to right by itself: brackets would nest with its length
            if moving or moves or (kind, other) == ("column", "row"):
                code, chain = f"einsum('{pattern}', {code}, {right})", False
            else:
                code, chain = f"{code} @ {right}", True
            kind, moving = rank, moving or moves
        return f"({code})" if chain else str(code)

    def _inner(self, x: Expr) -> str:
        code = self._print(x)
        return f"({code})" if x.is_Add else str(code)

    @staticmethod
    def _rank(x: Expr) -> str:
        rows, cols = shape(x)
        if rows == 1:
            return "scalar" if cols == 1 else "row"
        return "column" if cols == 1 else "matrix"

    def _print_Pow(self, x: Expr, **kwargs: Any) -> str:
        if not x.is_commutative:
            base, power = x.as_base_exp()
            return f"matrix_power({self._print(base)}, {self._print(power)})"
        return str(super()._print_Pow(x, **kwargs))

    def _print_Greater(self, x: Greater) -> str:
        first, *rest = (str(self._print(a)) for a in x.args)
        for other in rest:
            first = f"maximum({first}, {other})"
        return first

    def _print_Peak(self, x: Peak) -> str:
        f, l, _, excluded = x.args
        if self.axis not in (None, l) and self.axis in f.free_symbols:
            raise SymattnError("a largest value that moves with a sum is not supported")
        outer, self.axis = self.axis, l
        try:
            code = self._print(f)
            others = self._print(Mul(*[1 - KroneckerDelta(l, e) for e in excluded]))
        finally:
            self.axis = outer
        if l not in f.free_symbols:
            return str(code)
        sign = "-" if isinstance(x, Pit) else ""
        if excluded:
            code = f"where({others} > 0, {code}, -float('{sign}inf'))"
        return f"{sign}amax({sign}({code}), axis=0)"

    _print_Pit = _print_Peak

    def _print_OffSum(self, x: OffSum) -> str:
        # Left out, not taken away again: of large terms the others are not the difference.
        f, l, n, excluded = x.args
        others = Mul(*[1 - KroneckerDelta(l, e) for e in excluded])
        return self._print(Sum(others * f, (l, 1, n)))

    def _print_Sum(self, x: Sum) -> str:
        f: Expr = x.function
        *inner, (l, low, high) = x.limits
        if inner:
            f = Sum(f, *inner)
        if self.axis is not None and self.axis in f.free_symbols:
            outer, self.axis = self.axis, None
            try:  # an inner sum that moves with an outer one: a loop over the outer index
                body = self._sum(f, l, low, high)
            finally:
                self.axis = outer
            return f"array([{body} for {identifier(outer.name)} in range(1, n_ + 1)])"
        outer_axis = self.axis
        self.axis = None
        try:
            return self._sum(f, l, low, high)
        finally:
            self.axis = outer_axis

    def _sum(self, f: Expr, l: Symbol, low: Expr, high: Expr) -> str:
        if l not in f.free_symbols:
            return f"(({self._print(high - low + 1)}) * ({self._print(f)}))"
        if low != 1 or high != Symbol("n", integer=True, positive=True):
            body = self._print(f)
            bounds = f"range({self._print(low)}, {self._print(high)} + 1)"
            return f"sum([{body} for {self._print(l)} in {bounds}], axis=0)"
        self.axis = l
        try:
            if f.is_Add and not f.is_commutative:
                return "(" + " + ".join(self._term(a, l) for a in f.args) + ")"
            return self._term(f, l)
        finally:
            self.axis = None

    def _term(self, f: Expr, l: Symbol) -> str:
        if not self.batched(f):
            return f"(n_ * ({self._print(f)}))"
        if not f.is_commutative and f.is_Mul:
            scalars, word = f.args_cnc()
            factor = Mul(*scalars)
            if len(word) == 1 and self.batched(word[0]) and self.batched(factor):
                return f"(({self._print(factor)}) @ {self._inner(word[0])})"
        return f"sum({self._print(f)}, axis=0)"


def needed(x: Expr) -> dict[str, str]:
    """Return the names that an instance must give, as LaTeX name -> Python name, sorted."""
    return dict(_needed(x))


@lru_cache(maxsize=2000)
def _needed(x: Expr) -> tuple[tuple[str, str], ...]:
    found: set[str] = {"n"} if x.has(Sum, OffSum, Peak) else set()

    def visit(e: Basic, bound: frozenset[Basic]) -> None:
        if isinstance(e, (Sum, OffSum, Peak)):
            inside = {limit[0] for limit in e.limits} if isinstance(e, Sum) else {e.args[1]}
            if isinstance(e, Sum):
                for limit in e.limits:
                    for edge in limit[1:]:
                        visit(edge, bound)
            else:
                visit(e.args[2], bound)
                visit(e.args[3], bound)
            visit(e.args[0], bound | inside)
            return
        if isinstance(e, Letter) and not isinstance(e, (IdentityMatrix, Gram)):
            found.add(e.name)
            if e.index is not None:
                visit(e.index, bound)
            return
        if isinstance(e, Indexed):
            found.add(str(e.base))
            for index in e.indices:
                visit(index, bound)
            return
        if isinstance(e, Symbol):
            if e not in bound and e != ENTRY:
                found.add(e.name)
            return
        for a in e.args:
            visit(a, bound)

    visit(x, frozenset())
    return tuple((name, identifier(name)) for name in sorted(found))


@lru_cache(maxsize=500)
def _compiled(x: Expr, over: Symbol | None) -> tuple[tuple[str, ...], Callable[..., Any]]:
    names = needed(x)
    if over is not None:
        names.pop(over.name, None)
        names["n"] = "n_"
    printer = ArrayPrinter()
    if over is not None:
        printer.axis = over
    order = tuple(sorted(names))
    # What the printer knows of NumPy and SciPy, lambdify imports by name; all of NumPy at once,
    # which it would take for "numpy", is four times as much to import.
    try:
        function = lambdify(
            [Symbol(names[name]) for name in order],
            shared(_printed(printer, x)),
            modules=[_written_out()],
            printer=printer,
            dummify=False,
        )
    except (SyntaxError, RecursionError, MemoryError):  # what the compiler says of deep nesting
        raise SymattnError(TOO_DEEP) from None
    except NotImplementedError:  # of the printer
        what = "a mean or variance on the right" if x.has(Statistic) else "a part of it"
        raise SymattnError(
            f"{what} has no value in numbers", "state the difference of the two sides, = 0"
        ) from None
    return order, function


def _printed(printer: ArrayPrinter, x: Expr) -> str:
    """Print an expression so that a quotient of exponentials does not overflow, where that is seen.

    A sum without some indices is printed as the difference to the whole one, which the shift by the
    largest of the others would let overflow.
    """
    axis = printer.axis
    try:
        return str(printer.doprint(x if x.has(OffSum) else stable(x)))
    except SymattnError:
        printer.axis = axis
        return str(printer.doprint(x))


def shared(code: str) -> str:
    """Compute each exponential and each product of arrays once: its first place names it.

    A softmax prints the exponentials of its logits twice, in the numerator and in the sum, and the
    logits in them beside the largest one.

    >>> shared("exp((k_ @ q_))/sum(exp((k_ @ q_)), axis=0)")
    '(t0_ := exp((k_ @ q_)))/sum(t0_, axis=0)'
    """
    if " for " in code:  # inside a loop one text may have many values
        return code
    count = 0
    for head in ("exp(", "("):
        for found in sorted(set(_calls(code, head)), key=len):
            if code.count(found) > 1 and "@" in found and ":=" not in found:
                name = f"t{count}_"
                count += 1
                before, after = code.split(found, 1)
                code = f"{before}({name} := {found}){after.replace(found, name)}"
    return code


def _calls(code: str, head: str) -> Iterator[str]:
    """Yield the text of every call that starts with `head`, to its closing bracket."""
    for start in (found.start() for found in re.finditer(rf"(?<!\w){re.escape(head)}", code)):
        depth = 0
        for end in range(start + len(head) - 1, len(code)):
            depth += {"(": 1, ")": -1}.get(code[end], 0)
            if depth == 0:
                yield code[start : end + 1]
                break


def _written_out() -> dict[str, Any]:
    """Return what `ArrayPrinter` writes by name."""
    import numpy as np

    names = ("amax", "arange", "array", "einsum", "eye", "maximum", "sum", "swapaxes", "where")
    found: dict[str, Any] = {name: getattr(np, name) for name in names}
    linear = np.linalg
    found |= {
        "norm": linear.norm,
        "inv": linear.inv,
        "det": linear.det,
        "matrix_power": linear.matrix_power,
    }
    return found | {"lambert": lambert, "member": member, "diagonal": diagonal}


def diagonal(x: Any) -> Any:
    """Return the diagonal matrix of a column, or of each of many."""
    import numpy as np

    return x[..., None] * np.eye(x.shape[-1])


def member(family: Any, index: Any) -> Any:
    """Return a member of a family; counted from 1, and not from the end either.

    Raises
    ------
    IndexError : there is none of that index.
    """
    if index < 1:
        raise IndexError(f"there is no member {index}")
    return family[index - 1]


def lambert(x: Any) -> Any:
    """Return the principal branch of the Lambert function of a number or an array.

    >>> round(float(lambert(2.718281828459045)), 12)
    1.0
    """
    import mpmath  # to import SciPy's takes as long as a thousand of these values
    import numpy as np

    return np.vectorize(lambda y: float(mpmath.lambertw(y).real), otypes=[float])(x)[()]


def compiled(x: Expr, over: Symbol | None = None) -> Callable[[Mapping[str, Any]], Any]:
    """Return a NumPy function of an instance (LaTeX name -> number or array).

    over : an index that is free in `x`; the function then gives the value for every index 1..n
        at once, as an array whose first axis has length n.

    >>> import numpy as np
    >>> from sympy import Symbol, exp
    >>> from symattn.algebra.letters import Member, Vector
    >>> n, d = (Symbol(s, integer=True, positive=True) for s in "nd")
    >>> l, m = (Symbol(s, integer=True) for s in "lm")
    >>> k = lambda index: Member("k", index, d)
    >>> q = Vector("q", d)
    >>> weight = exp(Dot(k(l), q)) / Sum(exp(Dot(k(m), q)), (m, 1, n))
    >>> f = compiled(weight, over=l)
    >>> f({"k": np.eye(2), "q": np.zeros(2), "n": 2})
    array([0.5, 0.5])
    """
    kept = _KEPT.get((id(x), over))
    if kept is not None and kept[0] is x:
        return kept[1]
    order, function = _compiled(x, over)

    def evaluate(instance: Mapping[str, Any]) -> Any:
        try:
            return function(*[instance[name] for name in order])
        except KeyError:
            missing = [name for name in order if name not in instance]
            if not missing:
                raise
            raise no_value(*missing) from None

    if len(_KEPT) >= 1000:
        _KEPT.clear()
    _KEPT[id(x), over] = (x, evaluate)
    return evaluate


# By identity, which is told at once: equality walks two expressions.  An expression that is kept
# lives on, so that no other one is given its place in memory.
_KEPT: dict[tuple[int, Symbol | None], tuple[Expr, Callable[[Mapping[str, Any]], Any]]] = {}


def free_indices(x: Expr) -> list[Expr]:
    """Return the symbols that index a family in `x`, sorted."""
    found = {
        e.index
        for e in x.atoms(Letter)
        if e.index is not None and getattr(e.index, "is_Symbol", False)
    }
    return sorted((s for s in found if s in x.free_symbols), key=default_sort_key)
