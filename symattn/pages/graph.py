"""What rests on what in one question, drawn: claims in their order, and what each takes up and assumes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from symattn.pages.model import ClaimRow, Prose

ROW, COLUMN, LETTER = 24, 20, 7.3
"""Height of a claim's row, width of a column of dots, width of a letter of a name, in pixels."""


def assumed(claims: Sequence[ClaimRow]) -> dict[Prose, tuple[str, ...]]:
    """Return what the claims assume, in the order in which it comes up, each with who assumes it."""
    users: dict[Prose, list[str]] = {}
    for claim in claims:
        for one in dict.fromkeys(claim.assumptions):
            users.setdefault(one, []).append(claim.name)
    return {one: tuple(names) for one, names in users.items()}


def taken_up_by(claims: Sequence[ClaimRow]) -> dict[str, tuple[str, ...]]:
    """Return, for each claim, the later ones that take it up."""
    return {
        claim.name: tuple(later.name for later in claims if claim.name in later.takes_up)
        for claim in claims
    }


def anchor(question: str, claim: str) -> str:
    """Return the address of a claim on its page.

    >>> anchor("q1c", "two keys")
    'claim-q1c-two-keys'
    """
    return f"claim-{question}-{slug(claim)}"


def slug(name: str) -> str:
    """Return the name of a claim as it stands in an address.

    >>> slug("two keys")
    'two-keys'
    """
    return re.sub(r"[^A-Za-z0-9._-]", "-", name)


def draw_graph(question: str, claims: Sequence[ClaimRow]) -> str:
    """Return an SVG: an arc from each claim to one that takes it up, a dot for each assumption.

    A filled disc before a name is a proof, a ring numbers alone, a cross neither.  Each name is a
    link to its claim, each number over a column to what is assumed.

    >>> row = ClaimRow("one", "a = b", "proved", "identity-proved", "", (), ())
    >>> draw_graph("q1a", (row,)).count('href="#claim-q1a-one"')
    1
    """
    place = {claim.name: (at + 1.5) * ROW for at, claim in enumerate(claims)}
    columns = assumed(claims)
    arcs = [(place[a], place[c.name]) for c in claims for a in c.takes_up]
    left = 16 + max((_reach(low, high) for low, high in arcs), default=0)
    right = left + 24 + LETTER * max(map(len, place))
    width, height = right + COLUMN * len(columns) + 8, ROW * (len(claims) + 1.2)
    parts = [_arc(left, low, high) for low, high in arcs]
    for claim in claims:
        y = place[claim.name]
        address = anchor(question, claim.name)
        parts.append(
            f'<line class="guide" x1="{right:.0f}" x2="{width:.0f}" y1="{y:g}" y2="{y:g}"/>'
        )
        parts.append(_mark(claim.verdict, left + 6, y))
        parts.append(_link(address, claim.name, f'x="{left + 18:g}" y="{y + 4:g}"'))
    for at, names in enumerate(columns.values()):
        x = right + COLUMN * (at + 0.5)
        address = f"assumed-{question}-{at + 1}"
        parts.append(
            _link(address, str(at + 1), f'x="{x:.1f}" y="{ROW * 0.8:g}" text-anchor="middle"')
        )
        parts += [f'<circle cx="{x:.1f}" cy="{place[name]:g}" r="3.5"/>' for name in names]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" role="group" aria-label="What rests on what">\n'
        + "\n".join(parts)
        + "\n</svg>"
    )


def _reach(low: float, high: float) -> float:
    """How far an arc leaves the column of names."""
    return min(6 + (high - low) / 3, 70)


def _arc(x: float, low: float, high: float) -> str:
    out = x - _reach(low, high) * 4 / 3  # a cubic goes three quarters of the way to its handles
    tip = f"M{x - 6:g} {high - 4:g} L{x - 1:g} {high:g} L{x - 6:g} {high + 2:g}"
    return (
        f'<path class="arc" d="M{x - 1:g} {low:g} C{out:.1f} {low:g} {out:.1f} {high:g} '
        f'{x - 1:g} {high:g} {tip}"/>'
    )


def _mark(verdict: str, x: float, y: float) -> str:
    if verdict == "proved":
        return f'<circle cx="{x:g}" cy="{y:g}" r="4.5"/>'
    if verdict == "confirmed":
        return f'<circle class="ring" cx="{x:g}" cy="{y:g}" r="4"/>'
    lines = f"M{x - 4:g} {y - 4:g} l8 8 M{x - 4:g} {y + 4:g} l8 -8"
    return f'<path class="cross" d="{lines}"/>'


def _link(address: str, text: str, where: str) -> str:
    from markupsafe import escape

    return f'<a href="#{address}"><text {where}>{escape(text)}</text></a>'
