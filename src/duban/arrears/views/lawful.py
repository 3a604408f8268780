"""The due day by law, for the page of a claim, with what it rests on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from duban.arrears.queries.claim import ClaimView
from duban.arrears.queries.lawful import lawful_of
from duban.arrears.rules.lawful import Lawful, NotApplied
from duban.arrears.rules.start import Started
from duban.arrears.rules.terms import Term
from duban.kernel.words import Sentence
from duban.ui import shown
from duban.ui.components import Badge, Fact, Tone


@dataclass(frozen=True, slots=True)
class LawfulPanel:
    """The days side by side, the sentences that explain them, and what somebody should look at."""

    days: list[Fact]
    reasons: list[Sentence]
    flags: list[tuple[Badge, Sentence]]


def lawful_panel(found: ClaimView, *, as_of: date) -> LawfulPanel:
    """What the law makes of the claim by a day."""
    law = lawful_of(found.facts, as_of=as_of)
    if isinstance(law, NotApplied):
        return LawfulPanel([], [law.why], [])
    stated, due_on = found.facts.due_on, law.due.on
    differs = stated is not None and due_on is not None and stated not in {due_on, law.on_or_before_shift}
    days = [
        Fact(_("Due by law"), shown.day(due_on)),
        Fact(_("Due as stated"), shown.day(stated), note=_("another day") if differs else ""),
    ]
    return LawfulPanel(days, list(_reasons(law)), list(_flags(law)))


def _reasons(law: Lawful) -> Iterator[Sentence]:
    yield law.applied.why
    yield law.due.start.explained if isinstance(law.due.start, Started) else law.due.start.why
    yield law.due.term.explained if isinstance(law.due.term, Term) else law.due.term.why
    yield from law.remarks


def _flags(law: Lawful) -> Iterator[tuple[Badge, Sentence]]:
    for violation in law.due.violations:
        yield Badge(_("Not allowed"), Tone.WATCH), violation.sentence
    for warning in law.due.warnings:
        yield Badge(_("Look at it"), Tone.INFO), warning
