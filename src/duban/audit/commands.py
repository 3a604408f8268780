"""Adding to the trail, and opening postings. Both happen in the transaction of the act itself."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from duban.audit.models import Posting
from duban.identity.models import Appointment
from duban.identity.origin import current_origin
from duban.kernel.words import Sentence


def record(
    *,
    actor: Appointment | None,
    action: str,
    words: Sentence,
    subject: tuple[str, str] | None = None,
    scope_id: int | None = None,
    changes: Sequence[tuple[str, str, str]] = (),
) -> None:
    """Leave one row in the trail.

    Args:
        actor: None only for a refused sign-in.
        subject: its kind and its uid or code.
        changes: rows of what, before and after, in words.
    """
    origin = current_origin()
    kind, uid = subject or ("", "")
    row: dict[str, Any] = {
        "appointment_id": actor.pk if actor else None,
        "action": action,
        "subject_kind": kind,
        "subject_uid": uid,
        "scope_id": scope_id,
        "text": words.text,
        "values": Jsonb({name: str(value) for name, value in words.values.items()}),
        "changes": Jsonb([{"what": what, "before": before, "after": after} for what, before, after in changes]),
        "via": origin.via,
        "address": origin.address,
        "request_id": origin.request_id,
    }
    # Plain SQL, because the ORM reads a row back, and whoever is refused a sign-in may add one but not read it.
    columns = ", ".join(f'"{column}"' for column in row)
    places = ", ".join("%s" for _ in row)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO audit_event ({columns}) VALUES ({places})", list(row.values()))  # noqa: S608 - our names


def open_posting(
    *,
    actor: Appointment,
    kind: str,
    scope_id: int,
    reason: str = "",
    evidence_sha256: str = "",
    recorded_at: datetime | None = None,
) -> Posting:
    """Open the posting to which the following writes of this transaction belong.

    From here to the end of the transaction nobody can sign an instant that this posting could still change, so open
    it late, when the work before it is done.

    Args:
        recorded_at: obeyed only by a database born as a demo; the instant of now everywhere else.
    """
    posting = Posting(
        kind=kind, appointment=actor, scope_id=scope_id, reason=reason, evidence_sha256=evidence_sha256,
        recorded_at=recorded_at,  # type: ignore[misc]  # without one the database gives it
    )  # fmt: skip
    posting.save(force_insert=True)
    posting.refresh_from_db(fields=["who", "recorded_at"])
    return posting


def settle(instant: datetime) -> None:
    """Wait until nothing recorded at or before `instant` can still change."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit.settle(%s)", [instant])
