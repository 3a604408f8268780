"""Posting many claims at once. Each step is one statement, so the database checks and projects the whole set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import uuid4

from duban.arrears.models import Contract, Part
from duban.arrears.rules.accounts import OF_PAYMENTS, Account
from duban.arrears.rules.acts import Ground
from duban.arrears.rules.facts import FACTS, FactKind, FactValues
from duban.arrears.rules.statement import Move
from duban.audit.models import Posting
from duban.kernel.money import ZERO, Money
from duban.postgres import bulk


@dataclass(frozen=True, slots=True)
class NewClaim:
    """A claim to be recognised: who, under which contract, what is said of it."""

    scope_id: int
    debtor_id: int
    creditor_id: int
    facts: FactValues


@dataclass(frozen=True, slots=True)
class ClaimMoves:
    """Moves on one claim, after the `last_n` transfers that it has."""

    claim_id: int
    scope_id: int
    moves: Sequence[Move]
    last_n: int = 0
    settlement_id: int | None = None
    """The stated payment to which moves into and out of `reported`, and those of an instrument, belong."""
    ground: Ground | None = None
    """Why moves into `reduced` reduce the claim, or that what is no longer recognised goes on in another one."""
    value_on: date | None = None
    """The day of the bank or of the event, where it is known."""

    @property
    def reported(self) -> Money:
        """What is stated as paid by them."""
        return sum((move.amount for move in self.moves if move.destination is Account.REPORTED), ZERO)


_WITH_GROUND = frozenset({Account.REDUCED, Account.RECOGNISED})


@dataclass(slots=True)
class _Rows:
    """Transfers, column by column."""

    claim: list[int] = field(default_factory=list)
    scope: list[int] = field(default_factory=list)
    n: list[int] = field(default_factory=list)
    source: list[str] = field(default_factory=list)
    destination: list[str] = field(default_factory=list)
    amount: list[int] = field(default_factory=list)
    settlement: list[int | None] = field(default_factory=list)
    ground: list[str | None] = field(default_factory=list)
    value_on: list[date | None] = field(default_factory=list)


def add_claims(claims: Sequence[NewClaim], *, posting: Posting) -> list[int]:
    """Add contracts, parts, claims and their first facts.

    Returns:
        The claims' ids, in the order given.
    """
    wholes = _add_contracts(claims, posting=posting)
    uids = [uuid4() for _ in claims]
    found = bulk.insert(
        "arrears_claim",
        {
            "uid": ("uuid", uids),
            "scope_id": ("bigint", [claim.scope_id for claim in claims]),
            "debtor_id": ("bigint", [claim.debtor_id for claim in claims]),
            "creditor_id": ("bigint", [claim.creditor_id for claim in claims]),
            "part_id": ("bigint", [wholes[_contract_key(claim)] for claim in claims]),
            "posting_id": ("bigint", [posting.pk] * len(claims)),
        },
        returning=["uid", "id"],
    )
    by_uid = dict(found)
    ids = [by_uid[uid] for uid in uids]
    _add_facts(claims, ids, posting=posting)
    return ids


def post_moves(moves: Sequence[ClaimMoves], *, effective_on: date, posting: Posting) -> int:
    """Post moves as transfers, all on one day of the ledger; the database refuses what the ledger forbids.

    Returns:
        How many transfers were added.
    """
    rows = _Rows()
    for claim in moves:
        for n, move in enumerate(claim.moves, start=claim.last_n + 1):
            rows.claim.append(claim.claim_id)
            rows.scope.append(claim.scope_id)
            rows.n.append(n)
            rows.source.append(move.source.value)
            rows.destination.append(move.destination.value)
            rows.amount.append(move.amount.fen)
            rows.settlement.append(claim.settlement_id if {move.source, move.destination} & OF_PAYMENTS else None)
            rows.value_on.append(claim.value_on)
            rows.ground.append(claim.ground if move.destination in _WITH_GROUND else None)
    count = len(rows.claim)
    bulk.insert(
        "arrears_transfer",
        {
            "claim_id": ("bigint", rows.claim),
            "scope_id": ("bigint", rows.scope),
            "n": ("int", rows.n),
            "source": ("text", rows.source),
            "destination": ("text", rows.destination),
            "amount": ("bigint", rows.amount),
            "settlement_id": ("bigint", rows.settlement),
            "ground": ("text", rows.ground),
            "value_on": ("date", rows.value_on),
            "effective_on": ("date", [effective_on] * count),
            "posting_id": ("bigint", [posting.pk] * count),
            "recorded_at": ("timestamptz", [posting.recorded_at] * count),
        },
    )
    return count


ContractKey = tuple[int, int, int, str, str]
"""Scope, debtor, creditor, number and project."""


def _contract_key(claim: NewClaim) -> ContractKey:
    return (claim.scope_id, claim.debtor_id, claim.creditor_id, claim.facts.contract_no, claim.facts.project)


def _add_contracts(claims: Sequence[NewClaim], *, posting: Posting) -> dict[ContractKey, int]:
    """The whole of the contract of each claim, as a part, by the contract's key; those that are known are found."""
    keys = sorted({_contract_key(claim) for claim in claims})
    known = _find_contracts(keys)
    fresh = [key for key in keys if key not in known]
    columns = list(zip(*fresh, strict=True)) or [()] * 5
    added = bulk.insert(
        "arrears_contract",
        {
            "uid": ("uuid", [uuid4() for _ in fresh]),
            "scope_id": ("bigint", columns[0]),
            "debtor_id": ("bigint", columns[1]),
            "creditor_id": ("bigint", columns[2]),
            "number": ("text", columns[3]),
            "project": ("text", columns[4]),
            "posting_id": ("bigint", [posting.pk] * len(fresh)),
        },
        returning=["scope_id", "debtor_id", "creditor_id", "number", "project", "id"],
    )
    return _find_wholes(known) | _add_wholes({row[:5]: row[5] for row in added})


