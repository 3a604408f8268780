"""Looking at workbooks and guessing whose they are, each command a process of its own."""

import zipfile
from pathlib import Path

import pytest
from openpyxl.reader.excel import load_workbook

from duban.arrears.tests.making import days_ago, workbook
from duban.cli.tests.house import House


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "East202603.xlsx"
    path.write_bytes(workbook({"ledger_no": "1", "amount": 100.5}, {"ledger_no": "2", "amount": -1}))
    return path


def test_a_workbook_is_read_without_any_database(house: House, ledger: Path, tmp_path: Path) -> None:
    nowhere = tmp_path / "nothing-here"
    told = house.run("workbook", "read", ledger, "--json", DUBAN_HOME=str(nowhere))
    [file] = told.json["files"]
    assert told.code == 1  # there is an error in it
    assert (file["format"], file["schema"], file["refusal"]) == ("xlsx", "arrears.ledger", None)
    assert [row["row"] for row in file["rows"]] == [3, 4]
    assert file["rows"][0]["values"]["amount"] == "100.50"
    assert file["rows"][0]["values"]["due_on"] == "2024-03-01"
    assert {heading["state"] for heading in file["headings"]} == {"placed"}
    assert "L01" in {finding["rule"] for finding in file["findings"]}


def test_several_are_read_and_one_that_is_none_is_refused(house: House, ledger: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04nonsense")
    told = house.run("workbook", "read", ledger, broken, "--unit", "East", "--json")
    first, second = told.json["files"]
    assert told.code == 1
    assert first["schema"] == "arrears.ledger"
    assert "broken.xlsx" in second["refusal"]


def test_a_schema_may_be_asked_for_and_must_exist(house: House, ledger: Path) -> None:
    told = house.run("workbook", "read", ledger, "--schema", "register.parties", "--json")
    assert (told.code, [sheet["read"] for sheet in told.json["files"][0]["sheets"]]) == (1, [False])
    unknown = house.run("workbook", "read", ledger, "--schema", "weather", "--json")
    assert (unknown.code, unknown.out) == (1, "")
    assert "Known are: arrears.ledger, register.parties" in unknown.err


def test_a_marked_copy_is_of_one_file(house: House, ledger: Path, tmp_path: Path) -> None:
    out = tmp_path / "marked.xlsx"
    assert house.run("workbook", "read", ledger, ledger, "--annotated", out).code == 2
    told = house.run("workbook", "read", ledger, "--annotated", out)
    assert load_workbook(out).sheetnames[-1] == "List of findings"
    assert told.code == 1
    out.unlink()
    taken = house.run("arrears", "import", ledger, "--unit", "West", "--as-of", "2026-03-31", "--annotated", out)
    assert taken.code == 1
    assert load_workbook(out).sheetnames[-1] == "List of findings"


def test_the_failing_rows_of_a_large_file_stand_under_its_own_headings(house: House, tmp_path: Path) -> None:
    headings = ["台账编号", "拖欠主体", "债权企业", "欠款金额（元）", *(f"附{number}" for number in range(26))]
    rows = (f"A{number},甲局,乙公司,{number or 'x'}{',' * 26}" for number in range(34_000))
    source, out = tmp_path / "大台账.csv", tmp_path / "marked.xlsx"
    source.write_text("\n".join(["某县台账" + "," * 29, ",".join(headings), *rows]), encoding="utf-8")
    assert house.run("workbook", "read", source, "--annotated", out).code == 1
    copy = load_workbook(out)["大台账"]
    assert [copy[cell].value for cell in ("B2", "B3", "B4", "E4")] == ["某县台账", "台账编号", "A0", "x"]


def test_the_ledger_for_next_month_is_written_and_proposes_nothing(house: House, tmp_path: Path) -> None:
    handed_in, out = tmp_path / "台账.xlsx", tmp_path / "next.xlsx"
    handed_in.write_bytes(workbook({"ledger_no": "N1", "amount": 70, "cleared": 20}, {"ledger_no": "N2", "amount": 5}))
    import_it = ("--unit", "100000-ZJJ", "--as-of", days_ago(20), "--commit", "--json")
    assert house.run("arrears", "import", handed_in, *import_it).json["committed"]
    given = house.run("arrears", "ledger", "--unit", "100000-ZJJ", "--out", out)
    assert (given.code, given.err) == (0, "")
    assert "2 rows" in given.out
    again = house.run("arrears", "import", out, "--unit", "100000-ZJJ", "--as-of", days_ago(5), "--json").json
    assert (again["rows"], again["clean_rows"], set(again["proposed"].values())) == (2, 2, {0})


def test_the_units_of_a_folder_an_archive_and_a_file_are_guessed(house: House, ledger: Path, tmp_path: Path) -> None:
    folder = tmp_path / "March"
    folder.mkdir()
    (folder / "West 2026-03.xlsx").write_bytes(ledger.read_bytes())
    (folder / "~$West.xlsx").write_bytes(b"")
    (folder / "notes.txt").write_text("x")
    packed = tmp_path / "all.zip"
    with zipfile.ZipFile(packed, "w") as out:
        out.write(ledger, "March/East.xlsx")
    told = house.run("workbook", "guess", folder, packed, ledger, "--json")
    assert (told.code, told.err) == (0, "")
    guesses = told.json["files"]
    assert [guess["file"] for guess in guesses] == ["March/West 2026-03.xlsx", "all.zip/March/East.xlsx", str(ledger)]
    assert [guess["unit"] for guess in guesses] == ["100002", "100001", "100001"]
    assert [guess["as_of"] for guess in guesses] == ["2026-03-31", None, "2026-03-31"]
    assert guesses[0]["reason"] == "The name of the file names West."


def test_a_place_that_is_not_there_is_told(house: House, tmp_path: Path) -> None:
    told = house.run("workbook", "guess", tmp_path / "nowhere", "--json")
    assert told.code == 1
    assert "nowhere" in told.json["files"][0]["refusal"]
