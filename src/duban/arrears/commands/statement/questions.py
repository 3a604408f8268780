"""What people decide of a checked statement: the questions that are kept, and the answers to them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, Subquery

from duban.arrears import queries
from duban.arrears.commands.claim.acting import Paper
from duban.arrears.commands.statement.comparing import Question, Verdicts
from duban.arrears.commands.statement.steps import STATES, NotNow, held, trace
from duban.arrears.models import Answer, AnswerPaper, Statement
from duban.arrears.models import Question as Kept
from duban.arrears.queries.deadlines import deadlines_of
from duban.arrears.queries.questions import answer_paper
from duban.arrears.rules.asking import BLANKET, Asked, Verdict, check_answer
from duban.arrears.rules.reporting import check_reason
from duban.evidence.commands import keep
from duban.identity import access
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.errors import DomainError
from duban.kernel.words import N_, Sentence
from duban.postgres import bulk
from duban.workbook.findings import stored_sentence


class ByTheUploader(DomainError):
    """Whoever handed a statement in would decide on what it takes away."""

    text = N_(
        "You handed this workbook in, so somebody else decides on what vanished, was taken back or was relabelled in "
        "it. Ask a colleague of the clearing office."
    )


class NotOfThisStatement(DomainError):
    """A question is answered that the statement does not ask."""

    text = N_("That question does not belong to this workbook. Open the workbook again and choose from its list.")


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decides on one question or on several.

    Args:
        papers: what shows that it is right.
    """

    verdict: Verdict
    reason: str
    papers: Sequence[Paper] = field(default=())


def keep_questions(statement: Statement, questions: Sequence[Question]) -> None:
    """Keep what a checked statement asks. One statement of SQL."""
    bulk.insert(
        "arrears_question",
        {
            "statement_id": ("bigint", [statement.pk] * len(questions)),
            "scope_id": ("bigint", [statement.scope_id] * len(questions)),
            "kind": ("text", [one.asked.value for one in questions]),
            "claim_id": ("bigint", [one.claim.claim_id for one in questions]),
            "n": ("int", [one.number for one in questions]),
            "amount": ("bigint", [one.amount.fen for one in questions]),
            "message": ("jsonb", [stored_sentence(one.message) for one in questions]),
        },
    )


@transaction.atomic
def answer(uid: UUID, questions: Collection[int], decision: Decision, *, actor: Appointment) -> int:
    """Decide on questions of a statement that waits for a decision, with one reason and one set of papers.

    Args:
        questions: their ids.

    Returns:
        How many were answered.

    Raises:
        PermissionDenied: `actor` may not decide where the statement is.
        NotNow: it is not waiting for decisions.
        ByTheUploader: `actor` handed it in, and something is taken out of the ledger by it.
        NotOfThisStatement: one of the questions belongs to another one.
        ReasonMissing, PaperOfAnswerMissing, BothSidesMissing: see `check_answer`.
    """
    statement = _open(uid, actor)
    asked = list(statement.questions.filter(pk__in=questions))
    if len(asked) != len(set(questions)):
        raise NotOfThisStatement
    kinds = {Asked(one.kind) for one in asked}
    # One's own appointments are seen, whatever they are; those of most others are not.
    is_own = Appointment.objects.filter(pk=statement.appointment_id, person_id=actor.person_id).exists()
    if kinds & BLANKET and is_own:
        raise ByTheUploader
    roles = [paper.role for paper in decision.papers]
    days = deadlines_of(statement.unit_id, since=statement.as_of)
    for kind in sorted(kinds):
        check_answer(
            kind, decision.verdict, reason=decision.reason, papers=roles, as_of=statement.as_of, deadlines=days
        )
    _add(statement, asked, decision, actor, is_blanket=False)
    return len(asked)


@transaction.atomic
def answer_all(uid: UUID, *, reason: str, actor: Appointment) -> int:
    """Accept with one text whatever vanished, was taken back or was relabelled, and is not answered yet.

    It is for the command line of whoever may decide, and is marked as blanket: there is no paper, and no second person.

    Returns:
        How many questions were answered.

    Raises:
        PermissionDenied: `actor` may not decide where the statement is.
        NotNow: it is not waiting for decisions.
        ReasonMissing: there is no text.
    """
    statement = _open(uid, actor)
    asked = list(queries.unanswered(statement).filter(kind__in=sorted(BLANKET)))
    if asked:
        check_reason(reason)
        _add(statement, asked, Decision(Verdict.ACCEPT, reason), actor, is_blanket=True)
    return len(asked)


def verdicts(statement: Statement) -> Verdicts:
    """What was decided on a statement, by question: the latest answer of each. One query."""
    latest = Answer.objects.filter(question=OuterRef("pk")).order_by("-pk")
    answered = statement.questions.annotate(verdict=Subquery(latest.values("verdict")[:1])).exclude(verdict=None)
    rows = answered.values_list("kind", "claim_id", "n", "verdict")
    return {(Asked(kind), claim_id, n): Verdict(verdict) for kind, claim_id, n, verdict in rows}


@transaction.atomic
def open_answer_paper(uid: UUID, paper_id: int, *, actor: Appointment) -> tuple[str, str]:
    """The hash and the name of a file that was handed in with an answer. Whoever opens one leaves a row in the trail.

    Raises:
        PermissionDenied: `actor` may not see arrears.
        AnswerPaper.DoesNotExist: there is none where `actor` can see it.
    """
    access.require(actor, Permission.ARREARS_VIEW)
    found = answer_paper(uid, paper_id, actor=actor)
    statement = Statement.objects.get(uid=uid)
    words = Sentence(N_("Opened the paper {name} of an answer."), {"name": found.name})
    trace(statement, "arrears.paper_opened", words, actor)
    return found.sha256, found.name


def _open(uid: UUID, actor: Appointment) -> Statement:
    statement = held(uid)
    access.require(actor, Permission.ARREARS_DECIDE, scope_id=statement.scope_id)
    if statement.state not in Statement.UNDECIDED:
        raise NotNow(state=STATES[statement.state])
    return statement


def _add(
    statement: Statement, asked: Sequence[Kept], decision: Decision, actor: Appointment, *, is_blanket: bool
) -> None:
    scope_id = statement.scope_id
    files = [
        (paper.role, keep(paper.content, name=paper.name, scope_id=scope_id, actor=actor)) for paper in decision.papers
    ]
    for question in asked:
        given = Answer.objects.create(
            question=question, scope_id=scope_id, verdict=decision.verdict.value, reason=decision.reason,
            is_blanket=is_blanket, appointment=actor,
        )  # fmt: skip
        AnswerPaper.objects.bulk_create(
            AnswerPaper(answer=given, scope_id=scope_id, role=role, file=file) for role, file in files
        )
    text = N_("Decided on {count} questions: {verdict}. {reason}")
    values = {"count": len(asked), "verdict": decision.verdict.label, "reason": decision.reason}
    trace(statement, "arrears.statement_answered", Sentence(text, values), actor)
