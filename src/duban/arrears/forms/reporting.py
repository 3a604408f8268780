"""Who reports by when, and zero reports."""

from datetime import date
from pathlib import PurePath
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from duban.arrears.rules.reporting import DEADLINE_DAY
from duban.ui.fields import DayInput

SCANNED = (".pdf", ".jpg", ".jpeg", ".png")


class MonthForm(forms.Form):
    """Something said of a unit from a month on, and why."""

    unit = forms.ChoiceField(label=_("Unit"))
    since = forms.DateField(
        label=_("From the month of"), widget=DayInput(), help_text=_("Any day of the first month it holds for.")
    )

    def __init__(self, *given: Any, units: list[tuple[str, str]], today: date, **named: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*given, **named)
        field = self.fields["unit"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = units
        self.fields["since"].initial = today.replace(day=1)
        self.fields["reason"] = forms.CharField(label=_("Reason"), max_length=500)


class DutyForm(MonthForm):
    """Whether a unit reports."""

    is_expected = forms.ChoiceField(
        label=_("Does it report?"), choices=[("yes", _("It reports")), ("no", _("It does not report any more"))]
    )


class DeadlineForm(MonthForm):
    """The day of the next month by which a unit and everything under it report."""

    day = forms.IntegerField(label=_("Day of the next month"), initial=DEADLINE_DAY)


class SignedForm(forms.Form):
    """A form that came back signed and sealed."""

    signer_name = forms.CharField(label=_("Signed by"), max_length=64)
    signer_post = forms.CharField(label=_("Post of the signer"), max_length=128)
    file = forms.FileField(
        label=_("Signed form"),
        help_text=_("A scan or a photograph, .pdf, .jpg or .png."),
        widget=forms.ClearableFileInput({"accept": ",".join(SCANNED)}),
    )

    def clean_file(self) -> Any:  # noqa: ANN401 - an uploaded file, whose type is generic only in the stubs
        """A scan; what is on it is for people to see."""
        file = self.cleaned_data["file"]
        if PurePath(file.name or "").suffix.lower() not in SCANNED:
            raise forms.ValidationError(_("This is no scan. Hand the paper in as .pdf, .jpg or .png."))
        return file


class ZeroForm(SignedForm):
    """A zero report: whose, and of which month."""

    unit = forms.ChoiceField(label=_("Unit"))
    month = forms.ChoiceField(label=_("Month"))
    field_order = ("unit", "month")

    def __init__(
        self, *given: Any, units: list[tuple[str, str]], months: list[tuple[str, str]], **named: Any  # noqa: ANN401 - Django's own
    ) -> None:  # fmt: skip
        super().__init__(*given, **named)
        for name, offered in (("unit", units), ("month", months)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
            field.choices = offered
