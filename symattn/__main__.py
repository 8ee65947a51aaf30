"""`python -m symattn` is `symattn`."""

from __future__ import annotations

from symattn.cli import main

if __name__ == "__main__":
    main()
