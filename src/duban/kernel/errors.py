"""Refusals: what a rule says when it does not let something through."""

from typing import ClassVar

from duban.kernel.words import N_, Sentence


class DomainError(Exception):
    """A refusal that says what happened, with its numbers, and what to do next.

    A subclass writes its `text` once, in English and marked with `N_`, and takes its values by name. `str()` gives
    the sentence in the reader's language at the moment it is shown.
    """

    text: ClassVar[str] = N_("This cannot be done.")

    def __init__(self, **values: object) -> None:
        self.values = values
        self.sentence = Sentence(self.text, values)
        super().__init__(self.text, values)

    def __str__(self) -> str:
        return str(self.sentence)
