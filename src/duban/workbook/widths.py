"""How wide texts are in a sheet."""

from unicodedata import east_asian_width


def text_width(text: str) -> int:
    """How wide the longest line of a text is, in half-width letters; a Chinese letter is two wide."""
    return max(sum(2 if east_asian_width(letter) in "WF" else 1 for letter in line) for line in text.split("\n"))
