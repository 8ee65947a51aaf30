"""Compare two answer sheets file by file, byte by byte: compare.py [--loose] KEPT WRITTEN.

The bytes of a PDF and where it breaks a line depend on the version of TeX: two that differ must have
the same characters (the LaTeX they come from is compared byte by byte), and it is said.  In lab/ the
figures may differ always: they show what was trained, and the last digits of a matrix product depend
on the processor.  With --loose the figures may differ everywhere (another NumPy sampled them), and
the PDF and lab/, which takes longer to write, may be missing.
"""

from __future__ import annotations

import difflib
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

SVG = re.compile(rb"<svg.*?</svg>", re.DOTALL)


def files(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def text(pdf: Path) -> list[str]:
    command = ["pdftotext", "-layout", str(pdf), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def characters(pages: list[str]) -> Counter[str]:
    return Counter("".join("".join(line.split()) for line in pages))


def lines(data: bytes) -> list[str]:
    # One element a line, so that a difference can be seen in a page without line breaks.
    return data.decode("utf-8", "replace").replace("><", ">\n<").splitlines()


def differences(name: str, kept: Path, written: Path, loose: bool) -> list[str]:
    """Return the first lines that differ, nothing if the two files are as good as the same."""
    old, new = (kept / name).read_bytes(), (written / name).read_bytes()
    if old == new:
        return []
    if name.startswith("figures/") and loose:
        print(f"{name}: drawn otherwise (allowed here)")
        return []
    if name.endswith(".pdf"):
        first, second = text(kept / name), text(written / name)
        if characters(first) == characters(second):
            print(f"{name}: other bytes, the same characters")
            return []
    else:
        if loose or name.startswith("lab/"):
            old, new = SVG.sub(b"<svg/>", old), SVG.sub(b"<svg/>", new)
        if old == new:
            print(f"{name}: drawn otherwise (allowed here)")
        first, second = lines(old), lines(new)
    return [line[:200] for line in difflib.unified_diff(first, second, "kept", "written", n=0)][:20]


def main() -> int:
    loose = "--loose" in sys.argv
    kept, written = (Path(argument) for argument in sys.argv[1:] if argument != "--loose")
    old, new = files(kept), files(written)
    wrong = [f"{name}: in {kept} only" for name in sorted(old - new)]
    wrong += [f"{name}: in {written} only" for name in sorted(new - old)]
    if loose:
        wrong = [w for w in wrong if ".pdf:" not in w and not w.startswith("lab/")]
    if not new:
        wrong.append(f"{written} is empty")
    for name in sorted(old & new):
        found = differences(name, kept, written, loose)
        if found:
            wrong += [f"{name}: differs", *found]
    print("\n".join(wrong) or f"{len(new)} files are the same")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
