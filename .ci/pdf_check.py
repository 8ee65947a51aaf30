"""Compile the answer sheet in a directory and fail on any complaint of TeX: pdf_check.py OUT."""

from __future__ import annotations

import sys
from pathlib import Path

from symattn.errors import OutputError
from symattn.pages.pdf import compile_pdf


def main() -> int:
    out = Path(sys.argv[1])
    files = {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in (out / "answers.tex", *sorted(out.glob("figures/*.pdf")))
    }
    try:
        compiled = compile_pdf(files)
    except OutputError as error:
        print(error)
        return 1
    for warning in compiled.warnings:
        print(warning)
    print(f"{compiled.engine}: {len(compiled.pdf)} bytes, {len(compiled.warnings)} complaints")
    return 1 if compiled.warnings else 0


if __name__ == "__main__":
    sys.exit(main())
