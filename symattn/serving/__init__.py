"""A local page on which a line is read and judged, and a file is dropped."""
