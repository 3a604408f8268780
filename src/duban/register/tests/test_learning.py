from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from tests import make

from duban.audit import commands as audit
from duban.audit.models import Event
from duban.identity.commands import scope_of
from duban.identity.models import Appointment
from duban.identity.rules import PermissionDenied, Role
from duban.identity.units import Kind as UnitKind
from duban.kernel.errors import DomainError
from duban.kernel.money import Money
from duban.register import commands, queries
from duban.register.commands import Named
from duban.register.commands.acting import PartyUnknown
from duban.register.commands.learning import AlreadySo, NothingVerified
from duban.register.models import KindVersion, Party, SizeEvidence
from duban.register.rules.dated import DayNotCome, PaperMissing
from duban.register.rules.evidence_of_size import NothingShown, SizeShown, YearNotOver, size_on
from duban.register.rules.kinds import HeadIsItself, HeadMissing, HeadNotWanted, Kind
from duban.register.rules.size_standard import LineNotSettled
from duban.register.rules.sizes import Figures, Grade

CODE = "53640000MJX173680A"
TODAY, SIGNED = date(2026, 6, 1), date(2025, 5, 1)
PAPER = "营业执照副本"
MEDIUM = Figures(staff=300, revenue=Money.of(20_000_000))
SMALL = Figures(staff=20, revenue=Money.of(3_000_000))


@pytest.fixture
def clerk(database: str) -> Iterator[Appointment]:
    with make.acting(make.appointment(of=make.unit("East", kind=UnitKind.COUNTY))) as actor:
        yield actor


@pytest.fixture
def firm(clerk: Appointment) -> Party:
    """A firm without code, beside a body with one."""
    posting = audit.open_posting(actor=clerk, kind="test", scope_id=scope_of(clerk.unit_id, None))
    ids = commands.know([Named("甲厂"), Named("总公司", CODE)], posting=posting)
    return Party.objects.get(pk=ids["甲厂"])


def be(
    actor: Appointment, firm: Party, kind: Kind, since: date = SIGNED, *, head: str = "", paper: str = PAPER
) -> None:
    commands.set_kind(party=firm.uid, kind=kind, since=since, head=head, paper=paper, today=TODAY, actor=actor)


def show(actor: Appointment, firm: Party, figures: Figures, year: int = 2024, industry: str = "C25") -> None:
    commands.show_size(
        party=firm.uid, year=year, industry=industry, figures=figures, paper=PAPER, today=TODAY, actor=actor
    )


# -- Kind -------------------------------------------------------------------------------------------------------------


def test_the_kind_is_that_of_the_day_and_a_later_entry_corrects(clerk: Appointment, firm: Party) -> None:
    be(clerk, firm, Kind.INSTITUTION, date(2020, 1, 1))
    be(clerk, firm, Kind.PRIVATE, date(2024, 1, 1))
    be(clerk, firm, Kind.LOCAL_SOE, date(2024, 1, 1))
    days = (date(2019, 12, 31), date(2023, 12, 31), date(2024, 1, 1))
    kinds = [queries.kind_on(firm.pk, day) for day in days]
    assert [known.kind if known else None for known in kinds] == [None, Kind.INSTITUTION, Kind.LOCAL_SOE]


@pytest.mark.parametrize("typed", [CODE, CODE.lower(), "总 公司"])
def test_a_branch_names_the_body_it_belongs_to(clerk: Appointment, firm: Party, typed: str) -> None:
    be(clerk, firm, Kind.BRANCH, head=typed)
    known = queries.kind_on(firm.pk, TODAY)
    assert known is not None
    assert known.head_id == Party.objects.get(uscc=CODE).pk


