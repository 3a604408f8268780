"""What an office's own headings mean: a mapping from a heading as written to a column's name, "" for one to ignore."""

import re
from collections.abc import Mapping
from dataclasses import replace

from duban.kernel.numbers import half_width
from duban.workbook.cells import plain
from duban.workbook.schema import Column, SheetSchema

HeadingMap = Mapping[str, str]
IGNORED = ""
"""Stands in a mapping for a heading whose values are used for nothing."""

_UNIT_AT_THE_END = re.compile(r"[(\[【]\s*(?:单位:?)?\s*(?:亿|万|千)?元\s*[)\]】]$")


def heading_key(heading: str) -> str:
    """What a heading is remembered by: two headings that differ in width, spaces or brackets are the same one."""
    return plain(heading)


def applied(schema: SheetSchema, mapping: HeadingMap) -> SheetSchema:
    """The schema as an office reads it: its headings are names of the columns that it mapped them to.

    Another name of a column goes to the mapped one alone; the official heading of a column stays what it is. Names of
    columns that the schema does not have are passed over: a memory may be older than the schema.
    """
    if not mapping:
        return schema
    taken = {plain(name) for heading in mapping for name in (heading, _without_unit(heading))}
    columns = tuple(_renamed(column, mapping, taken) for column in schema.columns)
    ignored = tuple(heading for heading, column in mapping.items() if column == IGNORED)
    return replace(schema, columns=columns, ignored=(*schema.ignored, *ignored))


def _renamed(column: Column, mapping: HeadingMap, taken: set[str]) -> Column:
    mine = tuple(_without_unit(heading) for heading, name in mapping.items() if name == column.name)
    aliases = tuple(alias for alias in column.aliases if plain(alias) not in taken)
    return replace(column, aliases=(*mine, *aliases))


def _without_unit(heading: str) -> str:
    """A heading without the unit at its end, which is read by itself and must not become a part of the name."""
    return _UNIT_AT_THE_END.sub("", half_width(heading).strip())
