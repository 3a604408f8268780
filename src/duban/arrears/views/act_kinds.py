"""The acts on a claim as their forms need them: a table of what each asks for and which command it calls."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.forms import Field
from django.utils.translation import gettext as _

from duban.arrears.commands import claim as commands
from duban.arrears.forms.fields import choice_field, code_field, fact_fields, number_field, part_fields, parts_given
from duban.arrears.queries.claim import ClaimView, TransferRow
from duban.arrears.queries.imports import may_report_for
from duban.arrears.queries.settlements import payments_of
from duban.arrears.rules.accounts import CARRIED, OPEN, OUTSIDE_RATES, Account
from duban.arrears.rules.acts import Cause, Ground, Link
from duban.arrears.rules.carrying import NEEDED
from duban.arrears.rules.law import Edition
from duban.arrears.rules.reversing import FROM_A_WORKBOOK
from duban.arrears.rules.settling import NEXT, Method, Step
from duban.arrears.views.asking import ActKind, Asked, Run
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.money import ZERO
from duban.kernel.words import N_
from duban.register.commands import Named
from duban.ui import shown


def _payments(found: ClaimView, step: Step) -> list[tuple[str, str]]:
    return [
        (str(payment.uid), f"{shown.yuan(payment.amount)} · {payment.method.label} · {payment.step.label}")
        for payment in payments_of(found.uid)
        if step in NEXT[payment.step]
    ]


def _paying(step: Step, title: str, paper: str, command: Callable[..., object], **options: Any) -> ActKind:  # noqa: ANN401 - of the act
    """An act on one of the claim's payments."""

    def payments(found: ClaimView) -> list[tuple[str, str]]:
        return _payments(found, step)

    def which(asked: Asked) -> dict[str, Field]:
        return {"payment": choice_field(_("Payment"), payments(asked.found))}

    def run(_claim_id: int, given: Mapping[str, Any], act: commands.Act, actor: Appointment) -> object:
        return command(settlement=UUID(given["payment"]), act=act, actor=actor)

    return ActKind(title, (), (paper,), run, choices=payments, more=which, **options)


def _report(claim_id: int, given: Mapping[str, Any], act: commands.Act, actor: Appointment) -> commands.Reported:
    voucher = commands.Voucher(given["voucher_number"], given["voucher_total"], given["payee_name"])
    return commands.report_payment(
        claim_id=claim_id, method=Method(given["method"]), amount=given["amount"], voucher=voucher, act=act, actor=actor
    )


def _on_claim(command: Callable[..., object], **arguments: tuple[str, Callable[[Any], object]]) -> Run:
    """Call a command with what the form gave.

    Args:
        arguments: for each argument beside the claim, the field it comes from and what makes it of the field's value.
    """

    def run(claim_id: int, given: Mapping[str, Any], act: commands.Act, actor: Appointment) -> object:
        values = {name: make(given[field]) for name, (field, make) in arguments.items()}
        return command(claim_id=claim_id, act=act, actor=actor, **values)

    return run


def _settle(claim_id: int, given: Mapping[str, Any], act: commands.Act, actor: Appointment) -> object:
    estimated = given["unsettled_part"] if given["unsettled_part"] > ZERO else None
    return commands.settle(
        claim_id=claim_id, confirmed=given["confirmed"], estimated=estimated, due_on=given["pay_by"], act=act,
        actor=actor,
    )  # fmt: skip


def _facts(asked: Asked) -> dict[str, Field]:
    return fact_fields(asked.found.facts)


def _correct(claim_id: int, given: Mapping[str, Any], act: commands.Act, actor: Appointment) -> object:
    facts = {name: given[name] for name in fact_fields()}
    return commands.correct_facts(claim_id=claim_id, facts=facts, act=act, actor=actor)


def _new_debtor(asked: Asked) -> dict[str, Field]:
    units = may_report_for(actor=asked.actor, today=asked.today, permission=asked.permission)
    facts = fact_fields()
    return {
        "debtor_name": facts["debtor_name"],
        "debtor_uscc": code_field(_("Debtor's code")),
        "debtor_kind": facts["debtor_kind"],
        "unit": choice_field(
            _("Reporting unit"), [(unit.code, unit.name) for unit in units], initial=asked.found.unit_code
        ),
        "ledger_no": number_field(),
    }


def _reassign(claim_id: int, given: Mapping[str, Any], act: commands.Act, actor: Appointment) -> object:
    return commands.reassign(
        claim_id=claim_id, unit_code=given["unit"], debtor=Named(given["debtor_name"], given["debtor_uscc"]),
        debtor_kind=given["debtor_kind"], ledger_no=given["ledger_no"], act=act, actor=actor,
    )  # fmt: skip


def _open_parts(asked: Asked) -> dict[str, Field]:
    held = {account: asked.found.balances[account] for account in CARRIED}
    return {"ledger_no": number_field(), **part_fields(held)}


def _split(claim_id: int, given: Mapping[str, Any], act: commands.Act, actor: Appointment) -> object:
    parts = parts_given(given)
    return commands.split(claim_id=claim_id, parts=parts, ledger_no=given["ledger_no"], act=act, actor=actor)


def _siblings(asked: Asked) -> dict[str, Field]:
    choices = [
        (str(one.claim_id), f"{one.ledger_no} · {one.unit_name} · {shown.yuan(one.open)}") for one in asked.siblings
    ]
    return {"other": choice_field(_("Other claim of the same parties"), choices)}


