"""What stands between a county's ledger and everybody else: row security and narrowing, each tried alone."""

from datetime import date
from functools import partial
from typing import Any

import pytest
from django.db import connection

from duban.arrears import commands
from duban.arrears.models import (
    BaseOrder,
    Claim,
    Delivery,
    Draft,
    Statement,
    ZeroReport,
)
from duban.arrears.queries import (
    board,
    deliveries,
    imports,
    links,
    position,
    progress,
    reconciling,
    reporting,
    rollforward,
    said,
    zero,
)
from duban.arrears.queries import drafts as proposals
from duban.arrears.queries.campaigns.bases import order_lines, orders
from duban.arrears.queries.campaigns.campaign import campaigns as all_campaigns
from duban.arrears.rules.accounts import Account
from duban.arrears.rules.asking import Verdict
from duban.arrears.tests import making
from duban.audit import queries as trail
from duban.evidence.models import File
from duban.identity import access
from duban.identity.models import Appointment, Person
from duban.identity.rules import Permission, PermissionDenied, Role
from duban.intake import commands as intake
from duban.intake import queries as looked_at
from duban.intake.models import HeadingMeaning, Look
from duban.kernel.money import ZERO, Money
from tests import make
from tests.everything import east_beside_west

WITHOUT_ROW_SECURITY = {
    # The application has no right to them at all; functions of the owner read and write them.
    **dict.fromkeys(
        ("identity_credential", "identity_entry", "identity_grant", "identity_key", "identity_reach",
         "identity_refused_sign_in", "identity_security_rule", "identity_session", "identity_session_seen"),
        "out of reach",
    ),
    "django_migrations": "out of reach",
    "audit_birth": "one row, which says whether this is a demo",
    # A job is the uid of its subject and a grant that opens nothing by itself.
    "procrastinate_events": "says nothing", "procrastinate_jobs": "says nothing",
    "procrastinate_periodic_defers": "says nothing", "procrastinate_workers": "says nothing",
}  # fmt: skip

SEEN_BY_EVERYBODY_INSIDE = {
    "identity_line": "the tree", "identity_unit": "the tree", "identity_unitversion": "the tree",
    "identity_unitalias": "the tree", "identity_scope": "the tree",
    "register_party": "names and codes are public facts", "register_partyname": "names and codes are public facts",
    "register_renaming": "names and codes are public facts", "register_alias": "which names and codes are one",
    "register_kindversion": "what a party is is a public fact", "register_verification": "whether a name was checked",
    "register_sizeevidence": "the size of a creditor; no debtor reads it",
    "register_successionentry": "which body went into which is published",
    "register_proposal": "which names and codes are one", "register_decision": "which names and codes are one",
    "audit_progress": "how far work is says nothing of what is in it",
    "arrears_primerate": "rates of interest are published",
    "arrears_reportingdeadline": "a day that a city sets for everybody under it",
    "arrears_fold": "up to where flows were added up",
    "arrears_campaign": "what a campaign asks for is published", "arrears_campaignclause": "as above",
    "arrears_baseorder": "its claims and amounts are in its lines", "arrears_basedecision": "as above",
}  # fmt: skip

MAY_CHANGE = {
    "identity_line": "names", "identity_unit": "place and end", "identity_unitversion": "its end",
    "identity_unitalias": "nothing yet", "arrears_statement": "how far it is", "arrears_delivery": "how far it is",
    "arrears_deliveredfile": "what became of it", "intake_look": "how far it is", "audit_progress": "how far it is",
}  # fmt: skip

ONLY_ADDED = {
    "arrears_claim", "arrears_claimfact", "arrears_closedmonth", "arrears_finding", "arrears_statementrow",
    "arrears_transfer", "arrears_settlement", "arrears_settlementevent", "arrears_claimlink", "arrears_evidence",
    "arrears_actdetail", "arrears_statedclaim", "arrears_question", "arrears_answer", "arrears_answerpaper",
    "arrears_primerate", "audit_event", "audit_posting", "evidence_file",
    "intake_headingmeaning", "intake_lookfinding",
    "arrears_reportingduty", "arrears_reportingdeadline", "arrears_zeroreport", "arrears_zerowithdrawal",
    "arrears_sealedsheet", "intake_lookrow",
    "arrears_draft", "arrears_draftdecision",
    "arrears_campaign", "arrears_campaignclause", "arrears_campaigntarget", "arrears_campaignmember",
    "arrears_baseorder", "arrears_baseline", "arrears_basedecision",
    "register_renaming", "register_proposal", "register_decision", "register_kindversion", "register_sizeevidence",
    "register_verification", "register_successionentry",
}  # fmt: skip

