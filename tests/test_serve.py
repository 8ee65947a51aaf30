"""The local page: what it answers, what it refuses, and that it goes on whatever is sent."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from werkzeug.test import Client

from symattn.commands.serve import made
from symattn.errors import SymattnError
from symattn.serving import local_page as serving
from symattn.serving.local_page import LocalPage

HOST = "127.0.0.1:8000"
RIGHT, WRONG = r"q = \gamma (k_i + k_j)", r"q = \frac{k_i + k_j}{2}"
MARKUP = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def site():
    return LocalPage("attention", [HOST])


@pytest.fixture
def client(site):
    return Client(site)


def sent(client, path, latex, question="q1c", headers=None, **more):
    data = {"question": question, "latex": latex, **more}
    return client.post(path, data=data, base_url=f"http://{HOST}", headers=headers or {})


def test_a_line_is_read_and_judged(client):
    read = sent(client, "/read", r"q = t (k_a + k_b)").text
    assert "Read as <math>" in read
    assert "proved" not in read
    found = sent(client, "/judge", WRONG).text
    for said in ("refuted", "fixed-scale", "Counterexample", "0.3837", "right with a scale"):
        assert said in found
    assert "proved" in sent(client, "/judge", RIGHT).text
    whole = sent(client, "/", WRONG, do="judge").text  # the form without a script
    assert "fixed-scale" in whole
    assert "orthogonal" in whole
    assert sent(client, "/", WRONG, do="show").text.count("fixed-scale") == 0


def test_what_a_letter_stands_for_is_taken(client):
    line = r"M = 2 A (A^\top A)^{-1} A^\top"
    assert "proved" in sent(client, "/judge", line, "q1d", where="A = S").text
    assert "A=S" in sent(client, "/judge", line, "q1d", where="A").text
    assert "cannot stand for" in sent(client, "/judge", line, "q1d", where="A=Z").text


@pytest.mark.parametrize("where", ["", MARKUP])
@pytest.mark.parametrize(
    "line", [MARKUP, rf"q = \text{{{MARKUP}}}", rf"{MARKUP} = q", "q = \x1b]0;x\x07", r"\input{/etc/passwd}"]
)  # fmt: skip
def test_what_is_written_is_never_markup(client, line, where):
    for path in ("/", "/read", "/judge"):
        text = sent(client, path, line, where=where, do="judge").text
        assert "<img" not in text
        assert "root:" not in text
        assert "Traceback" not in text
        assert text.count("<script") == (path == "/")


def test_every_answer_forbids_foreign_scripts(client):
    for answer in (
        client.get("/", base_url=f"http://{HOST}"),
        sent(client, "/judge", WRONG),
        client.get("/nowhere", base_url=f"http://{HOST}"),
        posted(client, b"\\[ q = 1 \\]", "a.tex"),
    ):
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy.replace("style-src 'unsafe-inline'", "")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    page = client.get("/", base_url=f"http://{HOST}").text
    assert not re.search(r"<script(?! src=\"/serve.js\" defer></script>)|\son\w+=|style=", page)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1:9", "localhost"])
def test_another_name_is_refused(client, host):
    assert client.get("/", base_url=f"http://{host}").status_code == 421
    assert client.post("/judge", base_url=f"http://{host}", data={}).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-LocalPage": "cross-site"},
     {"Sec-Fetch-LocalPage": "same-site"}, {"Origin": f"https://{HOST}"}],
)  # fmt: skip
def test_another_site_sends_nothing(client, headers):
    assert sent(client, "/judge", RIGHT, headers=headers).status_code == 403
    own = {"Origin": f"http://{HOST}", "Sec-Fetch-LocalPage": "same-origin"}
    assert sent(client, "/judge", RIGHT, headers=own).status_code == 200


def test_what_is_too_long_or_broken_is_refused_in_one_line(client):
    url = f"http://{HOST}"
    answers = {
        413: [sent(client, "/judge", "x" * 1_000_000), posted(client, b"x" * 6_000_000, "a.tex")],
        404: [sent(client, "/judge", RIGHT, "q9z"), client.get("/../etc/passwd", base_url=url),
              sent(client, "/other", RIGHT)],
        405: [client.put("/judge", base_url=url), client.delete("/", base_url=url)],
        400: [client.post("/file", base_url=url, data={"file": "no file"})],
    }  # fmt: skip
    for status, found in answers.items():
        assert [answer.status_code for answer in found] == [status] * len(found)
        assert all(answer.text.count("\n") == 1 for answer in found)
    assert posted(client, b"x", "a.tex", **{f"field{n}": "" for n in range(50)}).status_code == 413
    broken = client.post("/file", base_url=url, data=b"\xff\0", content_type="multipart/form-data")
    assert broken.status_code == 400


def posted(client, content, name, **more):
    """Send a file as a browser does; werkzeug's own way leaves files open that it made for it."""
    head = 'Content-Disposition: form-data; name="{}"'.format
    parts = [f"--x\r\n{head(key)}\r\n\r\n{value}\r\n".encode() for key, value in more.items()]
    file = f'--x\r\n{head("file")}; filename="{name}"\r\n\r\n'.encode()
    body = b"".join([*parts, file, content, b"\r\n--x--\r\n"])
    kind = "multipart/form-data; boundary=x"
    return client.post("/file", data=body, content_type=kind, base_url=f"http://{HOST}")


