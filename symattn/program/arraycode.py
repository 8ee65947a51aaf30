"""Source code of a formula: it names what it was made from, and it is what runs."""

from __future__ import annotations

import linecache
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sympy import Expr, Indexed
from sympy.core.sorting import default_sort_key

from symattn.algebra.attention import l
from symattn.algebra.bound_indices import put_apart
from symattn.algebra.letters import Letter
from symattn.algebra.stable import stable
from symattn.program.tensors import ArrayWriter, Tensor, renamed


@dataclass(frozen=True)
class ArrayFunction:
    """One function in array code.

    made_from : addresses of the claims, `sheet/question/claim`.
    says : lines of LaTeX: what is computed, and under which hypotheses.
    axes : of each result, behind what stands in front: indices, then `.d` for entries of vectors.
    imports : module -> names.
    """

    name: str
    target: str
    parameters: tuple[str, ...]
    body: tuple[str, ...]
    returned: tuple[str, ...]
    made_from: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    shapes: str = ""
    axes: tuple[tuple[str, ...], ...] = ()
    imports: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def function(self) -> str:
        """The text of the function alone."""
        said = [f"Made from {', '.join(self.made_from)}."] if self.made_from else []
        said += [*self.says, self.shapes] if self.shapes else self.says
        lines = [line for text in said for line in textwrap.wrap(text.replace('"""', ""), 90)]
        mark = 'r"""' if any("\\" in line for line in lines) else '"""'
        quoted = mark + "\n".join(lines) + ('"""' if len(lines) < 2 else '\n"""')
        inside = [*(quoted.splitlines() if lines else ()), *self.body]
        inside.append(f"return {', '.join(self.returned)}")
        return f"def {self.name}({', '.join(self.parameters)}):\n" + textwrap.indent(
            "\n".join(inside), "    "
        )

    @property
    def text(self) -> str:
        """The text of a module that holds it."""
        return module((self,))


def module(sources: Iterable[ArrayFunction], head: str = "") -> str:
    """Return the text of a module of several functions."""
    sources = tuple(sources)
    found: dict[str, set[str]] = {}
    for source in sources:
        for place, names in source.imports.items():
            found.setdefault(place, set()).update(names)
    lines = [
        f"from {place} import {', '.join(sorted(found[place]))}"
        for place in sorted(found)
        if found[place]
    ]
    top = f'"""{head}"""\n\n' if head else ""
    imports = "\n".join(lines) + "\n\n\n" if lines else ""
    return top + imports + "\n\n\n".join(source.function for source in sources) + "\n"


def load(text: str, name: str) -> dict[str, Any]:
    """Run the text of a module that was generated here, and return what it defines.

    A traceback shows its lines.
    """
    place = f"<generated {name}>"
    found: dict[str, Any] = {"__name__": place}
    linecache.cache[place] = (len(text), None, text.splitlines(keepends=True), place)
    exec(compile(text, place, "exec"), found)  # noqa: S102 - `module` wrote it
    return found


def function(
    name: str,
    results: Mapping[str, Expr],
    *,
    names: Iterable[tuple[str, Expr, Expr]] = (),
    parameters: Iterable[str] = (),
    made_from: Iterable[str] = (),
    says: Iterable[str] = (),
    target: str = "numpy",
    order: tuple[str, ...] = (),
) -> ArrayFunction:
    """Write the function of some formulas.

    results : what it returns, by the names of the results.
    names : (Python name, letter, value) of what gets a statement of its own, in their order.
    parameters : those that come first; all others follow, sorted.
    order : the order of the axes.

    Raises
    ------
    NoCode : naming what cannot be written.

    >>> from symattn.algebra.attention import i, softmax
    >>> print(function("weights", {"alpha": softmax(i)}).function)
    def weights(z):
        \"\"\"z: (..., l).\"\"\"
        alpha = exp(z - amax(z, -1)[..., None])
        alpha /= alpha.sum(-1)[..., None]
        return alpha
    """
    writer = ArrayWriter(target, order)
    held = [(python, letter, ready(value, order)) for python, letter, value in names]
    made = {python: ready(x, order) for python, x in results.items()}
    for _, letter, _ in held:
        writer.given[letter] = Tensor("", ())
    writer.prepare(*(x for _, _, x in held), *made.values())
    wanted = tuple(parameters)
    writer.taken |= {*made, *wanted}
    for python, letter, x in held:
        writer.taken.discard(python)
        del writer.given[letter]
        value = writer.write(x)
        writer.given[letter] = writer._state(letter, value, python)
    axes = []
    for python, x in made.items():
        writer.taken.discard(python)
        value = writer.write(x)
        axes.append(value.axes)
        if value.code != python:
            writer._state(x, value, python)
    found = writer.parameters
    rest = sorted(name for name in found if name not in wanted)
    shapes = [
        f"{p}: (..., {', '.join(_axis(a) for a in found[p].axes)})"
        for p in (*wanted, *rest)
        if p in found and found[p].axes
    ]
    return ArrayFunction(
        name=name,
        target=target,
        parameters=(*wanted, *rest),
        body=tuple(in_place(writer, made) if target == "numpy" else writer.statements),
        returned=tuple(made),
        made_from=tuple(dict.fromkeys(made_from)),
        says=tuple(says),
        shapes="; ".join(shapes) + "." if shapes else "",
        axes=tuple(axes),
        imports={place: frozenset(names) for place, names in writer.imported.items()},
    )


