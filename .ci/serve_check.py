"""Use the local page in a headless browser as a person would: serve_check.py [PICTURES].

A line is typed and read, judged with the keyboard alone, refuted with its counterexample; what is
written as markup stays text; a file is chosen and reported; without JavaScript the form works too;
when the program is killed, nothing of it goes on.  PICTURES is a folder for PNG files.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from base64 import b64decode
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from page_check import DESK, PHONE, browser
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

PATIENCE = 30
WRONG = r"q = \frac{k_i + k_j}{2}"
MARKUP = r"q = <img src=x onerror=document.title='ran'> \input{/etc/passwd} <script>1</script>"
SENT = (
    "\\section*{Q1 (c)}\n\\[ q = \\frac{k_i + k_j}{2} \\]\n<script>document.title='ran'</script>\n"
)
LOOK = """
const named = e => e.labels?.length || e.getAttribute("aria-label") || e.textContent.trim();
return {
  unnamed: [...document.querySelectorAll("input, select, textarea, button")]
    .filter(e => !named(e)).map(e => e.id),
  lives: [...document.querySelectorAll("[aria-live]")].map(e => e.id),
  room: document.documentElement.clientWidth,
  width: document.documentElement.scrollWidth,
  foreign: performance.getEntriesByType("resource").map(entry => entry.name)
    .filter(name => !name.startsWith(location.origin) && !name.startsWith("data:")),
};
"""


class Check:
    """A browser on the page, and what is wrong."""

    def __init__(self, chrome: webdriver.Chrome, address: str, pictures: Path | None) -> None:
        self.chrome, self.address, self.pictures = chrome, address, pictures

    def opened(self, size: tuple[int, int] = DESK) -> None:
        width, height = size
        self.chrome.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": size == PHONE},
        )
        self.chrome.get(self.address)

    def of(self, name: str) -> Any:
        return self.chrome.find_element(By.ID, name)

    def until(self, name: str, text: str) -> str:
        def there(_: object) -> str | None:
            said = str(self.of(name).text)
            return said if text in said else None

        return str(self.waiting().until(there, f"#{name} never says {text!r}"))

    def waiting(self) -> WebDriverWait:
        """Wait for a page that may be on its way: an element found on the one before is looked for again."""
        return WebDriverWait(
            self.chrome, PATIENCE, ignored_exceptions=[StaleElementReferenceException]
        )

    def picture(self, name: str) -> None:
        if self.pictures is not None:
            whole = {"format": "png", "captureBeyondViewport": True}
            found = self.chrome.execute_cdp_cmd("Page.captureScreenshot", whole)
            (self.pictures / f"{name}.png").write_bytes(b64decode(found["data"]))

    def keys(self, *keys: str) -> None:
        webdriver.ActionChains(self.chrome).send_keys(*keys).perform()

    def focused(self) -> str:
        return str(self.chrome.execute_script("return document.activeElement.id"))

    def by_keyboard(self) -> None:
        """Choose the question, type a line, read it and judge it, without a pointer."""
        self.opened()
        seen = []
        while "question" not in seen:
            assert len(seen) < 10, f"the question is not reached with Tab: {seen}"
            self.keys(Keys.TAB)
            seen.append(self.focused())
        self.keys("q1c")
        self.until("asked", "orthogonal")
        self.keys(Keys.TAB)
        assert self.focused() == "latex", f"after the question comes {self.focused()!r}"
        self.keys(WRONG)
        self.until("reading", "Read as")
        assert self.of("reading").find_elements(By.TAG_NAME, "math"), "it is read without MathML"
        assert not self.of("verdict").text, "it is judged before it is asked for"
        self.keys(Keys.TAB, Keys.TAB)
        assert self.focused() == "judge", f"after the letters comes {self.focused()!r}"
        self.keys(Keys.ENTER)
        said = self.until("verdict", "refuted")
        assert "right with a scale" in said, "the hint is missing"
        assert "Counterexample" in said, "the counterexample is missing"
        assert "0.3837" in said, "its numbers are missing"
        self.picture("wrong")
        self.chrome.execute_script("document.getElementById('latex').focus()")
        self.keys(" + 0")  # another line: the verdict was not on it
        self.waiting().until(lambda _: not self.of("verdict").text)
        chain = webdriver.ActionChains(self.chrome).key_down(Keys.CONTROL)
        chain.send_keys(Keys.ENTER).key_up(Keys.CONTROL).perform()
        self.until("verdict", "refuted")

    def layout(self) -> None:
        """Look at names, live regions and width on a desk and on a phone."""
        for size in (DESK, PHONE):
            self.opened(size)
            self.of("question").send_keys("q1c")
            self.of("latex").send_keys(WRONG)
            self.of("judge").click()
            self.until("verdict", "refuted")
            found = self.chrome.execute_script(LOOK)
            assert not found["unnamed"], f"without a name: {found['unnamed']}"
            assert {"reading", "verdict"} <= set(found["lives"]), f"live are {found['lives']}"
            assert found["width"] <= found["room"] == size[0], f"{found['width']} px of {size[0]}"
            assert not found["foreign"], f"fetched from elsewhere: {found['foreign']}"
            self.picture("phone" if size == PHONE else "desk")

    def hostile(self) -> None:
        """Send markup and commands; they stay text."""
        self.opened()
        self.of("latex").send_keys(MARKUP)
        self.of("judge").click()
        self.until("verdict", "unread")
        for place in ("verdict", "reading"):
            found = self.of(place).find_elements(By.CSS_SELECTOR, "img, script, iframe")
            assert not found, f"#{place} holds what was written as markup"
        assert "ran" not in self.chrome.title
        assert "root:" not in self.chrome.page_source
        huge = "document.getElementById('latex').value = 'q = ' + 'x + '.repeat(250000) + 'x'"
        self.chrome.execute_script(huge)
        self.of("judge").click()
        self.until("verdict", "too long")

    def file(self, folder: Path) -> None:
        """Drop a file and read its report."""
        path = folder / "anna.tex"
        path.write_text(SENT, encoding="utf-8")
        self.opened()
        self.chrome.execute_script(
            """
            const carried = new DataTransfer();
            carried.items.add(new File([arguments[0]], "anna.tex"));
            document.getElementById("drop").dispatchEvent(
              new DragEvent("drop", {dataTransfer: carried, bubbles: true, cancelable: true}));
            """,
            SENT,
        )
        wait = self.waiting()
        wait.until(lambda chrome: "anna.tex" in chrome.title, "no report of a dropped file")
        self.report()
        self.opened()
        self.of("file").send_keys(str(path))
        self.of("send").click()
        wait.until(lambda chrome: "anna.tex" in chrome.title, "no report of a chosen file")
        self.report()

    def report(self) -> None:
        page = self.waiting().until(lambda chrome: chrome.find_element(By.TAG_NAME, "body").text)
        assert "refuted" in page, "the report has no verdict"
        assert "<script>" in page, "the source is not shown as it stands"
        assert not self.chrome.find_elements(By.TAG_NAME, "script"), "the report holds a script"
        self.picture("report")

    def plain(self) -> None:
        """Judge without JavaScript."""
        self.chrome.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
        self.opened()
        self.of("question").send_keys("q1c")
        self.of("latex").send_keys(WRONG)
        self.of("judge").click()
        said = self.until("verdict", "refuted")
        assert "Counterexample" in said, "without JavaScript there is no counterexample"
        assert self.of("latex").get_attribute("value") == WRONG, "the line is lost"
        self.chrome.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def below(pid: int) -> list[int]:
    """Return the processes below one, and those below them."""
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in map(int, (task / "children").read_text().split()):
            found += [child, *below(child)]
    return found


def running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def main() -> None:
    pictures = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    program = Path(sys.executable).with_name("symattn")
    command = [
        str(program if program.exists() else shutil.which("symattn")),
        "serve",
        "--port",
        "0",
    ]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        said = server.stdout.readline()
        address = next((word for word in said.split() if word.startswith("http://127.0.0.1:")), "")
        assert address, f"it says {said!r}"
        chrome = browser()
        try:
            with TemporaryDirectory() as folder:
                check = Check(chrome, address, pictures)
                check.by_keyboard()
                check.layout()
                check.file(Path(folder))
                check.plain()
                loud = [m for m in chrome.get_log("browser") if "favicon" not in m["message"]]
                assert not loud, f"the console says {loud[:2]}"
                check.hostile()
        finally:
            chrome.quit()
        left = below(server.pid)
        assert left, "it judged without a process of its own"
        server.send_signal(signal.SIGKILL)
        server.wait()
        until = time.monotonic() + PATIENCE
        while any(map(running, left)) and time.monotonic() < until:
            time.sleep(0.1)
        assert not any(map(running, left)), "a process outlives the page's program"
    except (AssertionError, WebDriverException) as error:
        sys.exit(f"serve_check: {getattr(error, 'msg', error)}")
    finally:
        server.kill()
        server.wait()
    print("serve_check: typed, read, judged, dropped, without a pointer and without JavaScript")


if __name__ == "__main__":
    main()
