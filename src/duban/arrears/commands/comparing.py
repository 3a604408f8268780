"""A statement beside the ledger: which claim each row is, and what changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from duban.arrears import queries
from duban.arrears.commands.rows import KeptRow
from duban.arrears.queries import KnownClaim, KnownParty
from duban.arrears.rules.statement import Change, Proposal, compare, opening
from duban.register import commands as register
from duban.register.commands import Named
from duban.register.rules import name_key


@dataclass(frozen=True, slots=True)
class Compared:
    """A clean row, and the claim of the ledger that it is, if the ledger has it."""

    row: KeptRow
    proposal: Proposal
    claim: KnownClaim | None = None


def compare_all(rows: Sequence[KeptRow], ledger: "Ledger", *, as_of: date) -> list[Compared]:
    """Each row beside its claim."""
    ids = register.find(party for row in rows for party in (row.debtor, row.creditor))
    return [_compare(row, ids, ledger, as_of) for row in rows]


def _compare(row: KeptRow, ids: Mapping[str, int], ledger: "Ledger", as_of: date) -> Compared:
    of_number = ledger.by_number.get(row.facts.ledger_no, ())
    claim = _same_claim(row, ids, of_number)
    if claim is not None:
        is_due = row.facts.due_on is None or row.facts.due_on <= as_of
        return Compared(row, compare(row.stated, claim.balances, is_due=is_due), claim)
    if of_number:
        return Compared(row, Proposal(Change.CONFLICT, row.stated.amount), of_number[0])
    return Compared(row, opening(row.stated))


def _same_claim(row: KeptRow, ids: Mapping[str, int], of_number: Sequence[KnownClaim]) -> KnownClaim | None:
    """The claim of the row's number between its parties."""
    for claim in of_number:
        if _same_party(row.debtor, ids, claim.debtor) and _same_party(row.creditor, ids, claim.creditor):
            return claim
    return None


def _same_party(named: Named, ids: Mapping[str, int], known: KnownParty) -> bool:
    """Whether a row and a claim mean the same party.

    Offices fill in a code, or leave it out, from one month to the next: a party of the same name is another one only
    when both have a code.
    """
    if ids.get(named.key) == known.party_id:
        return True
    return not (named.uscc and known.uscc) and name_key(named.name) == name_key(known.name)


@dataclass(frozen=True, slots=True)
class Ledger:
    """A reporter's claims, by the number under which it lists them."""

    claims: Sequence[KnownClaim]
    by_number: Mapping[str, Sequence[KnownClaim]]


def ledger_of(unit_id: int) -> Ledger:
    """A reporter's claims as they stand now. One query."""
    claims = queries.known_claims(unit_id)
    by_number: dict[str, list[KnownClaim]] = {}
    for claim in claims:
        by_number.setdefault(claim.ledger_no, []).append(claim)
    return Ledger(claims, by_number)