@pytest.mark.parametrize(
    ("kind", "head", "refusal"),
    [
        (Kind.BRANCH, "", HeadMissing),
        (Kind.AFFILIATED, "", HeadMissing),
        (Kind.PRIVATE, CODE, HeadNotWanted),
        (Kind.BRANCH, "甲厂", HeadIsItself),
        (Kind.BRANCH, "没有的公司", PartyUnknown),
    ],
)
def test_a_body_above_that_does_not_fit_is_refused(
    clerk: Appointment, firm: Party, kind: Kind, head: str, refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        be(clerk, firm, kind, head=head)
    assert not KindVersion.objects.exists()


def test_a_kind_needs_a_paper_and_a_day_that_came(clerk: Appointment, firm: Party) -> None:
    with pytest.raises(PaperMissing):
        be(clerk, firm, Kind.PRIVATE, paper=" ")
    with pytest.raises(DayNotCome):
        be(clerk, firm, Kind.PRIVATE, TODAY + timedelta(days=1))


# -- Size -------------------------------------------------------------------------------------------------------------


def test_the_size_on_a_contracts_day_is_that_of_the_year_before(clerk: Appointment, firm: Party) -> None:
    show(clerk, firm, SMALL, 2023)
    show(clerk, firm, MEDIUM, 2024)
    found = queries.size_on(firm.pk, SIGNED)
    assert found.size is not None
    assert found.shown is not None
    assert (found.size.grade, found.shown.figures, found.shown.paper) == (Grade.MEDIUM, MEDIUM, PAPER)
    assert "Medium-sized" in str(found.explained)


def test_what_was_not_shown_is_not_guessed_from_another_year(clerk: Appointment, firm: Party) -> None:
    show(clerk, firm, MEDIUM, 2023)
    found = queries.size_on(firm.pk, SIGNED)
    assert (found.size, found.shown) == (None, None)
    assert "nothing of 2024 was shown" in str(found.explained)


def test_a_missing_figure_leaves_the_size_open_and_says_which(clerk: Appointment, firm: Party) -> None:
    show(clerk, firm, Figures(staff=300))
    found = queries.size_on(firm.pk, SIGNED)
    assert found.size is not None
    assert found.size.grade is None
    assert "the operating revenue" in str(found.explained)


def test_the_later_evidence_of_a_year_counts_and_the_earlier_stays(clerk: Appointment, firm: Party) -> None:
    show(clerk, firm, MEDIUM)
    show(clerk, firm, SMALL)
    found = queries.size_on(firm.pk, SIGNED)
    assert found.size is not None
    assert (found.size.grade, SizeEvidence.objects.count()) == (Grade.SMALL, 2)


def test_evidence_under_another_record_of_the_party_counts(clerk: Appointment, firm: Party) -> None:
    show(clerk, firm, SMALL)
    head = Party.objects.get(uscc=CODE)
    commands.call_same(alias=firm.uid, survivor=head.uid, reason=PAPER, actor=clerk)
    found = queries.size_on(head.pk, SIGNED)
    assert found.size is not None
    assert found.size.grade is Grade.SMALL


def test_evidence_of_size_has_figures_of_a_year_that_ended_and_a_line(clerk: Appointment, firm: Party) -> None:
    with pytest.raises(YearNotOver, match="2026 is not over"):
        show(clerk, firm, MEDIUM, 2026)
    with pytest.raises(NothingShown, match="No figure was given for 2024"):
        show(clerk, firm, Figures())
    with pytest.raises(LineNotSettled):
        show(clerk, firm, MEDIUM, industry="J66")


shown = st.lists(
    st.builds(
        SizeShown,
        st.integers(1, 10**6),
        st.integers(2020, 2026),
        st.sampled_from(["C25", "E47", "J66"]),
        st.builds(Figures, staff=st.none() | st.integers(0, 2000)),
        st.just(PAPER),
    ),
    unique_by=lambda evidence: evidence.id,
)


@given(shown, st.dates(date(2020, 1, 1), date(2027, 12, 31)))
def test_a_size_rests_on_the_year_before_or_says_why_there_is_none(evidence: list[SizeShown], day: date) -> None:
    found = size_on(day, evidence)
    assert found == size_on(day, evidence[::-1])
    assert found.shown is None or found.shown.year == day.year - 1
    assert str(found.explained)
    assert found.size is None or found.shown is not None


# -- Checking ---------------------------------------------------------------------------------------------------------


def test_a_party_is_unverified_until_somebody_checked_it(clerk: Appointment, firm: Party) -> None:
    assert queries.verified(firm.pk) is None
    commands.verify(party=firm.uid, paper=PAPER, today=TODAY, actor=clerk)
    found = queries.verified(firm.pk)
    assert found is not None
    assert found.signed is not None
    assert (found.paper, clerk.person.name in found.signed.who) == (PAPER, True)
    assert Event.objects.filter(action="register.verified", subject_uid=str(firm.uid)).exists()


def test_a_verification_is_withdrawn_by_another_row(clerk: Appointment, firm: Party) -> None:
    with pytest.raises(NothingVerified):
        commands.withdraw_verification(party=firm.uid, paper="看错", today=TODAY, actor=clerk)
    commands.verify(party=firm.uid, paper=PAPER, today=TODAY, actor=clerk)
    with pytest.raises(AlreadySo):
        commands.verify(party=firm.uid, paper=PAPER, today=TODAY, actor=clerk)
    commands.withdraw_verification(party=firm.uid, paper="看错", today=TODAY, actor=clerk)
    assert queries.verified(firm.pk) is None
    assert list(firm.verifications.order_by("pk").values_list("holds", flat=True)) == [True, False]


# -- Walls ------------------------------------------------------------------------------------------------------------


def test_only_an_office_enters_what_is_known(clerk: Appointment, firm: Party) -> None:
    stranger = make.elsewhere(lambda: make.appointment(Role.DEPARTMENT, of="East"))
    acts: list[Callable[[], object]] = [
        lambda: be(stranger, firm, Kind.PRIVATE),
        lambda: show(stranger, firm, SMALL),
        lambda: commands.verify(party=firm.uid, paper=PAPER, today=TODAY, actor=stranger),
        lambda: commands.withdraw_verification(party=firm.uid, paper=PAPER, today=TODAY, actor=stranger),
    ]
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()


@pytest.mark.parametrize("table", ["kindversion", "sizeevidence", "verification", "renaming"])
def test_the_application_changes_and_erases_nothing(clerk: Appointment, firm: Party, table: str) -> None:
    for forbidden in (f"UPDATE register_{table} SET paper = ''", f"DELETE FROM register_{table}"):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cur:
            cur.execute(forbidden)


def test_a_debtor_sees_no_figures_of_those_it_owes(clerk: Appointment, firm: Party) -> None:
    show(clerk, firm, SMALL)
    debtor, department = make.elsewhere(
        lambda: [make.appointment(role, of="East") for role in (Role.DEBTOR, Role.DEPARTMENT)]
    )
    # The clerk's transaction is not committed: what another may read is asked of the policy in this one.
    for appointment, seen in ((debtor, False), (department, True)):
        with connection.cursor() as cursor:
            cursor.execute("SELECT identity.enter(%s)", [make.elsewhere(partial(make.session, appointment))])
        assert SizeEvidence.objects.exists() is seen


def test_figures_are_kept_exactly(clerk: Appointment, firm: Party) -> None:
    show(clerk, firm, Figures(revenue=Money.of(Decimal("12345678.91"))))
    found = queries.size_on(firm.pk, SIGNED)
    assert found.shown is not None
    assert found.shown.figures.revenue == Money.of(Decimal("12345678.91"))
