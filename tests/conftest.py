"""Before NumPy is imported: its threads would wait for each other beside those of the other workers."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
