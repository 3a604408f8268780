"""Sentences that are written once, in English, and read in the language of whoever is reading.

A rule does not know its reader. It makes a `Sentence`: the English text and its values. The text is looked up in
the catalogue only when the sentence is shown, so one refusal reads Chinese on a clerk's page and English in a log.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


def N_(text: str) -> str:  # noqa: N802 - the customary name by which the catalogue finds a text
    """Mark `text` for the catalogue and return it unchanged."""
    return text


def _in_english(text: str) -> str:
    return text


_translate: Callable[[str], str] = _in_english


def use_translator(translate: Callable[[str], str]) -> None:
    """Say how a text is looked up; the web application passes Django's `gettext` once, at start."""
    global _translate  # noqa: PLW0603 - one process has one catalogue, chosen at start
    _translate = translate


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text with named places, and what stands in them.

    Args:
        text: English, marked with `N_`, with places as in `str.format`: ``"{paid} is more than {owed}."``
        values: by name; a value that is itself a `Sentence` is shown in the reader's language too.
    """

    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return _translate(self.text).format(**{name: str(value) for name, value in self.values.items()})
