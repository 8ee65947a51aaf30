"""Proof: what the kernel says of a claim, as evidence."""

from __future__ import annotations

from symattn.check.verdict import Evidence
from symattn.claims import Claim, Leading
from symattn.errors import ShapeError
from symattn.kernel import Context, Unproved
from symattn.kernel import prove as ask_kernel
from symattn.kernel.obligations import LimitIs, Sign, Theorem, Zero

LEADS = (
    (Theorem, "bound-proved", "a named inequality, and an exact identity for the rest"),
    (LimitIs, "limit-proved", "the limit of every coefficient was taken in a safe form"),
    (Sign, "sign-proved", "the gap is an expression whose sign is certain"),
    (Zero, "identity-proved", "the difference is identically zero"),
)
"""What a proof is called: after the first of these kinds that is among its obligations."""


def prove(claim: Claim) -> Evidence:
    """Ask the kernel for every obligation of the claim; proved only when all hold.

    A leading part with the order of what it leaves out is at most confirmed: the kept terms are
    exact, but no obligation bounds the rest.
    """
    obligations = claim.obligations
    try:
        found = ask_kernel(obligations, Context(claim.given))
    except ShapeError as error:
        return Evidence("proof", "refuted", "shape-mismatch", str(error))
    if isinstance(found, Unproved):
        denied = {} if found.obligation is None else {"obligation": str(found.obligation)}
        return Evidence("proof", "undecided", found.code, found.reason, denied)
    data = {"obligations": list(found.obligations)}
    if isinstance(claim, Leading):
        text = (
            "the kept terms are what the rules computed, exactly; that the rest is of the stated "
            "order is measured, not proved"
        )
        return Evidence("proof", "confirmed", "leading-terms-exact", text, data)
    code, text = next(
        (code, text) for kind, code, text in LEADS if any(isinstance(o, kind) for o in obligations)
    )
    return Evidence("proof", "proved", code, text, data)
