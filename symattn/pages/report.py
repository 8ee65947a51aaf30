"""The report: every claim, its verdict and the evidence, as JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

SCHEMA = 1


def render_report(report: Mapping[str, Any]) -> bytes:
    """Return a report as JSON in UTF-8: sorted keys, a final newline, and a "schema" number.

    NumPy's numbers and arrays become plain ones; what is not finite becomes its name.

    Raises
    ------
    TypeError : for a value that JSON has no form for.

    >>> render_report({"b": float("inf"), "a": (1, 2)}).decode().split()
    ['{', '"a":', '[', '1,', '2', '],', '"b":', '"inf",', '"schema":', '1', '}']
    """
    text = json.dumps(
        {"schema": SCHEMA, **plain(report)},
        sort_keys=True,
        indent=2,
        ensure_ascii=False,
        allow_nan=False,
    )
    return (text + "\n").encode()


def plain(value: Any) -> Any:
    """Return data as JSON can hold it; what is not finite becomes its name."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value
