"""Form fields as templates show them: control, label, help and errors tied to each other."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    DateInput,
    FileInput,
    RadioSelect,
    Select,
    Textarea,
)
from django.forms.utils import flatatt
from django.utils.safestring import SafeString


class DayInput(DateInput):
    """A day as the browser's own control wants it, in any language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a form; without a field it concerns the form as a whole."""

    text: str
    label: str = ""
    field_id: str = ""


def kind(bound: BoundField) -> str:
    """How a field is laid out: input, area, check, file, group or hidden."""
    widget = bound.field.widget
    if widget.is_hidden:
        return "hidden"
    layouts = (
        ("group", (RadioSelect, CheckboxSelectMultiple)),
        ("check", (CheckboxInput,)),
        ("file", (FileInput,)),
        ("area", (Textarea,)),
    )
    return next((layout for layout, widgets in layouts if isinstance(widget, widgets)), "input")


def context(bound: BoundField, *, autocomplete: str = "") -> dict[str, Any]:
    """What `ui/_field.html` needs."""
    help_id, error_id = f"{bound.auto_id}-help", f"{bound.auto_id}-error"
    described_by = " ".join(id_ for id_, there in ((error_id, bound.errors), (help_id, bound.help_text)) if there)
    attributes: dict[str, str | bool] = {"class": _css(bound)}
    if described_by:
        attributes["aria-describedby"] = described_by
    if autocomplete:
        attributes["autocomplete"] = autocomplete
    return {
        "bound": bound,
        "kind": kind(bound),
        "widget": _control(bound, attributes),
        "help_id": help_id,
        "error_id": error_id,
        "described_by": described_by,
    }


def options(choices: Iterable[tuple[object, object]], chosen: object) -> SafeString:
    """The options of a select. In Python: a list of all units has hundreds, and templates render each as a page."""
    marked = (
        (escape(str(value)), " selected" if str(value) == str(chosen) else "", escape(str(label)))
        for value, label in choices
    )
    return SafeString("".join(f'<option value="{value}"{mark}>{label}</option>' for value, mark, label in marked))


def _control(bound: BoundField, attributes: dict[str, str | bool]) -> str:
    """The control itself; a plain select is written by `options`, everything else by Django."""
    widget = bound.field.widget
    if type(widget) is not Select:
        return bound.as_widget(attrs=attributes)
    named = {"id": bound.auto_id, **bound.build_widget_attrs(dict(attributes), widget)}
    chosen = "" if (value := bound.value()) is None else value
    return SafeString(
        f'<select name="{escape(bound.html_name)}"{flatatt(widget.build_attrs(widget.attrs, named))}>'
        f"{options(widget.choices, chosen)}</select>"
    )


def problems(form: BaseForm) -> list[Problem]:
    """Everything wrong with the form, what concerns the whole of it first."""
    whole = [Problem(str(text)) for text in form.non_field_errors()]
    return whole + [
        Problem(str(text), str(bound.label), bound.id_for_label or bound.auto_id or "")
        for bound in form
        for text in bound.errors
    ]


def _css(bound: BoundField) -> str:
    look = {"check": "form-check-input", "group": "", "hidden": ""}.get(kind(bound), "form-control")
    if kind(bound) == "input" and isinstance(bound.field.widget, Select):
        look = "form-select"
    wrong = " is-invalid" if bound.errors else ""
    return f"{bound.field.widget.attrs.get('class', '')} {look}{wrong}".strip()
