"""What a statement asks, with the answers, as its page shows it."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import OuterRef, Prefetch, Subquery

from duban.arrears.models import Answer, AnswerPaper, ClaimNow, Question, Statement
from duban.arrears.rules.acts import PAPERS
from duban.arrears.rules.asking import Asked, Verdict
from duban.identity.access import in_sight
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.money import Money
from duban.kernel.words import Sentence
from duban.workbook.findings import sentence_from_stored


@dataclass(frozen=True, slots=True)
class AnswerPaperView:
    """A file that was handed in with an answer, and what it proves."""

    id: int
    proves: Sentence
    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class AnswerView:
    """What was decided, why, and what shows it."""

    verdict: Verdict
    reason: str
    is_blanket: bool
    papers: list[AnswerPaperView]


@dataclass(frozen=True, slots=True)
class QuestionView:
    """Something a person decides, or has decided.

    Args:
        row: of the sheet; 0 for a claim that no row names.
        answer: the latest one.
    """

    id: int
    asked: Asked
    claim_uid: UUID
    ledger_no: str
    row: int
    amount: Money
    message: str
    answer: AnswerView | None


def questions_of(uid: UUID, *, actor: Appointment) -> list[QuestionView]:
    """What a statement asks, open questions first. Three queries.

    Raises:
        Statement.DoesNotExist: there is none where `actor` can see it.
    """
    statement = Statement.objects.filter(in_sight(actor, Permission.ARREARS_VIEW)).get(uid=uid)
    numbers = ClaimNow.objects.filter(claim_id=OuterRef("claim_id"))
    answers = Prefetch("answers", Answer.objects.order_by("-pk").prefetch_related("papers__file"))
    asked = statement.questions.select_related("claim").annotate(ledger_no=Subquery(numbers.values("ledger_no")[:1]))
    views = [_view(one) for one in asked.prefetch_related(answers).order_by("pk")]
    return sorted(views, key=lambda view: view.answer is not None)


def _view(one: Question) -> QuestionView:
    given = next(iter(one.answers.all()), None)
    return QuestionView(
        id=one.pk, asked=Asked(one.kind), claim_uid=one.claim.uid, ledger_no=getattr(one, "ledger_no", None) or "",
        row=one.n, amount=one.amount, message=str(sentence_from_stored(one.message)),
        answer=_answer(given) if given else None,
    )  # fmt: skip


def _answer(given: Answer) -> AnswerView:
    return AnswerView(
        Verdict(given.verdict), given.reason, given.is_blanket, [_paper(one) for one in given.papers.all()]
    )


def _paper(one: AnswerPaper) -> AnswerPaperView:
    return AnswerPaperView(one.pk, Sentence(PAPERS[one.role]), one.file.name, one.file.sha256)


def answer_paper(uid: UUID, paper_id: int, *, actor: Appointment) -> AnswerPaperView:
    """A file that was handed in with an answer on a statement.

    Raises:
        AnswerPaper.DoesNotExist: there is none where `actor` can see it.
    """
    seen = AnswerPaper.objects.filter(in_sight(actor, Permission.ARREARS_VIEW), answer__question__statement__uid=uid)
    return _paper(seen.select_related("file").get(pk=paper_id))


def is_own(uid: UUID, *, actor: Appointment) -> bool:
    """Whether the person of `actor` handed a statement in, under whichever appointment."""
    mine = Appointment.objects.filter(person_id=actor.person_id)
    return Statement.objects.filter(uid=uid, appointment__in=mine).exists()
