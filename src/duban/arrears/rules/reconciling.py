"""What a reconciliation sheet (对账确认单) states, and by what its figures are known again. Pure."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from duban.arrears.rules.accounts import COUNTED, OPEN, Account, Rule
from duban.arrears.rules.rollforward import RollForward, View
from duban.kernel.errors import DomainError
from duban.kernel.money import Money
from duban.kernel.words import N_, Sentence


class Part(StrEnum):
    """A line of the sheet: accounts whose claims are counted and added up."""

    UNDISPUTED = "undisputed"
    DISPUTED = "disputed"
    JUDICIAL = "judicial"
    OPEN = "open"
    NOT_DUE = "not_due"
    UNSETTLED = "unsettled"
    STATED = "stated"
    COUNTED = "counted"

    @property
    def accounts(self) -> tuple[Account, ...]:
        """What it is made of."""
        return _ACCOUNTS[self]

    @property
    def label(self) -> Sentence:
        """Its name in the reader's language."""
        return Sentence(_LABELS[self])


_ACCOUNTS: Mapping[Part, tuple[Account, ...]] = {
    Part.UNDISPUTED: (Account.UNDISPUTED,),
    Part.DISPUTED: (Account.DISPUTED,),
    Part.JUDICIAL: (Account.JUDICIAL,),
    Part.OPEN: OPEN,
    Part.NOT_DUE: (Account.NOT_DUE,),
    Part.UNSETTLED: (Account.UNSETTLED,),
    Part.STATED: COUNTED[Rule.C0],
    Part.COUNTED: COUNTED[Rule.C1],
}
_LABELS = {
    Part.UNDISPUTED: N_("Undisputed"),
    Part.DISPUTED: N_("Disputed"),
    Part.JUDICIAL: N_("Judicial"),
    Part.OPEN: N_("Due and open"),
    Part.NOT_DUE: N_("Not due"),
    Part.UNSETTLED: N_("Unsettled"),
    Part.STATED: N_("Cleared, as stated"),
    Part.COUNTED: N_("Cleared, verified"),
}


class NotEntered(DomainError):
    """A sheet of a statement that was not entered, or no longer is."""

    text = N_(
        "A reconciliation sheet is of a statement that was entered; this one is: {state}. "
        "Enter the statement first, and print the sheet then."
    )

    def __init__(self, *, state: Sentence) -> None:
        super().__init__(state=state)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a sheet states of a reporter's own ledger.

    Args:
        since, as_of: the span, both days included; it begins after the statement before this one.
        parts: how many claims, and how much.
    """

    statement: UUID
    unit_code: str
    since: date
    as_of: date
    file_sha256: str
    parts: Mapping[Part, tuple[int, Money]]
    views: Mapping[View, RollForward]

    @property
    def number(self) -> str:
        """The number of the sheet: the same each time it is printed."""
        return f"DZ-{self.unit_code}-{self.as_of:%Y%m%d}-{str(self.statement)[:8].upper()}"

    @property
    def digest(self) -> str:
        """The SHA-256 of everything stated, as hexadecimal: the same figures have the same."""
        stated = [
            f"sheet={self.number}", f"span={self.since}/{self.as_of}", f"file={self.file_sha256}",
            *(f"{part}={count}/{amount.fen}" for part, (count, amount) in self.parts.items()),
        ]  # fmt: skip
        for view, rolled in self.views.items():
            changes = [f"{term}={amount.fen}" for term, amount in rolled.changes.items()]
            stated += [f"{view}", f"opening={rolled.opening.fen}", *changes, f"closing={rolled.closing.fen}"]
        return hashlib.sha256("\n".join(stated).encode()).hexdigest()
