"""A statement beside the ledger: which claim each row is, and what changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from duban.arrears.commands.rows import KeptRow
from duban.arrears.queries import KnownClaim
from duban.arrears.rules.accounts import COUNTED, Account, Rule
from duban.arrears.rules.matching import Asked, Item, Matching, Party, Shown, check_unit, match
from duban.arrears.rules.statement import Change, Proposal, compare, opening
from duban.kernel.money import ZERO, Money
from duban.kernel.words import N_, Sentence

_PARTS = (Account.UNSETTLED, Account.NOT_DUE, Account.DISPUTED, Account.JUDICIAL)
_OPEN_QUESTION = N_(
    "Whether this row is new or a claim of the ledger hangs on what another row is. Decide on that one first."
)


@dataclass(frozen=True, slots=True)
class Compared:
    """A clean row, and the claim of the ledger that it is, if the ledger has it.

    Args:
        question: why a person must say which claim it is; None where that is sure.
    """

    row: KeptRow
    proposal: Proposal
    claim: KnownClaim | None = None
    question: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """All clean rows beside their claims, and the claims that no row continues."""

    rows: list[Compared]
    vanished: list[KnownClaim]


def compare_all(rows: Sequence[KeptRow], ledger: Sequence[KnownClaim], *, as_of: date) -> Comparison:
    """Each row beside its claim.

    Raises:
        WrongUnit: so many amounts moved by one power of ten that the file is in another unit than it says.
    """
    matching = match([_item_of_row(row) for row in rows], [_item_of_claim(claim) for claim in ledger])
    claims = {claim.claim_id: claim for claim in ledger}
    by_number = {row.number: row for row in rows}
    check_unit(list(_amounts(matching, by_number, claims)))
    pairs = {int(pair.theirs): claims[int(pair.base)] for pair in matching.sure}
    questions = {int(asked.pair.theirs): asked for asked in matching.asked}
    undecided = {int(key) for key in matching.undecided_theirs}

    def beside(row: KeptRow) -> Compared:
        if (claim := pairs.get(row.number)) is not None:
            is_due = row.facts.due_on is None or row.facts.due_on <= as_of
            return Compared(row, compare(row.stated, claim.balances, is_due=is_due), claim)
        if (asked := questions.get(row.number)) is not None:
            return _asked(row, asked, claims)
        if row.number in undecided:
            return Compared(row, Proposal(Change.CONFLICT, row.stated.amount), None, Sentence(_OPEN_QUESTION))
        return Compared(row, opening(row.stated))

    return Comparison([beside(row) for row in rows], [claims[int(key)] for key in matching.vanished])


def _asked(row: KeptRow, asked: Asked, claims: Mapping[int, KnownClaim]) -> Compared:
    claim = claims[int(asked.pair.base)]
    text = N_("It may be claim {number} of the ledger, owed by {debtor} to {creditor}. {reason} {why}")
    values = {
        "number": claim.ledger_no, "debtor": claim.debtor.name, "creditor": claim.creditor.name,
        "reason": asked.pair.reason, "why": asked.why,
    }  # fmt: skip
    return Compared(row, Proposal(Change.CONFLICT, row.stated.amount), claim, Sentence(text, values))


def _item_of_row(row: KeptRow) -> Item:
    stated, facts = row.stated, row.facts
    return Item(
        key=row.number, ledger_no=facts.ledger_no, contract_no=facts.contract_no, project=facts.project,
        debtor=Party(row.debtor.name, row.debtor.uscc), creditor=Party(row.creditor.name, row.creditor.uscc),
        category=facts.category, signed_on=facts.signed_on, due_on=facts.due_on,
        amount=Shown(stated.amount.fen, stated.step),
        state=tuple(
            Shown(amount.fen, stated.step)
            for amount in (stated.cleared, *(stated.parts.get(part, ZERO) for part in _PARTS))
        ),
    )  # fmt: skip


def _item_of_claim(claim: KnownClaim) -> Item:
    held = claim.balances
    counted = sum((held[account] for account in COUNTED[Rule.C0]), ZERO)
    return Item(
        key=claim.claim_id, ledger_no=claim.ledger_no, contract_no=claim.contract_no, project=claim.project,
        debtor=Party(claim.debtor.name, claim.debtor.uscc), creditor=Party(claim.creditor.name, claim.creditor.uscc),
        category=claim.category, signed_on=claim.signed_on, due_on=claim.due_on,
        amount=Shown(_recognised(claim).fen),
        state=tuple(Shown(amount.fen) for amount in (counted, *(held[part] for part in _PARTS))),
    )  # fmt: skip


def _recognised(claim: KnownClaim) -> Money:
    return sum(claim.balances.values(), ZERO) - claim.balances[Account.REDUCED]


def _amounts(
    matching: Matching, rows: Mapping[int, KeptRow], claims: Mapping[int, KnownClaim]
) -> Iterator[tuple[Shown, Shown]]:
    """Of each matched row, its amount in the ledger and in the statement."""
    for pair in (*matching.sure, *(asked.pair for asked in matching.asked)):
        stated = rows[int(pair.theirs)].stated
        yield Shown(_recognised(claims[int(pair.base)]).fen), Shown(stated.amount.fen, stated.step)
