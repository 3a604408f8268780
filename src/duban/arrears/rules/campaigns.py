"""What a campaign (口径批次) takes in, and which of its conditions keeps a claim out. Pure.

The scope is policy and changes from campaign to campaign (domain.md §2.2), so it is dated data: a `ScopeRule` is kept
as JSON with the day from which it holds and the document that says so. `queries/campaigns/matching.py` repeats
`judge` for whole ledgers, and a test holds the two together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from duban.arrears.rules.accounts import OPEN, OUTSIDE_RATES, Account, Rule
from duban.arrears.rules.position import cleared
from duban.kernel.errors import DomainError
from duban.kernel.money import ZERO, Money
from duban.kernel.words import N_, Sentence

Balances = Mapping[Account, Money]

COVERABLE = (*OPEN, *OUTSIDE_RATES)
"""The accounts that a campaign may take in: what is due and open, and what others widen it by."""


class Clause(StrEnum):
    """What of a campaign is dated data, each version with its source."""

    SCOPE = "scope"
    COUNTING = "counting"
    SMALL = "small"
    """An undisputed claim below this amount is a small one (小额)."""
    EVIDENCE = "evidence"
    """So many days before a deadline a claim becomes disputed only on the word of both sides (F4)."""

    @property
    def label(self) -> Sentence:
        """The clause's name in the reader's language."""
        return Sentence(_CLAUSE_LABELS[self])


_CLAUSE_LABELS = {
    Clause.SCOPE: N_("Scope rule"),
    Clause.COUNTING: N_("Counting rule"),
    Clause.SMALL: N_("Small claims are below"),
    Clause.EVIDENCE: N_("Days before a deadline in which both sides' word is needed"),
}


@dataclass(frozen=True, slots=True)
class ScopeRule:
    """Which claims a campaign takes in. An empty set of kinds, categories or lines takes in all of them.

    Args:
        units: codes; each with everything that stands under it. Never empty: a campaign is of a place.
        due_before: only claims that fell due before this day.
        accounts: of `COVERABLE`; what stands in them on the day of the base is the base.
        from_the_beginning: what had been cleared by that day is in the base too, and counts.
    """

    units: frozenset[str]
    accounts: frozenset[Account]
    lines: frozenset[str] = frozenset()
    debtor_kinds: frozenset[str] = frozenset()
    creditor_kinds: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    due_before: date | None = None
    from_the_beginning: bool = False

    @property
    def needs_due_day(self) -> bool:
        """A claim without a due day is out, unless the campaign takes in what is not settled yet and so has none."""
        return self.due_before is not None and Account.UNSETTLED not in self.accounts


@dataclass(frozen=True, slots=True)
class Standing:
    """What a claim is on a day."""

    balances: Balances
    debtor_kind: str = ""
    creditor_kind: str = ""
    category: str = ""
    due_on: date | None = None
    is_in_place: bool = True
    """Its reporter and line are among those of the rule."""


class Out(StrEnum):
    """The condition that keeps a claim out; where there are several, the first of this list."""

    PLACE = "place"
    DEBTOR = "debtor"
    CREDITOR = "creditor"
    CATEGORY = "category"
    DUE = "due"
    ELSEWHERE = "elsewhere"
    """All that is left of it stands in accounts that the campaign does not take in."""
    CLEARED = "cleared"
    REDUCED = "reduced"
    BY_HAND = "by_hand"
    """Somebody took it out, with a reason; no rule says so."""

    @property
    def label(self) -> Sentence:
        """The condition's name in the reader's language."""
        return Sentence(_OUT_LABELS[self])


_OUT_LABELS = {
    Out.PLACE: N_("Another place or line"),
    Out.DEBTOR: N_("Another kind of debtor"),
    Out.CREDITOR: N_("Another kind of creditor"),
    Out.CATEGORY: N_("Another category"),
    Out.DUE: N_("Not due before the day"),
    Out.ELSEWHERE: N_("Stands where the campaign does not count"),
    Out.CLEARED: N_("Cleared before"),
    Out.REDUCED: N_("Reduced to nothing"),
    Out.BY_HAND: N_("Decided by hand"),
}

LASTING = (Out.PLACE, Out.DEBTOR, Out.CREDITOR, Out.CATEGORY, Out.DUE)
"""For these a member leaves. One that was paid stays: what was cleared is what a campaign is about."""


class BadClause(DomainError):
    """A clause of a campaign says what it cannot say."""

    text = N_("{clause}: {value} cannot be read. {wanted}")

    def __init__(self, *, clause: Clause, value: object, wanted: Sentence) -> None:
        super().__init__(clause=clause.label, value=value, wanted=wanted)


def covered(rule: ScopeRule, balances: Balances) -> Money:
    """What a claim counts in the base, by what its accounts hold on the day of the base."""
    standing = sum((balances.get(account, ZERO) for account in rule.accounts), ZERO)
    return standing + cleared(balances, Rule.C0) if rule.from_the_beginning else standing


def settled_outside(rule: ScopeRule, balances: Balances) -> Money:
    """What had been cleared by the day of the base and is not in it: no progress is made of it later."""
    return ZERO if rule.from_the_beginning else cleared(balances, Rule.C0)


def judge(rule: ScopeRule, standing: Standing) -> Out | None:
    """The first condition that keeps a claim out, or None where it is in."""
    named = (
        (Out.DEBTOR, rule.debtor_kinds, standing.debtor_kind),
        (Out.CREDITOR, rule.creditor_kinds, standing.creditor_kind),
        (Out.CATEGORY, rule.categories, standing.category),
    )
    if not standing.is_in_place:
        return Out.PLACE
    for out, wanted, value in named:
        if wanted and value not in wanted:
            return out
    if not _falls_due_in_time(rule, standing.due_on):
        return Out.DUE
    return None if covered(rule, standing.balances) > ZERO else _why_nothing(rule, standing.balances)


def _falls_due_in_time(rule: ScopeRule, due_on: date | None) -> bool:
    if due_on is None:
        return not rule.needs_due_day
    return rule.due_before is None or due_on < rule.due_before


def _why_nothing(rule: ScopeRule, balances: Balances) -> Out:
    if any(balances.get(account, ZERO) > ZERO for account in COVERABLE if account not in rule.accounts):
        return Out.ELSEWHERE
    return Out.CLEARED if cleared(balances, Rule.C0) > ZERO else Out.REDUCED


# -- Clauses as they are kept -----------------------------------------------------------------------------------------

_SETS = ("units", "lines", "debtor_kinds", "creditor_kinds", "categories")


def plain_scope(rule: ScopeRule) -> dict[str, Any]:
    """A scope rule as JSON, always in the same order."""
    return {
        **{name: sorted(getattr(rule, name)) for name in _SETS},
        "accounts": sorted(account.value for account in rule.accounts),
        "due_before": rule.due_before.isoformat() if rule.due_before else None,
        "from_the_beginning": rule.from_the_beginning,
    }


def read_scope(value: Mapping[str, Any]) -> ScopeRule:
    """Read back what `plain_scope` wrote.

    Raises:
        BadClause: it names no unit, or no account, or one that a campaign cannot take in.
    """
    accounts = frozenset(Account(name) for name in value.get("accounts", ()) if name in set(Account))
    rule = ScopeRule(
        accounts=accounts,
        due_before=date.fromisoformat(value["due_before"]) if value.get("due_before") else None,
        from_the_beginning=bool(value.get("from_the_beginning")),
        **{name: frozenset(value.get(name, ())) for name in _SETS},
    )
    if not rule.units or not accounts or not accounts <= set(COVERABLE):
        raise BadClause(clause=Clause.SCOPE, value=dict(value), wanted=_WANTED[Clause.SCOPE])
    return rule


_WANTED = {
    Clause.SCOPE: Sentence(N_("Name at least one unit, and at least one account that is open or not due.")),
    Clause.COUNTING: Sentence(N_("Choose C0 (as stated) or C1 (verified).")),
    Clause.SMALL: Sentence(N_("Give an amount above zero.")),
    Clause.EVIDENCE: Sentence(N_("Give a whole number of days, one or more.")),
}


@dataclass(frozen=True, slots=True)
class Clauses:
    """What holds for a campaign on a day. None where nobody has said it yet: no threshold has a default."""

    scope: ScopeRule | None = None
    counting: Rule | None = None
    small: Money | None = None
    evidence_days: int | None = None
    since: Mapping[Clause, date] = field(default_factory=dict)


def plain_clause(clause: Clause, value: ScopeRule | Rule | Money | int) -> dict[str, Any]:
    """The value of a clause as JSON.

    Raises:
        BadClause: it is not a value that the clause can have.
    """
    match clause, value:
        case Clause.SCOPE, ScopeRule():
            plain = plain_scope(value)
            read_scope(plain)
            return plain
        case Clause.COUNTING, Rule():
            return {"rule": value.value}
        case Clause.SMALL, Money() if value > ZERO:
            return {"fen": value.fen}
        case Clause.EVIDENCE, int() if value > 0:
            return {"days": value}
    raise BadClause(clause=clause, value=value, wanted=_WANTED[clause])


def read_clauses(found: Mapping[Clause, tuple[date, Mapping[str, Any]]]) -> Clauses:
    """What holds, from the version of each clause that is in force: the day from which it is, and its value."""
    values = {clause: value for clause, (_, value) in found.items()}
    return Clauses(
        scope=read_scope(values[Clause.SCOPE]) if Clause.SCOPE in values else None,
        counting=Rule(values[Clause.COUNTING]["rule"]) if Clause.COUNTING in values else None,
        small=Money(values[Clause.SMALL]["fen"]) if Clause.SMALL in values else None,
        evidence_days=values[Clause.EVIDENCE]["days"] if Clause.EVIDENCE in values else None,
        since={clause: since for clause, (since, _) in found.items()},
    )
