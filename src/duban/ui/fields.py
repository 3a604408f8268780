"""Form fields as templates show them: control, label, help and errors tied to each other."""

from dataclasses import dataclass
from typing import Any

from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    FileInput,
    RadioSelect,
    Select,
    Textarea,
)


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
        "widget": bound.as_widget(attrs=attributes),
        "help_id": help_id,
        "error_id": error_id,
        "described_by": described_by,
    }


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
