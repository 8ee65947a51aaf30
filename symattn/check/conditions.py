from __future__ import annotations
def extreme(kind):
    return lambda *a: None
def judge_condition(*a):
    return None