TABLES = (
    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')"
)


def tables() -> set[str]:
    return {row[0] for row in make.as_owner(TABLES)}


def as_application(question: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return list(cursor.fetchall())


def rights(right: str) -> set[str]:
    """The tables on which the application has a right, be it on one column only."""
    asks = (
        "has_any_column_privilege" if right in {"SELECT", "INSERT", "UPDATE", "REFERENCES"} else "has_table_privilege"
    )
    return {row[0] for row in as_application(f"{TABLES} AND {asks}(oid, '{right}')")}


# -- What the application may do at all -------------------------------------------------------------------------------


def test_every_table_has_row_security_or_a_reason(database: str) -> None:
    secured = {row[0] for row in make.as_owner(f"{TABLES} AND relrowsecurity")}
    assert tables() - secured == WITHOUT_ROW_SECURITY.keys()


def test_every_secured_table_has_a_policy_that_reads_only_who_entered(database: str) -> None:
    asked = "SELECT tablename, coalesce(qual, with_check) FROM pg_policies WHERE schemaname = 'public'"
    policies = make.as_owner(asked)
    assert {table for table, _ in policies} == tables() - WITHOUT_ROW_SECURITY.keys()
    for table, condition in policies:
        assert "identity.my_" in condition or "identity.is_business" in condition, table
        assert "current_setting" not in condition, table


def test_the_application_owns_nothing_and_is_nobody_special(database: str) -> None:
    assert as_application("SELECT relname FROM pg_class WHERE pg_has_role(relowner, 'MEMBER')") == []
    assert as_application("SELECT proname FROM pg_proc WHERE pg_has_role(proowner, 'MEMBER')") == []
    assert as_application(
        "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication FROM pg_roles"
        " WHERE rolname = current_user"
    ) == [(False,)]
    assert (
        as_application("SELECT rolname FROM pg_roles WHERE rolname <> current_user AND pg_has_role(oid, 'MEMBER')")
        == []
    )


def test_the_application_makes_nothing_in_any_schema_and_no_temporary_tables(database: str) -> None:
    assert as_application("SELECT nspname FROM pg_namespace WHERE has_schema_privilege(oid, 'CREATE')") == []
    assert as_application("SELECT has_database_privilege(current_database(), 'TEMP, CREATE')") == [(False,)]


def test_the_application_erases_nothing_but_finished_jobs(database: str) -> None:
    queue = {table for table in WITHOUT_ROW_SECURITY if table.startswith("procrastinate_")}
    assert rights("DELETE") == queue
    for right in ("TRUNCATE", "TRIGGER", "REFERENCES", "MAINTAIN"):
        assert rights(right) == set(), right


def test_the_application_changes_only_what_may_change(database: str) -> None:
    assert rights("UPDATE") - WITHOUT_ROW_SECURITY.keys() == MAY_CHANGE.keys()


def test_the_application_writes_no_projection_and_no_sight(database: str) -> None:
    for kept_by_the_database in (
        "arrears_claimnow",
        "arrears_flow",
        "identity_sight",
        "identity_scope",
        "register_alias",
    ):
        assert kept_by_the_database not in rights("INSERT") | rights("UPDATE") | rights("DELETE")


def test_what_is_out_of_reach_is(database: str) -> None:
    reached = set().union(*(rights(right) for right in ("SELECT", "INSERT", "UPDATE", "DELETE")))
    assert {table for table, why in WITHOUT_ROW_SECURITY.items() if why == "out of reach"} & reached == set()


def test_functions_of_the_owner_pin_their_search_path_and_are_not_for_everybody(database: str) -> None:
    ours = make.as_owner(
        "SELECT p.oid::regprocedure::text, prosecdef, proconfig, has_function_privilege('public', p.oid, 'EXECUTE')"
        " FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace"
        " WHERE nspname IN ('identity', 'audit', 'arrears', 'register')"
    )
    assert ours
    assert [name for name, _, _, everybody in ours if everybody] == []
    pinned = (["search_path=pg_catalog, public, pg_temp"], ["search_path=pg_catalog"])
    assert [name for name, as_owner, settings, _ in ours if as_owner and settings not in pinned] == []


def test_what_proves_something_is_only_added_even_by_the_owner(database: str) -> None:
    triggers = make.as_owner(
        "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE tgfoid = 'audit.refuse_change'::regproc AND tgenabled = 'O' AND tgtype & 56 = 56"
    )
    assert {row[0] for row in triggers} >= ONLY_ADDED


# -- Each wall alone --------------------------------------------------------------------------------------------------


@pytest.fixture
def west(database: str) -> Appointment:
    """The office of West, which has nothing, beside East, which has a ledger with everything in it."""
    return east_beside_west()


def test_east_has_rows_in_every_table_so_that_hiding_them_means_something(west: Appointment) -> None:
    secured = tables() - WITHOUT_ROW_SECURITY.keys()
    empty = {table for table in secured if make.as_owner(f'SELECT count(*) FROM "{table}"') == [(0,)]}
    assert empty <= {"identity_line", "identity_unitalias"}


def test_a_transaction_that_has_not_entered_sees_no_row_of_any_table(west: Appointment) -> None:
    with make.raw() as session, session.transaction():
        readable = rights("SELECT") - WITHOUT_ROW_SECURITY.keys()
        assert "arrears_claim" in readable
        assert make.rows_seen(session, sorted(readable)) == {}


def test_row_security_alone_hides_a_county_from_another_one(west: Appointment) -> None:
    """Queries that forget to narrow, in a session that West entered lawfully."""
    with make.raw() as session, session.transaction():
        session.execute("SELECT identity.enter(%s)", [make.session(west)])
        hidden = sorted(rights("SELECT") - WITHOUT_ROW_SECURITY.keys() - SEEN_BY_EVERYBODY_INSIDE.keys())
        seen = make.rows_seen(session, hidden)
        # West itself: its person, its appointment, and its own scope.
        assert seen == {"identity_person": 1, "identity_appointment": 1, "identity_sight": 1}
    with make.acting(west):
        assert not Claim.objects.exists()
        assert not File.objects.exists()
        assert [person.name for person in Person.objects.all()] == ["Wang"]


def test_row_security_alone_hides_business_rows_from_the_administrators_and_strangers(west: Appointment) -> None:
    business = sorted(
        table for table in rights("SELECT") if table.startswith(("arrears_", "evidence_", "intake_", "register_"))
    )
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.ENTERPRISE):
        with make.raw() as session, session.transaction():
            session.execute("SELECT identity.enter(%s)", [make.session(make.appointment(role, of="City"))])
            assert (role, make.rows_seen(session, business)) == (role, {})


