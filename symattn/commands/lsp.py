"""`symattn lsp`: a language server, so that an editor underlines the link that does not follow."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from symattn.commands.common import failing
from symattn.commands.options import Command
from symattn.errors import BudgetExceeded, SymattnError

if TYPE_CHECKING:
    from lsprotocol import types
    from pygls.lsp.server import LanguageServer

PAUSE = 0.4
"""Seconds without a change before a document is judged."""
SECONDS = 300.0
MEMORY = 2 << 30
Data = dict[str, Any]


@click.command(cls=Command)
def lsp() -> None:
    """Speak the language server protocol on stdin and stdout: diagnostics, and what a link was read as.

    It needs pygls: pip install 'symattn[lsp]'.  Documents in LaTeX and Markdown are judged link by
    link after a pause in the writing, in another process.

    \b
    Example:
      symattn lsp
    """
    with failing():
        try:
            import pygls  # noqa: F401 - whether it is there
        except ImportError:
            hint = "pip install 'symattn[lsp]'"
            raise SymattnError("a language server needs pygls", hint) from None
        made_server().start_io()


def judged_text(text: str, name: str) -> Data:
    """Judge the text of a document; return plain data."""
    from symattn.document.paper import judge_paper
    from symattn.submission.source import source

    return judge_paper(source(text, markdown=not name.lower().endswith(".tex")), name).to_json()


def made_server() -> LanguageServer:
    """Return the server, which has not started yet."""
    from lsprotocol import types
    from pygls.lsp.server import LanguageServer

    from symattn import __version__

    server = LanguageServer("symattn", __version__)
    waiting: dict[str, asyncio.Task[None]] = {}
    found: dict[str, tuple[str, Data]] = {}
    one_at_a_time = asyncio.Semaphore(1)

    async def judge(uri: str) -> None:
        from symattn.check.budget import run_bounded

        await asyncio.sleep(PAUSE)
        async with one_at_a_time:
            document = server.workspace.get_text_document(uri)
            text, version = document.source, document.version
            text = text.replace("\r\n", "\n").replace("\r", "\n")

            def bounded() -> Data:
                name = urlsplit(uri).path
                return run_bounded(judged_text, text, name, seconds=SECONDS, memory=MEMORY)

            try:
                data = await asyncio.to_thread(bounded)
            except (BudgetExceeded, SymattnError) as error:
                told = types.LogMessageParams(types.MessageType.Warning, f"{uri}: {error}")
                server.window_log_message(told)
                return
            if server.workspace.get_text_document(uri).version != version:
                return  # a later change is judged next
            found[uri] = text, data
            made = list(_diagnostics(text, data))
            server.text_document_publish_diagnostics(
                types.PublishDiagnosticsParams(uri, made, version)
            )

    def changed(uri: str) -> None:
        if uri in waiting:
            waiting[uri].cancel()
        waiting[uri] = asyncio.ensure_future(judge(uri))

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def _opened(params: types.DidOpenTextDocumentParams) -> None:
        changed(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def _changed(params: types.DidChangeTextDocumentParams) -> None:
        changed(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    async def _closed(params: types.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        found.pop(uri, None)
        if uri in waiting:
            waiting.pop(uri).cancel()
        server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def _hover(params: types.HoverParams) -> types.Hover | None:
        from symattn.document.outputs import said

        text, data = found.get(params.text_document.uri, ("", {"links": []}))
        here = params.position
        inside = []
        for link in data["links"]:
            span = _range(text, link)
            if _key(span.start) <= _key(here) <= _key(span.end):
                inside.append(f"`{link['latex']}`\n\n{said(link)}")
        if not inside:
            return None
        return types.Hover(
            types.MarkupContent(types.MarkupKind.Markdown, "\n\n---\n\n".join(inside))
        )

    return server


def _key(at: types.Position) -> tuple[int, int]:
    return at.line, at.character


def _diagnostics(text: str, data: Data) -> Iterator[types.Diagnostic]:
    """Yield what is wrong as errors, and what is open as hints."""
    from lsprotocol import types

    from symattn.document.outputs import said

    levels = {
        "does not follow": types.DiagnosticSeverity.Error,
        "undecided": types.DiagnosticSeverity.Hint,
        "unread": types.DiagnosticSeverity.Hint,
    }
    for link in data["links"]:
        if link["outcome"] in levels:
            yield types.Diagnostic(
                _range(text, link),
                f"{link['latex']}: {said(link)}",
                severity=levels[link["outcome"]],
                code=link["code"],
                source="symattn",
            )


def _range(text: str, link: Data) -> types.Range:
    from lsprotocol import types

    return types.Range(_position(text, link["start"]), _position(text, link["end"]))


def _position(text: str, at: int) -> types.Position:
    """Return the line and the UTF-16 unit in it, as the protocol counts."""
    from lsprotocol import types

    begin = text.rfind("\n", 0, at) + 1
    units = len(text[begin:at].encode("utf-16-le", "surrogatepass")) // 2
    return types.Position(text.count("\n", 0, at), units)
