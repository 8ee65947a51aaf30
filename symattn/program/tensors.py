"""Formulas as array code: an index is an axis, a sum over products a contraction.

An array may have any axes in front of those that its letter says: batch and heads.  What is used
twice is computed once, under a name.  Functions of single entries are written by SymPy's printers.
"""

from __future__ import annotations

import builtins
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import reduce
from importlib import import_module
from keyword import iskeyword
from typing import Any

import numpy as np
from sympy import (
    Add,
    Expr,
    Function,
    Indexed,
    Integer,
    KroneckerDelta,
    Mul,
    Pow,
    S,
    Sum,
    Symbol,
)
from sympy.core.sorting import default_sort_key

from symattn.algebra.arrays import identifier
from symattn.algebra.letters import (
    Dot,
    IdentityMatrix,
    Inverse,
    Letter,
    Norm,
    OffSum,
    Transposed,
    shape,
)
from symattn.algebra.stable import Greater, Peak
from symattn.errors import SymattnError

SIZE = Symbol("n", integer=True, positive=True)
COMPONENT = "."
"""Axes that are no index but the entries of a vector begin so: `.d`."""
PRINTERS = {
    "numpy": ("sympy.printing.numpy", "SciPyPrinter", "numpy"),
    "torch": ("sympy.printing.pytorch", "TorchPrinter", "torch"),
    "jax": ("sympy.printing.numpy", "JaxPrinter", "jax.numpy"),
}
"""Target -> the printer of SymPy for single entries, and where the other functions come from."""
NAMES = {
    Dot: "dot",
    Peak: "top",
    Greater: "top",
    Sum: "total",
    OffSum: "rest",
    Inverse: "inverse",
}
ATOM, PRODUCT, TERM = 0, 1, 2


class Upto(Expr):
    """A value where an index is at most another one, and minus infinity elsewhere: a mask."""

    is_commutative = True
    is_number = False
    is_real = True


class NoCode(SymattnError):
    """An expression that no array code is written for; the message names it."""


@dataclass(frozen=True)
class Tensor:
    """Code with the axes of its value.

    binding : what a bracket would be needed against: ATOM, PRODUCT or TERM.
    array : False for a plain number, which broadcasts by itself.
    kind : 'mask' for truth values.
    """

    code: str
    axes: tuple[str, ...] = ()
    binding: int = ATOM
    array: bool = True
    kind: str = "number"

    def held(self, binding: int) -> str:
        """Return the code, in brackets where it binds less than is needed."""
        return self.code if self.binding <= binding else f"({self.code})"


def python_name(name: str) -> str:
    r"""Return a Python name for a LaTeX name, without a tail where it needs none.

    A name that the code may call something else by, a function's, gets one.

    >>> python_name(r"\beta"), python_name("lambda"), python_name("v_j'"), python_name(r"\pi")
    ('beta', 'lambda_', 'v_jprime', 'pi_')
    """
    found = identifier(name).removesuffix("_")
    function = len(found) > 1 and (hasattr(np, found) or hasattr(builtins, found))
    return found + "_" if iskeyword(found) or function or not found.isidentifier() else found


