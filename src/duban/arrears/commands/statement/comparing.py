"""A statement beside the ledger: which claim each row is, what it would change, and what a person has to decide."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from duban.arrears.commands.statement.rows import KeptRow
from duban.arrears.queries import KnownClaim
from duban.arrears.rules.accounts import COUNTED, Account, Rule
from duban.arrears.rules.asking import DOUBTS, Asked, Verdict
from duban.arrears.rules.matching import Asked as Doubtful
from duban.arrears.rules.matching import Item, Matching, Party, Shown, check_unit, match
from duban.arrears.rules.merging import merge
from duban.arrears.rules.statement import Change, Proposal, opening
from duban.kernel.money import ZERO, Money
from duban.kernel.words import N_, Sentence

_PARTS = (Account.UNSETTLED, Account.NOT_DUE, Account.DISPUTED, Account.JUDICIAL)
_OPEN_QUESTION = N_(
    "Whether this row is new or a claim of the ledger hangs on what another row is. Decide on that one first."
)
_WITHDRAWN = N_("{amount} less is stated as cleared than in the last statement. It is owed again if that is right.")
_RELABELLED = N_("{amount} that was undisputed, not due or unsettled is stated as disputed or before a court.")
_VANISHED = N_("The last statement had claim {number}, owed by {debtor} to {creditor}; this one does not name it.")


@dataclass(frozen=True, slots=True)
class Question:
    """Something that a person has to decide.

    Args:
        number: the row, or 0 where it is about a claim that no row names.
    """

    asked: Asked
    claim: KnownClaim
    number: int
    amount: Money
    message: Sentence

    @property
    def key(self) -> tuple[Asked, int, int]:
        """What an answer is found by: the kind, the claim and the row."""
        return self.asked, self.claim.claim_id, self.number


Verdicts = Mapping[tuple[Asked, int, int], Verdict]
"""What people answered, by `Question.key`."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A clean row beside the claim of the ledger that it is, if the ledger has it.

    Args:
        questions: those that nobody answered yet.
        waits: why nothing can be said of the row before other rows are decided.
        is_kept: a person decided that the ledger's side holds.
    """

    row: KeptRow
    proposal: Proposal
    claim: KnownClaim | None = None
    questions: tuple[Question, ...] = ()
    waits: Sentence | None = None
    is_kept: bool = False

    @property
    def is_undecided(self) -> bool:
        """Whether it cannot be entered before a person has decided which claim it is or which change holds."""
        return self.waits is not None or any(one.asked in DOUBTS for one in self.questions)

    @property
    def is_held(self) -> bool:
        """Whether entering the statement leaves its claim as it is."""
        return self.waits is not None or bool(self.questions)


@dataclass(frozen=True, slots=True)
class Comparison:
    """All clean rows beside their claims, and the claims of the ledger that no row continues."""

    rows: list[Compared]
    missing: list[KnownClaim]


def compare_all(
    rows: Sequence[KeptRow], ledger: Sequence[KnownClaim], *, as_of: date, verdicts: Verdicts | None = None
) -> Comparison:
    """Each row beside its claim.

    Raises:
        WrongUnit: so many amounts moved by one power of ten that the file is in another unit than it says.
    """
    return _Comparing(rows, ledger, as_of, verdicts or {}).run()


def changes_of(one: Compared) -> dict[str, int]:
    """What a row changes, with the amounts in fen, as it is kept with the row."""
    return {change.value: amount.fen for change, amount in one.proposal.changes.items()}


def vanished(comparison: Comparison, coverage: Mapping[str, str], *, named: frozenset[int]) -> list[Question]:
    """What to ask about claims that the reporter's last statement had and this one does not.

    A claim that it never stated, such as one recognised by hand, cannot vanish from its statements.

    Args:
        coverage: of which part of the ledger the statement is; nothing outside it vanishes.
        named: claims that a row in error names: they are there all the same.
    """
    return [
        _about_vanished(claim)
        for claim in comparison.missing
        if claim.base is not None and claim.claim_id not in named and claim.is_covered(coverage)
    ]


def _about_vanished(claim: KnownClaim) -> Question:
    values = {"number": claim.ledger_no, "debtor": claim.debtor.name, "creditor": claim.creditor.name}
    return Question(Asked.VANISHED, claim, 0, claim.still_owed, Sentence(_VANISHED, values))


class _Comparing:
    """One comparison: which row is which claim, then each row beside its claim."""

    def __init__(self, rows: Sequence[KeptRow], ledger: Sequence[KnownClaim], as_of: date, verdicts: Verdicts) -> None:
        self.rows, self.as_of, self.verdicts = rows, as_of, verdicts
        self.claims = {claim.claim_id: claim for claim in ledger}
        said = {(n, claim_id): verdict for (asked, claim_id, n), verdict in verdicts.items() if asked is Asked.MATCH}
        self.pairs = {n: self.claims[claim_id] for (n, claim_id), verdict in said.items() if verdict is Verdict.ACCEPT}
        self.fresh = {n for (n, _), verdict in said.items() if verdict is Verdict.KEEP}

    def run(self) -> Comparison:
        taken = {claim.claim_id for claim in self.pairs.values()}
        matching = match(
            [_item_of_row(row) for row in self.rows if row.number not in self.pairs and row.number not in self.fresh],
            [_item_of_claim(claim) for claim in self.claims.values() if claim.claim_id not in taken],
        )
        check_unit(list(_amounts(matching, {row.number: row for row in self.rows}, self.claims)))
        self.pairs |= {int(pair.theirs): self.claims[int(pair.base)] for pair in matching.sure}
        self.doubts = {int(one.pair.theirs): one for one in matching.asked}
        self.undecided = {int(key) for key in matching.undecided_theirs}
        missing = [self.claims[int(key)] for key in matching.vanished]
        return Comparison([self._beside(row) for row in self.rows], missing)

    def _beside(self, row: KeptRow) -> Compared:
        if (claim := self.pairs.get(row.number)) is not None:
            return self._merged(row, claim)
        if (doubt := self.doubts.get(row.number)) is not None:
            return _asked(row, doubt, self.claims)
        if row.number in self.undecided:
            return Compared(row, Proposal(), waits=Sentence(_OPEN_QUESTION))
        return Compared(row, opening(row.stated))

    def _merged(self, row: KeptRow, claim: KnownClaim) -> Compared:
        if row.stated == claim.base:
            return Compared(row, Proposal(), claim)
        is_due = row.facts.due_on is None or row.facts.due_on <= self.as_of
        proposal = merge(row.stated, claim.balances, claim.base, is_due=is_due)
        if proposal.conflict is not None:
            verdict = self.verdicts.get((Asked.CONFLICT, claim.claim_id, row.number))
            if verdict is Verdict.KEEP:
                return Compared(row, Proposal(), claim, is_kept=True)
            if verdict is None or not proposal.is_possible:
                return Compared(row, proposal, claim, _of_conflict(row, claim, proposal.conflict))
            proposal = merge(row.stated, claim.balances, None, is_due=is_due)
            if proposal.conflict is not None:
                return Compared(row, proposal, claim, _of_conflict(row, claim, proposal.conflict))
        left = tuple(
            one for one in _of_changes(row, claim, proposal) if self.verdicts.get(one.key) is not Verdict.ACCEPT
        )
        return Compared(row, proposal, claim, left)


def _of_conflict(row: KeptRow, claim: KnownClaim, why: Sentence) -> tuple[Question, ...]:
    return (Question(Asked.CONFLICT, claim, row.number, row.stated.amount, why),)


def _of_changes(row: KeptRow, claim: KnownClaim, proposal: Proposal) -> Iterator[Question]:
    """What the changes of a row need a person for."""
    if (amount := proposal.changes.get(Change.WITHDRAWN)) is not None:
        yield Question(Asked.WITHDRAWN, claim, row.number, amount, Sentence(_WITHDRAWN, {"amount": amount}))
    if (amount := proposal.relabelled) != ZERO:
        yield Question(Asked.RELABELLED, claim, row.number, amount, Sentence(_RELABELLED, {"amount": amount}))


def _asked(row: KeptRow, doubtful: Doubtful, claims: Mapping[int, KnownClaim]) -> Compared:
    claim = claims[int(doubtful.pair.base)]
    text = N_("It may be claim {number} of the ledger, owed by {debtor} to {creditor}. {reason} {why}")
    values = {
        "number": claim.ledger_no, "debtor": claim.debtor.name, "creditor": claim.creditor.name,
        "reason": doubtful.pair.reason, "why": doubtful.why,
    }  # fmt: skip
    question = Question(Asked.MATCH, claim, row.number, row.stated.amount, Sentence(text, values))
    return Compared(row, Proposal(), claim, (question,))


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
        amount=Shown(_recognised(claim).fen, claim.step),
        state=tuple(Shown(amount.fen, claim.step) for amount in (counted, *(held[part] for part in _PARTS))),
    )  # fmt: skip


def _amounts(
    matching: Matching, rows: Mapping[int, KeptRow], claims: Mapping[int, KnownClaim]
) -> Iterator[tuple[Shown, Shown]]:
    """Of each matched row, its amount in the ledger and in the statement."""
    for pair in (*matching.sure, *(asked.pair for asked in matching.asked)):
        stated, claim = rows[int(pair.theirs)].stated, claims[int(pair.base)]
        yield Shown(_recognised(claim).fen, claim.step), Shown(stated.amount.fen, stated.step)


def _recognised(claim: KnownClaim) -> Money:
    return sum(claim.balances.values(), ZERO) - claim.balances[Account.REDUCED]
