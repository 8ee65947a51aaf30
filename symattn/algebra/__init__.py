"""Expressions of symbolic size, and what is known of them.

SymPy asks for what is known of an expression in a random order, so that its own tests find where the
order matters.  Here the order is fixed: the same input is the same work, and a twentieth less of it.
"""

import sys

import sympy.core.assumptions  # noqa: F401 - the package hides the module behind a function

setattr(sys.modules["sympy.core.assumptions"], "shuffle", list.sort)  # noqa: B010
