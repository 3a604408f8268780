"""Typed text of the pages that look at workbooks."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from duban.workbook import registry
from duban.workbook.looked import Heading
from duban.workbook.mapping import IGNORED

READABLE = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv", ".txt")
IGNORE = "-"
"""Stands in the form for a heading to be ignored; an empty choice leaves the heading as it is."""


class LookForm(forms.Form):
    """A workbook to look at, as which sheet, and with whose memory."""

    file = forms.FileField(
        label=_("Workbook"),
        help_text=_("Any workbook or table: .xlsx, .xls, .ods, .csv. Nothing of it enters the ledger."),
        widget=forms.ClearableFileInput({"accept": ",".join(READABLE)}),
    )
    schema = forms.ChoiceField(label=_("Read as"), required=False)
    unit = forms.ChoiceField(
        label=_("Headings as explained by"),
        required=False,
        help_text=_("What this unit's headings mean is remembered and used."),
    )

    def __init__(self, *given: Any, units: list[tuple[str, str]], **named: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*given, **named)
        _offer(self.fields["schema"], schema_choices())
        _offer(self.fields["unit"], units)


class AgainForm(forms.Form):
    """As which sheet the same file is read once more."""

    schema = forms.ChoiceField(label=_("Read as"), required=False)

    def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*given, **named)
        _offer(self.fields["schema"], schema_choices())


def _offer(field: forms.Field, choices: list[tuple[str, Any]]) -> None:
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
    field.choices = choices


def schema_choices() -> list[tuple[str, Any]]:
    """The registered sheets, and finding out."""
    return [("", _("Find out")), *((schema.code, schema.title) for schema in registry.schemas())]


def meanings_given(given: QueryDict, headings: list[Heading]) -> dict[str, str]:
    """What the person chose for each heading: the name of a column, or to ignore it. One left alone is not there."""
    chosen = [(heading.text, given.get(f"meaning-{place}", "")) for place, heading in enumerate(headings)]
    return {heading: IGNORED if column == IGNORE else column for heading, column in chosen if column}
