"""Records are dataclasses: each law is tried on ours and on the standard library's."""

import copy
import dataclasses
import inspect
import pickle
from dataclasses import FrozenInstanceError, field, fields, replace
from typing import Any, ClassVar

import pytest

from symattn import records


def make(kind: type, who: str, **options: Any) -> Any:
    if who == "library":
        return dataclasses.dataclass(**options)(kind)
    return records._made(kind, *(options.get(o, False) for o in ("frozen", "slots", "kw_only")))


class Base:
    __annotations__ = {"a": "int", "b": "list", "seen": "ClassVar[int]", "c": "float"}
    b = field(default_factory=list)
    c = field(default=1.5, repr=False)
    seen: ClassVar[int] = 0


class Odd:
    __annotations__ = {"a": "int", "hidden": "int", "made": "list"}
    hidden = field(default=3, compare=False)
    made = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.made.append(self.a)

    def __repr__(self) -> str:
        return "odd"


class Own:
    __annotations__ = {"a": "int"}

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 7


def kinds(who: str) -> dict[str, Any]:
    def fresh(kind: type) -> type:
        return type(kind.__name__, (), {k: v for k, v in vars(kind).items() if k[:6] != "__dict"
                                        and k != "__weakref__"})  # fmt: skip

    base = make(fresh(Base), who, frozen=True)
    more = type("More", (base,), {"__annotations__": {"d": "int"}, "d": 4, "__module__": __name__})
    return {
        "frozen": base,
        "plain": make(fresh(Base), who),
        "by name": make(fresh(Base), who, frozen=True, kw_only=True),
        "inherits": make(more, who, frozen=True),
        "odd": make(fresh(Odd), who, frozen=True),
        "own": make(fresh(Own), who, frozen=True),
    }


def told(kind: Any) -> list[Any]:
    """Return what can be seen of a class and of what it makes."""
    found: list[Any] = [[f.name for f in fields(kind)], str(inspect.signature(kind))]

    def tried(what: Any) -> Any:
        try:
            return what()
        except Exception as error:  # noqa: BLE001 - which error it is, is compared
            return type(error)

    one, two = kind(a=1), kind(a=1)
    found += [repr(one), one == two, one == kind(a=2), one == 1, one != two]
    found += [tried(lambda: hash(one) == hash(two)), kind.__match_args__]
    found += [tried(lambda: kind(1) == one), tried(kind), tried(lambda: kind(a=1, z=2))]
    found += [repr(replace(one, a=5)), replace(one, a=5) == kind(a=5), copy.deepcopy(one) == one]
    found += [tried(lambda: setattr(one, "a", 3)), tried(lambda: setattr(one, "z", 3))]
    found += [
        tried(lambda: delattr(one, "a")),
        tried(lambda: one == two),
        getattr(one, "b", 0) is getattr(two, "b", 1),
    ]
    found += [getattr(one, "made", None), getattr(one, "c", None), getattr(one, "hidden", None)]
    return found


@pytest.mark.parametrize("name", list(kinds("library")))
def test_a_record_is_what_the_library_makes(name: str) -> None:
    ours, library = told(kinds("ours")[name]), told(kinds("library")[name])
    assert len(ours) == len(library)
    for mine, theirs in zip(ours, library, strict=True):
        assert mine == theirs


class _Slotted:
    __annotations__ = {"a": "int", "b": "tuple"}


Slotted: Any = records._made(_Slotted, True, True, False)
Slotted.__qualname__ = "Slotted"


def test_a_record_with_slots_is_copied_and_cannot_be_changed() -> None:
    one = Slotted(1, (2,))
    assert not hasattr(one, "__dict__")
    assert pickle.loads(pickle.dumps(one)) == copy.deepcopy(one) == one
    with pytest.raises(FrozenInstanceError):
        one.a = 2
    with pytest.raises(FrozenInstanceError):
        del one.a
    assert one.a == 1


def test_one_field_is_compared_as_a_tuple_is() -> None:
    nan = float("nan")  # the same object is equal to itself inside a tuple
    kind = type("One", (), {"__annotations__": {"a": "float"}, "__module__": __name__})
    made = records._made(kind, True, False, False)
    assert made(nan) == made(nan)
    assert made(1.0) != made(2.0)
