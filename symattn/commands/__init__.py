"""The commands of `symattn`: one module for each group, imported when one of its commands is used.

A module holds `app`, a `typer.Typer`, with one function for each command that
`symattn.cli.COMMANDS` says it has.  It imports SymPy, NumPy and the rest of symattn inside its
functions.
"""
