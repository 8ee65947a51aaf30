"""A proof is a value that only the kernel makes; what leaves the process is a certificate of it.

Whoever holds a `Proof` holds what a rule of `symattn.kernel.proving` decided: its constructor asks
for the kernel's seal, it cannot be changed, subclassed, copied into another or unpickled, and
`is_proof` knows the proofs that were made, not what looks like one.
"""

from __future__ import annotations

from typing import Any, NoReturn, cast
from weakref import WeakKeyDictionary, WeakValueDictionary

from sympy import Basic, Expr, Symbol

FIELDS = ("obligations", "rules", "hypotheses", "signs", "domain", "definitions", "theorems")


class _Record:
    """What a proof rests on; see `Proof`."""

    __slots__ = (*FIELDS, "__weakref__")

    obligations: tuple[str, ...]
    rules: tuple[str, ...]
    hypotheses: tuple[str, ...]
    signs: tuple[Symbol, ...]
    domain: tuple[Basic, ...]
    definitions: tuple[tuple[Expr, Expr], ...]
    theorems: tuple[str, ...]

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a {type(self).__name__} cannot be changed")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a {type(self).__name__} cannot be changed")

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {'; '.join(self.obligations)}>"


class Certificate(_Record):
    """What another process says that it proved: it can be shown, and proves nothing here."""

    def __init__(self, **fields: Any) -> None:
        for name in FIELDS:
            object.__setattr__(self, name, fields[name])

    def __reduce__(self) -> tuple[Any, ...]:
        return _certificate, tuple(getattr(self, name) for name in FIELDS)


class Proof(_Record):
    """What the kernel has proved, and everything that it rests on.

    obligations : what was decided, one line each.
    rules : the names of the rules that decided them, as in `symattn.kernel.proving.RULES`.
    hypotheses : what is given, as a sheet states it.
    signs : the scalars that are taken for positive, nonnegative or negative.
    domain : relations that hold wherever the claim means something: poles that are left out.
    definitions : letter and value of the definitions that were put in.
    theorems : the named inequalities that were used.

    Raises
    ------
    TypeError : on every attempt to make one outside the kernel.

    >>> Proof(obligations=("1 = 2",))
    Traceback (most recent call last):
    ...
    TypeError: only the kernel makes proofs; ask symattn.kernel.prove
    """

    def __init__(self, *, seal: object = None, **fields: Any) -> None:
        if seal is not _SEAL or set(fields) != set(FIELDS):
            _refuse()
        for name in FIELDS:
            object.__setattr__(self, name, fields[name])

    def __init_subclass__(cls, **options: Any) -> None:
        _refuse()

    def __copy__(self) -> Proof:
        return self

    def __deepcopy__(self, memo: object) -> Proof:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _certificate, tuple(getattr(self, name) for name in FIELDS)


def _refuse() -> NoReturn:
    raise TypeError("only the kernel makes proofs; ask symattn.kernel.prove")


def _certificate(*values: Any) -> Certificate:
    return Certificate(**dict(zip(FIELDS, values, strict=True)))


_SEAL = object()
_MADE: WeakValueDictionary[int, Proof] = WeakValueDictionary()
_SAID: WeakKeyDictionary[Proof, tuple[Any, ...]] = WeakKeyDictionary()


def made(**fields: Any) -> Proof:
    """Return a proof; for `symattn.kernel.proving` alone, as a test of the imports shows."""
    proof = Proof(seal=_SEAL, **fields)
    _MADE[id(proof)], _SAID[proof] = proof, tuple(fields[name] for name in FIELDS)
    return proof


def is_proof(x: object) -> bool:
    """Tell whether the kernel of this process made it, as it stands.

    >>> is_proof(object.__new__(Proof)), is_proof(None)
    (False, False)
    """
    if x is None or _MADE.get(id(x)) is not x:
        return False
    said = _SAID[cast(Proof, x)]
    return all(getattr(x, name, None) is value for name, value in zip(FIELDS, said))
