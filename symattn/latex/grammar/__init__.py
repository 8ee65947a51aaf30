"""From the syntax tree to the algebra, one subject a file."""
