import json
from decimal import Decimal

from django.template.loader import render_to_string

from duban.ui.charts import Bar, Chart, bars


def chart() -> Chart:
    rows = [Bar("Linhe", (Decimal("0.52345"), Decimal("0.4"))), Bar("</script>", (None, Decimal(1)))]
    return bars("rates", rows, title="Rates", series=("Reported", "Verified"), as_percent=True)


def test_bars_are_in_order_and_a_missing_value_is_a_gap() -> None:
    option = chart().option
    assert option["yAxis"]["data"] == ["Linhe", "</script>"]
    assert option["yAxis"]["inverse"]
    assert [[point["value"] for point in series["data"]] for series in option["series"]] == [
        [52.34, None],
        [40.0, 100.0],
    ]


def test_what_is_written_at_a_bar_comes_from_the_exact_number() -> None:
    first = chart().option["series"][0]["data"]
    assert [point["label"]["formatter"] for point in first] == ["52.35%", "—"]


def test_tooltips_carry_no_markup_which_the_policy_would_refuse() -> None:
    assert chart().option["tooltip"]["renderMode"] == "richText"


def test_a_listener_hears_the_first_series() -> None:
    assert chart().in_words.startswith("Rates. Reported: Linhe 52.35%, </script> —.")


def test_the_option_is_data_beside_the_picture_and_cannot_break_out() -> None:
    html = render_to_string("ui/_chart.html", {"chart": chart()})
    assert 'data-chart="rates"' in html
    assert html.count("</script>") == 1
    assert json.loads(html.split('type="application/json">')[1].split("</script>")[0]) == chart().option
