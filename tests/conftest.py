"""Before NumPy is imported: its threads would wait for each other beside those of the other workers."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Another library's automatic derivatives are asked for by name, in a process of their own: JAX starts
# threads, beside which no test may fork.
collect_ignore = [] if os.environ.get("SYMATTN_PEERS") else ["test_program_peers.py"]