def _postings(found: ClaimView) -> list[tuple[str, str]]:
    """What was entered on the claim and may be taken back as a whole, the newest first."""
    by_posting: dict[UUID, list[TransferRow]] = {}
    for transfer in found.transfers:
        if transfer.posting:
            by_posting.setdefault(transfer.posting, []).append(transfer)
    return [
        (str(posting), f"{shown.instant(rows[0].recorded_at)} · {_what_moved(rows)} · {rows[0].who}")
        for posting, rows in by_posting.items()
        if rows[0].kind not in FROM_A_WORKBOOK and not any(row.takes_back or row.is_taken_back for row in rows)
    ]


def _what_moved(rows: list[TransferRow]) -> str:
    return ", ".join(f"{row.source.label} → {row.destination.label} {shown.yuan(row.amount)}" for row in reversed(rows))


def _which_posting(asked: Asked) -> dict[str, Field]:
    return {"posting": choice_field(_("Entry"), _postings(asked.found))}


def _take_back(_claim_id: int, given: Mapping[str, Any], act: commands.Act, actor: Appointment) -> object:
    return commands.reverse_posting(posting=UUID(given["posting"]), act=act, actor=actor)


def _same(value: object) -> object:
    return value


_AMOUNT = ("amount", _same)

ACTS: Mapping[str, ActKind] = {
    "payment": ActKind(
        N_("Report a payment"),
        ("amount", "method", "voucher_number", "voucher_total", "payee_name", "value_on"),
        ("voucher",), _report, (Account.UNDISPUTED,),
    ),
    "voucher": _paying(Step.EVIDENCED, N_("Show a voucher"), "voucher", commands.show_voucher, is_dated=False),
    "confirm": _paying(
        Step.CONFIRMED, N_("Confirm a payment"), "creditor_confirmation", commands.confirm_payment,
        permission=Permission.ARREARS_DECIDE,
    ),
    "deny": _paying(Step.DENIED, N_("Deny a payment"), "creditor_statement", commands.deny_payment),
    "dishonour": _paying(Step.DISHONOURED, N_("A bill was dishonoured"), "source", commands.dishonour_payment),
    "dispute": ActKind(
        N_("Dispute a part"), ("amount", "cause", "expires_on"), ("debtor_statement", "creditor_statement"),
        _on_claim(commands.dispute, amount=_AMOUNT, cause=("cause", Cause), expires_on=("expires_on", _same)),
        (Account.UNDISPUTED,),
    ),
    "withdraw-dispute": ActKind(
        N_("Withdraw a dispute"), ("amount",), (), _on_claim(commands.withdraw_dispute, amount=_AMOUNT),
        (Account.DISPUTED,)
    ),
    "court": ActKind(
        N_("Go to court"), ("due_part", "amount", "case_number"), ("court_paper",),
        _on_claim(
            commands.go_to_court, source=("due_part", Account), amount=_AMOUNT, case_number=("case_number", _same)
        ),
        (Account.UNDISPUTED, Account.DISPUTED),
    ),
    "court-over": ActKind(
        N_("Come back from court"), ("due_part", "amount"), ("court_paper",),
        _on_claim(commands.come_back_from_court, destination=("due_part", Account), amount=_AMOUNT),
        (Account.JUDICIAL,),
    ),
    "enforce": ActKind(N_("Enforced by a court"), ("amount",), ("court_paper",),
                       _on_claim(commands.enforce, amount=_AMOUNT), (Account.JUDICIAL,)),
    "reduce": ActKind(
        N_("Reduce the claim"), ("ground", "open_part", "amount"), ("agreement", "proof"),
        _on_claim(commands.reduce, source=("open_part", Account), amount=_AMOUNT, ground=("ground", Ground)),
        (*OPEN, *OUTSIDE_RATES),
        permission=Permission.ARREARS_DECIDE,
    ),
    "settle": ActKind(
        N_("Settle the unsettled"), ("confirmed", "unsettled_part", "pay_by"), ("settlement",), _settle,
        (Account.UNSETTLED,),
    ),
    "reassign": ActKind(
        N_("Reassign to another debtor"), (), NEEDED[Link.REASSIGNED], _reassign, CARRIED,
        permission=Permission.ARREARS_DECIDE, more=_new_debtor, is_rare=True,
    ),
    "split": ActKind(
        N_("Split the claim"), (), NEEDED[Link.SPLIT], _split, CARRIED, permission=Permission.ARREARS_DECIDE,
        more=_open_parts, is_rare=True,
    ),
    "merge": ActKind(
        N_("Merge into another claim"), (), NEEDED[Link.MERGED], _on_claim(commands.merge, into=("other", int)),
        CARRIED, permission=Permission.ARREARS_DECIDE, more=_siblings, is_between_two=True, is_rare=True,
    ),
    "duplicate": ActKind(
        N_("Mark as a duplicate"), (), NEEDED[Link.DUPLICATE],
        _on_claim(commands.mark_duplicate, of=("other", int)), CARRIED, permission=Permission.ARREARS_DECIDE,
        more=_siblings, is_between_two=True, is_rare=True,
    ),
    "take-back": ActKind(
        N_("Take an entry back"), (), ("source",), _take_back, more=_which_posting, choices=_postings, is_rare=True
    ),
    "correct": ActKind(
        N_("Correct what is said"), (), ("source",), _correct, more=_facts, is_dated=False, is_rare=True
    ),
    "edition": ActKind(
        N_("Choose the edition of the law"), ("edition",), (),
        _on_claim(commands.choose_edition, edition=("edition", lambda code: Edition(code) if code else None)),
        (*OPEN, *OUTSIDE_RATES),
        permission=Permission.ARREARS_DECIDE, is_dated=False, is_rare=True,
    ),
}  # fmt: skip
"""Every act that has a form, by its address."""
