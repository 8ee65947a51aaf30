"""Whole documents: every link of every chain in somebody's paper, judged without a question."""
