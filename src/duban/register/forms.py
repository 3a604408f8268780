"""Typed text of the pages of parties."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

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


class RenameForm(forms.Form):
    """A name, from when, and by which paper."""

    name = forms.CharField(label=_("Name"), max_length=200)
    since = forms.DateField(label=_("Since"), widget=DayInput())
    paper = forms.CharField(
        label=_("Paper"), max_length=200, help_text=_("What says so: licence or notice, with its day or number.")
    )

    def __init__(self, *given: Any, latest: date, **named: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*given, **named)
        self.fields["since"].widget.attrs["max"] = latest.isoformat()
