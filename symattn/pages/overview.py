"""One page over all sheets: every claim with its verdict, and a way to it; nothing is fetched."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from symattn.pages import mathml
from symattn.pages.graph import anchor
from symattn.pages.html import MEANING, PASSED, TEMPLATES
from symattn.pages.template import html_template

INDEX = "index.html"


def render_overview(reports: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the page.

    Parameters
    ----------
    reports : where a sheet's pages are, from this one ('' or 'name/') -> what its report.json holds.
    """
    from markupsafe import Markup

    total = dict.fromkeys(MEANING, 0)
    for report in reports.values():
        for word, count in report["verdicts"].items():
            total[word] += count
    text = html_template(TEMPLATES, "overview.html.j2").render(
        reports=reports,
        total={word: count for word, count in total.items() if count},
        formula=lambda latex: Markup(mathml.inline(latex)),
        anchor=anchor,
        passed=PASSED,
        meaning=MEANING,
    )
    return re.sub(r"\n\s*\n+", "\n", text)


def overview_of(files: Mapping[str, bytes]) -> bytes:
    """Return the page of all reports among some files, the first sheet's first."""
    places = sorted(
        name.removesuffix("report.json") for name in files if name.endswith("report.json")
    )
    return render_overview({at: json.loads(files[f"{at}report.json"]) for at in places}).encode()
