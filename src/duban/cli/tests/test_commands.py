"""The command line from end to end, each command a process of its own."""

import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from duban.arrears.tests.making import days_ago, today, workbook
from duban.cli import main
from duban.cli.tests.house import DUBAN, House, temporary_house

FIRST, SECOND = days_ago(40), days_ago(10)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(workbook(*({"ledger_no": f"A{n}", "amount": 100 * n, "cleared": 10} for n in range(1, 4))))
    return path


def test_a_ledger_from_preview_to_position(house: House, ledger: Path) -> None:
    taken = ("arrears", "import", ledger, "--unit", "100001", "--as-of", FIRST, "--json")
    preview = house.run(*taken)
    assert (preview.code, preview.err) == (0, "")
    told = preview.json
    assert (told["rows"], told["clean_rows"], told["held_rows"], told["opening"]) == (3, 3, 0, True)
    assert (told["recognised_total"], told["cleared_total"], told["committed"]) == ("600.00", "30.00", False)
    assert (told["proposed"]["new"], told["proposed_amounts"]["new"]) == (3, "600.00")
    assert set(told["proposed"]) >= {"new", "cleared", "split", "amount", "vanished", "withdrawn", "conflict"}

    entered = house.run(*taken, "--commit")
    assert (entered.code, entered.json["committed"]) == (0, True)
    again = house.run(*taken, "--commit").json
    assert (again["committed"], set(again["proposed"].values())) == (True, {0})
    between = datetime.now().astimezone().isoformat()

    ledger.write_bytes(workbook({"ledger_no": "A1", "amount": 100, "cleared": 60}, {"ledger_no": "B", "amount": 7}))
    second = ("arrears", "import", ledger, "--unit", "East", "--as-of", SECOND, "--mode", "changes", "--json")
    delta = house.run(*second, "--commit").json
    assert (delta["proposed"]["cleared"], delta["proposed_amounts"]["cleared"]) == (1, "50.00")
    assert (delta["proposed"]["new"], delta["proposed"]["vanished"], delta["opening"]) == (1, 0, False)

    now = house.run("arrears", "position", "--as-of", SECOND, "--by", "unit", "--json").json
    assert [(row["unit"], row["claims"], row["recognised"], row["reported"]) for row in now["rows"]] == [
        ("100001", 4, "607.00", "80.00")
    ]
    assert now["metrics"]["stated"]["progress"] == f"{80 / 607:.4f}"
    assert (now["metrics"]["counted"]["progress"], now["metrics"]["stated"]["plan_rate"]) == (None, None)
    assert (now["metrics"]["new"], now["metrics"]["base"], now["as_of"], now["rule"]) == (
        "7.00",
        None,
        str(SECOND),
        "C0",
    )
    span = ("arrears", "rollforward", "--unit", "East", "--from", days_ago(30), "--to", SECOND)
    rolled = house.run(*span, "--json").json
    assert (rolled["unit"], rolled["from"], rolled["to"]) == ("100001", str(days_ago(30)), str(SECOND))
    terms = {name: amount for name, amount in rolled["with_judicial"].items() if amount != "0.00"}
    assert terms == {"opening": "570.00", "new": "7.00", "cleared": "50.00", "closing": "527.00"}
    assert rolled["outside"]["not_due"] == {"opening": "0.00", "closing": "0.00"}
    assert "527.00" in house.run(*span).out
    then = house.run(
        "arrears", "position", "--as-of", SECOND, "--known-at", between, "--by", "unit,kind", "--json"
    ).json
    assert [(row["kind"], row["claims"], row["reported"]) for row in then["rows"]] == [("", 3, "30.00")]
    repeated = house.run(
        "arrears", "position", "--as-of", SECOND, "--known-at", now["known_at"], "--by", "unit", "--json"
    )
    assert repeated.json == now

    verified = house.run("audit", "verify", "--json")
    assert verified.code == 0
    assert (verified.json["ok"], verified.json["first"], verified.json["checked"]["transfers"]) == (True, None, 8)


