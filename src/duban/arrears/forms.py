"""Typed text of the arrears pages."""

from datetime import date
from pathlib import PurePath
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

READABLE = (".xlsx", ".xlsm", ".xls", ".ods")
DELIVERED = (*READABLE, ".csv", ".tsv", ".zip")


class _DayInput(forms.DateInput):
    """A day as the browser's own control wants it, in any language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DayForm(forms.Form):
    """A day to look at."""

    as_of = forms.DateField(label=_("As of"), required=False, widget=_DayInput())


class ImportForm(forms.Form):
    """A ledger workbook, whose it is, and of which day."""

    unit = forms.ChoiceField(label=_("Reporting unit"))
    as_of = forms.DateField(
        label=_("Ledger as of"),
        widget=_DayInput(),
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
    as_of = forms.DateField(label=_("Ledger as of"), required=False, widget=_DayInput())

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
