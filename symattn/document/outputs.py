"""What is said of a document: lines for a terminal, SARIF, and an annotated page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from symattn.errors import visible
from symattn.pages.template import html_template
from symattn.submission.page import MAX_LINES, TEMPLATES, shown, source_lines, values_of
from symattn.submission.sarif import sarif_of, sarif_result

LOOKS = {
    "follows": "right",
    "does not follow": "wrong",
    "undecided": "undecided",
    "unread": "unread",
    "introduced here": "introduced",
}
"""An outcome, and the class of the page that colours it."""
Data = Mapping[str, Any]


@dataclass(frozen=True)
class LinkMark:
    """A link as the page shows it, beside its line."""

    formula: SimpleNamespace
    group: str
    link: Data

    @property
    def mathml(self) -> str:
        return shown(self.link["latex"])

    @property
    def values(self) -> dict[str, str]:
        found = self.link["counterexample"]
        return values_of(found["instance"]) if found else {}


def said(link: Data) -> str:
    """Return why a link has its outcome, with how it was read.

    >>> said({"outcome": "unread", "reason": "a bar", "nearest": "", "read_as": "x real"})
    'unread: a bar; read as: x real'
    """
    word = link["outcome"]
    if word == "follows":
        word = f"follows ({link['verdict']})"
    parts = [f"{word}: {link['reason']}", link["nearest"]]
    if link["read_as"]:
        parts.append(f"read as: {link['read_as']}")
    return "; ".join(filter(None, parts))


def terminal_lines(data: Data, everything: bool = False) -> Iterator[str]:
    """Yield the lines for a terminal: what does not follow, what is open, and the counts.

    everything : what follows and what is introduced as well.
    """
    quiet = () if everything else ("follows", "introduced here")
    for link in data["links"]:
        if link["outcome"] not in quiet:
            yield f"{data['document']}:{link['line']}: {visible(link['latex'], 160)}"
            yield f"  {visible(said(link), 600)}"
    counts = ", ".join(f"{count} {word}" for word, count in data["counts"].items())
    yield f"{len(data['links'])} links: {counts}"


def document_sarif(data: Data) -> str:
    """Return SARIF with a result for each link that does not follow, is undecided, or unread."""
    levels = {"does not follow": "error", "undecided": "note", "unread": "note"}
    return sarif_of(
        [
            sarif_result(data["document"], link["code"], levels[link["outcome"]],
                         f"{link['latex']}: {said(link)}", link["line"])
            for link in data["links"]
            if link["outcome"] in levels
        ]
    )  # fmt: skip


def document_page(data: Data, text: str) -> str:
    """Return the source with what is said of each link beside its line; the page fetches nothing."""
    marks = [
        LinkMark(
            SimpleNamespace(start=link["start"], end=link["end"], line=link["line"]),
            LOOKS[link["outcome"]],
            link,
        )
        for link in data["links"]
    ]
    lines = source_lines(text, marks)
    return html_template(TEMPLATES, "document.html.j2").render(
        data=data,
        name=visible(data["document"]),
        lines=lines[:MAX_LINES],
        looks=LOOKS,
        said=said,
        visible=visible,
    )
