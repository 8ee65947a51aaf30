"""The second reader, on latex2sympy2: it shares nothing with our own, for the read-back check."""

from symattn.latex.second.reader import second_reading

__all__ = ["second_reading"]
