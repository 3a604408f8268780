"""What the shared templates are given: small frozen values, built by views, shown by `ui/_*.html`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Tone(StrEnum):
    """How a thing stands. A tone is always beside words: nobody has to see the colour."""

    QUIET = "quiet"
    INFO = "info"
    GOOD = "good"
    WATCH = "watch"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class Badge:
    """A state in one or two words: `{% badge value %}`, or a column of kind `BADGE`."""

    text: str
    tone: Tone = Tone.QUIET

    def __str__(self) -> str:
        return str(self.text)


@dataclass(frozen=True, slots=True)
class NavItem:
    """A place in the main navigation; the first four are the bottom bar of a phone.

    Args:
        key: the letter that goes there after `g`.
    """

    label: str
    url: str
    icon: str
    active: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True)
class Acting:
    """Whom the person acts as; shown in the corner of every page.

    Args:
        several: there are other appointments to change to.
    """

    name: str
    unit: str
    role: str
    several: bool = False


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the way to this page (`ui/_breadcrumb.html`); the last one has no address."""

    label: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """One of several views of the same thing (`ui/_tabs.html`)."""

    label: str
    url: str
    active: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure to be read from across the table (`ui/_tiles.html`), already in words.

    Args:
        pair: the second figure of a pair, with its own label: reported and verified are shown together.
    """

    label: str
    value: str
    unit: str = ""
    note: str = ""
    tone: Tone = Tone.QUIET
    url: str = ""
    pair: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and a value in a description list (`ui/_facts.html`)."""

    label: str
    value: object
    url: str = ""
    note: str = ""
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, on a timeline (`ui/_timeline.html`), newest first."""

    at: date | datetime
    title: str
    text: str = ""
    by: str = ""
    tone: Tone = Tone.QUIET
    icon: str = "point"
    url: str = ""
    amount: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A stage of long work, or of a procedure (`ui/_steps.html`)."""

    label: str
    state: str = "ahead"  # done | now | ahead
    note: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """Long work that reports on itself (`ui/_progress.html`); it asks again each second until it is finished.

    Args:
        url: answers with the same part, and with what came of it when finished.
        total: 0 when it is not known how much there is.
    """

    url: str
    label: str
    done: int = 0
    total: int = 0
    finished: bool = False
    failed: bool = False
    note: str = ""
    id: str = "progress"

    @property
    def share(self) -> int:
        """Whole per cent."""
        return min(100, self.done * 100 // self.total) if self.total else 0


@dataclass(frozen=True, slots=True)
class Action:
    """Something to do from here: a link in a heading or an empty state."""

    label: str
    url: str
    icon: str = ""
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Empty:
    """What an empty list says: why it is empty, and what to do."""

    title: str
    text: str = ""
    icon: str = "inbox"
    actions: Sequence[Action] = field(default=())
