from duban.kernel.money import Unit
from duban.workbook.grid import Grid
from duban.workbook.headings import find_headings
from duban.workbook.mapping import applied
from duban.workbook.schema import Kind, SheetSchema, column

SCHEMA = SheetSchema(
    "test",
    "测试表",
    (
        column("name", "名称", "单位", required=True),
        column("amount", "金额", "欠款", kind=Kind.MONEY),
        column("paid", "已付", kind=Kind.MONEY),
    ),
)


def places(mapping: dict[str, str], *headings: str) -> dict[str, int]:
    found = find_headings(Grid("表", [list(headings)]).rows, applied(SCHEMA, mapping))
    assert found is not None
    return found.places


def test_a_mapped_heading_is_placed() -> None:
    assert places({"应付总数": "amount"}, "名称", "应付总数") == {"name": 0, "amount": 1}


def test_a_mapping_takes_a_heading_away_from_the_column_that_had_it() -> None:
    assert places({"欠款": "paid"}, "名称", "欠款") == {"name": 0, "paid": 1}


def test_an_ignored_heading_is_no_longer_unknown() -> None:
    found = find_headings([["名称", "金额", "科室"]], applied(SCHEMA, {"科室": ""}))
    assert found is not None
    assert found.unknown == {}


def test_the_unit_in_a_mapped_heading_still_counts() -> None:
    found = find_headings([["名称", "应付总数（万元）"]], applied(SCHEMA, {"应付总数（万元）": "amount"}))
    assert found is not None
    assert found.units == {"amount": Unit.WAN}


def test_a_column_that_the_schema_no_longer_has_is_passed_over() -> None:
    assert places({"应付": "gone"}, "名称", "金额", "应付") == {"name": 0, "amount": 1}


def test_without_a_mapping_it_is_the_same_schema() -> None:
    assert applied(SCHEMA, {}) is SCHEMA
