"""Typed text of the pages of parties."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from duban.kernel.errors import DomainError
from duban.kernel.money import ZERO, Money, Unit
from duban.register.rules.kinds import Kind
from duban.register.rules.sizes import Figures
from duban.ui.fields import DayInput

SAME_FIRST, SAME_SECOND, DIFFERENT = "first", "second", "different"


class DecideForm(forms.Form):
    """What two parties are to each other."""

    verdict = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("What it rests on"), max_length=500, help_text=_("The papers compared, with their days or numbers.")
    )

    def __init__(self, *given: Any, choices: list[tuple[str, str]], **named: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*given, **named)
        field = self.fields["verdict"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = choices


class UndoForm(forms.Form):
    """Why a decision is undone."""

    reason = forms.CharField(label=_("Why it is undone"), max_length=500)


class PaperForm(forms.Form):
    """The paper on which an entry about a party rests."""

    paper = forms.CharField(
        label=_("Paper"), max_length=200, help_text=_("What says so: licence or notice, with its day or number.")
    )


class WithdrawForm(forms.Form):
    """Why a verification is withdrawn."""

    paper = forms.CharField(label=_("Why it is undone"), max_length=200)


class _SinceForm(PaperForm):
    """An entry that holds from a day on."""

    since = forms.DateField(label=_("Since"), widget=DayInput())

    def __init__(self, *given: Any, latest: date, **named: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*given, **named)
        self.fields["since"].widget.attrs["max"] = latest.isoformat()


class RenameForm(_SinceForm):
    """A name, from when, and by which paper."""

    name = forms.CharField(label=_("Name of the party"), max_length=200)
    field_order = ("name", "since", "paper")


class KindForm(_SinceForm):
    """What a party is, from when, and by which paper."""

    kind = forms.TypedChoiceField(
        label=_("Kind"), coerce=Kind, choices=lambda: [("", "—"), *((kind.value, str(kind.label)) for kind in Kind)]
    )
    head = forms.CharField(
        label=_("Body it belongs to"),
        required=False,
        max_length=200,
        help_text=_("For a branch, or who works under another body's licence: the body's credit code or name."),
    )
    field_order = ("kind", "head", "since", "paper")


class SuccessorForm(_SinceForm):
    """Which party came after this one, from when, and by which paper."""

    successor = forms.CharField(
        label=_("Party in its place"), max_length=200, help_text=_("Its credit code, or its name if only one has it.")
    )
    field_order = ("successor", "since", "paper")


class NoSuccessorForm(WithdrawForm):
    """Which party does not come after this one, and why."""

    successor = forms.CharField(
        label=_("Party in its place"), max_length=200, help_text=_("Its credit code, or its name if only one has it.")
    )
    field_order = ("successor", "paper")


class _WanField(forms.CharField):
    """An amount as people type it, in 万元; nothing where it is not known."""

    def clean(self, value: Any) -> Money | None:  # noqa: ANN401 - Django's own
        """The amount, exact to the cent."""
        text = super().clean(value)
        try:
            amount = Money.parse(text, Unit.WAN) if text else None
        except DomainError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        if amount is not None and amount < ZERO:
            raise forms.ValidationError(_("A figure below zero is none. Give it as it stands on the paper."))
        return amount


class SizeForm(PaperForm):
    """The figures of a year; what is left empty is not known."""

    year = forms.IntegerField(
        label=_("Year of the figures"),
        min_value=1990,
        help_text=_("The size on the day of a contract is told by the figures of the year before."),
    )
    industry = forms.CharField(
        label=_("Industry"), max_length=8, help_text=_("A code of GB/T 4754: a letter, or two to four digits.")
    )
    staff = forms.IntegerField(label=_("Staff (persons)"), required=False, min_value=0, max_value=10_000_000)
    revenue = _WanField(label=_("Revenue (10,000 yuan)"), required=False)
    assets = _WanField(label=_("Total assets (10,000 yuan)"), required=False)
    field_order = ("year", "industry", "staff", "revenue", "assets", "paper")

    def clean(self) -> dict[str, Any]:
        """The figures together, as the rules take them."""
        given = super().clean() or {}
        figures = Figures(**{name: given.pop(name, None) for name in ("staff", "revenue", "assets")})
        return {**given, "figures": figures}
