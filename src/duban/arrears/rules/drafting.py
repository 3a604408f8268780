"""An act that one person proposes and another decides on. Pure."""

from enum import StrEnum

from duban.kernel.errors import DomainError
from duban.kernel.words import N_, Sentence


class Verdict(StrEnum):
    """What became of a proposal."""

    ACCEPTED = "accepted"
    RETURNED = "returned"

    @property
    def label(self) -> Sentence:
        """The verdict in the reader's language."""
        return Sentence(_LABELS[self])


_LABELS = {Verdict.ACCEPTED: N_("Agreed and done"), Verdict.RETURNED: N_("Returned")}


class DecidedAlready(DomainError):
    """A proposal on which somebody decided before."""

    text = N_("This proposal was decided on already: {verdict}. Propose it anew if it is still wanted.")

    def __init__(self, *, verdict: Verdict) -> None:
        super().__init__(verdict=verdict.label)


class ReasonMissing(DomainError):
    """A proposal is returned without a reason."""

    text = N_("Say why the proposal is returned, so that whoever made it knows what to change.")


class NoLongerPossible(DomainError):
    """What was typed into the form of a proposal does not fit the claim as it stands now."""

    text = N_("The claim has changed since this was proposed, so that it cannot be done as it was typed. Return it.")
