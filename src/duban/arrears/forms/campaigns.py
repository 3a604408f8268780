"""Typed text of the pages of campaigns."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from duban.arrears.forms.fields import AmountField
from duban.arrears.rules.accounts import Account, Rule
from duban.arrears.rules.campaigns import COVERABLE, Clause, ScopeRule
from duban.arrears.rules.targets import Layer, Metric, Target
from duban.arrears.words import offered
from duban.kernel.errors import DomainError
from duban.kernel.money import Money
from duban.ui.fields import DayInput

Choices = list[tuple[str, str]]


def _labelled(kinds: Iterable[StrEnum]) -> Callable[[], Choices]:
    """Choices in the reader's language: they are asked for when the form is shown."""
    return lambda: [(kind.value, str(getattr(kind, "label"))) for kind in kinds]  # noqa: B009 - every one of them has it


class _Several(forms.MultipleChoiceField):
    """Any number of choices, as boxes to tick; none of them means all."""

    widget = forms.CheckboxSelectMultiple


class BeginForm(forms.Form):
    """A new campaign."""

    code = forms.CharField(label=_("Code"), max_length=32, help_text=_("Short, as people call it: 2022专项."))
    name = forms.CharField(label=_("Name"), max_length=128)
    source = forms.CharField(label=_("Source document"), max_length=200, help_text=_("Its title or number."))
    unit = forms.ChoiceField(label=_("Kept by"))
    began_on = forms.DateField(label=_("Began on"), widget=DayInput())

    def __init__(self, *given: Any, units: Choices, **named: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*given, **named)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]  # it is a choice, as declared above


class ClauseForm(forms.Form):
    """Since when a clause holds, and by which paper; what it says stands in the form made of this one."""

    def __init__(self, *given: Any, latest: date, **named: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*given, **named)
        self.fields["since"] = forms.DateField(label=_("Holds from"), initial=latest, widget=DayInput())
        self.fields["source"] = forms.CharField(label=_("Source"), max_length=200, help_text=_("Paper and article."))

    def value(self) -> ScopeRule | Rule | Money | int:
        """What the clause says."""
        raise NotImplementedError


class ScopeForm(ClauseForm):
    """Which claims a campaign takes in."""

    units = _Several(label=_("Units, with all under them"))
    lines = _Several(label=_("Lines"), required=False, help_text=_("None ticked: all."))
    debtor_kinds = _Several(label=_("Debtors"), required=False, choices=offered("debtor_kind"))
    creditor_kinds = _Several(label=_("Creditors"), required=False, choices=offered("creditor_kind"))
    categories = _Several(label=_("Categories"), required=False, choices=offered("category"))
    due_before = forms.DateField(label=_("Due before"), required=False, widget=DayInput())
    accounts = _Several(label=_("Accounts counted"), choices=_labelled(COVERABLE))
    from_the_beginning = forms.BooleanField(
        label=_("What was cleared before the day of the base is in it, and counts"), required=False
    )

    def __init__(self, *given: Any, units: Choices, lines: Choices, **named: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*given, **named)
        self.fields["units"].choices = units  # type: ignore[attr-defined]  # it is a choice, as declared above
        self.fields["lines"].choices = lines  # type: ignore[attr-defined]  # as above

    def value(self) -> ScopeRule:
        """The rule that was ticked."""
        given = self.cleaned_data
        sets = ("units", "lines", "debtor_kinds", "creditor_kinds", "categories")
        return ScopeRule(
            accounts=frozenset(map(Account, given["accounts"])),
            due_before=given["due_before"],
            from_the_beginning=given["from_the_beginning"],
            **{name: frozenset(given[name]) for name in sets},
        )


class CountingForm(ClauseForm):
    """What counts as cleared."""

    rule = forms.ChoiceField(
        label=_("Counting rule"),
        choices=[(Rule.C0.value, _("C0, as stated")), (Rule.C1.value, _("C1, verified"))],
        widget=forms.RadioSelect,
    )

    def value(self) -> Rule:
        """The rule chosen."""
        return Rule(self.cleaned_data["rule"])


class SmallForm(ClauseForm):
    """Below which amount a claim is a small one."""

    amount = AmountField(label=_("Small claims are below (yuan)"))

    def value(self) -> Money:
        """The amount."""
        amount: Money = self.cleaned_data["amount"]
        return amount


class EvidenceForm(ClauseForm):
    """So many days before a deadline the word of both sides is needed."""

    days = forms.IntegerField(label=_("Days before a deadline"), min_value=1, max_value=3650)

    def value(self) -> int:
        """The days."""
        return int(self.cleaned_data["days"])


