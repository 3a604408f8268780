"""A campaign's scope rule in words, and why it takes a claim in or keeps it out, for people."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from duban.arrears.queries.campaigns.campaign import ClauseVersion
from duban.arrears.queries.campaigns.matching import Judgement
from duban.arrears.rules.accounts import Account, Rule
from duban.arrears.rules.campaigns import Clause, Out, ScopeRule, read_clauses
from duban.arrears.words import label
from duban.ui import shown
from duban.ui.components import Fact


def rule_name(rule: Rule) -> str:
    """A counting rule with its code."""
    return {Rule.C0: _("C0, as stated"), Rule.C1: _("C1, verified")}[rule]


def listed(words: Iterable[str]) -> str:
    """Words one after another."""
    return _(", ").join(words)


def kinds(of: str, codes: Iterable[str]) -> str:
    """The names of codes of a column; "all" where the rule names none."""
    names = [label(of, code) for code in sorted(codes)]
    return listed(names) if names else _("all")


def scope_facts(rule: ScopeRule, names: Mapping[str, str]) -> list[Fact]:
    """A scope rule, condition by condition.

    Args:
        names: of units and lines, by code.
    """
    accounts = listed(str(account.label) for account in Account if account in rule.accounts)
    return [
        Fact(_("Units, with all under them"), listed(names.get(code, code) for code in sorted(rule.units)), wide=True),
        Fact(_("Lines"), listed(names.get(code, code) for code in sorted(rule.lines)) or _("all")),
        Fact(_("Debtors"), kinds("debtor_kind", rule.debtor_kinds), wide=True),
        Fact(_("Creditors"), kinds("creditor_kind", rule.creditor_kinds)),
        Fact(_("Categories"), kinds("category", rule.categories)),
        Fact(_("Due before"), shown.day(rule.due_before) if rule.due_before else _("any day")),
        Fact(_("Accounts counted"), accounts, wide=True),
        Fact(
            _("Cleared before the base"),
            _("in the base, and counted") if rule.from_the_beginning else _("outside the base"),
        ),
    ]


def clause_value(version: ClauseVersion, names: Mapping[str, str]) -> str:
    """What a version of a clause says, on one line."""
    found = read_clauses({version.clause: (version.since, version.value)})
    if found.scope is not None:
        return _("; ").join(
            _("{name}: {value}").format(name=fact.label, value=fact.value) for fact in scope_facts(found.scope, names)
        )
    if found.counting is not None:
        return rule_name(found.counting)
    if version.clause is Clause.SMALL:
        return _("{amount} yuan").format(amount=shown.yuan(found.small))
    return _("{days} days").format(days=found.evidence_days)


def explained(claim: Judgement, rule: ScopeRule) -> str:
    """Why a claim is in or out, in a sentence with its values."""
    if claim.by_hand:
        text = _("In, by hand: {reason}") if claim.is_member else _("Out, by hand: {reason}")
        return text.format(reason=claim.reason)
    if claim.out is None:
        return _("In: {amount} yuan stands in what the campaign counts, and every condition fits.").format(
            amount=shown.yuan(claim.amount)
        )
    said = _why_out(claim, rule, claim.out)
    if claim.is_member and claim.out in {Out.CLEARED, Out.REDUCED, Out.ELSEWHERE}:
        return _("In since it entered; what was cleared of it counts. Today: {why}").format(why=said)
    return _("Out: {why}").format(why=said)


def _why_out(claim: Judgement, rule: ScopeRule, out: Out) -> str:
    columns = {Out.DEBTOR: "debtor_kind", Out.CREDITOR: "creditor_kind", Out.CATEGORY: "category"}
    wanted = {Out.DEBTOR: rule.debtor_kinds, Out.CREDITOR: rule.creditor_kinds, Out.CATEGORY: rule.categories}
    if out in columns:
        code = claim.codes[columns[out]]
        return _("{condition}: it is “{value}”, and the campaign takes in {wanted}.").format(
            condition=out.label,
            value=label(columns[out], code) if code else _("not given"),
            wanted=kinds(columns[out], wanted[out]),
        )
    if out is Out.DUE:
        return _("{condition}: its due day is {due_on}, and the campaign takes in what fell due before {day}.").format(
            condition=out.label, due_on=shown.day(claim.due_on), day=shown.day(rule.due_before)
        )
    if out is Out.ELSEWHERE:
        held = [f"{account.label} {shown.yuan(amount)}" for account, amount in claim.held.items()]
        return _("{condition}: {held} (yuan).").format(condition=out.label, held=listed(held))
    return str(out.label)
