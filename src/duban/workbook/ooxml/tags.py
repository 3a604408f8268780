"""Tags of a well-formed part, found as bytes. `tidy` makes sure that a `<` begins a tag."""

import re
from functools import cache

_ATTRIBUTES = rb"""((?:\s+[^\s=>]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(/?)>"""

_NUMBER = re.compile(rb"[0-9]{1,9}(?:\.[0-9]{1,20})?")


@cache
def tag_pattern(prefix: bytes, name: bytes) -> re.Pattern[bytes]:
    """What finds the opening tags of an element: the first group is its attributes, the second its closing stroke."""
    return re.compile(b"<" + re.escape(prefix) + name + _ATTRIBUTES)


@cache
def attribute_pattern(name: bytes) -> re.Pattern[bytes]:
    """What finds an attribute among the attributes of a tag, with the space before it."""
    return re.compile(rb"""\s%s\s*=\s*["']([^"']*)["']""" % name)


def attribute(attributes: bytes, name: bytes) -> bytes:
    """The value of an attribute; empty when it is not there."""
    found = attribute_pattern(name).search(attributes)
    return found[1] if found else b""


def number(attributes: bytes, name: bytes, default: float) -> float:
    """The number in an attribute; `default` when none can be read there."""
    told = attribute(attributes, name)
    return float(told) if _NUMBER.fullmatch(told) else default


def is_set(attributes: bytes, name: bytes) -> bool:
    """Whether a yes-or-no attribute says yes."""
    return attribute(attributes, name) in {b"1", b"true"}
