"""The language server, by its protocol."""

import asyncio
import sys

import pytest

pytest.importorskip("pygls")
from lsprotocol import types
from pygls.lsp.client import LanguageClient

URI = "file:///paper.tex"
TEXT = "𝔸 We expand $(a + b)^2 = a^2 + 2 a b + b^2 = a^2 + b^2$.\n\nAnd $x$ is left.\n"
PATIENCE = 120  # for a start beside other work; nothing is measured


async def spoken():
    """Open a document, ask about it, mend it, and return what the server says."""
    client = LanguageClient("test", "1")
    published: asyncio.Queue = asyncio.Queue()

    @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    def _published(params):
        published.put_nowait(params)

    await client.start_io(sys.executable, "-m", "symattn", "lsp")
    await client.initialize_async(types.InitializeParams(capabilities=types.ClientCapabilities()))
    client.initialized(types.InitializedParams())
    client.text_document_did_open(
        types.DidOpenTextDocumentParams(types.TextDocumentItem(URI, "latex", 1, TEXT))
    )
    # a hover is answered while the document is still judged
    place = types.TextDocumentIdentifier(URI)
    early = await client.text_document_hover_async(types.HoverParams(place, types.Position(0, 30)))
    first = await asyncio.wait_for(published.get(), PATIENCE)
    hover = await client.text_document_hover_async(types.HoverParams(place, types.Position(0, 30)))
    aside = await client.text_document_hover_async(types.HoverParams(place, types.Position(2, 1)))
    for version, text in ((2, "$"), (3, TEXT.replace("= a^2 + b^2$", "$"))):
        client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(version, URI),
                [types.TextDocumentContentChangeWholeDocument(text)],
            )
        )
    second = await asyncio.wait_for(published.get(), PATIENCE)
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()
    return early, first, hover, aside, second


def test_an_editor_is_told_what_does_not_follow():
    early, first, hover, aside, second = asyncio.run(spoken())
    assert early is None
    (wrong,) = first.diagnostics
    assert wrong.severity == types.DiagnosticSeverity.Error
    assert wrong.source == "symattn"
    assert "does not follow" in wrong.message
    line = TEXT.split("\n", maxsplit=1)[0]
    units = len(line[: line.index("(a")].encode("utf-16-le")) // 2
    assert (wrong.range.start.line, wrong.range.start.character) == (0, units)
    assert "read as: a real, b real" in hover.contents.value
    assert "at a = " in hover.contents.value
    assert aside is None
    # two changes in one breath are judged once, as they are in the end
    assert (second.version, list(second.diagnostics)) == (3, [])
