"""Are two expressions equal?  Points that separate them, and what no point can show."""
