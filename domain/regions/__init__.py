"""China's administrative divisions, province to street: what they are called, and what they used to be called.

Names and codes come from a package that is kept up (docs/decisions/0002-divisions.md); the names people use instead
are rows in `names.toml`, so a new nickname or a merged district is one line there.
"""

from domain.regions.divisions import Division, Divisions, Level, divisions

__all__ = ["Division", "Divisions", "Level", "divisions"]
