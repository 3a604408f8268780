"""Claims that go on in another one (划转): reassigned, split, merged, or found to be a duplicate."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from duban.arrears.commands.claim.acting import (
    Act,
    check_days,
    check_leaving,
    check_moves,
    check_papers,
    check_second_person,
    hold,
    hold_several,
    keep_papers,
    make_moves,
    open_act,
    trace,
)
from duban.arrears.commands.claim.correcting import latest_facts
from duban.arrears.commands.claim.recognising import add_claim_of, check_number, scope_for
from duban.arrears.commands.statement.steps import hold_reporter
from duban.arrears.models import ClaimLink, ClaimNow
from duban.arrears.rules.accounts import HELD, Account
from duban.arrears.rules.acts import Ground, Link
from duban.arrears.rules.carrying import (
    NEEDED,
    OtherParties,
    SameDebtor,
    brought_in,
    check_duplicate,
    check_split,
    still_owed,
    taken_out,
)
from duban.arrears.rules.facts import FACTS, FactValues
from duban.audit.models import Posting
from duban.identity import access
from duban.identity import queries as units
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.money import ZERO, Money
from duban.kernel.words import N_, Sentence
from duban.register import commands as register
from duban.register.commands import Named
from duban.register.queries import survivors

Parts = Mapping[Account, Money]


@dataclass(frozen=True, slots=True)
class _Going:
    """What goes from one claim, which is held, to another, and why."""

    link: Link
    old: ClaimNow
    new: ClaimNow
    parts: Parts


@transaction.atomic
def reassign(
    *, claim_id: int, unit_code: str, debtor: Named, debtor_kind: str, ledger_no: str, act: Act, actor: Appointment
) -> UUID:
    """Let all that is still owed of a claim go to another debtor, in a new claim in the ledger of `unit_code`.

    The new claim keeps what is said of the old one, its due day above all: a debt is no younger because another body
    owes it (F8).

    Returns:
        The new claim's uid.

    Raises:
        UnknownUnit: there is no such reporter.
        PermissionDenied: `actor` may not decide here or there.
        SamePerson: `actor` entered the claim.
        PaperMissing: the creditor's consent is not there.
        SameDebtor: it is who owes it already.
        NumberTaken, NothingOwed, NotEnough, DayNotCome, MonthIsClosed: see there.
    """
    unit = units.unit_on(unit_code, act.today)
    hold_reporter(unit.id)
    old = _held(claim_id, Link.REASSIGNED, act, actor)
    check_number(unit.id, ledger_no)
    parts = still_owed(_balances(old))
    said = _said(old) | {"ledger_no": ledger_no, "debtor_name": debtor.name, "debtor_kind": debtor_kind}
    scope_id = scope_for(unit, str(said["department"]), act)
    access.require(actor, Permission.ARREARS_DECIDE, scope_id=scope_id)
    check_days(unit.id, scope_id, act.effective_on, act.value_on, act.today)
    check_leaving(old, parts, act)
    posting = open_act(old, Link.REASSIGNED.posting_kind, act, actor)
    debtor_id = register.know([debtor], posting=posting)[debtor.key]
    if survivors([old.debtor_id])[old.debtor_id] == debtor_id:
        raise SameDebtor(debtor=debtor.name)
    new = add_claim_of(scope_id, debtor_id, old.creditor_id, FactValues(**said), posting)
    _carry(_Going(Link.REASSIGNED, old, new, parts), act, posting, actor)
    return new.claim.uid


@transaction.atomic
def split(*, claim_id: int, parts: Parts, ledger_no: str, act: Act, actor: Appointment) -> UUID:
    """Let a part of what is still owed of a claim go on in a new claim of the same parties.

    Args:
        parts: how much from each account.

    Returns:
        The new claim's uid.

    Raises:
        PermissionDenied, SamePerson: `actor` may not decide on the claim.
        PaperMissing: the reconciliation is not there.
        NothingLeft: all of it would go.
        NumberTaken, NothingOwed, NothingToMove, NotEnough: see there.
    """
    hold_reporter(ClaimNow.objects.values_list("scope__unit_id", flat=True).get(pk=claim_id))
    old = _held(claim_id, Link.SPLIT, act, actor)
    check_number(old.scope.unit_id, ledger_no)
    check_split(parts, _balances(old))
    check_leaving(old, parts, act)
    posting = open_act(old, Link.SPLIT.posting_kind, act, actor)
    said = FactValues(**_said(old) | {"ledger_no": ledger_no})
    new = add_claim_of(old.scope_id, old.debtor_id, old.creditor_id, said, posting)
    _carry(_Going(Link.SPLIT, old, new, parts), act, posting, actor)
    return new.claim.uid


@transaction.atomic
def merge(*, claim_id: int, into: int, act: Act, actor: Appointment) -> None:
    """Let all that is still owed of a claim go on in another claim of the same parties.

    Raises:
        PermissionDenied, SamePerson: `actor` may not decide on both claims.
        PaperMissing: the reconciliation is not there.
        OtherParties: the two are not between the same parties.
        NothingOwed, NotEnough: see there.
    """
    old, other = _held_both(claim_id, into, Link.MERGED, act, actor)
    parts = still_owed(_balances(old))
    check_leaving(old, parts, act)
    check_moves(other, brought_in(parts), act)
    posting = open_act(old, Link.MERGED.posting_kind, act, actor)
    _carry(_Going(Link.MERGED, old, other, parts), act, posting, actor)


@transaction.atomic
def mark_duplicate(*, claim_id: int, of: int, act: Act, actor: Appointment) -> None:
    """Take out what is owed of a claim because the same debt stands under another one, which does not change.

    Raises:
        PermissionDenied, SamePerson: `actor` may not decide on both claims.
        PaperMissing: nothing shows that the two are one debt.
        OtherParties: the two are not between the same parties.
        PaidHere: payments are counted on the duplicate.
        NothingOwed, NotEnough: see there.
    """
    old, other = _held_both(claim_id, of, Link.DUPLICATE, act, actor)
    check_duplicate(_balances(old))
    parts = still_owed(_balances(old))
    check_leaving(old, parts, act)
    posting = open_act(old, Link.DUPLICATE.posting_kind, act, actor)
    _carry(_Going(Link.DUPLICATE, old, other, parts), act, posting, actor)


def _held(claim_id: int, link: Link, act: Act, actor: Appointment) -> ClaimNow:
    claim = hold(claim_id, actor, Permission.ARREARS_DECIDE)
    check_second_person(claim.claim.posting_id, actor)
    check_papers(act.papers, NEEDED[link])
    return claim


def _held_both(claim_id: int, other_id: int, link: Link, act: Act, actor: Appointment) -> tuple[ClaimNow, ClaimNow]:
    claim, other = hold_several([claim_id, other_id], actor, Permission.ARREARS_DECIDE)
    check_second_person(claim.claim.posting_id, actor)
    check_papers(act.papers, NEEDED[link])
    today = survivors({claim.debtor_id, claim.creditor_id, other.debtor_id, other.creditor_id})
    sides = [(today[one.debtor_id], today[one.creditor_id]) for one in (claim, other)]
    if sides[0] != sides[1]:
        raise OtherParties(number=other.ledger_no, debtor=other.debtor_name, creditor=other.creditor_name)
    return claim, other


def _carry(going: _Going, act: Act, posting: Posting, actor: Appointment) -> None:
    """Make the moves on both claims, and the link between them; both keep the papers."""
    link, old, new, parts = going.link, going.old, going.new, going.parts
    make_moves(old, taken_out(parts), act, posting, ground=Ground.MOVED)
    if link is not Link.DUPLICATE:
        make_moves(new, brought_in(parts), act, posting)
    amount = sum(parts.values(), ZERO)
    ClaimLink.objects.create(
        kind=link.value, from_claim_id=old.claim_id, to_claim_id=new.claim_id, scope_id=old.scope_id,
        to_scope_id=new.scope_id, amount=amount, posting=posting,
    )  # fmt: skip
    words = Sentence(
        N_("{link}: {amount} of claim {number} stands under claim {other}"),
        {"link": link.label, "amount": amount, "number": old.ledger_no, "other": new.ledger_no},
    )
    for claim in (old, new):
        keep_papers(claim, act.papers, posting, actor)
        trace(claim, link.posting_kind, words, actor)


def _balances(claim: ClaimNow) -> dict[Account, Money]:
    return {account: getattr(claim, account.value) for account in HELD}


def _said(claim: ClaimNow) -> dict[str, Any]:
    last = latest_facts(claim.claim_id)
    return {name: getattr(last, name) for name in FACTS}
