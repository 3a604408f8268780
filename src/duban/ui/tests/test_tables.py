from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from duban.kernel.money import Money, Unit
from duban.ui.components import Badge, Tone
from duban.ui.tables import Ask, Column, DayFilter, FlagFilter, Kind, Listing, SearchFilter, SelectFilter, Table


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    owed: Money
    rate: Decimal | None = None
    state: Badge = Badge("open", Tone.INFO)  # noqa: RUF009 - frozen
    kind: str = "Counties"
    url: str = "/one"


TABLE = Table(
    "ledger",
    "Claims",
    columns=[
        Column("name", "Name", url="url", phone="title"),
        Column("owed", "Owed", Kind.MONEY, unit=Unit.WAN),
        Column("rate", "Rate", Kind.RATE, bar=True),
        Column("state", "State", Kind.BADGE, sortable=False),
    ],
    filters=[
        SearchFilter("q", "Search"),
        SelectFilter("county", "County", [("1", "Linhe"), ("2", "Shiqiao")], every="All counties"),
        DayFilter("as_of", "As of", default=date(2026, 3, 31)),
        FlagFilter("overdue", "Overdue only"),
    ],
    sort="-owed",
)
ROWS = [
    Row("Bridge", Money.of("30000"), Decimal("0.5")),
    Row("Arch", Money.of("10000")),
    Row("Canal", Money.of("20000"), Decimal("0.25")),
]


def ask(query: str = "") -> Ask:
    return Ask.read(QueryDict(query), TABLE, path="/ledger")


def names(listing: Listing) -> list[str]:
    return [line.cells[0].text for line in listing.lines]


def test_an_empty_address_asks_for_the_usual() -> None:
    usual = ask()
    assert (usual.sort, usual.descending, usual.page, usual.page_size) == ("owed", True, 1, 50)
    assert usual.day("as_of") == date(2026, 3, 31)
    assert not usual.is_narrowed


def test_what_is_set_is_read() -> None:
    asked = ask("sort=name&page=3&size=20&q=+bridge+&county=2&as_of=2026-01-01&overdue=1&export=xlsx")
    assert (asked.sort, asked.descending, asked.offset, asked.window) == ("name", False, 40, slice(40, 61))
    assert (asked.text("q"), asked.text("county"), asked.day("as_of")) == ("bridge", "2", date(2026, 1, 1))
    assert asked.flag("overdue")
    assert asked.wants_export


@pytest.mark.parametrize(
    "odd",
    [
        "sort=state",
        "sort=--owed",
        "sort=__class__",
        "page=0",
        "page=-1",
        "page=9999999999",
        "page=²",
        "size=13",
        "county=9",
    ],
)
def test_odd_values_fall_back_to_the_usual(odd: str) -> None:
    asked = ask(odd)
    assert (asked.sort, asked.page, asked.page_size, asked.text("county")) == ("owed", 1, 50, "")


@given(
    st.dictionaries(st.sampled_from(["sort", "page", "size", "q", "county", "as_of", "overdue", "export"]), st.text())
)
def test_no_address_is_a_traceback(values: dict[str, str]) -> None:
    query = QueryDict(mutable=True)
    query.update(values)
    listing = Listing.of(TABLE, Ask.read(query, TABLE, path="/ledger"), ROWS)
    assert render_to_string("ui/_table.html", {"listing": listing})


def test_a_link_keeps_what_it_does_not_change() -> None:
    assert ask("q=a&page=2&campaign=7").link(page=None, sort="name") == "/ledger?q=a&campaign=7&sort=name"


def test_the_filter_form_carries_what_is_no_filter() -> None:
    assert ask("q=a&page=2&campaign=7&sort=name").kept == [("campaign", "7"), ("sort", "name")]


def test_the_order_for_the_database_has_a_tie_breaker() -> None:
    assert ask().ordering({"owed": "balance"}) == ("-balance", "pk")
    assert ask("sort=name").ordering({"owed": "balance"}) == ("pk",)


def test_a_list_is_put_in_the_order_asked_for() -> None:
    assert names(Listing.of(TABLE, ask(), ROWS)) == ["Bridge", "Canal", "Arch"]
    assert names(Listing.of(TABLE, ask("sort=name"), ROWS)) == ["Arch", "Bridge", "Canal"]


@pytest.mark.parametrize("order", ["rate", "-rate"])
def test_what_has_no_value_comes_last_either_way(order: str) -> None:
    assert names(Listing.of(TABLE, ask(f"sort={order}"), ROWS))[-1] == "Arch"


