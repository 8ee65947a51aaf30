"""The checker is checked: mutants of claims, and whether a mutant is true all the same."""