def test_a_party_sees_its_own_claims_and_no_others(west: Appointment) -> None:
    [(creditor, debtor)] = make.as_owner("SELECT creditor_id, debtor_id FROM arrears_claim LIMIT 1")
    [(others,)] = make.as_owner("SELECT count(*) FROM arrears_claim WHERE %s NOT IN (creditor_id, debtor_id)", creditor)
    [(own,)] = make.as_owner("SELECT count(*) FROM arrears_claim WHERE %s IN (creditor_id, debtor_id)", creditor)
    for party, expected in ((creditor, own), (None, 0), (-1, 0)):
        with make.acting(make.appointment(Role.ENTERPRISE, of="City", party_id=party)):
            assert (party, Claim.objects.count()) == (party, expected)
    assert (own, others, debtor) != (0, 0, None)


@pytest.fixture
def no_row_security(west: Appointment) -> None:
    """The same database with that wall taken down: every query is left to its own narrowing."""
    for (table,) in make.as_owner(f"{TABLES} AND relrowsecurity"):
        make.as_owner(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


def test_without_row_security_a_forgetful_query_would_show_everything(no_row_security: None, west: Appointment) -> None:
    with make.acting(west):
        assert Claim.objects.exists()


def test_narrowing_alone_hides_a_county_from_another_one(no_row_security: None, west: Appointment) -> None:
    today, began = making.today(), date(2020, 1, 1)
    everything = slice(0, 100)
    with make.acting(west) as actor:
        for by in ([], [position.Dimension.UNIT], [position.Dimension.CATEGORY], [position.Dimension.AGE]):
            rows = position.position(actor=actor, as_of=today, by=by)
            assert sum((sum(row.balances.values(), ZERO) for row in rows), ZERO) == ZERO
        assert position.newly_recognised(actor=actor, since=began, as_of=today) == ZERO
        assert imports.statements(actor=actor, today=today, window=everything) == []
        assert [row.who for row in trail.trail(trail.TrailWish(), actor=actor, window=everything)] == []
        assert [unit.code for unit in progress.reporters(actor=actor, on=today)] == ["West"]
        assert looked_at.looks(actor=actor, today=today, window=everything) == []
        assert deliveries.open_deliveries(actor=actor) == []
        assert board.board(actor=actor, months=[today.replace(day=1)], today=today) == []
        assert reporting.duties(actor=actor, today=today) == []
        assert reporting.deadlines(actor=actor, today=today) == []
        for report in ZeroReport.objects.all():
            with pytest.raises(ZeroReport.DoesNotExist):
                zero.zero_report(report.uid, actor=actor, today=today)
        rolled = rollforward.rollforward("East", began, today, actor)
        assert {view.closing for view in rolled.views.values()} == {ZERO}
        for hidden in Claim.objects.all():
            for asked in (
                partial(links.links_of, today=today),
                partial(links.siblings_of, today=today, permission=Permission.ARREARS_POST),
                said.versions_of,
                said.papers_of,
            ):
                with pytest.raises(Claim.DoesNotExist):
                    asked(hidden.uid, actor=actor)
        assert proposals.waiting_drafts(actor=actor) == []
        for proposal in Draft.objects.all():
            with pytest.raises(Draft.DoesNotExist):
                proposals.draft(proposal.uid, actor=actor)
        assert all_campaigns(actor=actor, on=today) == []
        for kept in BaseOrder.objects.all():
            assert order_lines(kept.pk, actor=actor, window=everything) == []
            assert [row.claims for row in orders(kept.campaign_id, actor=actor)] == [0]
        for look in Look.objects.all():
            with pytest.raises(Look.DoesNotExist):
                looked_at.look(look.uid, actor=actor, today=today)
        for statement in Statement.objects.all():
            with pytest.raises(Statement.DoesNotExist):
                imports.statement(statement.uid, actor=actor, today=today)
            with pytest.raises(Statement.DoesNotExist):
                reconciling.sheet(statement.uid, actor=actor)


def test_guarding_alone_keeps_a_county_from_writing_in_another_one(no_row_security: None, west: Appointment) -> None:
    with make.acting(west) as actor:
        theirs = Statement.objects.latest("pk")
        with pytest.raises(PermissionDenied):
            access.require(actor, Permission.ARREARS_IMPORT, scope_id=theirs.scope_id)
        with pytest.raises(PermissionDenied):
            commands.check(theirs.uid, today=making.today(), actor=actor)
        with pytest.raises(PermissionDenied):
            commands.ask_to_accept(theirs.uid, hold_errors=True, actor=actor)
        with pytest.raises(PermissionDenied):
            commands.answer(theirs.uid, [], commands.Decision(Verdict.KEEP, "x"), actor=actor)
        with pytest.raises(PermissionDenied):
            commands.submit(theirs.uid, actor=actor)
        with pytest.raises(PermissionDenied):
            commands.send_back(theirs.uid, reason="x", actor=actor)
        with pytest.raises(PermissionDenied):
            commands.withdraw(theirs.uid, reason="x", today=making.today(), actor=actor)
        with pytest.raises(PermissionDenied):
            intake.read(Look.objects.get().uid, actor=actor)
        with pytest.raises(PermissionDenied):
            commands.withdraw_zero(ZeroReport.objects.get().uid, reason="x", actor=actor)
        with pytest.raises(PermissionDenied):
            commands.hand_in_sealed(theirs.uid, form=commands.Signed("x", "x", "x.pdf", [b"x"]), actor=actor)
        with pytest.raises(PermissionDenied):
            commands.expect_report(
                unit_code="East", since=making.today(), is_expected=False, reason="x", today=making.today(), actor=actor
            )
        with pytest.raises(PermissionDenied):
            intake.forget(HeadingMeaning.objects.get().pk, today=making.today(), actor=actor)
        delivery = Delivery.objects.get()
        with pytest.raises(PermissionDenied):
            commands.sort_out(delivery.uid, today=making.today(), actor=actor)
        with pytest.raises(PermissionDenied):
            commands.hand_in(delivery.uid, 1, unit_code="West", as_of=making.today(), today=making.today(), actor=actor)


def test_the_office_of_the_county_itself_sees_its_ledger_through_both_walls(west: Appointment) -> None:
    [(own,)] = make.as_owner(
        "SELECT a.id FROM identity_appointment a JOIN identity_person p ON p.id = person_id WHERE name = 'Li'"
    )
    with make.operator():
        east = Appointment.objects.get(pk=own)
    with make.acting(east) as actor:
        [row] = position.position(actor=actor, as_of=making.today())
        assert row.balances[Account.UNDISPUTED] == Money.of("505.00")
