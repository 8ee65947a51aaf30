"""Dataclasses as the standard library makes them, in a fifth of the time.

Before Python 3.13 `dataclasses` compiles each method of each class by itself, half a millisecond a
class, and a verdict on one line imports two hundred.  Here `__init__` alone is compiled; the others
are the same functions for all.  What a class is, its fields and `replace` stay the library's.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

if TYPE_CHECKING or sys.version_info >= (3, 13):
    from dataclasses import dataclass
else:

    def dataclass(
        kind: type | None = None,
        /,
        *,
        frozen: bool = False,
        slots: bool = False,
        kw_only: bool = False,
    ) -> Any:
        """Make a dataclass of a class, as `dataclasses.dataclass` does with these options."""

        def make(kind: type) -> type:
            return _made(kind, frozen, slots, kw_only)

        return make if kind is None else make(kind)


class _Anew:
    """Stands for a value that is made anew for each record; shown as the library shows it."""

    def __repr__(self) -> str:
        return "<factory>"


_ANEW = _Anew()


def _made(kind: type, frozen: bool, slots: bool, kw_only: bool) -> type:
    own = vars(kind)
    written = {name for name in own if name != "__hash__" or own[name] is not None}
    base = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)
    kind = base(kind)
    fields = dataclasses.fields(kind)  # type: ignore[arg-type]
    values = _values([f.name for f in fields if f.compare])
    hashed = _values([f.name for f in fields if (f.compare if f.hash is None else f.hash)])
    shown = [f.name for f in fields if f.repr]

    def __repr__(self: Any) -> str:
        what = ", ".join(f"{name}={getattr(self, name)!r}" for name in shown)
        return f"{type(self).__qualname__}({what})"

    def __eq__(self: Any, other: Any) -> Any:
        return values(self) == values(other) if type(other) is type(self) else NotImplemented

    def __hash__(self: Any) -> int:
        return hash(hashed(self))

    methods: dict[str, Any] = {
        "__init__": _initialiser(kind, frozen),
        "__repr__": __repr__,
        "__eq__": __eq__,
        "__hash__": __hash__ if frozen else None,
    }
    if frozen:
        methods |= {"__setattr__": _refuse_to_set, "__delattr__": _refuse_to_delete}
    if frozen and slots:  # copies and other processes: nothing else can set a slot
        methods |= {"__getstate__": _state, "__setstate__": _set_state}
    for name, method in methods.items():
        if name not in written:
            setattr(kind, name, method)
    return kind


def _values(names: list[str]) -> Callable[[Any], Any]:
    """Return what takes these attributes as a tuple; of one alone, twice."""
    return attrgetter(*(names * 2 if len(names) == 1 else names)) if names else lambda _: ()


def _refuse_to_set(self: Any, name: str, value: Any) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(self: Any, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, f.name) for f in dataclasses.fields(self)]


def _set_state(self: Any, state: list[Any]) -> None:
    for field, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)


def _initialiser(kind: Any, frozen: bool) -> Any:
    """Compile `__init__`: the fields in their order, those by keyword alone behind them."""
    missing = dataclasses.MISSING
    scope: dict[str, Any] = {"_set": object.__setattr__, "_made_anew": _ANEW}
    plain, by_name, body = ["self"], list[str](), list[str]()
    for field in dataclasses.fields(kind):
        name = field.name
        value, argument = name, name
        if field.default_factory is not missing:
            scope[f"_new_{name}"] = field.default_factory
            argument += "=_made_anew"
            value = f"_new_{name}() if {name} is _made_anew else {name}"
        elif field.default is not missing:
            scope[f"_default_{name}"] = field.default
            argument += f"=_default_{name}"
        if field.init:
            (by_name if field.kw_only else plain).append(argument)
        elif field.default_factory is not missing:
            value = f"_new_{name}()"
        elif field.default is not missing:
            value = f"_default_{name}"
        else:
            continue
        body.append(f"_set(self, {name!r}, {value})" if frozen else f"self.{name} = {value}")
    if hasattr(kind, "__post_init__"):
        body.append("self.__post_init__()")
    head = ", ".join([*plain, *(["*", *by_name] if by_name else [])])
    text = f"def __init__({head}):\n " + "\n ".join(body or ["pass"])
    exec(text, scope)  # noqa: S102 - the names of fields, as the standard library does
    made = scope["__init__"]
    made.__qualname__ = f"{kind.__qualname__}.__init__"
    made.__annotations__ = {f.name: f.type for f in dataclasses.fields(kind) if f.init}
    made.__annotations__["return"] = None
    return made
