"""What a party is: public body, enterprise, or a part of another one. Pure.

Source: the payers of the regulation on payments (article 2) and the practice of the ledgers.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from duban.kernel.errors import DomainError
from duban.kernel.words import N_, Sentence


class Kind(StrEnum):
    """What a party is; it may change, as when an institution becomes an enterprise."""

    AGENCY = "agency"
    INSTITUTION = "institution"
    CENTRAL_SOE = "central_soe"
    PROVINCIAL_SOE = "provincial_soe"
    LOCAL_SOE = "local_soe"
    PLATFORM = "platform"
    PRIVATE = "private"
    PARK = "park"
    TOWNSHIP = "township"
    INDIVIDUAL = "individual"
    BRANCH = "branch"
    """Of its head body, which answers for it."""
    AFFILIATED = "affiliated"
    """Works under another body's name and licence (挂靠)."""
    OTHER = "other"

    @property
    def label(self) -> Sentence:
        """The kind in the reader's language."""
        return Sentence(_LABELS[self])

    @property
    def has_head(self) -> bool:
        """Whether it belongs to another body."""
        return self in {Kind.BRANCH, Kind.AFFILIATED}


_LABELS = {
    Kind.AGENCY: N_("Public agency"),
    Kind.INSTITUTION: N_("Public institution"),
    Kind.CENTRAL_SOE: N_("State firm of the centre"),
    Kind.PROVINCIAL_SOE: N_("State firm of the province"),
    Kind.LOCAL_SOE: N_("State firm of city or county"),
    Kind.PLATFORM: N_("Government platform company"),
    Kind.PRIVATE: N_("Private enterprise"),
    Kind.PARK: N_("Park committee"),
    Kind.TOWNSHIP: N_("Township or street"),
    Kind.INDIVIDUAL: N_("Individual business"),
    Kind.BRANCH: N_("Branch of another body"),
    Kind.AFFILIATED: N_("Working under another body's licence"),
    Kind.OTHER: N_("Other kind"),
}


@dataclass(frozen=True, slots=True)
class KindSince:
    """A kind and the day from which a paper gives it.

    Args:
        id: the order in which the register learned it.
        head_id: the body it belongs to, for those that belong to one.
    """

    id: int
    kind: Kind
    since: date
    paper: str = ""
    head_id: int | None = None


class HeadMissing(DomainError):
    """A branch of nothing."""

    text = N_("“{kind}” needs the body that {name} belongs to. Give that body's credit code, or its name.")

    def __init__(self, *, kind: Sentence, name: str) -> None:
        super().__init__(kind=kind, name=name)


class HeadNotWanted(DomainError):
    """A body above one that stands by itself."""

    text = N_("“{kind}” belongs to no other body. Leave the body above {name} empty, or choose branch.")

    def __init__(self, *, kind: Sentence, name: str) -> None:
        super().__init__(kind=kind, name=name)


class HeadIsItself(DomainError):
    """A party that would belong to itself."""

    text = N_("{name} cannot belong to itself. Give the code or the name of the body above it.")

    def __init__(self, *, name: str) -> None:
        super().__init__(name=name)


def check_head(kind: Kind, *, name: str, party_id: int, head_id: int | None) -> None:
    """Let a kind with the body above it pass, by the ids of what the two count as today.

    Raises:
        HeadMissing, HeadNotWanted, HeadIsItself.
    """
    if kind.has_head and head_id is None:
        raise HeadMissing(kind=kind.label, name=name)
    if not kind.has_head and head_id is not None:
        raise HeadNotWanted(kind=kind.label, name=name)
    if head_id == party_id:
        raise HeadIsItself(name=name)