@dataclass
class ArrayWriter:
    """Write expressions as the statements of one function.

    target : 'numpy', 'torch' or 'jax'.
    order : the order of the axes; what is not named comes after, sorted.
    """

    target: str = "numpy"
    order: tuple[str, ...] = ()
    parameters: dict[str, Tensor] = field(default_factory=dict)
    statements: list[str] = field(default_factory=list)
    imported: dict[str, set[str]] = field(default_factory=dict)
    given: dict[Expr, Tensor] = field(default_factory=dict)
    repeated: set[Expr] = field(default_factory=set)
    sources: dict[str, tuple[str, int]] = field(default_factory=dict)
    lengths: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    indices: set[Any] = field(default_factory=set)

    def prepare(self, *expressions: Expr) -> None:
        """Find the parameters, where the sizes come from, and what is used more than once."""
        counts: Counter[Expr] = Counter()
        seen: set[Any] = set()

        def visit(x: Any) -> None:
            if x in seen:
                return
            seen.add(x)
            for a in x.args:
                counts[a] += 1
                visit(a)

        for x in expressions:
            counts[x] += 1
            visit(x)
            for e in sorted(x.atoms(Letter, Indexed), key=default_sort_key):
                self._parameter(e)
        self.repeated |= {x for x, many in counts.items() if many > 1 and _heavy(x)}
        self.taken |= set(self.parameters)

    def _parameter(self, e: Expr) -> None:
        if isinstance(e, IdentityMatrix) or e in self.given:
            return
        name, axes = self._letter(e)
        if name not in self.parameters:
            self.parameters[name] = Tensor(name, axes)
        indices = e.indices if isinstance(e, Indexed) else (e.index,)
        self.indices |= {s for s in indices if isinstance(s, Symbol)}
        places = [
            *(s for s in indices if s is not None),
            *(shape(e) if not isinstance(e, Indexed) else ()),
        ]
        places = [s for s in places if s != 1]
        for at, s in enumerate(places):
            where = (name, at - len(places))
            if isinstance(s, Symbol):
                self.sources.setdefault(str(s), where)
            if at < len(places) and isinstance(e, Letter) and e.index is not None and at == 0:
                self.sources.setdefault("n", where)
            if isinstance(e, Indexed) and at == len(places) - 1:
                self.sources.setdefault("n", where)

    def _letter(self, e: Expr) -> tuple[str, tuple[str, ...]]:
        """Return the name of a letter and all axes of its array."""
        if isinstance(e, Indexed):
            return python_name(str(e.base)), tuple(map(str, e.indices))
        rows, cols = shape(e)
        own = (COMPONENT + str(rows),) + ((f"{COMPONENT}{cols}'",) if cols != 1 else ())
        return python_name(e.name), (*(() if e.index is None else (str(e.index),)), *own)

    # statements ------------------------------------------------------------------------------

    def _state(self, x: Expr, made: Tensor, wanted: str) -> Tensor:
        name = wanted
        for number in range(1, 1000):
            if name not in self.taken:
                break
            name = f"{wanted}{number}"
        self.taken.add(name)
        self.statements.append(f"{name} = {made.code}")
        self.given[x] = Tensor(name, made.axes, ATOM, made.array)
        return self.given[x]

    def write(self, x: Expr) -> Tensor:
        """Return the code of an expression; what it shares is stated first.

        Raises
        ------
        NoCode : naming what cannot be written.
        """
        if x in self.given:
            return self.given[x]
        made = self._write(x)
        if x in self.repeated and not re.fullmatch(r"\w+", made.code):
            wanted = NAMES.get(type(x)) or (
                type(x).__name__ if isinstance(x, Function) else "z" if made.array else "t"
            )
            return self._state(x, made, {"exp": "e"}.get(wanted, wanted))
        return made

    def use(self, *names: str) -> None:
        """Import functions of the target."""
        place = PRINTERS[self.target][2]
        self.imported.setdefault(place, set()).update(names)

    # kinds of expressions --------------------------------------------------------------------

    def _write(self, x: Expr) -> Tensor:
        if isinstance(x, Symbol):
            return self._symbol(x)
        if x.is_number and not x.has(Letter):
            return self._function(x, ())
        if isinstance(x, Indexed | Letter) and not isinstance(x, IdentityMatrix):
            return self._member(x)
        if isinstance(x, IdentityMatrix):
            self.use("eye")
            return Tensor(f"eye({self.length(str(x.args[0]))})", self._axes_of(x))
        if isinstance(x, Add):
            return self._add(x)
        if isinstance(x, Mul):
            if x.could_extract_minus_sign():
                inner = self.write(-x)
                return replace(inner, code=f"-{inner.held(PRODUCT)}", binding=TERM)
            return self._product(list(x.args), ())
        if isinstance(x, Sum | OffSum):
            return self._sum(x)
        if isinstance(x, Dot):
            return self._dot(x)
        if isinstance(x, Norm):
            return self._root(self._square(x))
        if isinstance(x, Pow) and isinstance(x.base, Norm) and x.exp.is_even:
            square = self._square(x.base)
            return (
                square if x.exp == 2 else Tensor(f"{square.held(ATOM)}**{x.exp / 2}", square.axes)
            )
        if isinstance(x, Peak):
            return self._largest(x)
        if isinstance(x, Greater):
            self.use("maximum")
            parts = [self._argument(self.write(a)) for a in x.args]
            return reduce(lambda a, b: self._together([a, b], "maximum({}, {})"), parts)
        if isinstance(x, KroneckerDelta):
            same = self._compare(x.args[0], "==", x.args[1])
            if self.target != "torch":  # which computes with no truth values
                return same
            if not same.array:
                return replace(same, code=f"float({same.code})", binding=ATOM, kind="number")
            self.use("where")
            return replace(same, code=f"where({same.code}, 1.0, 0.0)", binding=ATOM, kind="number")
        if isinstance(x, Upto):
            return self._upto(x)
        if isinstance(x, Transposed):
            inner = self.write(x.args[0])
            if len(shape(x.args[0])) == 2 and 1 in shape(x.args[0]):
                return inner
            return Tensor(f"{inner.held(ATOM)}.swapaxes(-1, -2)", self._axes_of(x))
        if isinstance(x, Inverse):
            self.imported.setdefault(f"{PRINTERS[self.target][2]}.linalg", set()).add("inv")
            return Tensor(f"inv({self.write(x.args[0]).code})", self._axes_of(x))
        if isinstance(x, Pow) or (isinstance(x, Function) and x.is_commutative):
            return self._function(x, x.args)
        raise NoCode(f"no array code is written for {x}")

    def _axes_of(self, x: Expr) -> tuple[str, ...]:
        rows, cols = shape(x)
        return (f"{COMPONENT}{rows}",) + ((f"{COMPONENT}{cols}'",) if cols != 1 else ())

    def _symbol(self, x: Symbol) -> Tensor:
        if x.name in self.sources and x.name not in self.parameters:
            if x.is_integer and not self._is_index(x):
                return Tensor(self.length(x.name), array=False)
            if self._is_index(x):
                return self._numbers(x)
        name = python_name(x.name)
        self.parameters.setdefault(name, Tensor(name, array=False))
        self.taken.add(name)
        return Tensor(name, array=False)

    def _is_index(self, x: Symbol) -> bool:
        return x in self.indices

    def _numbers(self, x: Symbol, first: int = 1) -> Tensor:
        self.use("arange")
        many = self.length(x.name)
        return Tensor(f"arange({many})" if not first else f"arange(1, {many} + 1)", (x.name,))

    def length(self, axis: str) -> str:
        """Return the name of the length of an axis, which a statement says."""
        if axis not in self.lengths:
            if axis not in self.sources:
                raise NoCode(f"nothing says how many {axis} there are")
            name, at = self.sources[axis]
            code = f"{name}.shape[{at}]"
            known = [a for a, c in self.lengths.items() if f"{c} = {code}" in self.statements]
            if known:
                self.lengths[axis] = self.lengths[known[0]]
                return self.lengths[axis]
            alone = axis == "n" or self.sources.get("n") == (name, at)
            wanted = "n" if alone else f"n_{axis}"
            self.taken.add(wanted)
            self.statements.append(f"{wanted} = {code}")
            self.lengths[axis] = wanted
        return self.lengths[axis]

    def _member(self, x: Expr) -> Tensor:
        name, axes = self._letter(x)
        indices = x.indices if isinstance(x, Indexed) else (x.index,)
        code, kept = name, list(axes)
        for at, index in enumerate(i for i in indices if i is not None):
            if isinstance(index, Integer):
                behind = ", :" * (len(axes) - at - 1)
                code, kept = f"{code}[..., {index - 1}{behind}]", kept[:at] + kept[at + 1 :]
            elif not isinstance(index, Symbol):
                raise NoCode(f"the index {index} of {name} is no letter")
        return Tensor(code, tuple(kept))

    def _compare(self, a: Expr, sign: str, b: Expr) -> Tensor:
        difference = a - b
        indices = [s for s in difference.free_symbols if self._is_index(s)]
        balanced = sum(difference.coeff(s) for s in indices) == 0
        sides = []
        for side in (a, b):
            parts = [self._numbers(t, 0 if balanced else 1) if t in indices else self.write(t)
                     for t in Add.make_args(side)]  # fmt: skip
            sides.append(parts[0] if len(parts) == 1 else self._joined(parts, " + ", TERM))
        return replace(self._joined(sides, f" {sign} ", TERM), binding=TERM + 1, kind="mask")

    def _upto(self, x: Upto) -> Tensor:
        value, index, last = x.args
        self.use("where", "inf")
        parts = [self._compare(index, "<=", last), self.write(value)]
        return self._together(parts, "where({}, {}, -inf)")

    def _function(self, x: Expr, args: Iterable[Expr]) -> Tensor:
        """Write a function of single entries, by SymPy's printer for the target."""
        parts = [self.write(a) if not a.is_number else None for a in args]
        axes = self._union(p for p in parts if p is not None)
        held = [
            a if p is None else Symbol(f"held{at}_", real=True)
            for at, (a, p) in enumerate(zip(args, parts))
        ]
        code = self._printed(x, held)
        for at, p in enumerate(parts):
            if p is not None:
                inside = self._placed(p if x.is_Pow else self._argument(p), axes)
                alone = re.search(rf"\(held{at}_\)", code) is not None
                code = code.replace(f"held{at}_", inside if alone else _bracketed(inside))
        called = re.fullmatch(r"[\w.]+(\(.*\))?", code) is not None
        many = any(p is not None and p.array for p in parts)
        return Tensor(code, axes, ATOM if called else TERM if x.is_Add else PRODUCT, many)

    def _argument(self, x: Tensor) -> Tensor:
        """Return what a function may be given: PyTorch's take no plain numbers."""
        if self.target != "torch" or x.array:
            return x
        self.use("as_tensor", "float64")
        return replace(x, code=f"as_tensor({x.code}, dtype=float64)", binding=ATOM)

    def _printed(self, x: Expr, held: list[Expr]) -> str:
        """Print a function of letters by SymPy's printer, and import what it names."""
        if self.target == "torch" and not held and not x.is_Rational:
            return repr(float(x))
        if self.target == "torch" and x.is_Pow and x.exp.is_number:
            return f"{held[0]}**{x.exp if x.exp.is_Integer else f'({x.exp})'}"
        place, kind, _ = PRINTERS[self.target]
        printer = getattr(import_module(place), kind)({"fully_qualified_modules": False})
        try:
            text = str(printer.doprint(x.func(*held, evaluate=False) if held else x))
        except NotImplementedError as error:
            text = f"not supported: {error}"
        if "not supported" in text.lower():
            raise NoCode(f"no code of {self.target} is written for {x.func.__name__}")
        if self.target == "torch":
            text = text.replace("torch.", "")
            self.use(*re.findall(r"\b([a-z]\w*)\(", text))
            return text
        for module, names in printer.module_imports.items():
            self.imported.setdefault(module, set()).update(names)
        return text

    def _add(self, x: Expr) -> Tensor:
        terms = sorted(x.args, key=lambda t: (t.could_extract_minus_sign(), default_sort_key(t)))
        parts = [
            (self.write(-t if (low := t.could_extract_minus_sign()) else t), low) for t in terms
        ]
        axes = self._union(p for p, _ in parts)
        code = ""
        for part, minus in parts:
            placed = self._placed(part, axes, PRODUCT if minus else TERM)
            sign = ("-" if minus else "") if not code else (" - " if minus else " + ")
            code += sign + placed
        return Tensor(code, axes, TERM, any(p.array for p, _ in parts))

    def _sum(self, x: Expr) -> Tensor:
        if isinstance(x, OffSum):
            f, l, _, excluded = x.args
            masks = tuple(self._apart(l, e) for e in excluded)
            return self._summed(f, (l,), masks)
        for _, low, high in x.limits:
            if low != 1 or not high.is_Symbol:
                raise NoCode(f"a sum from {low} to {high} is no sum over all")
        return self._summed(x.function, tuple(limit[0] for limit in x.limits), ())

    def _apart(self, l: Expr, e: Expr) -> Tensor:
        key = Symbol(f"{l} apart from {e}")
        if key not in self.given:
            made = self._compare(l, "!=", e)
            self._state(key, made, "apart")
            self.given[key] = replace(made, code=self.given[key].code, binding=ATOM)
        return self.given[key]

    def _summed(self, f: Expr, over: tuple[Symbol, ...], masks: tuple[Tensor, ...]) -> Tensor:
        free = [l for l in over if l not in f.free_symbols]
        if free and not masks:  # as often as there are keys
            many = SIZE ** len(free)
            kept = tuple(l for l in over if l not in free)
            return self._product([many, Sum(f, *((l, 1, SIZE) for l in kept)) if kept else f], ())
        names = tuple(map(str, over))
        if isinstance(f, Add):
            axes = [set(self.axes(t)) for t in f.args]
            if not f.is_commutative or any(a != axes[0] for a in axes):
                return self._joined([self._summed(t, over, masks) for t in f.args], " + ", TERM)
            return self._contracted([self.write(f), *masks], names)
        return self._product(list(Mul.make_args(f)), names, masks)

    def axes(self, x: Expr) -> tuple[str, ...]:
        """Return the axes of an expression without writing it."""
        probe = replace(
            self, statements=[], given=dict(self.given), lengths=dict(self.lengths),
            taken=set(self.taken), imported={}, parameters=dict(self.parameters),
        )  # fmt: skip
        return probe.write(x).axes

    def _product(
        self, factors: list[Expr], over: tuple[str, ...], masks: tuple[Tensor, ...] = ()
    ) -> Tensor:
        """Multiply, and sum over axes."""
        scalars = [f for f in factors if f.is_commutative]
        word = [f for f in factors if not f.is_commutative]
        below = [f for f in scalars if f.is_Pow and f.exp.is_number and f.exp.is_negative]
        above = [f for f in scalars if f not in below]
        if len(word) == 1 and isinstance(word[0], Add):
            parts = [set(self.axes(a)) for a in word[0].args]
            if set().union(*parts) not in parts or (
                over and len({frozenset(p) for p in parts}) > 1
            ):
                terms = [self._product([*scalars, a], over, masks) for a in word[0].args]
                return self._joined(terms, " + ", TERM)
        numbers = [f for f in above if not self.axes(f)]
        if not over and not word and len(above) - len(numbers) == 1 and numbers:
            (one,) = (f for f in above if f not in numbers)
            if (
                isinstance(one, Dot) and len(self.axes(one)) == 2
            ):  # vectors are smaller than products
                above = [Dot(Mul(*numbers) * one.args[0], one.args[1])]
        made = [self.write(f) for f in above] + ([self._word(word)] if word else [])
        bottom = [self.write(Pow(f.base, -f.exp)) for f in below]
        inside = [b for b in bottom if set(over) & set(b.axes)]
        made += [Tensor(f"1 / {b.held(ATOM)}", b.axes, PRODUCT, b.array) for b in inside]
        bottom = [b for b in bottom if b not in inside]
        found = (
            self._contracted([*made, *masks], over) if made or masks else Tensor("1", array=False)
        )
        for b in bottom:
            found = self._joined([found, b], " / ", PRODUCT)
        return found

    def _contracted(self, factors: list[Tensor], over: tuple[str, ...]) -> Tensor:
        """Multiply tensors and sum over axes: by a matrix product where it is one."""
        if not over:
            return self._multiplied(factors)
        outside = [f for f in factors if not set(f.axes) & set(over)]
        inside = [f for f in factors if set(f.axes) & set(over)]
        numbers = [f for f in outside if not f.axes and not f.array]
        outside = [f for f in outside if f not in numbers]
        while len(inside) > 1 and any(f.kind == "mask" for f in inside):
            # a mask has the type of truth values: it is multiplied in, entry by entry
            mask = next(f for f in inside if f.kind == "mask")
            host = min((f for f in inside if f is not mask),
                       key=lambda f: (f.kind == "mask", any(a.startswith(COMPONENT) for a in f.axes)))  # fmt: skip
            both = "mask" if host.kind == "mask" else "number"
            inside = [f for f in inside if f is not mask and f is not host]
            inside.append(replace(self._multiplied([mask, host]), kind=both))
        while len(inside) > 2:  # what has no axes of its own is multiplied in
            small = min(inside, key=lambda f: len(f.axes))
            host = min((f for f in inside if f is not small),
                       key=lambda f: (not set(small.axes) <= set(f.axes), len(f.axes)))  # fmt: skip
            inside = [f for f in inside if f is not small and f is not host]
            inside.append(self._multiplied([small, host]))
        if len(inside) == 1:
            (one,) = inside
            kept = tuple(a for a in one.axes if a not in over)
            at = ", ".join(str(one.axes.index(a) - len(one.axes)) for a in over)
            whole = f"({at})" if len(over) > 1 else at
            found = Tensor(f"{one.held(ATOM)}.sum({whole})", kept)
        else:
            found = self._pair(inside[0], inside[1], over, numbers)
            numbers = [] if found.binding == PRODUCT and numbers else numbers
        return self._multiplied([*numbers, *outside, found])

    def _pair(self, a: Tensor, b: Tensor, over: tuple[str, ...], numbers: list[Tensor]) -> Tensor:
        shared = set(a.axes) & set(b.axes) - set(over)
        left = [x for x in a.axes if x not in over and x not in shared]
        right = [x for x in b.axes if x not in over and x not in shared]
        kept = self._sorted((*shared, *left, *right))
        if not shared and len(left) == len(right) == len(over) == 1:
            if kept != (left[0], right[0]):
                a, b, left, right = b, a, right, left
            first, second = a.held(ATOM), b.held(ATOM)
            if a.axes[-1] != over[0]:
                first += ".swapaxes(-1, -2)"
            if b.axes[-1] == over[0]:
                second += ".swapaxes(-1, -2)"
            if numbers and not left[0].startswith(COMPONENT) and not right[0].startswith(COMPONENT):
                # a number is multiplied to the vectors, which are smaller than their products
                scale = self._multiplied(numbers).held(PRODUCT)
                return Tensor(f"({scale} * {first}) @ {second}", kept, PRODUCT)
            found = Tensor(f"{first} @ {second}", kept, PRODUCT)
            if numbers:
                scale = self._multiplied(numbers).held(PRODUCT)
                return Tensor(f"{scale} * ({found.code})", kept, PRODUCT)
            return found
        if a.axes == b.axes and len(over) == 1 and over[0] == a.axes[-1]:
            return self._scaled(
                Tensor(f"({a.held(PRODUCT)} * {b.held(PRODUCT)}).sum(-1)", kept), numbers
            )
        self.use("einsum")
        rule = f"...{self._short(a.axes)},...{self._short(b.axes)}->...{self._short(kept)}"
        return self._scaled(Tensor(f'einsum("{rule}", {a.code}, {b.code})', kept), numbers)

    def _scaled(self, x: Tensor, numbers: list[Tensor]) -> Tensor:
        if not numbers:
            return x
        scale = self._multiplied(numbers).held(PRODUCT)
        return Tensor(f"{scale} * {x.held(ATOM)}", x.axes, PRODUCT)

    def _short(self, axes: tuple[str, ...]) -> str:
        """Return the axes as letters of einsum: an index is its own."""
        found = ""
        for a in axes:
            plain = a.removeprefix(COMPONENT).removesuffix("'")
            letter = plain.upper() if a.endswith("'") else plain
            if len(letter) != 1 or not letter.isascii():
                raise NoCode(f"the axis {a} has no letter of its own")
            found += letter
        return found

    def _word(self, word: list[Expr]) -> Tensor:
        """Write a product of matrices and vectors, the vector first where there is one."""
        if len(word) == 1:
            return self.write(word[0])
        if shape(word[-1])[1] == 1 and shape(word[0])[0] != 1:
            found = self.write(word[-1])
            for factor in reversed(word[:-1]):
                if shape(factor)[1] == 1:
                    raise NoCode(f"no array code is written for {Mul(*word)}")
                found = self._applied(self.write(factor), found)
            return found
        if len(word) == 2 and shape(word[0])[1] == 1 and shape(word[1])[0] == 1:
            rows, cols = self.write(word[0]), self.write(word[1])
            across = replace(cols, axes=(*cols.axes[:-1], cols.axes[-1] + "'"))
            return self._multiplied([rows, across])
        parts = [self.write(w) for w in word]
        if any(len(p.axes) != 2 for p in parts):
            raise NoCode(f"no array code is written for {Mul(*word)}")
        code = " @ ".join(p.held(ATOM) for p in parts)
        return Tensor(code, (parts[0].axes[0], parts[-1].axes[1]), PRODUCT)

    def _applied(self, matrix: Tensor, vector: Tensor) -> Tensor:
        self.use("einsum")
        ahead = tuple(a for a in (*matrix.axes[:-2], *vector.axes[:-1]))
        rule = f"...AB,...{self._short(vector.axes[:-1])}B->...{self._short(ahead)}A"
        return Tensor(
            f'einsum("{rule}", {matrix.code}, {vector.code})', (*ahead, matrix.axes[-2]), ATOM
        )

    def _dot(self, x: Dot) -> Tensor:
        u, v = x.args
        for a, b in ((u, v), (v, u)):
            if isinstance(a, Add) and len({self.axes(t) for t in a.args}) > 1:
                split = [self._split(t) for t in a.args]
                return self._add(Add(*(k * Dot(t, b) for k, t in split), evaluate=False))
        coefficients, letters = zip(*(self._split(a) for a in (u, v)))
        pair = [self.write(a) for a in letters]
        over = (COMPONENT + str(shape(u)[0]),)
        return self._contracted([*(self.write(c) for c in coefficients if c != 1), *pair], over)

    def _split(self, x: Expr) -> tuple[Expr, Expr]:
        if isinstance(x, Mul):
            scalars, word = x.args_cnc()
            return Mul(*scalars), Mul(*word)
        return S.One, x

    def _square(self, x: Norm) -> Tensor:
        inner = self.write(x.args[0])
        over = tuple(a for a in inner.axes if a.startswith(COMPONENT))
        whole = inner if re.fullmatch(r"\w+", inner.code) else self._state(x.args[0], inner, "gap")
        at = ", ".join(str(-k - 1) for k in range(len(over)))
        kept = tuple(a for a in inner.axes if a not in over)
        return Tensor(f"({whole.code}**2).sum({at if len(over) == 1 else f'({at})'})", kept)

    def _root(self, x: Tensor) -> Tensor:
        self.use("sqrt")
        return replace(x, code=f"sqrt({x.code})")

    def _largest(self, x: Peak) -> Tensor:
        f, l, _, excluded = x.args
        inner = self.write(f)
        for e in excluded:
            self.use("where", "inf")
            inner = self._together([self._apart(l, e), inner], "where({}, {}, -inf)")
        self.use("amax")
        kept = tuple(a for a in inner.axes if a != str(l))
        return Tensor(f"amax({inner.code}, {inner.axes.index(str(l)) - len(inner.axes)})", kept)

    # axes ------------------------------------------------------------------------------------

    def _sorted(self, axes: Iterable[str]) -> tuple[str, ...]:
        known = {a: at for at, a in enumerate(self.order)}
        return tuple(
            sorted(
                set(axes),
                key=lambda a: (a.startswith(COMPONENT), a.endswith("'"), known.get(a, 99), a),
            )
        )

    def _union(self, parts: Iterable[Tensor]) -> tuple[str, ...]:
        return self._sorted(a for p in parts for a in p.axes)

    def _placed(self, x: Tensor, axes: tuple[str, ...], binding: int = TERM + 1) -> str:
        """Return code that broadcasts to the axes."""
        if not x.array or x.axes == axes:
            return x.held(binding)
        if self._sorted(x.axes) != x.axes:
            if len(x.axes) != 2:
                raise NoCode(f"the axes of {x.code} stand in another order")
            x = Tensor(f"{x.held(ATOM)}.swapaxes(-1, -2)", self._sorted(x.axes))
            return self._placed(x, axes, binding)
        places = ", ".join(":" if a in x.axes else "None" for a in axes)
        return f"{x.held(ATOM)}[..., {places}]"

    def _joined(self, parts: list[Tensor], sign: str, binding: int) -> Tensor:
        axes = self._union(parts)
        first, *rest = parts
        code = self._placed(first, axes, binding)
        for p in rest:
            code += sign + self._placed(p, axes, binding - (sign.strip() not in "+*"))
        return Tensor(code, axes, binding, any(p.array for p in parts))

    def _multiplied(self, factors: list[Tensor]) -> Tensor:
        if len(factors) == 1:
            return factors[0]
        ordered = sorted(factors, key=lambda f: (f.array, len(f.axes)))
        return self._joined([replace(f, binding=f.binding + (" @ " in f.code and f.binding == PRODUCT))
                             for f in ordered], " * ", PRODUCT)  # fmt: skip

    def _together(self, parts: list[Tensor], call: str) -> Tensor:
        axes = self._union(parts)
        code = call.format(*(self._placed(p, axes) for p in parts))
        return Tensor(code, axes, ATOM, any(p.array for p in parts))