FORMS: dict[Clause, type[ClauseForm]] = {
    Clause.SCOPE: ScopeForm,
    Clause.COUNTING: CountingForm,
    Clause.SMALL: SmallForm,
    Clause.EVIDENCE: EvidenceForm,
}


class TargetForm(forms.Form):
    """What a unit is to reach by a day."""

    unit = forms.ChoiceField(label=_("Unit"))
    debtor = forms.CharField(
        label=_("Debtor"), required=False, max_length=200, help_text=_("Name or code, for a target of one debtor.")
    )
    layer = forms.ChoiceField(label=_("Set by"), choices=_labelled(Layer))
    metric = forms.ChoiceField(label=_("Measured in"), choices=_labelled(Metric))
    percent = forms.DecimalField(
        label=_("Progress (%)"), required=False, min_value=Decimal("0.01"), max_value=100, decimal_places=2
    )
    amount = AmountField(label=_("Amount (yuan)"), required=False)
    due_on = forms.DateField(label=_("Deadline"), widget=DayInput())
    buffer_days = forms.IntegerField(
        label=_("Days ahead of it"), initial=0, min_value=0, max_value=365,
        help_text=_("So many days before the deadline it is to be reached."),
    )  # fmt: skip
    source = forms.CharField(label=_("Source"), max_length=200)
    is_taken_back = forms.BooleanField(label=_("Take this target back"), required=False)

    def __init__(self, *given: Any, units: Choices, **named: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*given, **named)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]  # it is a choice, as declared above

    def target(self) -> Target:
        """The target."""
        given = self.cleaned_data
        percent: Decimal | None = given["percent"]
        return Target(
            layer=Layer(given["layer"]),
            metric=Metric(given["metric"]),
            due_on=given["due_on"],
            buffer_days=given["buffer_days"],
            rate=percent / 100 if percent is not None else None,
            amount=given["amount"],
        )


class EnterMembersForm(forms.Form):
    """The day of a proposal that was looked at, and what it said."""

    on = forms.DateField(widget=forms.HiddenInput)
    entering = forms.IntegerField(widget=forms.HiddenInput)
    leaving = forms.IntegerField(widget=forms.HiddenInput)


class ExceptionForm(forms.Form):
    """One claim that enters or leaves by hand."""

    claim = forms.ChoiceField(label=_("Claim"))
    enters = forms.ChoiceField(
        label=_("What happens"), choices=[("1", _("It enters")), ("0", _("It leaves"))], widget=forms.RadioSelect
    )
    on = forms.DateField(label=_("Day"), widget=DayInput())
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *given: Any, claims: Choices, **named: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*given, **named)
        self.fields["claim"].choices = claims  # type: ignore[attr-defined]  # it is a choice, as declared above


class OrderForm(forms.Form):
    """An order on the base."""

    def __init__(self, *given: Any, corrects: bool, latest: date, **named: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*given, **named)
        if corrects:
            self.fields["amounts"] = forms.CharField(
                label=_("Claims and their right base"),
                widget=forms.Textarea({"rows": 8}),
                help_text=_("A line each: ledger number and yuan. Two columns can be pasted from a spreadsheet."),
            )
        self.fields["on"] = forms.DateField(label=_("Takes effect on"), initial=latest, widget=DayInput())
        self.fields["reason"] = forms.CharField(label=_("Reason"), max_length=500)
        self.fields["paper"] = forms.FileField(label=_("Evidence"), required=corrects)

    def clean_amounts(self) -> dict[str, Money]:
        """The right base of each claim, by ledger number."""
        found: dict[str, Money] = {}
        for line in str(self.cleaned_data["amounts"]).splitlines():
            number, amount = _line(line)
            if not number:
                continue
            if number in found:
                raise forms.ValidationError(_("Claim {number} stands there twice.").format(number=number))
            found[number] = amount
        return found


def _line(line: str) -> tuple[str, Money]:
    parts = line.split(None, 1)
    if not parts:
        return "", Money(0)
    if len(parts) == 1:
        raise forms.ValidationError(_("The line “{line}” has no amount.").format(line=line.strip()))
    try:
        return parts[0].upper(), Money.parse(parts[1])
    except DomainError as refusal:
        raise forms.ValidationError(f"{parts[0]}: {refusal}") from refusal


class DecideForm(forms.Form):
    """The second person's decision on an order."""

    verdict = forms.ChoiceField(
        label=_("Decision on the order"),
        choices=[("approve", _("Approve")), ("refuse", _("Refuse"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Remark"), required=False, max_length=500)
