"""How this context leaves rows in the trail, which is a later room of the house: `audit` registers itself here."""

from collections.abc import Sequence
from typing import Protocol

from duban.identity.models import Appointment
from duban.kernel.words import Sentence

Change = tuple[str, str, str]
"""What, before and after, in words."""


class Recorder(Protocol):
    """Writes one row of the trail in the running transaction."""

    def __call__(
        self,
        *,
        actor: Appointment | None,
        action: str,
        subject: tuple[str, str] | None,
        words: Sentence,
        changes: Sequence[Change],
    ) -> None:
        """Record that `actor` did `action` on `subject` (its kind and its code or uid), said in `words`."""


_recorder: Recorder | None = None


def register(recorder: Recorder) -> None:
    """Say who keeps the trail; called once, at start."""
    global _recorder  # noqa: PLW0603 - one process has one trail
    _recorder = recorder


def record(
    *,
    actor: Appointment | None,
    action: str,
    words: Sentence,
    subject: tuple[str, str] | None = None,
    changes: Sequence[Change] = (),
) -> None:
    """Leave a row in the trail."""
    if _recorder is None:
        raise RuntimeError("No trail is registered: duban.audit must be installed.")
    _recorder(actor=actor, action=action, subject=subject, words=words, changes=changes)
