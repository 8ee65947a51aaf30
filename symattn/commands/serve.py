"""`symattn serve`: a page on this machine on which lines and files are judged."""

from __future__ import annotations

import signal
import socket
import sys
from threading import Thread
from typing import Any

import click

from symattn.commands.common import failing, say
from symattn.commands.options import Command, number, sheet_option
from symattn.errors import SymattnError

HOST, PORT = "127.0.0.1", 8321
THREADS = 4


@click.command(cls=Command)
@number(
    "--port", "Its port; 0 for any that is free.", "N", 0, 65535, default=PORT, show_default=True
)
@sheet_option
def serve(port: int, sheet: str | None) -> None:
    """Open a page on this machine to paste a formula or drop a file.

    It answers on 127.0.0.1 only, shows how a line is read while it is typed, and judges within the
    bounds of `symattn check`.

    \b
    Examples:
      symattn serve
      symattn serve --port 0 --sheet softmax
    """
    with failing():
        server, address = made(port, sheet)
        say(f"symattn answers at {address} until Ctrl+C ends it")
        sys.stdout.flush()
        signal.signal(signal.SIGTERM, _end)
        server.run()


def made(port: int, sheet: str | None) -> tuple[Any, str]:
    """Return a server that listens, and its address.

    Raises
    ------
    SymattnError : what it is made of is not installed, or the port is taken.
    """
    try:
        from waitress.server import create_server

        from symattn.serving.local_page import MAX_FILE_FORM, LocalPage
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("symattn"):
            raise
        raise SymattnError(
            f"the page needs {error.name}, which is not installed", "pip install 'symattn[serve]'"
        ) from None
    site = LocalPage(sheet)
    listening = socket.socket()
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port))
    except OSError as error:
        listening.close()
        raise SymattnError(
            f"port {port} of {HOST} cannot be had: {error.strerror}",
            "choose another with --port; 0 takes any that is free",
        ) from None
    number = listening.getsockname()[1]
    site.hosts = frozenset(f"{name}:{number}" for name in (HOST, "localhost"))
    server = create_server(
        site,
        sockets=[listening],
        threads=THREADS,
        ident=None,
        connection_limit=100,
        channel_timeout=60,
        max_request_header_size=16_384,
        max_request_body_size=MAX_FILE_FORM,
    )
    first = next(iter(site.questions))
    Thread(target=site.judge.read, args=(first, "1 = 1", 5.0), daemon=True).start()  # loads it
    return server, f"http://{HOST}:{number}/"


def _end(*_: object) -> None:
    raise SystemExit(0)
