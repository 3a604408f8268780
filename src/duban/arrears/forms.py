"""Typed text of the arrears pages."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import PurePath
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from duban.arrears.rules.accounts import OPEN, OUTSIDE_RATES, Account
from duban.arrears.rules.acts import PAPERS, REDUCIBLE, Cause, Ground
from duban.arrears.rules.settling import SETTLES_AS, Method
from duban.kernel.errors import DomainError
from duban.kernel.money import ZERO, Money
from duban.ui.fields import DayInput

READABLE = (".xlsx", ".xlsm", ".xls", ".ods")
DELIVERED = (*READABLE, ".csv", ".tsv", ".zip")


class DayForm(forms.Form):
    """A day to look at."""

    as_of = forms.DateField(label=_("As of"), required=False, widget=DayInput())


class ImportForm(forms.Form):
    """A ledger workbook, whose it is, and of which day."""

    unit = forms.ChoiceField(label=_("Reporting unit"))
    as_of = forms.DateField(
        label=_("Ledger as of"),
        widget=DayInput(),
        help_text=_("The day at which the ledger stood, usually the last of a month."),
    )
    file = forms.FileField(
        label=_("Workbook"),
        help_text=_("The ledger as it is, .xlsx or .xls; one table with headings."),
        widget=forms.ClearableFileInput({"accept": ",".join(READABLE)}),
    )

    def __init__(self, *given: Any, units: list[tuple[str, str]], latest: date, **named: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*given, **named)
        field = self.fields["unit"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = units
        self.fields["as_of"].widget.attrs["max"] = latest.isoformat()

    def clean_file(self) -> Any:  # noqa: ANN401 - an uploaded file, whose type is generic only in the stubs
        """A file of a kind that can be read; what is in it is looked at later."""
        file = self.cleaned_data["file"]
        if PurePath(file.name or "").suffix.lower() not in READABLE:
            raise forms.ValidationError(_("This is not a workbook. Save the ledger as .xlsx and hand that in."))
        return file


class _ManyFiles(forms.ClearableFileInput):
    """A file field that takes several."""

    allow_multiple_selected = True


class _ManyFilesField(forms.FileField):
    """Files, each as it was uploaded."""

    widget = _ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:  # noqa: ANN401 - Django's own
        """Check each by itself."""
        given = data if isinstance(data, list | tuple) else [data]
        return [super(_ManyFilesField, self).clean(one, initial) for one in given]


class DeliveryForm(forms.Form):
    """Several workbooks at once."""

    workbooks = _ManyFilesField(
        label=_("Workbooks"),
        help_text=_("As many as you like, or a .zip with folders. Whose each one is is guessed, and you confirm."),
        widget=_ManyFiles({"accept": ",".join(DELIVERED)}),
    )


class ConfirmForm(forms.Form):
    """Whose one of the files is and of which day; only a ticked one is handed in."""

    take = forms.BooleanField(label=_("Hand in"), required=False)
    unit = forms.CharField(label=_("Unit"), required=False, max_length=128)
    as_of = forms.DateField(label=_("Ledger as of"), required=False, widget=DayInput())

    def __init__(self, *given: Any, names: str, latest: date, **named: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*given, **named)
        self.fields["unit"].widget.attrs.update({"list": names, "autocomplete": "off"})
        self.fields["as_of"].widget.attrs["max"] = latest.isoformat()

    def clean(self) -> dict[str, Any]:
        """A ticked file needs both."""
        given = super().clean() or {}
        if given.get("take") and not given.get("unit"):
            self.add_error("unit", _("Choose the unit."))
        if given.get("take") and "as_of" not in self.errors and not given.get("as_of"):
            self.add_error("as_of", _("Give the day."))
        return given


class AcceptForm(forms.Form):
    """The decision to enter a checked statement."""

    hold_errors = forms.BooleanField(
        label=_("Hold the rows with errors: their claims keep their last state"), required=False
    )


class AmountField(forms.CharField):
    """An amount as people type it, in yuan."""

    def clean(self, value: Any) -> Money:  # noqa: ANN401 - Django's own
        """The amount; nothing where the field may stay empty and does."""
        text = super().clean(value)
        try:
            return Money.parse(text) if text else ZERO
        except DomainError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


def _choices(kinds: Iterable[Account | Cause | Ground | Method]) -> Callable[[], list[tuple[str, str]]]:
    """Choices in the reader's language: they are asked for when the form is shown."""
    return lambda: [(kind.value, str(kind.label)) for kind in kinds]


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
    "payment": lambda: forms.ChoiceField(label=_("Payment")),
}
"""What an act may ask for."""


class ActForm(forms.Form):
    """What an act on a claim asks for, its papers, its day and its reason."""

    def __init__(
        self, *given: Any, asks: Sequence[str], papers: Sequence[str], latest: date,  # noqa: ANN401 - Django's own
        payments: Sequence[tuple[str, str]] = (), **named: Any,  # noqa: ANN401 - Django's own
    ) -> None:  # fmt: skip
        super().__init__(*given, **named)
        for name in asks:
            self.fields[name] = _ASKED[name]()
        if "payment" in self.fields:
            self.fields["payment"].choices = payments  # type: ignore[attr-defined]  # it is a choice, as declared above
        for role in papers:
            self.fields[f"paper_{role}"] = forms.FileField(label=_(PAPERS[role]), required=False)
        self.fields["effective_on"] = forms.DateField(label=_("Day of the ledger"), initial=latest, widget=DayInput())
        self.fields["effective_on"].widget.attrs["max"] = latest.isoformat()
        self.fields["reason"] = forms.CharField(label=_("Reason"), max_length=500)

    def papers(self) -> list[tuple[str, Any]]:
        """The files that were handed in, by what they prove; which are needed is the act's to say."""
        given = [(name, file) for name, file in self.cleaned_data.items() if name.startswith("paper_") and file]
        return [(name.removeprefix("paper_"), file) for name, file in given]
