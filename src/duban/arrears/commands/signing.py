"""Papers that come back signed and sealed: who signed, and the scan that proves it."""

from collections.abc import Iterable
from dataclasses import dataclass

from duban.audit import commands as audit
from duban.audit.models import Posting
from duban.evidence.commands import keep
from duban.evidence.models import File
from duban.identity.models import Appointment


@dataclass(frozen=True, slots=True)
class Signed:
    """A paper that came back: who signed it, in what post, and the scan or photograph of it."""

    name: str
    post: str
    file_name: str
    content: Iterable[bytes]


def keep_signed(form: Signed, *, kind: str, scope_id: int, actor: Appointment) -> tuple[File, Posting]:
    """Keep the scan, and open the posting whose evidence it is."""
    file = keep(form.content, name=form.file_name, scope_id=scope_id, actor=actor)
    return file, audit.open_posting(actor=actor, kind=kind, scope_id=scope_id, evidence_sha256=file.sha256)
