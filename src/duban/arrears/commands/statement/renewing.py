"""What the rows of a statement say anew of claims: their number, names, days and the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from duban.arrears.commands.posting import fact_columns
from duban.arrears.commands.statement.comparing import Compared
from duban.arrears.models import ClaimNow, StatedClaim, StatementRow
from duban.arrears.rules.facts import FACTS, FactValues, facts_from
from duban.arrears.rules.renewing import renewed
from duban.audit.models import Posting
from duban.postgres import bulk


@dataclass(frozen=True, slots=True)
class Renewal:
    """The next version of what is said of a claim."""

    claim_id: int
    scope_id: int
    n: int
    facts: FactValues


def renewals(rows: Sequence[Compared]) -> list[Renewal]:
    """What rows on known claims say anew. Three queries, over those alone that say something else than last time."""
    other = {one.claim.claim_id: one for one in rows if one.claim is not None and one.row.fingerprint != one.claim.said}
    bases = _last_said(list(other))
    found = []
    for now in ClaimNow.objects.filter(claim_id__in=list(other)).order_by("claim_id"):
        ours = FactValues(**{name: getattr(now, name) for name in FACTS})
        changed = renewed(other[now.claim_id].row.facts, ours, bases.get(now.claim_id))
        if changed:
            facts = replace(ours, **changed)  # type: ignore[arg-type]  # each value is of its fact's type
            found.append(Renewal(now.claim_id, now.scope_id, now.versions + 1, facts))
    return found


def _last_said(claims: Sequence[int]) -> Mapping[int, FactValues]:
    """What the last row of each claim said."""
    latest = StatedClaim.objects.filter(claim_id__in=claims).order_by("claim_id", "-pk").distinct("claim_id")
    where = latest.values_list("claim_id", "statement_id", "n")
    places = {(statement_id, n): claim_id for claim_id, statement_id, n in where}
    statements = {statement_id for statement_id, _ in places}
    rows = StatementRow.objects.filter(statement_id__in=statements, n__in={n for _, n in places})
    return {
        places[statement_id, n]: facts_from(values)
        for statement_id, n, values in rows.values_list("statement_id", "n", "values")
        if (statement_id, n) in places
    }


def say_anew(found: Sequence[Renewal], *, posting: Posting) -> None:
    """Add the next versions. One statement of SQL."""
    bulk.insert(
        "arrears_claimfact",
        {
            "claim_id": ("bigint", [one.claim_id for one in found]),
            "scope_id": ("bigint", [one.scope_id for one in found]),
            "posting_id": ("bigint", [posting.pk] * len(found)),
            "recorded_at": ("timestamptz", [posting.recorded_at] * len(found)),
            "n": ("int", [one.n for one in found]),
            **fact_columns([one.facts for one in found]),
        },
    )
