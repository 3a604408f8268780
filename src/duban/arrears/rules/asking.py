"""What a person has to decide of a statement before it is entered, and what shows that the answer is right. Pure."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from enum import StrEnum

from duban.arrears.rules.reporting import check_reason
from duban.kernel.errors import DomainError
from duban.kernel.words import N_, Sentence


class Asked(StrEnum):
    """What is asked."""

    VANISHED = "vanished"
    """A claim of the last statement is not in this one, and something of it is still owed."""
    WITHDRAWN = "withdrawn"
    """Less is stated as cleared than before."""
    RELABELLED = "relabelled"
    """What was undisputed, not due or unsettled is stated as disputed or before a court."""
    CONFLICT = "conflict"
    """The reporter and the ledger both changed it since the last statement."""
    MATCH = "match"
    """It is not sure whether a row is a certain claim of the ledger."""

    @property
    def label(self) -> Sentence:
        """The question's name in the reader's language."""
        return Sentence(_ASKED_LABELS[self])


_ASKED_LABELS = {
    Asked.VANISHED: N_("No longer stated"),
    Asked.WITHDRAWN: N_("Clearing taken back"),
    Asked.RELABELLED: N_("Relabelled as disputed or judicial"),
    Asked.CONFLICT: N_("Changed on both sides"),
    Asked.MATCH: N_("Which claim it is"),
}

BLANKET = frozenset({Asked.VANISHED, Asked.WITHDRAWN, Asked.RELABELLED})
"""What one text for all may answer on the command line. Of the others each has its own answer."""
DOUBTS = frozenset({Asked.MATCH, Asked.CONFLICT})
"""Without an answer to these nothing can be said of the row at all."""


class Verdict(StrEnum):
    """What was decided."""

    ACCEPT = "accept"
    """The sheet's side holds; for a match: the row is that claim."""
    KEEP = "keep"
    """The ledger's side holds; for a match: the row is another claim."""

    @property
    def label(self) -> Sentence:
        """The verdict in the reader's language."""
        return Sentence(_VERDICT_LABELS[self])


_VERDICT_LABELS = {Verdict.ACCEPT: N_("As the sheet has it"), Verdict.KEEP: N_("As the ledger has it")}

WINDOW = timedelta(days=60)
"""Before a staged deadline, within which what becomes disputed needs both sides' word (domain.md §2.6, F4)."""
BOTH_SIDES = ("debtor_statement", "creditor_statement")


class PaperOfAnswerMissing(DomainError):
    """An answer that nothing shows."""

    text = N_(
        "“{asked}” is accepted only with evidence: attach the paper that shows it. Without one, keep the ledger's "
        "side, or return the workbook to its unit."
    )

    def __init__(self, *, asked: Asked) -> None:
        super().__init__(asked=asked.label)


class BothSidesMissing(DomainError):
    """Something becomes disputed shortly before a deadline, on one side's word."""

    text = N_(
        "{deadline} is a deadline, and within 60 days before it nothing becomes disputed on one side's word (F4). "
        "Attach what the debtor says and what the creditor says."
    )

    def __init__(self, *, deadline: date) -> None:
        super().__init__(deadline=deadline)


def check_answer(
    asked: Asked, verdict: Verdict, *, reason: str, papers: Collection[str], as_of: date, deadlines: Iterable[date]
) -> None:
    """Let an answer pass, or refuse.

    Args:
        papers: what is attached, by what it proves (`acts.PAPERS`).
        as_of: the day of the statement.
        deadlines: the days by which the reporter has staged targets.

    Raises:
        ReasonMissing: nobody said why.
        PaperOfAnswerMissing: the sheet's side is taken and nothing shows that it is right.
        BothSidesMissing: within 60 days before a deadline only one side, or none, says that it is disputed.
    """
    check_reason(reason)
    if verdict is Verdict.KEEP or asked in DOUBTS:
        return
    near = deadline_near(as_of, deadlines)
    if asked is Asked.RELABELLED and near is not None and not set(BOTH_SIDES) <= set(papers):
        raise BothSidesMissing(deadline=near)
    if not papers:
        raise PaperOfAnswerMissing(asked=asked)


def deadline_near(as_of: date, deadlines: Iterable[date]) -> date | None:
    """The next deadline, where it is at most 60 days away."""
    return min((day for day in deadlines if as_of <= day <= as_of + WINDOW), default=None)
