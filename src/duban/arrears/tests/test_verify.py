"""Somebody with every right over the database changes the books behind its back; `audit verify` says what."""

import pytest
from tests import make

from duban.arrears.commands import claim as acts
from duban.arrears.rules.settling import Method
from duban.arrears.tests import making
from duban.arrears.tests.making import days_ago, enter, office
from duban.audit.verify import Break, Verdict, verify
from duban.evidence.commands import path_of
from duban.kernel.money import Money
from duban.postgres.server import Server

MARCH, APRIL = days_ago(40), days_ago(10)


@pytest.fixture
def uid(database: str) -> str:
    """The uid of claim 1: 100 yuan opened, then 25 and 35 cleared; claims 2 and 3 stand beside it."""
    clerk = office()
    others = {"ledger_no": "2", "amount": 40, "disputed": 10, "undisputed": 30}, {"ledger_no": "3", "amount": 7}
    for day, cleared in ((MARCH, 25), (APRIL, 60)):
        enter(clerk, {"ledger_no": "1", "amount": 100, "cleared": cleared, "project": "路"}, *others, as_of=day)
    return str(making.claim(clerk, "1").claim.uid)


def books() -> Verdict:
    with make.operator():
        return verify()


def first() -> Break:
    broken = books().first
    assert broken is not None
    assert broken.says.endswith((".", "!"))
    return broken


def tamper(server: Server, database: str, *statements: str) -> None:
    """As the superuser, with triggers and foreign keys off."""
    with server.as_superuser(database) as admin:
        admin.execute("SET session_replication_role = replica")
        for statement in statements:
            done = admin.execute(statement.encode())
            assert done.rowcount > 0, statement


OF_1 = "claim_id = (SELECT claim_id FROM arrears_claimnow WHERE ledger_no = '1')"


def test_sound_books_are_found_sound_and_counted(uid: str) -> None:
    verdict = books()
    assert (verdict.ok, verdict.first) == (True, None)
    expected = {"postings": 2, "transfers": 6, "facts": 3, "claims": 3, "statements": 2, "files": 2}
    assert expected.items() <= verdict.checked.items()


TAMPERING = {
    "an amount": ("UPDATE arrears_transfer SET amount = 2600 WHERE n = 2 AND " + OF_1, "transfer", "/2", "amount"),
    "the opening": ("UPDATE arrears_transfer SET amount = 9900 WHERE n = 1 AND " + OF_1, "transfer", "/1", "amount"),
    "an amount to nearly nothing": (
        "UPDATE arrears_transfer SET amount = 1 WHERE n = 3 AND " + OF_1, "transfer", "/3", "amount"),
    "a destination": (
        "UPDATE arrears_transfer SET destination = 'judicial' WHERE n = 3 AND " + OF_1,
        "transfer", "/3", "destination"),
    "a source": ("UPDATE arrears_transfer SET source = 'disputed' WHERE n = 1 AND " + OF_1, "transfer", "/1", "source"),
    "the last transfer away": ("DELETE FROM arrears_transfer WHERE n = 3 AND " + OF_1, "transfer", "/3", "n"),
    "a transfer in the middle away": ("DELETE FROM arrears_transfer WHERE n = 2 AND " + OF_1, "transfer", "/2", "n"),
    "all transfers away": ("DELETE FROM arrears_transfer WHERE " + OF_1, "transfer", "/1", "n"),
    "a number": ("UPDATE arrears_transfer SET n = 4 WHERE n = 3 AND " + OF_1, "transfer", "/3", "n"),
    "a day": (
        f"UPDATE arrears_transfer SET effective_on = '{MARCH}' WHERE n = 3 AND " + OF_1,
        "transfer", "/3", "effective_on"),
    "an instant": (
        "UPDATE arrears_transfer SET recorded_at = recorded_at - interval '1 day' WHERE n = 2 AND " + OF_1,
        "transfer", "/2", "recorded_at"),
    "a scope": (
        "UPDATE arrears_transfer SET scope_id = (SELECT min(id) FROM identity_scope) WHERE n = 2 AND " + OF_1,
        "transfer", "/2", "scope_id"),
    "a balance": ("UPDATE arrears_claimnow SET cash = 500 WHERE " + OF_1, "claimnow", "", "cash"),
    "a count": ("UPDATE arrears_claimnow SET transfers = 4 WHERE " + OF_1, "claimnow", "", "transfers"),
    "a current fact": ("UPDATE arrears_claimnow SET project = '桥' WHERE " + OF_1, "claimnow", "", "project"),
    "a row of claim_now away": ("DELETE FROM arrears_claimnow WHERE " + OF_1, "claimnow", "", None),
    "a fact": ("UPDATE arrears_claimfact SET project = '桥' WHERE " + OF_1, "claimfact", "/1", "project"),
    "a due day": ("UPDATE arrears_claimfact SET due_on = '2025-01-01' WHERE " + OF_1, "claimfact", "/1", "due_on"),
    "a fact away": ("DELETE FROM arrears_claimfact WHERE " + OF_1, "claimfact", "", "n"),
    "a creditor": (
        "UPDATE arrears_claim SET creditor_id = debtor_id WHERE " + OF_1.replace("claim_id =", "id ="),
        "claimnow", "", "creditor_id"),
}  # fmt: skip


def test_what_was_changed_is_named(uid: str, server: Server, database: str) -> None:
    """One database for all: each change is looked at and undone."""
    for what, (statement, table, suffix, column) in TAMPERING.items():
        keep(server, database)
        tamper(server, database, statement)
        broken = first()
        assert (broken.table, broken.uid) == (f"arrears_{table}", uid + suffix), (what, broken)
        assert column in (None, broken.column), (what, broken)
        put_back(server, database)
        assert books().ok, what


