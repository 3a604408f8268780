"""Two months of a ledger: which row of this one continues which row of the last. No database, no clock.

What is weighed and why is in `docs/explanation/matching.md`.
"""

from duban.arrears.rules.matching.amounts import (
    Shown,
    WrongUnit,
    changes_of_unit,
    check_unit,
    equal_as_shown,
    finer,
    power_of_ten,
)
from duban.arrears.rules.matching.items import Asked, Doubt, Field, Item, Key, Matching, Numbers, Pair, Party
from duban.arrears.rules.matching.names import Kind, Likeness, likeness
from duban.arrears.rules.matching.pairing import match

__all__ = [
    "Asked",
    "Doubt",
    "Field",
    "Item",
    "Key",
    "Kind",
    "Likeness",
    "Matching",
    "Numbers",
    "Pair",
    "Party",
    "Shown",
    "WrongUnit",
    "changes_of_unit",
    "check_unit",
    "equal_as_shown",
    "finer",
    "likeness",
    "match",
    "power_of_ten",
]
