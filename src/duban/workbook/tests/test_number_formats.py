import pytest

from duban.workbook.formats.number_formats import UNKNOWN, Shown, shown_by


@pytest.mark.parametrize(
    ("code", "decimals"),
    [
        ("0", 0),
        ("0.00", 2),
        ("#,##0.00;[Red]-#,##0.00", 2),
        ("0.00%", 2),
        ('_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', 2),
        ("0.000000", 6),
        ('"¥"#,##0.0', 1),
        ('#,##0.00"万元"', 2),
        ("[$-804]0.0000", 4),
        ("[DBNum2]0.00", 2),
        ("000000", 0),
    ],
)
def test_a_format_tells_how_many_decimals_are_shown(code: str, decimals: int) -> None:
    assert shown_by(code) == Shown(decimals)


@pytest.mark.parametrize(
    "code", ["General", "@", "yyyy-mm-dd", 'yyyy"年"m"月"d"日"', "h:mm:ss.00", "0.00E+00", "# ?/?", '"无"', ""]
)
def test_some_formats_do_not_say(code: str) -> None:
    assert shown_by(code) == UNKNOWN


@pytest.mark.parametrize(
    ("code", "decimals", "scale"),
    [
        ("0!.0,", 1, 4),
        ("0\\.0,", 1, 4),
        ('0"."0,', 1, 4),
        ("0!.0000", 4, 4),
        ('0!.00,,"亿元"', 2, 8),
        ("#,##0.00,,", 2, 6),
        ("#,##0,", 0, 3),
    ],
)
def test_a_format_that_moves_the_point_says_by_how_much(code: str, decimals: int, scale: int) -> None:
    assert shown_by(code) == Shown(decimals, scale)