TABLES = ("arrears_transfer", "arrears_claimnow", "arrears_claimfact", "arrears_claim")


def keep(server: Server, database: str) -> None:
    copies = [f"CREATE TABLE kept.{table} AS TABLE {table}" for table in TABLES]
    with server.as_superuser(database) as admin:
        admin.execute("; ".join(["CREATE SCHEMA kept", *copies]).encode())


def put_back(server: Server, database: str) -> None:
    with server.as_superuser(database) as admin:
        admin.execute("SET session_replication_role = replica")
        for table in TABLES:
            columns = admin.execute(
                "SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute"
                " WHERE attrelid = %s::regclass AND attnum > 0 AND attgenerated = ''",
                [table],
            ).fetchone()
            assert columns is not None
            again = f"INSERT INTO {table} ({columns[0]}) OVERRIDING SYSTEM VALUE SELECT {columns[0]} FROM kept.{table}"
            admin.execute(f"DELETE FROM {table}".encode())
            admin.execute(again.encode())
        admin.execute("DROP SCHEMA kept CASCADE")


def test_a_flow_that_was_changed_is_named(uid: str, server: Server, database: str) -> None:
    tamper(server, database, "UPDATE arrears_flow SET amount = amount + 1 WHERE account = 'reported' AND amount = 3500")
    broken = first()
    assert (broken.table, broken.column) == ("arrears_flow", "amount")
    assert "3501" in broken.says
    assert "3500" in broken.says


def test_a_count_of_claims_that_was_changed_is_named(uid: str, server: Server, database: str) -> None:
    tamper(server, database, "UPDATE arrears_flow SET claims = claims + 1 WHERE claims > 0")
    assert (first().table, first().column) == ("arrears_flow", "claims")


def test_a_posting_that_is_gone_is_named(uid: str, server: Server, database: str) -> None:
    tamper(server, database, "DELETE FROM audit_posting WHERE kind = 'arrears.opening'")
    assert (first().table, first().column) == ("audit_posting", "id")


def test_a_posting_whose_instant_was_changed_is_named(uid: str, server: Server, database: str) -> None:
    tamper(server, database, "UPDATE audit_posting SET recorded_at = recorded_at - interval '1 day' WHERE id = 1")
    assert (first().table, first().column) == ("audit_posting", "recorded_at")


def test_a_trail_and_a_row_that_are_gone_are_named(uid: str, server: Server, database: str) -> None:
    tamper(server, database, "DELETE FROM audit_event WHERE action = 'arrears.statement_accepted'")
    assert (first().table, first().column) == ("arrears_statement", "state")


def test_a_row_of_a_statement_that_is_gone_is_named(uid: str, server: Server, database: str) -> None:
    tamper(server, database, "DELETE FROM arrears_statementrow WHERE id = 6")
    assert (first().table, first().column) == ("arrears_statement", "summary")


def test_a_file_that_was_changed_or_is_gone_is_named(uid: str, server: Server, database: str) -> None:
    with server.as_superuser(database) as admin:
        found = admin.execute("SELECT sha256 FROM evidence_file ORDER BY sha256 LIMIT 1").fetchone()
    assert found is not None
    place = path_of(str(found[0]))
    content = place.read_bytes()
    place.write_bytes(content + b" ")
    assert (first().table, first().uid) == ("evidence_file", found[0])
    place.unlink()
    assert (first().table, first().uid) == ("evidence_file", found[0])
    place.write_bytes(content)
    assert books().ok


def test_whoever_sees_less_is_told_of_no_break_that_is_none(uid: str, database: str) -> None:
    for clerk in (making.office("West"), make.appointment(of="East")):
        with make.acting(clerk):
            assert verify().ok


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE arrears_settlement SET amount = 4100", ("arrears_settlement", "amount")),
        ("UPDATE arrears_settlementevent SET step = 'confirmed' WHERE n = 2", ("arrears_settlementevent", "step")),
        ("DELETE FROM arrears_settlementevent WHERE n = 1", ("arrears_settlementevent", "n")),
        ("UPDATE arrears_settlementevent SET step = 'denied' WHERE n = 2", ("arrears_settlement", "step")),
    ],
)
def test_a_stated_payment_that_was_changed_is_named(
    uid: str, server: Server, database: str, statement: str, named: tuple[str, str]
) -> None:
    clerk = make.appointment(of="East")
    claim_id = making.claim(clerk, "1").claim.pk
    with make.acting(clerk) as actor:
        paid = acts.Act(days_ago(3), making.today(), papers=[acts.Paper("voucher", "凭证.pdf", [b"paid"])])
        acts.report_payment(
            claim_id=claim_id, method=Method.CASH, amount=Money.of(40), voucher=acts.Voucher(), act=paid, actor=actor
        )
    tamper(server, database, statement)
    assert (first().table, first().column) == named


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE arrears_claimlink SET amount = 1", ("arrears_claimlink", "amount")),
        ("DELETE FROM arrears_claimlink", ("arrears_transfer", "ground")),
    ],
)
def test_a_link_that_was_changed_is_named(
    uid: str, server: Server, database: str, statement: str, named: tuple[str, str]
) -> None:
    second = make.appointment(of="East")
    old, new = (making.claim(second, number).claim.pk for number in ("2", "3"))
    with make.acting(second) as actor:
        paper = acts.Paper("reconciliation", "对账单.pdf", [b"both"])
        acts.merge(claim_id=old, into=new, act=acts.Act(days_ago(3), making.today(), papers=[paper]), actor=actor)
    tamper(server, database, statement)
    assert (first().table, first().column) == named
