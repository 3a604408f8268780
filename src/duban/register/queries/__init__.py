"""Reading the register."""

from duban.register.queries.resolving import family, survivors

__all__ = ["family", "survivors"]