def test_a_row_in_error_stops_a_commit_until_it_is_held(house: House, tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(workbook({"ledger_no": "W1", "amount": 5}, {"ledger_no": "W2", "amount": -5}))
    taken = ("arrears", "import", path, "--unit", "100002", "--as-of", FIRST, "--commit", "--json")
    stopped = house.run(*taken)
    assert (stopped.code, stopped.json["committed"], stopped.json["held_rows"]) == (1, False, 0)
    wrong = next(finding for finding in stopped.json["findings"] if finding["severity"] == "error")
    assert set(wrong) == {"rule", "severity", "sheet", "cell", "value", "message", "expected"}
    held = house.run(*taken, "--hold-errors")
    assert (held.code, held.json["committed"], held.json["held_rows"], held.json["clean_rows"]) == (0, True, 1, 1)


def test_a_clerk_acts_under_their_own_name_and_only_at_home(house: House, ledger: Path) -> None:
    added = house.run("users", "add", "East clerk", "--unit", "100001", "--role", "office", "--json")
    assert added.json["password"]
    twice = house.run("users", "add", "East clerk", "--unit", "100002", "--role", "auditor", "--json")
    assert twice.json["password"] is None
    taken = ("arrears", "import", ledger, "--as-of", today(), "--as", "East clerk", "--json")
    assert house.run(*taken, "--unit", "100001").code in (0, 1)
    away = house.run(*taken, "--unit", "100000")
    assert (away.code, away.out) == (1, "")
    assert "may not do this here" in away.err


def test_what_cannot_be_done_is_said_in_a_sentence(house: House, ledger: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 not really")
    taken = ("arrears", "import")
    given = ("--unit", "100001", "--as-of", today())
    for arguments, says in (
        ((*taken, tmp_path / "none.xlsx", *given), "none.xlsx cannot be read"),
        ((*taken, tmp_path, *given), "cannot be read"),
        ((*taken, ledger, "--unit", "100009", "--as-of", today()), "There is no unit 100009"),
        ((*taken, ledger, "--unit", "100001", "--as-of", days_ago(-1)), "Give the day at which the ledger stood"),
        ((*taken, ledger, *given, "--as", "Nobody"), "There is no person Nobody"),
        (("units", "load", tmp_path / "none.csv"), "none.csv cannot be read"),
        (("users", "add", "X", "--unit", "100001", "--role", "king"), "There is no role king"),
        (("arrears", "position", "--as-of", today(), "--known-at", "2099-01-01T00:00:00+08:00"), "earlier instant"),
    ):
        answer = house.run(*arguments)
        assert (answer.code, answer.out) == (1, ""), arguments
        assert says in answer.err, arguments
        assert "Traceback" not in answer.err
    refused = house.run(*taken, broken, *given, "--json")
    assert (refused.code, refused.json["committed"]) == (1, False)
    assert refused.json["findings"][0]["rule"] == "file"
    assert set(refused.json["proposed"].values()) == {0}


def test_wrong_use_ends_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    given: tuple[tuple[str, ...], ...] = (
        (),
        ("nonsense",),
        ("arrears",),
        ("arrears", "import"),
        ("arrears", "import", "x.xlsx", "--unit", "1", "--as-of", "31.3.2026"),
        ("arrears", "import", "x.xlsx", "--unit", "1", "--as-of", "2026-03-31", "--mode", "some"),
        ("arrears", "position", "--as-of", "2026-03-31", "--by", "colour"),
        ("arrears", "position", "--as-of", "2026-03-31", "--known-at", "yesterday"),
        ("arrears", "position", "--as-of", "2026-03-31", "--rule", "C9"),
        ("serve", "--port", "http"),
        ("serve", "--port", "70000"),
    )
    for arguments in given:
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        said = capsys.readouterr()
        assert (ended.value.code, said.out) == (2, ""), arguments
        assert said.err.startswith("usage: duban"), arguments


def test_without_json_people_are_told_in_lines(house: House, ledger: Path) -> None:
    said = house.run("arrears", "import", ledger, "--unit", "100000", "--as-of", FIRST)
    assert said.out.splitlines()[-2:] == [
        "3 rows, 3 without errors; recognised 600.00, cleared 30.00.",
        "Nothing was entered.",
    ]
    assert "Nothing is wrong" in house.run("audit", "verify").out
    assert house.run("arrears", "position", "--as-of", FIRST).code == 0
    assert (
        "3行" in house.run("arrears", "import", ledger, "--unit", "100000", "--as-of", FIRST, DUBAN_LANGUAGE="zh").out
    )


def test_who_has_read_enough_may_close_the_pipe(house: House) -> None:
    command = [*DUBAN, "arrears", "position", "--as-of", str(FIRST), "--json"]
    process = subprocess.Popen(command, env=house.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()
    assert process.wait(60) == 0


@pytest.fixture
def bare() -> Iterator[House]:
    with temporary_house() as house:
        yield house


def test_before_init_it_says_what_to_run_and_init_and_stop_may_come_twice(bare: House) -> None:
    early = bare.run("arrears", "position", "--as-of", "2026-03-31", "--json")
    assert (early.code, early.out) == (1, "")
    assert "duban init" in early.err
    assert [bare.run("init").code for _ in range(2)] == [0, 0]
    assert [bare.run("stop").out for _ in range(2)] == ["Stopped.\n", "It was not running.\n"]
    assert bare.run("audit", "verify", "--json").json["ok"] is True


def test_prime_rates_are_loaded_once_and_a_fault_is_a_sentence(house: House, tmp_path: Path) -> None:
    path = tmp_path / "lpr.csv"
    path.write_text("published_on,one_year_pct\n2025-05-20,3.00\n2025-06-20,3.00\n", encoding="utf-8")
    assert house.run("rates", "load", path, "--json").json == {"rates": 2, "added": 1, "corrected": 0, "known": 1}
    assert house.run("rates", "load", path, "--json").json == {"rates": 2, "added": 0, "corrected": 0, "known": 2}
    path.write_text("published_on,one_year_pct\n2025-06-20,3.10\n", encoding="utf-8")
    refused = house.run("rates", "load", path)
    assert (refused.code, refused.out) == (1, "")
    assert "3.10" in refused.err
    assert house.run("rates", "load", path, "--reason", "抄错", "--json").json["corrected"] == 1


def test_what_a_ledger_takes_out_is_accepted_with_one_text(house: House, ledger: Path) -> None:
    taken = ("arrears", "import", ledger, "--unit", "100000-ZJJ", "--json", "--commit", "--as-of")
    house.run(*taken, FIRST)
    kept = {"ledger_no": "A1", "amount": 100, "cleared": 4}
    ledger.write_bytes(workbook(kept, {"ledger_no": "A2", "amount": 200, "cleared": 10}))
    asked = house.run(*taken, SECOND)
    assert (asked.code, asked.json["committed"], asked.json["questions"]) == (1, False, 2)
    part = house.run(*taken, SECOND, "--coverage", "category=works")
    assert part.json["proposed"]["vanished"] == 0
    for wrong, told in (("category", "KEY=VALUE"), ("category=fish", "category=fish")):
        refused = house.run(*taken, SECOND, "--coverage", wrong)
        assert refused.code != 0
        assert told in refused.err
    entered = house.run(*taken, SECOND, "--accept-reason", "县里已逐笔核对")
    assert (entered.code, entered.json["committed"], entered.json["questions"]) == (0, True, 0)
    assert {change: n for change, n in entered.json["proposed"].items() if n} == {"vanished": 1, "withdrawn": 1}
    rolled = house.run(
        "arrears", "rollforward", "--unit", "100000-ZJJ", "--from", SECOND, "--to", SECOND, "--json"
    ).json
    assert (rolled["with_judicial"]["reduced"], rolled["with_judicial"]["difference"]) == ("290.00", "0.00")
