"""A verdict: one of five words, a stable code, and the evidence for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from symattn.kernel import Proof, is_proof

Word = Literal["proved", "confirmed", "refuted", "undecided", "unread"]
Kind = Literal["proof", "numbers", "reading"]

WORDS: tuple[Word, ...] = ("proved", "confirmed", "refuted", "undecided", "unread")


@dataclass(frozen=True)
class Evidence:
    """What one kind of check found: `data` is plain JSON, enough to repeat the check.

    proof : the kernel's; no evidence says `proved` without one.
    denied : an exact test says that it does not hold; that is no counterexample, and numbers do not
        outvote it.

    Raises
    ------
    ValueError : it says `proved` without a proof that the kernel of this process made.

    >>> Evidence("proof", "proved", "identity-proved", "it is plain to see")
    Traceback (most recent call last):
    ...
    ValueError: 'proved' needs a proof of the kernel (identity-proved: it is plain to see)
    """

    kind: Kind
    verdict: Word
    code: str
    text: str
    data: Mapping[str, Any] = field(default_factory=dict)
    proof: Proof | None = None
    denied: bool = False

    def __post_init__(self) -> None:
        if self.verdict == "proved" and not is_proof(self.proof):
            raise ValueError(f"'proved' needs a proof of the kernel ({self.code}: {self.text})")

    @property
    def plain(self) -> str:
        """What is said, without the obligation that the kernel writes in its own spelling."""
        obligation = self.data.get("obligation")
        return self.text.replace(str(obligation), "what has to hold") if obligation else self.text

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "verdict": self.verdict,
            "code": self.code,
            "text": self.text,
            "data": dict(self.data),
        }


@dataclass(frozen=True)
class Counterexample:
    """One concrete instance where the two sides differ beyond rounding.

    `instance` maps each symbol to a number or nested lists; `left` and `right` are the two values.
    """

    instance: Mapping[str, Any]
    left: Any
    right: Any
    text: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "instance": dict(self.instance),
            "left": self.left,
            "right": self.right,
            "text": self.text,
        }


@dataclass(frozen=True)
class Verdict:
    """What symattn says of a formula, and why.

    read_as : the kinds of its letters, for a formula without a question.

    Raises
    ------
    ValueError : it says `proved`, and none of its evidence holds a proof of the kernel.

    >>> v = Verdict("confirmed", "instances-agree", "24 instances agree to 1.0e-15")
    >>> v.passed, str(v)
    (True, 'confirmed (instances-agree): 24 instances agree to 1.0e-15')
    """

    verdict: Word
    code: str
    reason: str
    evidence: tuple[Evidence, ...] = ()
    counterexample: Counterexample | None = None
    assumptions: tuple[str, ...] = ()
    read_as: str = ""

    def __post_init__(self) -> None:
        if self.verdict not in WORDS:
            raise ValueError(f"a verdict is one of {', '.join(WORDS)}, not {self.verdict!r}")
        if self.verdict == "proved" and not self.proofs:
            raise ValueError(f"'proved' needs a proof of the kernel ({self.code}: {self.reason})")

    @property
    def proofs(self) -> tuple[Proof, ...]:
        """The proofs among its evidence."""
        return tuple(e.proof for e in self.evidence if e.proof is not None)

    @property
    def passed(self) -> bool:
        """True for `proved` and `confirmed` only."""
        return self.verdict in ("proved", "confirmed")

    def __str__(self) -> str:
        return f"{self.verdict} ({self.code}): {self.reason}"

    def to_json(self) -> dict[str, Any]:
        return {
            "verdict": self.verdict,
            "code": self.code,
            "reason": self.reason,
            "evidence": [e.to_json() for e in self.evidence],
            "counterexample": self.counterexample.to_json() if self.counterexample else None,
            "assumptions": list(self.assumptions),
        }

    def _repr_html_(self) -> str:
        from html import escape

        return f"<b>{self.verdict}</b> <code>{self.code}</code> {escape(self.reason)}"


BLOCKING = frozenset(
    ["uninhabited", "nowhere-defined", "partly-defined", "one-sided", "too-few-points",
     "instances-raised", "name-clash"]
)  # fmt: skip
"""What numbers may find beside a proof that touches the claim itself: it does not pass."""


def combine(evidence: Iterable[Evidence], assumptions: Iterable[str] = ()) -> Verdict:
    """Return the verdict that the evidence carries, and no more.

    Any refutation refutes; LaTeX that does not read back is never a pass.  A proof proves where the
    numbers have nothing against it.  Numbers alone confirm, unless an exact test denies what they
    cannot see.

    >>> agree = Evidence("numbers", "confirmed", "agree", "60 instances agree")
    >>> combine([agree]).verdict
    'confirmed'
    >>> combine([agree, Evidence("proof", "undecided", "not-proved", "x = 0 fails", denied=True)]).code
    'not-proved'
    >>> combine([]).code
    'no-evidence'
    """
    found = tuple(evidence)
    said = tuple(assumptions)

    def verdict(word: Word, lead: Evidence) -> Verdict:
        return Verdict(word, lead.code, lead.text, found, None, said)

    proofs = [e for e in found if e.verdict == "proved"]
    refuted = [e for e in found if e.verdict == "refuted"]
    if refuted:
        return verdict("refuted", refuted[0])
    for e in found:
        if e.kind == "reading" and e.verdict != "confirmed":
            return verdict("unread", e)
    for e in found:
        if e.denied or (e.kind == "numbers" and e.code in BLOCKING):
            return verdict("undecided", e)
    if proofs:
        return verdict("proved", proofs[0])
    agree = [e for e in found if e.kind != "reading" and e.verdict == "confirmed"]
    if any(e.kind == "numbers" for e in agree):
        return verdict("confirmed", agree[0])  # a proof of the leading part, where there is one
    if found:
        return verdict("undecided", agree[0] if agree else found[0])
    return Verdict("undecided", "no-evidence", "no check was made", found, None, said)