def in_place(writer: ArrayWriter, kept: Iterable[str]) -> list[str]:
    """Return the statements, with two arrays of all pairs less: those that nothing reads again.

    `e = exp(z - r)` becomes `z -= r` and `e = exp(z)`; `a = e / r` becomes `e /= r` under one name.
    Parameters are left as they are.
    """
    axes = {t.code: t.axes for t in writer.given.values()}
    left, found, kept = list(writer.statements), list[str](), set(kept)

    def stated(name: str) -> str:
        return next((s.split(" = ", 1)[1] for s in found if s.startswith(f"{name} = ")), "")

    def of(code: str, old: str) -> bool:
        """Whether code is made of one array alone, so that it has no more axes in front."""
        names = set(re.findall(r"[A-Za-z_]\w*", code)) - {"amax", "sum", "None", old}
        return all(stated(name) and of(stated(name), old) for name in names)

    while left:
        line = left.pop(0)
        name, code = line.split(" = ", 1)
        moved = re.fullmatch(r"(exp\()?(\w+) ([-/]) (.+?)(\))?", code)
        old = moved[2] if moved else ""
        rest = (moved[4] + ("" if moved[1] else moved[5] or "")) if moved else ""
        again = any(re.search(rf"\b{old}\b", s.split(" = ", 1)[1]) for s in left)
        new = not re.fullmatch(r"\w*(\[[^\]]*\])?(\.swapaxes\(-1, -2\))?", stated(old))  # no view
        if again or old in kept or not (new and of(rest, old) and axes.get(old) == axes.get(name)):
            found.append(line)
        elif moved and moved[1] and moved[3] == "-" and moved[5]:
            found += [f"{old} -= {rest}", f"{name} = exp({old})"]
        elif moved and not moved[1] and moved[3] == "/" and stated(old).startswith("exp("):
            found = [re.sub(rf"\b{old}\b", name, s) for s in (*found, f"{old} /= {rest}")]
        else:
            found.append(line)
    return found


def ready(x: Expr, order: tuple[str, ...] = ()) -> Expr:
    """Return an expression as it is written: one name for one family's index, and no overflow."""
    free = [s for s in free_indices(x) if s != l and str(s) not in order]
    if len(free) == 1 and l not in x.free_symbols:
        x = put_apart(x, {free[0]: l})
    return stable(renamed(x))


def free_indices(x: Expr) -> list[Expr]:
    """Return the free symbols that index a family, sorted.

    >>> from symattn.algebra.attention import alpha, i, j, softmax
    >>> free_indices(alpha(j) * softmax(i))
    [i, j]
    """
    found = {s for e in x.atoms(Indexed) for s in e.indices if s.is_Symbol}
    found |= {e.index for e in x.atoms(Letter) if getattr(e.index, "is_Symbol", False)}
    return sorted(found & x.free_symbols, key=default_sort_key)


def _axis(axis: str) -> str:
    return axis.removeprefix(".").removesuffix("'")


def callable_of(source: ArrayFunction) -> Callable[..., Any]:
    """Return the function that a source is the text of."""
    made: Callable[..., Any] = load(source.text, source.name)[source.name]
    return made
