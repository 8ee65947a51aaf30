"""Only the kernel makes proofs: every other way to one fails, or gives what is no proof."""

from __future__ import annotations

import ast
import copy
import dataclasses
import pickle
from pathlib import Path
from typing import Any

import pytest
from sympy import S, Symbol

import symattn
from symattn.kernel import RULES, Certificate, Context, Proof, Sign, Unproved, Zero, is_proof, prove
from symattn.kernel.inequalities import INEQUALITIES
from symattn.kernel.seal import FIELDS

x = Symbol("x", real=True)
LIE = dict.fromkeys(FIELDS, ()) | {"obligations": ("1 = 2",)}


def genuine() -> Proof:
    proof = prove([Zero((x + 1) ** 2 - x**2 - 2 * x - 1)], Context())
    assert isinstance(proof, Proof)
    return proof


def contents(proof: Any) -> tuple[Any, ...]:
    return tuple(getattr(proof, name) for name in FIELDS)


class Duck:
    """It has all that a proof has."""

    __slots__ = (*FIELDS, "__weakref__")


def duck() -> Duck:
    made = Duck()
    for name in FIELDS:
        setattr(made, name, LIE[name])
    return made


def bare(kind: type = Proof) -> Any:
    made = object.__new__(kind)
    for name in FIELDS:
        object.__setattr__(made, name, LIE[name])
    return made


def turned(made: Any) -> Any:
    made.__class__ = Proof
    return made


def subclassed() -> Any:
    return type("Mine", (Proof,), {"__init__": lambda self, **fields: None})()


def set_state(proof: Proof) -> Any:
    made = object.__new__(Proof)
    made.__setstate__((None, LIE))
    return made


def claims_equality(proof: Proof) -> Any:
    """An object that says of itself that it is whatever it is compared with."""
    return type("Same", (), {"__eq__": lambda s, o: True, "__hash__": lambda s: hash(proof)})()


ATTEMPTS = {
    "constructor": lambda proof: Proof(),
    "constructor with all fields": lambda proof: Proof(**LIE),
    "constructor with a seal of its own": lambda proof: Proof(seal=object(), **LIE),
    "constructor with no seal": lambda proof: Proof(seal=None, **LIE),
    "constructor called again": lambda proof: Proof.__init__(proof, **LIE),
    "type called": lambda proof: type(proof)(**LIE),
    "dataclasses.replace": lambda proof: dataclasses.replace(proof, obligations=("1 = 2",)),
    "copy.replace": lambda proof: proof.__replace__(obligations=("1 = 2",)),
    "copy with other fields": lambda proof: copy.copy(bare()),
    "pickle of what is none": lambda proof: pickle.loads(pickle.dumps(bare())),
    "pickle of a proof": lambda proof: pickle.loads(pickle.dumps(proof)),
    "reduce": lambda proof: proof.__reduce__()[0](*LIE.values()),
    "subclass": lambda proof: subclassed(),
    "object.__new__": lambda proof: bare(),
    "Proof.__new__": lambda proof: Proof.__new__(Proof),
    "set state": set_state,
    "class of a certificate": lambda proof: turned(Certificate(**LIE)),
    "class of a bare object": lambda proof: turned(bare(Certificate)),
    "class of a duck": lambda proof: turned(duck()),
    "duck": lambda proof: duck(),
    "certificate": lambda proof: Certificate(**LIE),
    "equal to all": claims_equality,
    "attribute": lambda proof: setattr(proof, "obligations", ("1 = 2",)),
    "attribute deleted": lambda proof: delattr(proof, "obligations"),
    "dict": lambda proof: vars(proof).update(LIE),
    "no claim at all": lambda proof: prove([], Context()),
    "a false claim": lambda proof: prove([Zero(S.One)], Context()),
    "an open claim": lambda proof: prove([Sign(x)], Context()),
    "an obligation of its own kind": lambda proof: prove(
        [type("Mine", (Zero,), {})(S.Zero)], Context()
    ),
}


def test_a_proof_that_was_written_over_is_none():
    proof = genuine()
    object.__setattr__(proof, "obligations", ("1 = 2",))
    assert not is_proof(proof)


@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=list(ATTEMPTS))
def test_nobody_else_makes_a_proof(attempt):
    proof = genuine()
    before = contents(proof)
    try:
        found = attempt(proof)
    except (TypeError, AttributeError, KeyError, pickle.PicklingError):
        found = None
    assert found is None or not is_proof(found)
    assert is_proof(proof)
    assert contents(proof) == before


def test_a_copy_is_the_proof_itself():
    proof = genuine()
    assert copy.copy(proof) is proof
    assert copy.deepcopy(proof) is proof


def test_another_proof_may_not_take_the_place_of_one_that_is_gone():
    """What is_proof remembers must not outlive the proof, or its address could be inherited."""
    for _ in range(50):
        proof = genuine()
        del proof
        assert not is_proof(bare())


def test_a_certificate_shows_what_was_proved_and_proves_nothing():
    proof = genuine()
    shown = pickle.loads(pickle.dumps(proof))
    assert isinstance(shown, Certificate)
    assert contents(shown) == contents(proof)
    assert not is_proof(shown)


@pytest.mark.parametrize("wrong", [Zero(x - 1), Sign(-(x**2) - 1, True), Zero(S.One)], ids=str)
def test_what_is_denied_stays_denied_among_what_is_proved(wrong):
    found = prove([Zero(S.Zero), wrong, Sign(x**2 + 1, True)], Context())
    assert isinstance(found, Unproved)
    assert found.denied


@pytest.mark.parametrize("table", [RULES, INEQUALITIES], ids=["rules", "inequalities"])
def test_the_tables_of_the_kernel_cannot_be_changed(table):
    key = next(iter(table))
    with pytest.raises(TypeError):
        table[key] = table[key]


def test_only_the_kernel_knows_the_seal():
    """No file but `proving` names what makes a proof."""
    root = Path(symattn.__file__).parent
    secret = {"made", "_SEAL", "_MADE"}
    for path in sorted(root.rglob("*.py")):
        if path.parent.name == "kernel" and path.name in ("seal.py", "proving.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            names = {a.name for a in node.names} if isinstance(node, ast.ImportFrom) else set()
            inside = isinstance(node, ast.ImportFrom) and (node.module or "").endswith(
                "kernel.seal"
            )
            assert not (inside and names & secret), path
