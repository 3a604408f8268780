"""Handing workbooks in, and deciding on them."""

from collections.abc import Iterable
from datetime import date
from pathlib import PurePath
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from duban.arrears.forms.fields import papers_given
from duban.arrears.rules.acts import PAPERS
from duban.arrears.rules.asking import BOTH_SIDES, Asked, Verdict
from duban.arrears.sheet.columns import CATEGORIES, DEBTOR_KINDS
from duban.arrears.words import label
from duban.ui.fields import DayInput

READABLE = (".xlsx", ".xlsm", ".xls", ".ods")


DELIVERED = (*READABLE, ".csv", ".tsv", ".zip")


class ImportForm(forms.Form):
    """A ledger workbook, whose it is, and of which day."""

    unit = forms.ChoiceField(label=_("Reporting unit"))
    as_of = forms.DateField(
        label=_("Ledger as of"),
        widget=DayInput(),
        help_text=_("The day at which the ledger stood, usually the last of a month."),
    )
    kind = forms.ChoiceField(label=_("Debtor kind, if it is of one alone"), required=False)
    category = forms.ChoiceField(label=_("Category, if it is of one alone"), required=False)
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
        for name, codes in (("kind", DEBTOR_KINDS), ("category", CATEGORIES)):
            part = self.fields[name]
            assert isinstance(part, forms.ChoiceField)  # noqa: S101 - declared above
            of_column = "debtor_kind" if name == "kind" else name
            part.choices = [("", _("The whole ledger")), *((one.code, label(of_column, one.code)) for one in codes)]
        self.fields["as_of"].widget.attrs["max"] = latest.isoformat()

    def covers(self) -> dict[str, str]:
        """Of which part of the ledger the workbook is."""
        return {name: code for name in ("kind", "category") if (code := self.cleaned_data[name])}

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
        label=_("Hold the rows with errors and what nobody decided on: those claims keep their last state"),
        required=False,
    )


class ReturnForm(forms.Form):
    """What is to be put right in a statement that goes back to its unit."""

    reason = forms.CharField(label=_("What is to be put right"), max_length=500)


class AnswerForm(forms.Form):
    """A decision on questions of a statement, with its reason and what shows that it is right."""

    which = forms.ChoiceField(label=_("Decide on"), required=False)
    verdict = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason"), max_length=500)

    def __init__(self, *given: Any, kinds: Iterable[Asked], **named: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*given, **named)
        which, verdict = self.fields["which"], self.fields["verdict"]
        assert isinstance(which, forms.ChoiceField)  # noqa: S101 - declared above
        assert isinstance(verdict, forms.ChoiceField)  # noqa: S101 - declared above
        every = [(kind.value, _("All open: {kind}").format(kind=kind.label)) for kind in kinds]
        which.choices = [("", _("What is ticked above")), *every]
        verdict.choices = [(one.value, str(one.label)) for one in Verdict]
        for role in ("source", *BOTH_SIDES):
            self.fields[f"paper_{role}"] = forms.FileField(label=_(PAPERS[role]), required=False)

    def papers(self) -> list[tuple[str, Any]]:
        """The files that were handed in, by what they prove."""
        return papers_given(self.cleaned_data)
