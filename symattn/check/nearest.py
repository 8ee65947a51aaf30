from __future__ import annotations
def nearest_right(found, bench):
    return found