def _find_contracts(keys: Sequence[ContractKey]) -> dict[ContractKey, int]:
    """The contracts that the ledger has. One query."""
    wanted = Contract.objects.filter(scope_id__in={key[0] for key in keys}, creditor_id__in={key[2] for key in keys})
    fields = ("scope_id", "debtor_id", "creditor_id", "number", "project", "pk")
    found = {row[:5]: row[5] for row in wanted.values_list(*fields)}
    return {key: found[key] for key in keys if key in found}


def _find_wholes(contracts: Mapping[ContractKey, int]) -> dict[ContractKey, int]:
    """The whole of each contract that the ledger has. Every contract has one from the beginning."""
    wholes = Part.objects.filter(contract_id__in=contracts.values(), kind=Part.Kind.WHOLE, number="")
    ids = dict(wholes.values_list("contract_id", "pk"))
    return {key: ids[contract] for key, contract in contracts.items()}


def _add_wholes(contracts: Mapping[ContractKey, int]) -> dict[ContractKey, int]:
    """The whole of each new contract as its part. A ledger row does not say which part of the price it is."""
    added = bulk.insert(
        "arrears_part",
        {
            "contract_id": ("bigint", list(contracts.values())),
            "scope_id": ("bigint", [key[0] for key in contracts]),
            "kind": ("text", [Part.Kind.WHOLE.value] * len(contracts)),
            "number": ("text", [""] * len(contracts)),
        },
        returning=["contract_id", "id"],
    )
    ids = dict(added)
    return {key: ids[contract] for key, contract in contracts.items()}


def _add_facts(claims: Sequence[NewClaim], ids: Sequence[int], *, posting: Posting) -> None:
    bulk.insert(
        "arrears_claimfact",
        {
            "claim_id": ("bigint", ids),
            "scope_id": ("bigint", [claim.scope_id for claim in claims]),
            "posting_id": ("bigint", [posting.pk] * len(ids)),
            "recorded_at": ("timestamptz", [posting.recorded_at] * len(ids)),
            "n": ("int", [1] * len(ids)),
            **fact_columns([claim.facts for claim in claims]),
        },
    )


def fact_columns(versions: Sequence[FactValues]) -> dict[str, tuple[str, list[object]]]:
    """What is said, column by column, as `bulk.insert` takes it.

    A fact of which no version says anything is left out, and the database fills it in: most ledgers state a third of
    what could be said.
    """
    said: dict[str, tuple[str, list[object]]] = {}
    for name, kind in FACTS.items():
        values = [getattr(version, name) for version in versions]
        if any(value is not None and value != "" for value in values):
            said[name] = (kind.value, [_stored(value) for value in values] if kind is FactKind.MONEY else values)
    return said


def _stored(amount: Money | None) -> int | None:
    return None if amount is None else amount.fen
