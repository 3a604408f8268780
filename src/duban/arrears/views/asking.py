"""What every act on a claim has for its form: on what it depends, what it asks for, and the command it calls."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.forms import Field

from duban.arrears.commands import claim as commands
from duban.arrears.forms.acts import ActForm
from duban.arrears.queries.claim import ClaimView
from duban.arrears.queries.links import Sibling, siblings_of
from duban.arrears.rules.accounts import Account
from duban.identity import access
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.money import ZERO

Run = Callable[[int, Mapping[str, Any], commands.Act, Appointment], object]


@dataclass(frozen=True, slots=True)
class Asked:
    """On what an act's form depends: the claim as it stands, others of the same parties, who acts, and the day."""

    found: ClaimView
    siblings: list[Sibling]
    actor: Appointment
    today: date

    @classmethod
    def of(cls, found: ClaimView, *, actor: Appointment, today: date) -> "Asked":
        """What the forms of a claim's acts depend on."""
        asked = cls(found, [], actor, today)
        if not found.may_act:
            return asked
        siblings = siblings_of(found.uid, today=today, actor=actor, permission=asked.permission)
        return replace(asked, siblings=siblings)

    @property
    def permission(self) -> Permission:
        """Where other claims and ledgers are looked for: where the person may decide, or else propose."""
        may_decide = access.may(self.actor, Permission.ARREARS_DECIDE)
        return Permission.ARREARS_DECIDE if may_decide else Permission.ARREARS_POST


def _nothing(_asked: Asked) -> dict[str, Field]:
    return {}


@dataclass(frozen=True, slots=True)
class ActKind:
    """An act: its title, what its form asks for, the papers it may bring, and the command it calls.

    Args:
        takes_from: the accounts of which one has to hold something, where it takes something.
        choices: what there has to be one of, such as payments from which it may follow.
        more: what the form asks for depending on the claim.
        is_dated: whether it takes effect on a day of the ledger.
        is_between_two: whether it needs another claim of the same parties.
        is_rare: whether it stands behind “more” on the page of the claim.
    """

    title: str
    asks: tuple[str, ...]
    papers: tuple[str, ...]
    run: Run
    takes_from: tuple[Account, ...] = ()
    choices: Callable[[ClaimView], Sequence[object]] | None = None
    permission: Permission = Permission.ARREARS_POST
    more: Callable[[Asked], dict[str, Field]] = _nothing
    is_dated: bool = True
    is_between_two: bool = False
    is_rare: bool = False

    def form(self, asked: Asked, data: Mapping[str, Any] | None, files: Any = None) -> ActForm:  # noqa: ANN401 - Django's own
        """The act's form for a claim, empty or as it was typed."""
        latest = asked.today if self.is_dated else None
        return ActForm(data, files, asks=self.asks, papers=self.papers, latest=latest, more=self.more(asked))

    def is_proposed_by(self, actor: Appointment) -> bool:
        """Whether a person can only propose it, and another has to decide."""
        return not access.may(actor, self.permission)

    def may_follow(self, asked: Asked) -> bool:
        """Whether the claim as it stands has something that the act is about."""
        if self.is_between_two and not asked.siblings:
            return False
        if self.choices is not None and not self.choices(asked.found):
            return False
        return not self.takes_from or any(asked.found.balances[account] > ZERO for account in self.takes_from)
