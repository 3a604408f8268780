"""The listing every page uses: what it is made of, what was asked of it, and what is shown.

A view reads: build a `Table`, read the `Ask`, call a query, return a `Listing`.
"""

from duban.ui.tables.asked import Ask
from duban.ui.tables.cells import Cell
from duban.ui.tables.listing import Listing
from duban.ui.tables.made import Column, DayFilter, Filter, FlagFilter, Kind, SearchFilter, SelectFilter, Table

__all__ = [
    "Ask",
    "Cell",
    "Column",
    "DayFilter",
    "Filter",
    "FlagFilter",
    "Kind",
    "Listing",
    "SearchFilter",
    "SelectFilter",
    "Table",
]
