"""Adding stated payments and what became of them, many at once."""

from collections.abc import Sequence
from datetime import date
from uuid import uuid4

from duban.arrears.rules.settling import Method, Step
from duban.audit.models import Posting
from duban.kernel.money import Money
from duban.postgres import bulk


def state_many(
    claims: Sequence[tuple[int, int]],
    methods: Sequence[Method],
    amounts: Sequence[Money],
    *,
    statement_id: int | None,
    posting: Posting,
    value_on: date | None = None,
) -> list[int]:
    """Add a stated payment on each claim, with its first event. Two statements of SQL in all.

    Args:
        claims: id and scope of each.
        methods: how each was paid; `Method.UNKNOWN` where nobody said.
        statement_id: the statement from which they all come.
        value_on: the day of the bank, where it is known.

    Returns:
        The ids, in the order given: for `ClaimMoves.settlement_id`.
    """
    uids = [uuid4() for _ in claims]
    count = len(uids)
    found = bulk.insert(
        "arrears_settlement",
        {
            "uid": ("uuid", uids),
            "claim_id": ("bigint", [claim_id for claim_id, _ in claims]),
            "scope_id": ("bigint", [scope_id for _, scope_id in claims]),
            "method": ("text", [method.value for method in methods]),
            "amount": ("bigint", [amount.fen for amount in amounts]),
            "voucher_number": ("text", [""] * count),
            "voucher_total": ("bigint", [0] * count),
            "payee_name": ("text", [""] * count),
            "value_on": ("date", [value_on] * count),
            "statement_id": ("bigint", [statement_id] * count),
            "posting_id": ("bigint", [posting.pk] * count),
        },
        returning=["uid", "id"],
    )
    by_uid = dict(found)
    ids = [by_uid[uid] for uid in uids]
    add_events([(pk, scope_id, 1) for pk, (_, scope_id) in zip(ids, claims, strict=True)], Step.STATED, posting)
    return ids


def add_events(payments: Sequence[tuple[int, int, int]], step: Step, posting: Posting) -> None:
    """Say the same of many payments. One statement of SQL.

    Args:
        payments: id and scope of each, and the number of the event.
    """
    bulk.insert(
        "arrears_settlementevent",
        {
            "settlement_id": ("bigint", [pk for pk, _, _ in payments]),
            "scope_id": ("bigint", [scope_id for _, scope_id, _ in payments]),
            "n": ("int", [n for _, _, n in payments]),
            "step": ("text", [step.value] * len(payments)),
            "posting_id": ("bigint", [posting.pk] * len(payments)),
        },
    )
