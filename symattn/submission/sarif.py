"""Verdicts as SARIF 2.1.0, which code hosts show beside the lines of a file.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from symattn import __version__
from symattn.check.codes import CODES
from symattn.errors import visible
from symattn.submission.marks import NOT, RIGHT, WRONG, Marking

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def to_sarif(markings: Iterable[Marking]) -> str:
    """Return a run with a result for each line that is not right, and for each unreadable file.

    >>> found = json.loads(to_sarif([Marking("a.tex", error="a.tex is empty")]))
    >>> found["runs"][0]["results"][0]["message"]["text"]
    'a.tex is empty'
    """
    return sarif_of([result for marking in markings for result in _results(marking)])


def sarif_of(results: Sequence[dict[str, Any]]) -> str:
    """Return a run with these results."""
    used = sorted({result["ruleId"] for result in results})
    rules = [{"id": code, "shortDescription": {"text": CODES.get(code, code)}} for code in used]
    driver = {"name": "symattn", "version": __version__, "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    found = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def _results(marking: Marking) -> list[dict[str, Any]]:
    if marking.error:
        return [sarif_result(marking.name, "bad-input", "error", marking.error, 1)]
    found = []
    for mark in marking.marks:
        if mark.group in (RIGHT, NOT):
            continue
        finding = mark.finding
        level = "error" if mark.group == WRONG else "warning"
        text = "; ".join(filter(None, [finding.reason, finding.nearest]))
        said = f"{mark.formula.question}: {finding.verdict}: {text}"
        found.append(sarif_result(marking.name, finding.code, level, said, mark.formula.line))
    return found


def sarif_result(name: str, code: str, level: str, text: str, line: int) -> dict[str, Any]:
    """Return what is said of one line of a file."""
    place = {"uri": quote(name.encode("utf-8", "replace"))}
    region = {"startLine": max(1, line)}
    where = {"physicalLocation": {"artifactLocation": place, "region": region}}
    said = {"text": visible(text, 2_000)}
    return {"ruleId": code, "level": level, "message": said, "locations": [where]}
