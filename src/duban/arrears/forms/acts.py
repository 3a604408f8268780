"""What an act on a claim asks for."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from duban.arrears.forms.fields import AmountField, papers_given
from duban.arrears.rules.accounts import OPEN, OUTSIDE_RATES, Account
from duban.arrears.rules.acts import PAPERS, REDUCIBLE, Cause, Ground
from duban.arrears.rules.law import VERSIONS
from duban.arrears.rules.settling import SETTLES_AS, Method
from duban.ui.fields import DayInput


def _choices(kinds: Iterable[Account | Cause | Ground | Method]) -> Callable[[], list[tuple[str, str]]]:
    """Choices in the reader's language: they are asked for when the form is shown."""
    return lambda: [(kind.value, str(kind.label)) for kind in kinds]


def _editions() -> list[tuple[str, str]]:
    """That of the day on which the duty to pay arose, and each by name."""
    return [("", gettext("The edition of the day")), *((law.edition.value, str(law.label)) for law in VERSIONS)]


_ASKED: Mapping[str, Callable[[], forms.Field]] = {
    "amount": lambda: AmountField(label=_("Amount (yuan)")),
    "method": lambda: forms.ChoiceField(label=_("Method"), choices=_choices(SETTLES_AS)),
    "voucher_number": lambda: forms.CharField(label=_("Voucher number"), required=False, max_length=100),
    "voucher_total": lambda: AmountField(
        label=_("The whole voucher (yuan)"), required=False, help_text=_("Only where it pays several claims.")
    ),
    "payee_name": lambda: forms.CharField(label=_("Payee on the voucher"), required=False, max_length=200),
    "value_on": lambda: forms.DateField(label=_("Day of the bank"), required=False, widget=DayInput()),
    "cause": lambda: forms.ChoiceField(label=_("Why it is disputed"), choices=_choices(Cause)),
    "expires_on": lambda: forms.DateField(label=_("To be resolved by"), widget=DayInput()),
    "case_number": lambda: forms.CharField(label=_("Case number"), max_length=100),
    "due_part": lambda: forms.ChoiceField(
        label=_("Account it stands in"), choices=_choices((Account.UNDISPUTED, Account.DISPUTED))
    ),
    "open_part": lambda: forms.ChoiceField(label=_("Account it stands in"), choices=_choices((*OPEN, *OUTSIDE_RATES))),
    "ground": lambda: forms.ChoiceField(label=_("Ground"), choices=_choices(REDUCIBLE)),
    "edition": lambda: forms.ChoiceField(label=_("Edition"), choices=_editions, required=False),
    "owed": lambda: AmountField(label=_("Amount owed (yuan)"), required=False),
    "confirmed": lambda: AmountField(label=_("Amount that both sides confirmed (yuan)")),
    "unsettled_part": lambda: AmountField(
        label=_("Unsettled part that is settled (yuan)"), required=False, help_text=_("Empty for all of it.")
    ),
    "estimated": lambda: AmountField(
        label=_("Unsettled amount (yuan)"),
        required=False,
        help_text=_("An estimate that waits for acceptance, settlement or review, beside what is owed."),
    ),
    "pay_by": lambda: forms.DateField(
        label=_("To be paid by"),
        required=False,
        widget=DayInput(),
        help_text=_("By the contract and the law, counted from the settlement. Empty leaves the due day as it is."),
    ),
}
"""What an act may ask for."""


class ActForm(forms.Form):
    """What an act on a claim asks for, its papers, its day and its reason.

    Args:
        asks: names of what any claim may be asked.
        more: fields that depend on the claim or on the person; they stand first.
        latest: the last day on which it may take effect; None for an act that has no day.
    """

    def __init__(
        self, *given: Any, asks: Sequence[str], papers: Sequence[str], latest: date | None,  # noqa: ANN401 - Django's own
        more: Mapping[str, forms.Field] = MappingProxyType({}), **named: Any,  # noqa: ANN401 - Django's own
    ) -> None:  # fmt: skip
        super().__init__(*given, **named)
        self.fields.update(more)
        for name in asks:
            self.fields[name] = _ASKED[name]()
        for role in papers:
            self.fields[f"paper_{role}"] = forms.FileField(label=_(PAPERS[role]), required=False)
        if latest:
            day = forms.DateField(label=_("Day of the ledger"), initial=latest, widget=DayInput())
            day.widget.attrs["max"] = latest.isoformat()
            self.fields["effective_on"] = day
        self.fields["reason"] = forms.CharField(label=_("Reason"), max_length=500)
        self.order_fields(self.field_order)

    def typed(self) -> dict[str, str]:
        """What was typed, by field, without papers, day and reason: from it the form can be made again."""
        apart = ("paper_", "effective_on", "reason")
        return {name: self.data.get(name, "") for name in self.fields if not name.startswith(apart)}

    def shown(self) -> list[tuple[str, str]]:
        """The same for people: each field's label and what was typed, choices by their names."""
        typed = self.typed()
        return [
            (str(self.fields[name].label), str(dict(getattr(self.fields[name], "choices", ())).get(value, value)))
            for name, value in typed.items()
            if value
        ]

    def papers(self) -> list[tuple[str, Any]]:
        """The files that were handed in, by what they prove; which are needed is the act's to say."""
        return papers_given(self.cleaned_data)


class DecideForm(forms.Form):
    """What a person who decides on a proposal adds; to return one it is needed."""

    reason = forms.CharField(label=_("Reason"), required=False, max_length=500)