def _bracketed(code: str) -> str:
    return code if re.fullmatch(r"\w+|[\w.]+\([^()]*\)|\w+\[[^\]]*\]", code) else f"({code})"


def _heavy(x: Any) -> bool:
    """Tell whether computing an expression twice costs more than a name."""
    return (
        isinstance(x, Expr)
        and not isinstance(x, Letter | Indexed)
        and x.has(Dot, Sum, OffSum, Peak, Greater, Inverse, Function)
    )


def renamed(x: Expr) -> Expr:
    """Give bound indices the name of the free one where both run over the same: one computation.

    >>> from sympy import symbols, IndexedBase, Sum
    >>> n, l, m = symbols("n l m", integer=True, positive=True)
    >>> z = IndexedBase("z")
    >>> renamed(z[l] / Sum(z[m], (m, 1, n)))
    z[l]/Sum(z[l], (l, 1, n))
    """
    if not x.args or isinstance(x, Letter | Indexed):
        return x
    l, spare = (Symbol(name, integer=True, positive=True) for name in "lm")
    x = (
        x.func(*map(renamed, x.args))
        if not isinstance(x, Sum)
        else Sum(renamed(x.function), *x.limits)
    )
    if isinstance(x, Sum) and len(x.limits) == 1:
        m, low, high = x.limits[0]
        inner = x.function
        if m != l and l not in inner.free_symbols:
            return Sum(inner.xreplace({m: l}), (l, low, high))
        if m.name.startswith("_") and spare not in inner.free_symbols:
            return Sum(inner.xreplace({m: spare}), (spare, low, high))
    if isinstance(x, OffSum | Peak):
        inner, m, n, excluded = x.args
        if m != l and l not in inner.free_symbols | excluded.free_symbols:
            return x.func(inner.xreplace({m: l}), l, n, excluded)
        if m.name.startswith("_") and spare not in inner.free_symbols | excluded.free_symbols:
            return x.func(inner.xreplace({m: spare}), spare, n, excluded)
    return x
