"""The local page as a WSGI application: a question, a line, its verdict; a file and its report.

Whoever can reach it may send anything.  It answers to its own names only, so that no page of
another site reads through it; what is written to it is data, judged in another process within the
bounds of the command line, and shown escaped.  The one script is ours, and the page works without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from symattn.errors import SymattnError, visible
from symattn.pages.spoken import told, told_reading
from symattn.sheet import find_sheet, list_sheets
from symattn.spans import Prose
from symattn.submission.judging import Finding, SheetJudge
from symattn.submission.marking import MarkingOptions, mark_file
from symattn.submission.marks import GROUPS
from symattn.submission.page import TEMPLATES as STYLES
from symattn.submission.page import render, values_of
from symattn.submission.source import MAX_BYTES, OTHERS, SUFFIXES

if TYPE_CHECKING:
    from markupsafe import Markup

HERE = Path(__file__).parent
LINE_SECONDS, READ_SECONDS = 5.0, 1.5
MAX_FORM = 200_000
"""Bytes of a form without a file; a line is shorter."""
MAX_FILE_FORM = MAX_BYTES + MAX_FORM
FILES_AT_ONCE = 2
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:;"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
REPORT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
STATIC = {"/serve.js": "text/javascript", "/serve.css": "text/css"}


class _Form(Request):
    """A request whose form is bounded in size and in the number of its fields."""

    max_form_memory_size = MAX_FORM
    max_form_parts = 20


class _Refused(Exception):
    def __init__(self, status: int, said: str) -> None:
        super().__init__(said)
        self.status = status


class LocalPage:
    """The application.

    sheet : the sheet that is asked about; all of them when it is None.
    hosts : the names that it answers to, `127.0.0.1:8000`; they are known when its port is.
    """

    def __init__(self, sheet: str | None = None, hosts: Iterable[str] = ()) -> None:
        self.sheet = sheet
        self.hosts = frozenset(hosts)
        self.judge = SheetJudge(sheet)
        self.groups = _groups(self.judge, sheet)
        self.questions = {name: prose for _, rows in self.groups for name, _, prose in rows}
        self.files = BoundedSemaphore(FILES_AT_ONCE)

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        request = _Form(environ)
        request.max_content_length = MAX_FILE_FORM if request.path == "/file" else MAX_FORM
        try:
            response = self.answer(request)
        except _Refused as error:
            response = Response(f"{error}\n", error.status, mimetype="text/plain")
        except HTTPException as error:
            said = "that is too long" if error.code == 413 else "the request is broken"
            response = Response(f"{said}\n", error.code or 400, mimetype="text/plain")
        finally:
            request.close()
        response.headers.extend(HEADERS)
        response.headers.setdefault("Content-Security-Policy", PAGE_POLICY)
        return response(environ, start)

    def answer(self, request: _Form) -> Response:
        """Return the answer to a request.

        Raises
        ------
        _Refused, HTTPException : with the status that says why there is none.
        """
        _from_here(request, self.hosts)
        path, method = request.path, request.method
        if method in ("GET", "HEAD"):
            if path == "/":
                return _html(self.page(request.args.get("question", "")))
            if path == "/asked":
                return _html(self.asked(self.named(request.args.get("question", ""))))
            if path in STATIC:
                return Response(_static(path), mimetype=STATIC[path])
            raise _Refused(404, "there is no such page")
        if method != "POST":
            raise _Refused(405, "a page is read with GET, and a line sent with POST")
        if path == "/file":
            return self.report(request)
        if path not in ("/", "/read", "/judge"):
            raise _Refused(404, "there is no such page")
        question = self.named(request.form.get("question", ""))
        line, where = request.form.get("latex", "").strip(), request.form.get("where", "")
        if path == "/" and (request.form.get("do") == "show" or not line):
            return _html(self.page(question, line, where))
        judge, said = self.with_letters(where)
        if not line:
            found = None
        elif said:
            found = Finding("unread", "bad-input", said)
        elif path == "/read":
            found = judge.read(question, line, READ_SECONDS)
        else:
            found = judge.judge(question, line, LINE_SECONDS)
        if path == "/":
            return _html(self.page(question, line, where, found))
        return _html(_template("verdict.html.j2", found=found, reading=path == "/read"))

    def named(self, question: str) -> str:
        if question not in self.questions:
            raise _Refused(404, "there is no such question")
        return question

    def with_letters(self, where: str) -> tuple[SheetJudge, str]:
        """Return a judge for whom letters stand for what is said, `A=S, u=k`; or what is wrong."""
        pairs = []
        for piece in where.split(","):
            name, sign, meaning = (part.strip() for part in piece.partition("="))
            if name and sign and meaning:
                pairs.append((name, meaning))
            elif piece.strip():
                return self.judge, "a letter is explained as A=S; several with commas between them"
        return SheetJudge(self.sheet, tuple(pairs)), ""

    def page(
        self, question: str = "", line: str = "", where: str = "", found: Finding | None = None
    ) -> str:
        """Return the whole page; `found` is the verdict on the line, if there is one."""
        chosen = question if question in self.questions else next(iter(self.questions), "")
        return _template(
            "serve.html.j2",
            groups=self.groups,
            chosen=chosen,
            asked=told_prose(self.questions.get(chosen, ())),
            line=line,
            where=where,
            found=found,
            reading=False,
            suffixes=",".join(SUFFIXES),
        )

    def asked(self, question: str) -> str:
        """Return the text of a question."""
        return f"<p>{told_prose(self.questions[question])}</p>"

    def report(self, request: _Form) -> Response:
        """Judge a file that is sent and return the page that `symattn check FILE --out` writes."""
        sent = request.files.get("file")
        if sent is None or not sent.filename:
            raise _Refused(400, "no file was chosen")
        every = request.form.get("answers", "")
        mapped = (("*", self.named(every)),) if every else ()
        if not self.files.acquire(blocking=False):
            raise _Refused(503, "other files are being judged; send it again in a moment")
        try:
            name = visible(PurePath(sent.filename.replace("\\", "/")).name, 100)
            suffix = PurePath(name).suffix.lower()
            suffix = suffix if suffix in (*SUFFIXES, *OTHERS) else ".tex"
            with TemporaryDirectory(prefix="symattn-") as folder:
                path = Path(folder, f"sent{suffix}")
                sent.save(path)
                marking = mark_file(path, MarkingOptions(self.judge, mapped, page=True), name)
        finally:
            self.files.release()
        response = _html(marking.page or render("", marking))
        response.headers["Content-Security-Policy"] = REPORT_POLICY
        return response


def _from_here(request: _Form, hosts: frozenset[str]) -> None:
    """Refuse what another site sends, under a name that it made to mean this machine or from its pages."""
    host = request.environ.get("HTTP_HOST", "")
    if host not in hosts:
        raise _Refused(421, "this page answers to its own address only")
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-LocalPage", "same-origin")
    if request.method == "POST" and (
        origin not in (None, f"http://{host}") or site not in ("same-origin", "none")
    ):
        raise _Refused(403, "a line is sent from the page itself")


def _groups(
    judge: SheetJudge, sheet: str | None
) -> tuple[tuple[str, tuple[tuple[str, str, Prose], ...]], ...]:
    """Return the sheets with their questions: name, label, text."""
    known = set(judge.questions())
    found = []
    for source in [find_sheet(sheet)] if sheet else list_sheets():
        parts = source.sheet.parts
        rows = [
            (name, f"{name} {_short(parts[name].statement)}", parts[name].statement)
            for name in parts
            if name in known and name in source.scripts
        ]
        known -= {name for name, _, _ in rows}
        if rows:
            found.append((source.name, tuple(rows)))
    if not found:
        raise SymattnError("there is no question to answer")
    return tuple(found)


def _short(prose: Prose) -> str:
    words = " ".join(span.body for span in prose if span.kind == "text").split()
    return visible(" ".join(words[:8]) + (" …" if words[8:] else ""), 60)


def told_prose(prose: Prose) -> Markup:
    """Return a question's text as HTML."""
    from markupsafe import Markup, escape

    shown = []
    for span in prose:
        if span.kind in ("math", "display"):
            shown.append(told(f"${span.body}$"))
        elif span.kind in ("strike", "strikemath"):
            body = told(f"${span.body}$") if span.kind == "strikemath" else escape(span.body)
            shown.append(Markup("<s>{}</s>").format(body))
        else:
            shown.append(escape(span.body))
    return Markup("").join(shown)


def _template(name: str, **values: Any) -> str:
    from symattn.pages.template import html_template

    return html_template(HERE / "templates", name).render(
        **values,
        told=told,
        told_reading=told_reading,
        group=lambda found: GROUPS.get(found.verdict, found.verdict),
        instance=lambda found: values_of((found.counterexample or {}).get("instance", {})),
    )


@lru_cache
def _static(path: str) -> str:
    if path.endswith(".css"):
        colours = (STYLES / "style.css.j2").read_text("utf-8")
        return colours + (HERE / "static/serve.css").read_text("utf-8")
    return (HERE / "static" / path[1:]).read_text("utf-8")


def _html(text: str) -> Response:
    return Response(text, mimetype="text/html")
