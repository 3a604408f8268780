"""A house with something in every table, so that hiding it from somebody means something."""

from datetime import date
from decimal import Decimal

from duban.arrears import commands
from duban.arrears.commands import campaign
from duban.arrears.commands.rates import load_prime_rates
from duban.arrears.commands.settlements import state_many
from duban.arrears.models import (
    ActDetail,
    ClaimLink,
    Draft,
    DraftDecision,
    Evidence,
    Statement,
)
from duban.arrears.rules.acts import Link
from duban.arrears.rules.asking import Verdict
from duban.arrears.rules.settling import Method
from duban.arrears.rules.targets import Layer, Metric, Target
from duban.arrears.tests import campaigning, making
from duban.audit import commands as audit
from duban.evidence.models import File
from duban.identity.models import Appointment
from duban.intake import commands as intake
from duban.kernel.money import Money
from duban.kernel.rates import LoanPrimeRate
from duban.register import commands as register
from duban.register.models import Party, Proposal
from duban.register.rules.kinds import Kind as PartyKind
from duban.register.rules.sizes import Figures
from tests import make


def east_beside_west() -> Appointment:
    """East has a ledger with a row in every table, and West has nothing; returns the office of West."""
    make.units(make.row("City"), make.row("East", under="City"), make.row("West", under="City"))
    east = make.appointment(of="East", name="Li")
    wrong = {"ledger_no": "2", "amount": 300, "debtor_uscc": "911"}
    bridge = {"ledger_no": "3", "amount": 5, "project": "桥"}
    handed_in = making.hand_in(east, {"ledger_no": "1", "amount": 500}, wrong, bridge)
    making.accept(east, handed_in, hold_errors=True)
    make.as_owner(
        "INSERT INTO arrears_closedmonth (scope_id, month, posting_id)"
        " SELECT scope_id, '2020-01-01', id FROM audit_posting"
    )
    make.as_owner(
        "INSERT INTO audit_progress (subject, appointment_id, done, total)"
        " VALUES (gen_random_uuid(), %s, 1, 2)", east.pk,
    )  # fmt: skip
    _pay_and_link(east)
    _answer(east)
    _decide_on_parties(east)
    _say_who_reports(east)
    commands.fold_flows(at_least=1)
    _look_and_deliver(east)
    with make.operator() as operator:
        rate = LoanPrimeRate(date(2025, 6, 20), Decimal("0.03"))
        load_prime_rates([rate], today=making.today(), actor=operator)
    _campaign(east)
    return make.appointment(of="West", name="Wang")


def _pay_and_link(east: Appointment) -> None:
    """A stated payment, a file beside it, and a link to a second claim."""
    first, second = making.claim(east, "1"), making.claim(east, "3")
    with make.acting(east) as actor:
        posting = audit.open_posting(actor=actor, kind="arrears.test", scope_id=first.scope_id)
        where = [(first.pk, first.scope_id)]
        state_many(where, [Method.CASH], [Money.of(1)], statement_id=None, posting=posting)
        Evidence.objects.create(
            claim_id=first.pk,
            scope_id=first.scope_id,
            file=File.objects.earliest("pk"),
            role="judgment",
            posting=posting,
        )
        ActDetail.objects.create(
            claim_id=first.pk, scope_id=first.scope_id, amount=Money.of(1), case_number="(2026)1", posting=posting
        )
        proposal = Draft.objects.create(
            claim_id=first.pk, scope_id=first.scope_id, act="reduce", given={}, effective_on=making.days_ago(1),
            posting=posting,
        )  # fmt: skip
        DraftDecision.objects.create(draft=proposal, scope_id=first.scope_id, verdict="returned", posting=posting)
        ClaimLink.objects.create(
            kind=Link.MERGED, from_claim_id=second.pk, to_claim_id=first.pk, scope_id=first.scope_id,
            to_scope_id=first.scope_id, amount=Money.of(1), posting=posting,
        )  # fmt: skip


def _answer(east: Appointment) -> None:
    """A ledger of the next day in which a claim is missing, and somebody else's answer to that."""
    again = making.hand_in(east, {"ledger_no": "1", "amount": 500}, as_of=making.days_ago(9))
    making.answer(make.appointment(of="East"), again, Verdict.KEEP, "proof")


def _say_who_reports(east: Appointment) -> None:
    with make.acting(east) as actor:
        commands.expect_report(
            unit_code="East", since=making.today(), is_expected=True, reason="名单", today=making.today(), actor=actor
        )
        commands.set_deadline(
            unit_code="East", since=making.today(), day=8, reason="通知", today=making.today(), actor=actor
        )
        handed_in = commands.hand_in_zero(
            unit_code="East", month=date(2020, 2, 1), form=commands.Signed("李四", "局长", "零报告.pdf", [b"scan"]),
            today=making.today(), actor=actor,
        )  # fmt: skip
        commands.withdraw_zero(handed_in.uid, reason="漏报", actor=actor)
        sealed = commands.Signed("李四", "局长", "对账确认单.pdf", [b"sealed"])
        commands.hand_in_sealed(Statement.objects.earliest("pk").uid, form=sealed, actor=actor)


def _campaign(east: Appointment) -> None:
    """A campaign with a member, a target and an approved base."""
    uid = campaigning.begin(east)
    campaigning.enter_members(east, uid)
    campaigning.establish(east, make.appointment(of="East"), uid)
    target = Target(Layer.OWN, Metric.SMALL_ZERO, making.today())
    with make.acting(east) as actor:
        campaign.set_target(
            campaign=uid, unit_code="East", target=target, source="责任状", today=making.today(), actor=actor
        )


def _decide_on_parties(east: Appointment) -> None:
    """A renaming, and two parties that were proposed and are the same."""
    with make.acting(east) as actor:
        first, second = Party.objects.order_by("pk")[:2]
        register.rename(
            party=first.uid, name="丙局", since=making.days_ago(1), paper="批复", today=making.today(), actor=actor
        )
        register.set_kind(
            party=first.uid, kind=PartyKind.PRIVATE, since=making.days_ago(1), paper="批复", today=making.today(),
            actor=actor,
        )  # fmt: skip
        register.show_size(
            party=first.uid, year=2020, industry="C", figures=Figures(staff=1), paper="报表", today=making.today(),
            actor=actor,
        )  # fmt: skip
        register.verify(party=first.uid, paper="执照", today=making.today(), actor=actor)
        register.succeed(
            party=first.uid, successor=second.uscc or second.name, since=making.days_ago(1), paper="批复",
            today=making.today(), actor=actor,
        )  # fmt: skip
        decision = register.call_same(alias=first.uid, survivor=second.uid, reason="执照", actor=actor)
        Proposal.objects.create(first=first, second=second, ground="same_parts", posting=decision.posting)


def _look_and_deliver(east: Appointment) -> None:
    """A workbook that was looked at, a heading that was explained, and a delivery."""
    content = making.workbook({"ledger_no": "1", "amount": -5})
    with make.acting(east) as actor:
        asked = intake.look(name="台账.xlsx", content=[content], today=making.today(), actor=actor)
        made = commands.deliver([("台账.xlsx", [content])], actor=actor)
        intake.explain(
            unit_code="East", schema="arrears.ledger", meanings={"科室": ""}, today=making.today(), actor=actor
        )
    with make.acting(east) as actor:
        intake.read(asked.uid, actor=actor)
        commands.sort_out(made.uid, today=making.today(), actor=actor)
