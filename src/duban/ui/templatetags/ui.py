"""Tags and filters that every template has, without loading them."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from html import escape  # of plain texts; Django's own takes three times as long
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.http import HttpRequest
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from duban.kernel.money import Money
from duban.ui import fields, shown
from duban.ui.components import Action, Badge, Empty, Tone
from duban.ui.tables.cells import Cell
from duban.ui.tables.listing import Line

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of `icons.txt`; with a label when it stands alone, otherwise hidden from those who listen."""
    address = f"{static('vendor/icons.svg')}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, address)
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', address)


@register.filter
def yuan(amount: Money | None) -> str:
    """1,234,567.00."""
    return shown.yuan(amount)


@register.filter
def wan(amount: Money | None) -> str:
    """In 万元, with two decimals: 123.46."""
    return shown.wan(amount)


@register.filter
def percent(rate: Decimal | None) -> str:
    """0.5234 as 52.34%, and — when there is nothing to divide."""
    return shown.percent(rate)


@register.filter
def points(difference: Decimal | None) -> str:
    """The difference of two rates, in percentage points and signed: +1.20."""
    return shown.points(difference)


@register.filter
def count(number: int | None) -> str:
    """12,345."""
    return shown.count(number)


@register.filter
def day(value: date | None) -> str:
    """2026-03-05."""
    return shown.day(value)


@register.filter
def long_day(value: date | None) -> str:
    """2026年3月5日, or 5 March 2026."""
    return shown.long_day(value)


@register.filter
def instant(value: datetime | date | None) -> str:
    """2026-03-05 14:30 in the city's time; a day stays a day."""
    return shown.instant(value)


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: object) -> str:
    """The page's own query string with some values changed; `None` takes one out. Starts with `?`."""
    request: HttpRequest = context["request"]
    values = request.GET.copy()
    for name, value in changes.items():
        if value is None:
            values.pop(name, None)
        else:
            values[name] = str(value)
    return f"?{values.urlencode()}"


@register.simple_tag
def swap(url: str, id: str, show: str = "") -> SafeString:  # noqa: A002 - the name of the attribute it becomes
    """The attributes of a link that replaces the element `id` and works without htmx too.

    `show="top"` brings the start of the element into view, as the next page of a list wants.
    """
    return format_html(
        'href="{0}" hx-get="{0}" hx-target="#{1}" hx-select="#{1}" hx-swap="outerHTML{2}" hx-push-url="true" '
        'hx-indicator="#{1}"',
        url,
        id,
        f" show:#{id}:{show}" if show else "",
    )


@register.simple_tag
def badge(value: Badge | str, tone: str = Tone.QUIET) -> SafeString:
    """A state in a word or two."""
    shown_as = value if isinstance(value, Badge) else Badge(value, Tone(tone))
    return format_html('<span class="db-badge db-{}">{}</span>', shown_as.tone, shown_as.text)


@register.simple_tag
def rate_bar(rate: Decimal | None, tone: str = Tone.INFO) -> SafeString:
    """A thin bar for a share between nothing and all; the number itself stands beside it."""
    width = f"{max(Decimal(0), min(Decimal(1), rate or Decimal(0))) * 100:.2f}%"
    return format_html(
        '<svg class="db-bar db-{}" aria-hidden="true" focusable="false">'
        '<rect class="db-bar-whole" width="100%" height="100%"/>'
        '<rect class="db-bar-part" width="{}" height="100%"/></svg>',
        tone,
        width,
    )


@register.inclusion_tag("ui/_empty.html")
def empty_state(
    title: str = "", text: str = "", *, icon: str = "inbox", url: str = "", label: str = "", empty: Empty | None = None
) -> dict[str, Any]:
    """What to show where a list has nothing: why, and what to do."""
    actions = (Action(label, url, primary=True),) if url else ()
    return {"empty": empty or Empty(title or _("Nothing here yet"), text, icon, actions)}


@register.inclusion_tag("ui/_field.html")
def field(bound: BoundField, autocomplete: str = "", wide: bool = False) -> dict[str, Any]:
    """A form field with its label, help and errors, tied together for those who listen."""
    return fields.context(bound, autocomplete=autocomplete) | {"wide": wide}


@register.inclusion_tag("ui/_form_errors.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    """All of a form's errors in one place, each leading to its field; nothing when there are none."""
    return {"form": form, "problems": fields.problems(form)}


@register.simple_tag
def options(choices: Iterable[tuple[object, object]], chosen: object) -> SafeString:
    """The options of a select, the chosen one marked."""
    return fields.options(choices, chosen)


@register.simple_tag
def row_cells(line: Line) -> SafeString:
    """The cells of a line. In Python, because a page of the ledger has 450 and templates take most of its time."""
    return SafeString("".join(_cell(cell, is_first=not place) for place, cell in enumerate(line.cells)))


def _cell(cell: Cell, *, is_first: bool) -> str:
    column = cell.column
    if cell.is_name or (is_first and not cell.value):
        return f'<th class="db-as-{column.kind} db-phone-title" scope="row" role="rowheader">{_content(cell)}</th>'
    none = "" if cell.text else " db-none"
    start = f'<td class="db-as-{column.kind} db-phone-{column.phone}{none}" role="cell"'
    return f'{start} data-label="{escape(cell.label)}">{_content(cell)}</td>'


def _content(cell: Cell) -> str:
    shown_as = str(badge(cell.badge)) if cell.badge else escape(cell.text)
    if cell.url:
        shown_as = f'<a href="{escape(cell.url)}">{shown_as}</a>'
    bar = rate_bar(cell.value) if cell.column.bar and isinstance(cell.value, Decimal) else ""
    note = f'<span class="db-note">{escape(cell.note)}</span>' if cell.note else ""
    return f"{shown_as}{bar}{note}"
