"""What a script and a notebook call: a derivation with its verdicts, and a script by itself."""

from __future__ import annotations

import sys
from pathlib import Path

from symattn.check.study import Result, check_steps, examine, examine_claim, study
from symattn.derive.script import derive

__all__ = ["Result", "check_steps", "derive", "examine", "examine_claim", "main", "study"]


def main(script: str) -> None:
    """Run one derivation by itself: print its steps and verdicts; exit 1 when one does not pass.

    It is what `python derivations/<sheet>/q1c.py` calls.
    """
    from symattn.commands.common import failing
    from symattn.commands.questions import print_steps, print_verdicts

    with failing():
        result = study(Path(script).resolve())
        print_steps(result)
        print_verdicts([result])
        sys.exit(0 if result.passed else 1)
