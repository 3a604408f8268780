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
    """The days side by side with what explains them, what was taken for granted, and what somebody should look at."""

    facts: list[Fact]
    remarks: tuple[Sentence, ...]
    flags: list[tuple[Badge, Sentence]]


def lawful_panel(found: ClaimView, *, as_of: date) -> LawfulPanel:
    """What the law makes of the claim by a day."""
    law = lawful_of(found.facts, as_of=as_of)
    if isinstance(law, NotApplied):
        return LawfulPanel([], (law.why,), [])
    stated, due_on = found.facts.due_on, law.due.on
    differs = stated is not None and due_on is not None and stated not in {due_on, law.on_or_before_shift}
    days = [
        Fact(_("Due by law"), shown.day(due_on)),
        Fact(_("Due as stated"), shown.day(stated), note=_("another day") if differs else ""),
    ]
    return LawfulPanel([*days, *_reasons(law)], law.remarks, list(_flags(law)))


def _reasons(law: Lawful) -> Iterator[Fact]:
    start, term = law.due.start, law.due.term
    yield Fact(_("Edition"), law.applied.why, wide=True)
    yield Fact(_("Start of the term"), start.explained if isinstance(start, Started) else start.why, wide=True)
    yield Fact(_("Term of payment"), term.explained if isinstance(term, Term) else term.why, wide=True)


def _flags(law: Lawful) -> Iterator[tuple[Badge, Sentence]]:
    for violation in law.due.violations:
        yield Badge(_("Against the regulation"), Tone.WATCH), violation.sentence
    for warning in law.due.warnings:
        yield Badge(_("To be watched"), Tone.INFO), warning
