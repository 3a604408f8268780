"""What an office's own headings mean: a mapping from a heading as written to a column's name, "" for one to ignore."""

from collections.abc import Mapping

from duban.workbook.cells import plain

HeadingMap = Mapping[str, str]
"""From a heading, of several names the highest first (清偿情况/累计), to the name of its column or to `IGNORED`.

Columns that the schema does not have are passed over: a memory may be older than the schema.
"""

IGNORED = ""
"""Stands in a mapping for a heading whose values are used for nothing."""


def heading_key(heading: str) -> str:
    """What a heading is remembered by: two headings that differ in width, spaces or brackets are the same one."""
    return plain(heading)
