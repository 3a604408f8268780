"""What a party is called from a day on."""

from datetime import date
from uuid import UUID

from django.db import transaction

from duban.identity import access
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.words import N_, Sentence
from duban.register.commands.acting import open_act, party_of, trace
from duban.register.models import Renaming
from duban.register.rules import name_key
from duban.register.rules.dated import check_entry
from duban.register.rules.naming import NameMissing


@transaction.atomic
def rename(*, party: UUID, name: str, since: date, paper: str, today: date, actor: Appointment) -> Renaming:
    """Enter the name of a party from a day on. For a day that has an entry already it takes that one's place.

    Raises:
        PermissionDenied: `actor` may not manage parties.
        NameMissing, PaperMissing, DayNotCome: the entry is none.
    """
    access.require(actor, Permission.PARTIES_MANAGE)
    found = party_of(party)
    check_entry(name=found.name, paper=paper, since=since, today=today)
    if not name.strip():
        raise NameMissing(name=found.name)
    posting = open_act(actor=actor, kind="register.renamed", reason=paper)
    renaming = Renaming.objects.create(
        party=found, name=name.strip(), name_key=name_key(name), since=since, paper=paper.strip(), posting=posting
    )
    words = Sentence(
        N_("{party} is called {name} from {day} on, by {paper}."),
        {"party": found.name, "name": renaming.name, "day": since, "paper": renaming.paper},
    )
    trace(found, posting=posting, words=words, actor=actor)
    return renaming
