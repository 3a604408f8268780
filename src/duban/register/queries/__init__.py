"""Reading the register."""

from duban.register.queries.known import kind_on, size_on, verified
from duban.register.queries.party import name_as_of
from duban.register.queries.resolving import family, survivors
from duban.register.queries.succeeding import who_is

__all__ = ["family", "kind_on", "name_as_of", "size_on", "survivors", "verified", "who_is"]
