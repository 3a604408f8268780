"""Fields for what people type into the forms of arrears, and for what is said of a claim."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import DateField, TextField
from django.utils.translation import gettext_lazy as _

from duban.arrears.commands.claim.correcting import CHOSEN
from duban.arrears.models import Facts
from duban.arrears.rules.accounts import Account
from duban.arrears.rules.facts import FACTS
from duban.arrears.words import choices, fact_label, fact_value
from duban.kernel.codes import Uscc
from duban.kernel.errors import DomainError
from duban.kernel.money import ZERO, Money
from duban.postgres.fields import MoneyField
from duban.ui import shown
from duban.ui.fields import DayInput


def papers_given(given: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The files that were handed in, by what they prove."""
    files = [(name, file) for name, file in given.items() if name.startswith("paper_") and file]
    return [(name.removeprefix("paper_"), file) for name, file in files]


class AmountField(forms.CharField):
    """An amount as people type it, in yuan."""

    def clean(self, value: Any) -> Money | None:  # noqa: ANN401 - Django's own
        """The amount; nothing where the field may stay empty and does, and None where that says another thing."""
        text = super().clean(value)
        try:
            return Money.parse(text) if text else None if text is None else ZERO
        except DomainError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class _CodeField(forms.CharField):
    """A unified social credit code, if the party has one."""

    def clean(self, value: Any) -> str | None:  # noqa: ANN401 - Django's own
        """The code as it is kept, or None."""
        text = super().clean(value)
        try:
            return Uscc.parse(text).code if text else None
        except DomainError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


def choice_field(label: str, choices: Sequence[tuple[str, str]], *, initial: str = "") -> forms.Field:
    """A choice among what this claim, or this person, has."""
    return forms.ChoiceField(label=label, choices=choices, initial=initial)


def number_field() -> forms.Field:
    """The ledger number of a claim that comes to be."""
    return forms.CharField(label=_("Number of the new claim"), max_length=64)


def part_fields(held: Mapping[Account, Money]) -> dict[str, forms.Field]:
    """An amount from each account that holds something."""
    return {
        f"part_{account.value}": AmountField(
            label=_("Of {account} (yuan)").format(account=account.label),
            required=False,
            help_text=_("At most {amount}.").format(amount=shown.yuan(amount)),
        )
        for account, amount in held.items()
        if amount > ZERO
    }


def parts_given(given: Mapping[str, Any]) -> dict[Account, Money]:
    """What was typed into `part_fields`, without what was left empty."""
    typed = {name: amount for name, amount in given.items() if name.startswith("part_") and amount != ZERO}
    return {Account(name.removeprefix("part_")): amount for name, amount in typed.items()}


def code_field(label: str) -> forms.Field:
    """A party's credit code, which may stay empty."""
    return _CodeField(label=label, required=False, help_text=_("Empty where the party has none."))


def fact_fields(said: Facts | None = None) -> dict[str, forms.Field]:
    """A field for everything that is said of a claim, filled in with what is said now."""
    return {name: _fact_field(name, said) for name in FACTS if name not in CHOSEN}


def _fact_field(name: str, said: Facts | None) -> forms.Field:
    column = _COLUMNS[name]
    named: dict[str, Any] = {"label": fact_label(name), "required": name in NEEDED}
    if said is not None:
        present = getattr(said, name)
        named |= {"initial": present, "help_text": _("Now: {value}").format(value=fact_value(name, present))}
    if listed := choices(name):
        return forms.ChoiceField(choices=listed, **named)
    if isinstance(column, MoneyField):
        return AmountField(empty_value=None if column.null else "", **named)
    if isinstance(column, DateField):
        return forms.DateField(widget=DayInput(), **named)
    if isinstance(column, TextField):
        return forms.CharField(widget=forms.Textarea({"rows": 2}), **named)
    made = column.formfield(**named)
    assert made is not None  # noqa: S101 - a column of facts is something that is typed
    return made


_COLUMNS = {column.name: column for column in Facts._meta.fields}  # noqa: SLF001 - Django's public way


NEEDED = frozenset({"ledger_no", "debtor_name", "creditor_name"})
"""What has to be said of every claim."""
