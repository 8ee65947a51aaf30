"""Open a page in a headless browser and see that it is laid out: page_check.py PAGE [PICTURE].

Every formula and figure has a box, nothing runs out of a phone's screen, nothing is fetched and the
console is silent. The first argument is the page, the second a PNG to write (a phone's view).
"""

from __future__ import annotations

import shutil
import sys
from base64 import b64decode
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

PHONE, DESK = (390, 844), (1100, 1400)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
)
LOOK = """
for (const details of document.querySelectorAll("details")) details.open = true;
const name = element => (element.closest("[id]")?.id || "the page") + ": "
  + element.textContent.trim().replace(/\\s+/g, " ").slice(0, 60);
const bare = selector => [...document.querySelectorAll(selector)].filter(element => {
  const box = element.getBoundingClientRect();
  return !(box.width > 0 && box.height > 0);
}).map(name);
const room = document.documentElement.clientWidth;
return {
  formulas: document.querySelectorAll("math").length,
  figures: document.querySelectorAll("figure").length,
  drawings: document.querySelectorAll("figure svg").length,
  bareFormulas: bare("math"),
  bareDrawings: bare("figure svg"),
  emptyDrawings: [...document.querySelectorAll("figure svg")]
    .filter(svg => !svg.querySelector("path, use, circle")).map(name),
  errors: [...document.querySelectorAll("math merror, parsererror")].map(name),
  twice: [...document.querySelectorAll("[id]")].map(e => e.id)
    .filter((id, at, all) => all.indexOf(id) !== at),
  dead: [...document.querySelectorAll('a[href^="#"]')].map(a => a.getAttribute("href").slice(1))
    .filter(id => !document.getElementById(id)),
  width: document.documentElement.scrollWidth,
  room: room,
  wide: [...document.querySelectorAll("body *")].filter(element =>
    !element.closest(".scroll, .assumed, svg") && element.getBoundingClientRect().right > room + 0.5
  ).map(name).slice(0, 3),
  fetched: performance.getEntriesByType("resource").map(entry => entry.name)
    .filter(address => !address.startsWith("data:")),
};
"""


def browser() -> webdriver.Chrome:
    """Return a headless browser, from the programs that the system has."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    driver = shutil.which("chromedriver")
    if program is None or driver is None:
        sys.exit("page_check: chromium and chromedriver are needed (chromium, chromium-driver)")
    options = Options()
    options.binary_location = program
    for flag in FLAGS:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(options=options, service=Service(driver))


def view(chrome: webdriver.Chrome, page: Path, size: tuple[int, int]) -> dict[str, Any]:
    """Return what the page looks like at a size in CSS pixels."""
    width, height = size
    chrome.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": size == PHONE},
    )
    chrome.get(page.as_uri())
    found: dict[str, Any] = chrome.execute_script(LOOK)
    return found


def faults(found: dict[str, Any], width: int) -> list[str]:
    """Return a plain sentence for each thing that is wrong."""
    said = []
    if not found["formulas"]:
        said.append("there is no formula on it")
    if found["drawings"] != found["figures"]:
        said.append(f"{found['figures']} figures hold {found['drawings']} drawings")
    for key, what in (
        ("bareFormulas", "a formula has no box"),
        ("bareDrawings", "a figure has no box"),
        ("emptyDrawings", "a figure draws nothing"),
        ("errors", "the browser refused a formula"),
        ("twice", "an id stands twice"),
        ("dead", "a link leads nowhere"),
        ("fetched", "something is fetched"),
    ):
        said += [f"{what} ({item})" for item in found[key][:3]]
    if found["room"] != width or found["width"] > found["room"]:
        where = "; ".join(found["wide"])
        said.append(f"it is {found['width']} px wide on a screen of {width} px ({where})")
    return said


def main() -> None:
    page = Path(sys.argv[1]).resolve()
    if not page.is_file():
        sys.exit(f"page_check: there is no page {page}")
    try:
        chrome = browser()
    except WebDriverException as error:
        sys.exit(f"page_check: the browser did not start: {error.msg}")
    said: list[str] = []
    try:
        for size in (DESK, PHONE):
            found = view(chrome, page, size)
            said += [f"at {size[0]} px: {fault}" for fault in faults(found, size[0])]
        if len(sys.argv) > 2:
            whole = {"format": "png", "captureBeyondViewport": True}
            picture = chrome.execute_cdp_cmd("Page.captureScreenshot", whole)
            Path(sys.argv[2]).write_bytes(b64decode(picture["data"]))
        said += [f"the console says: {line['message']}" for line in chrome.get_log("browser")]
    finally:
        chrome.quit()
    if said:
        sys.exit("\n".join(f"page_check: {line}" for line in said))
    print(f"page_check: {found['formulas']} formulas, {found['figures']} figures, all laid out")


if __name__ == "__main__":
    main()
