"""Proof: what the kernel says of a claim, as evidence."""

from __future__ import annotations

from collections.abc import Sequence

from symattn.check.verdict import Evidence
from symattn.claims import Claim, Leading
from symattn.errors import ShapeError
from symattn.kernel import (
    Approximates,
    Context,
    LimitIs,
    Obligation,
    Proof,
    Sign,
    StaysBounded,
    Theorem,
    Unproved,
    Zero,
    prove,
)

LEADS = (
    (Theorem, "bound-proved", "a named inequality, and an exact identity for the rest"),
    (LimitIs, "limit-proved", "the limit of every coefficient was taken in a safe form"),
    (Approximates, "limit-proved", "the difference tends to zero in a safe form"),
    (StaysBounded, "remainder-proved", "the quotient by the stated order stays bounded"),
    (Sign, "sign-proved", "the gap is an expression whose sign is certain"),
    (Zero, "identity-proved", "the difference is identically zero"),
)
"""What a proof is called: after the first of these kinds that is among its obligations."""


def proof_of(claim: Claim) -> Evidence:
    """Ask the kernel for every obligation of a claim; proved only when all hold.

    A leading part with the order of what it leaves out is at most confirmed: the kept terms are
    exact, but no obligation bounds the rest.
    """
    found = evidence_of(claim.obligations, Context(claim.given, claim.definitions))
    if not (isinstance(claim, Leading) and found.proof):
        return found
    text = (
        "the kept terms are what the rules computed, exactly; that the rest is of the stated "
        "order is measured, not proved"
    )
    return Evidence("proof", "confirmed", "leading-terms-exact", text, found.data, found.proof)


def evidence_of(
    obligations: Sequence[Obligation], context: Context, code: str = "", text: str = ""
) -> Evidence:
    """Return what the kernel says of obligations, as evidence.

    code, text : what a proof of them is called, when it is not called after their kinds.
    """
    try:
        found = prove(obligations, context)
    except ShapeError as error:
        return Evidence("proof", "refuted", "shape-mismatch", str(error))
    if isinstance(found, Unproved):
        data = {"obligation": found.obligation} if found.obligation else {}
        return Evidence("proof", "undecided", found.code, found.reason, data, denied=found.denied)
    kinds = [lead for lead in LEADS if any(isinstance(o, lead[0]) for o in obligations)]
    _, own_code, own_text = kinds[0]
    return proved(found, code or own_code, text or own_text)


def proved(proof: Proof, code: str, text: str) -> Evidence:
    """Return a proof as evidence."""
    data = {"obligations": list(proof.obligations)}
    return Evidence("proof", "proved", code, text, data, proof)
