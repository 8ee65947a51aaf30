"""All files of a sheet but the PDF: the documents, the report and the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symattn.pages.report import render_report

if TYPE_CHECKING:
    from symattn.pages.model import Page
    from symattn.pages.tex import Style

TEX, HTML, REPORT, PDF = "answers.tex", "answers.html", "report.json", "answers.pdf"


def files_of(page: Page, style: Style = "brief") -> dict[str, bytes]:
    """Return relative name -> bytes: the same page gives the same bytes.

    Raises
    ------
    OutputError : a formula or a label that cannot be shown.
    """
    from symattn.pages.html import render_html
    from symattn.pages.tex import render_tex

    files: dict[str, bytes] = {}
    for name, (svg, pdf) in page.drawings.items():
        files[f"figures/{name}.svg"] = svg.encode()
        files[f"figures/{name}.pdf"] = pdf
    drawings = {name: svg for name, (svg, _) in page.drawings.items()}
    files[TEX] = render_tex(page, style).encode()
    files[HTML] = render_html(page, drawings, style).encode()
    files[REPORT] = render_report(page.report)
    return files


def tex_files(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return what the document needs to be compiled: itself and its figures."""
    return {
        name: data
        for name, data in files.items()
        if name == TEX or (name.startswith("figures/") and name.endswith(".pdf"))
    }
