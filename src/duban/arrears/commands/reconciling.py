"""Handing back the reconciliation sheet of a statement (对账确认单), signed and sealed."""

from uuid import UUID

from django.db import transaction

from duban.arrears.commands.signing import Signed, keep_signed
from duban.arrears.commands.statement.steps import STATES, held, trace
from duban.arrears.models import SealedSheet, Statement
from duban.arrears.queries.reconciling import sheet
from duban.arrears.rules.reconciling import NotEntered
from duban.arrears.rules.reporting import check_signer
from duban.identity import access
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.words import N_, Sentence


@transaction.atomic
def hand_in_sealed(uid: UUID, *, form: Signed, actor: Appointment) -> SealedSheet:
    """Hand back the sheet of an entered statement. A better scan follows the first one; the latest counts.

    The digest of the figures as the ledger has them is kept beside the scan, and stands on the paper too.

    Raises:
        PermissionDenied: `actor` may not report for the unit.
        NotEntered: the statement was not entered.
        NotSigned: the signer's name or post is missing.
    """
    statement = held(uid)
    access.require(actor, Permission.ARREARS_IMPORT, scope_id=statement.scope_id)
    if statement.state != Statement.State.ACCEPTED:
        raise NotEntered(state=STATES[statement.state])
    name, post = check_signer(form.name, form.post)
    figures = sheet(uid, actor=actor).figures
    file, posting = keep_signed(form, kind="arrears.sealed_sheet", scope_id=statement.scope_id, actor=actor)
    sealed = SealedSheet.objects.create(
        statement=statement, scope_id=statement.scope_id, signer_name=name, signer_post=post, file=file,
        digest=figures.digest, posting=posting,
    )  # fmt: skip
    words = Sentence(
        N_("Handed back the reconciliation sheet {number}, signed by {signer}."),
        {"number": figures.number, "signer": name},
    )
    trace(statement, "arrears.sheet_sealed", words, actor)
    return sealed
