"""The commands of `symattn`: one module for each group, imported when one of its commands is used.

A module holds the click commands that `symattn.cli.COMMANDS` says it has.  It imports SymPy, NumPy
and the rest of symattn inside its functions.
"""