def test_a_file_gives_the_report_of_the_command(client):
    text = f"\\section*{{Q1 (c)}}\n\\[ {WRONG} \\]\n{MARKUP}\n".encode()
    page = posted(client, text, "../../anna<b>.tex").text
    assert "fixed-scale" in page
    assert "<b>" not in page
    assert "<img" not in page
    assert "anna&lt;b&gt;.tex" in page
    bare = posted(client, f"\\[ {WRONG} \\]".encode(), "a.tex", answers="q1c").text
    assert "fixed-scale" in bare


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.tex", "is empty"),
        (b"%PDF-1.5", "a.pdf", "a PDF is not read"),
        (b"\0\1", "a.tex", "is not text"),
        (b"{", "a.ipynb", "is no notebook"),
        (b"\\[ q = \\foo \\]", "a.exe", "no heading names a question"),
        (b"[" * 400_000, "a.ipynb", "no notebook"),
    ],
)
def test_a_file_that_is_not_read_says_why(client, content, name, said):
    found = posted(client, content, name)
    assert found.status_code == 200
    assert said in found.text
    assert "symattn-" not in found.text  # where it was kept


def test_no_more_files_at_once_than_are_allowed(site, client):
    for _ in range(serving.FILES_AT_ONCE):
        assert site.files.acquire(blocking=False)
    try:
        assert posted(client, b"\\[ q = 1 \\]", "a.tex").status_code == 503
        assert sent(client, "/judge", RIGHT).status_code == 200  # lines go on
    finally:
        for _ in range(serving.FILES_AT_ONCE):
            site.files.release()
    assert posted(client, b"\\[ q = 1 \\]", "a.tex").status_code == 200


def test_many_lines_at_once_are_all_judged(site):
    """Each in a process of its own with its bounds, from any thread."""
    lines = [RIGHT, WRONG, r"q = \foo", MARKUP] * 4
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda line: sent(Client(site), "/judge", line).text, lines))
    words = [re.search(r'class="badge [\w-]+">(\w+)<', text)[1] for text in found]
    assert words == ["proved", "refuted", "unread", "unread"] * 4


def test_a_line_that_takes_too_long_is_ended(client, monkeypatch):
    monkeypatch.setattr(serving, "LINE_SECONDS", 0.2)
    long = r"M = 2 ((((S (S^\top S)^{-1} S^\top)^{8})^{8})^{8})^{8}"
    assert "undecided" in sent(client, "/judge", long, "q1d").text


def test_without_its_libraries_it_says_how_to_install_them(monkeypatch):
    monkeypatch.setitem(sys.modules, "waitress.server", None)
    with pytest.raises(SymattnError) as error:
        made(0, None)
    assert "pip install 'symattn[serve]'" in str(error.value)


def test_it_listens_on_this_machine_only_and_says_what_is_taken():
    server, address = made(0, None)
    try:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", address)
        assert server.socket.getsockname()[0] == "127.0.0.1"
        with pytest.raises(SymattnError, match="cannot be had"):
            made(int(server.effective_port), None)
    finally:
        server.task_dispatcher.shutdown()
        server.close()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /proc and fork")
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
def test_nothing_outlives_it(how):
    process = subprocess.Popen(
        [sys.executable, "-m", "symattn", "serve", "--port", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        # a job in the background of a shell is born deaf to it, and so are its children
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    address = re.search(r"http://\S+/", process.stdout.readline())[0]
    data = urllib.parse.urlencode({"question": "q1c", "latex": WRONG}).encode()
    assert "fixed-scale" in urllib.request.urlopen(f"{address}judge", data).read().decode()
    left = below(process.pid)
    assert left
    process.send_signal(how)
    _, complaints = process.communicate()
    assert "Traceback" not in complaints
    until = time.monotonic() + 60
    while any(map(running, left)) and time.monotonic() < until:
        time.sleep(0.05)
    assert [pid for pid in left if running(pid)] == []
    if how != signal.SIGKILL:
        assert process.returncode == 0


def below(pid):
    tasks = Path(f"/proc/{pid}/task").iterdir()
    own = [int(c) for task in tasks for c in (task / "children").read_text().split()]
    return [p for child in own for p in (child, *below(child))]


def running(pid):
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False
