"""Programs that are made from what the sheets derive."""