def test_sections_stay_together_and_open_with_their_name() -> None:
    table = replace(TABLE, section="kind")
    rows = [Row("Park", Money.of("90000"), kind="Parks"), *ROWS, Row("Pond", Money.of("1"), kind="Parks")]
    lines = list(Listing.of(table, ask(), rows).lines)
    assert [(line.section, line.cells[0].text) for line in lines] == [
        ("Parks", "Park"),
        ("", "Pond"),
        ("Counties", "Bridge"),
        ("", "Canal"),
        ("", "Arch"),
    ]


def test_a_page_beyond_the_last_is_the_last() -> None:
    rows = [Row(f"Claim {number:03}", Money(number)) for number in range(45)]
    listing = Listing.of(TABLE, ask("size=20&page=9&sort=name"), rows)
    assert names(listing) == [f"Claim {number:03}" for number in range(40, 45)]
    assert (listing.range_text, listing.next_url, listing.count_text) == ("41–45", "", "45 in all")


def test_one_row_more_than_a_page_means_there_is_a_next_page() -> None:
    rows = [Row(str(number), Money(number)) for number in range(21)]
    listing = Listing(TABLE, ask("size=20"), rows)
    assert (len(names(listing)), listing.next_url, listing.count_text) == (20, "/ledger?size=20&page=2", "")


def test_a_capped_count_says_that_there_are_more() -> None:
    assert Listing(TABLE, ask(), ROWS, total=10_000, capped=True).count_text == "More than 10,000 in all"


def test_pressing_a_heading_turns_its_order_round_and_numbers_start_from_the_largest() -> None:
    headings = [heading for group in Listing.of(TABLE, ask(), ROWS).heading_groups for heading in group.headings]
    assert [heading.url for heading in headings] == ["/ledger?sort=name", "/ledger?sort=owed", "/ledger?sort=-rate", ""]
    assert [heading.order for heading in headings] == ["", "descending", "", ""]


def test_totals_stand_under_their_columns_and_nowhere_else() -> None:
    listing = replace(Listing.of(TABLE, ask(), ROWS), totals={"owed": Money.of("60000")})
    line = listing.totals_line
    assert line
    assert [cell.text for cell in line.cells] == ["Total", "6.00", "", ""]


def test_one_column_of_money_names_its_unit_and_several_say_it_once() -> None:
    one = Listing.of(TABLE, ask(), ROWS)
    assert one.unit_text == ""
    assert one.heading_groups[0].headings[1].label == "Owed (10,000 yuan)"
    table = replace(TABLE, columns=[*TABLE.columns, Column("owed", "Again", Kind.MONEY, unit=Unit.WAN)])
    two = Listing.of(table, ask(), ROWS)
    assert two.unit_text == "Unit: 10,000 yuan"
    assert two.heading_groups[0].headings[1].label == "Owed"


def test_the_table_works_with_and_without_htmx() -> None:
    html = render_to_string("ui/_table.html", {"listing": Listing.of(TABLE, ask(), ROWS)})
    assert 'href="/ledger?sort=name" hx-get="/ledger?sort=name" hx-target="#ledger"' in html
    assert 'aria-sort="descending"' in html
    assert 'data-label="Owed (10,000 yuan)"' in html
    assert '<form class="db-filters" method="get" action="/ledger"' in html
    assert 'href="/ledger?export=xlsx"' in html
    assert "50.00%" in html


def test_what_people_typed_is_text_and_not_markup() -> None:
    row = Row("<script>alert(1)</script>", Money(1), url='"><b>')
    html = render_to_string("ui/_table.html", {"listing": Listing.of(TABLE, ask("q=<i>&sort=<i>&x=<u>"), [row])})
    assert "<script" not in html
    assert "<b>" not in html
    assert "<i>" not in html
    assert "<u>" not in html


def test_an_empty_list_says_whether_the_conditions_are_the_reason() -> None:
    assert "Nothing here yet" in render_to_string("ui/_table.html", {"listing": Listing.of(TABLE, ask(), [])})
    assert "Nothing matches" in render_to_string("ui/_table.html", {"listing": Listing.of(TABLE, ask("q=x"), [])})


def test_headings_of_a_group_stand_under_one_roof() -> None:
    columns = [
        Column("name", "Name"),
        Column("owed", "Owed", Kind.INT, group="Reported"),
        Column("rate", "Rate", Kind.RATE, group="Reported"),
    ]
    listing = Listing.of(replace(TABLE, columns=columns), ask(), [])
    assert [(group.label, len(group.headings)) for group in listing.heading_groups] == [("", 1), ("Reported", 2)]
    assert listing.is_grouped
