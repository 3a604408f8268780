from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django import forms
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from duban.kernel.money import Money
from duban.ui import fields
from duban.ui.components import Badge, Empty, Event, Fact, Progress, Step, Tab, Tile, Tone


def shown(template: str, **values: object) -> str:
    request = RequestFactory().get("/ledger?q=a&page=3")
    return engines["django"].from_string(template).render(values, request).strip()


@pytest.mark.parametrize(
    ("template", "value", "text"),
    [
        ("{{ value|yuan }}", Money.of("1234567"), "1,234,567.00"),
        ("{{ value|yuan }}", None, "—"),
        ("{{ value|wan }}", Money.of("1234567"), "123.46"),
        ("{{ value|percent }}", Decimal("0.5234"), "52.34%"),
        ("{{ value|percent }}", Decimal("0.52345"), "52.35%"),
        ("{{ value|percent }}", None, "—"),
        ("{{ value|points }}", Decimal("0.012"), "+1.20"),
        ("{{ value|points }}", Decimal("-0.00001"), "+0.00"),
        ("{{ value|count }}", 12345, "12,345"),
        ("{{ value|day }}", date(2026, 3, 5), "2026-03-05"),
        ("{{ value|day }}", datetime(2026, 3, 4, 20, 0, tzinfo=UTC), "2026-03-05"),
        ("{{ value|day }}", None, "—"),
        ("{{ value|long_day }}", date(2026, 3, 5), "5 March 2026"),
        ("{{ value|instant }}", datetime(2026, 3, 5, 6, 30, tzinfo=UTC), "2026-03-05 14:30"),
        ("{{ value|instant }}", date(2026, 3, 5), "2026-03-05"),
    ],
)
def test_values_are_shown_as_people_read_them(template: str, value: object, text: str) -> None:
    assert shown(template, value=value) == text


def test_a_day_in_a_sentence_is_in_the_readers_language() -> None:
    with translation.override("zh-hans"):
        assert shown("{{ value|long_day }}", value=date(2026, 3, 5)) == "2026年3月5日"


def test_the_query_string_keeps_what_is_not_changed() -> None:
    assert shown('{% query page=None sort="-due" %}') == "?q=a&amp;sort=-due"


def test_an_icon_alone_has_a_label_and_beside_words_is_silent() -> None:
    assert 'aria-hidden="true"' in shown('{% icon "x" %}')
    assert 'aria-label="Close"' in shown('{% icon "x" "Close" %}')


def test_a_badge_says_its_state_in_words() -> None:
    assert shown("{% badge value %}", value=Badge("<late>", Tone.ALARM)) == (
        '<span class="db-badge db-alarm">&lt;late&gt;</span>'
    )


@pytest.mark.parametrize(("rate", "width"), [("0.5", "50.00%"), ("1.7", "100.00%"), ("-1", "0.00%")])
def test_a_bar_stays_between_nothing_and_all(rate: str, width: str) -> None:
    assert f'width="{width}" height="100%"/></svg>' in shown("{% rate_bar value %}", value=Decimal(rate))


def test_an_empty_state_offers_a_way_out() -> None:
    html = shown('{% empty_state title="None" url="/new" label="Add one" %}')
    assert 'href="/new"' in html
    assert "Nothing to do" in shown("{% empty_state empty=value %}", value=Empty("Nothing to do"))


class PaymentForm(forms.Form):
    amount = forms.CharField(label="Amount", help_text="In yuan")
    method = forms.ChoiceField(choices=[("cash", "Cash")], widget=forms.RadioSelect, label="Method")
    voucher = forms.FileField(label="Voucher")
    sure = forms.BooleanField(label="Sure")
    note = forms.CharField(widget=forms.Textarea, required=False)
    bank = forms.ChoiceField(choices=[("1", "First")])
    secret = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> None:
        raise forms.ValidationError("More than is owed.")


def test_a_field_is_tied_to_its_help_and_its_error() -> None:
    html = shown("{% field form.amount autocomplete='off' %}", form=PaymentForm({}))
    assert 'aria-describedby="id_amount-error id_amount-help"' in html
    assert 'id="id_amount-help"' in html
    assert 'id="id_amount-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'autocomplete="off"' in html
    assert '<label class="form-label" for="id_amount">' in html


def test_each_field_is_laid_out_by_its_kind() -> None:
    kinds = {bound.name: fields.kind(bound) for bound in PaymentForm()}
    assert kinds == {
        "amount": "input", "method": "group", "voucher": "file", "sure": "check",
        "note": "area", "bank": "input", "secret": "hidden",
    }  # fmt: skip
    html = shown('{% include "ui/_form.html" %}', form=PaymentForm())
    assert "form-select" in html
    assert "data-drop" in html
    assert 'type="radio"' in html


def test_all_errors_stand_together_and_lead_to_their_fields() -> None:
    html = shown("{% form_errors form %}", form=PaymentForm({"amount": "1"}))
    assert 'role="alert"' in html
    assert html.index("More than is owed.") < html.index('href="#id_voucher"')
    assert shown("{% form_errors form %}", form=PaymentForm()) == ""


def test_progress_asks_again_until_it_is_finished() -> None:
    going = render_to_string("ui/_progress.html", {"progress": Progress("/p", "Reading", 5, 10)})
    done = render_to_string("ui/_progress.html", {"progress": Progress("/p", "Read", 10, 10, finished=True)})
    assert 'hx-trigger="every 1s"' in going
    assert '<progress aria-labelledby="progress-label" value="5" max="10">' in going
    assert "hx-get" not in done
    assert Progress("/p", "Reading", 1, 3).share == 33


def test_the_other_components_show_what_they_are_given() -> None:
    html = shown(
        '{% include "ui/_tiles.html" %}{% include "ui/_facts.html" %}{% include "ui/_timeline.html" %}'
        '{% include "ui/_tabs.html" %}{% include "ui/_steps.html" %}{% include "ui/_alert.html" with tone="watch" %}',
        tiles=[Tile("Owed", "12.00", "wan", pair=("verified", "9.00"))],
        facts=[Fact("Debtor", "Roads", url="/roads"), Fact("Line", None)],
        events=[Event(date(2026, 3, 5), "Paid", amount="5.00", by="Li")],
        tabs=[Tab("All", "/all", active=True, count=3)],
        steps=[Step("Read", "done"), Step("Check", "now")],
        title="Look",
    )
    for text in (
        "verified",
        "9.00",
        "/roads",
        "—",
        "2026-03-05",
        "Li",
        'aria-current="page"',
        'aria-current="step"',
        "Look",
    ):
        assert text in html
