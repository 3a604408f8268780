"""Where an act comes from: kept beside the running request, command or job, and read by the trail."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import uuid4


@dataclass(frozen=True, slots=True)
class Origin:
    """The address and request an act came with; `via` is page, api, command line or job."""

    via: str
    address: str = ""
    request_id: str = ""


_SHELL = Origin(via="shell")
_origin: ContextVar[Origin] = ContextVar("origin", default=_SHELL)


def current_origin() -> Origin:
    """Where the running act comes from."""
    return _origin.get()


@contextmanager
def coming_from(via: str, *, address: str = "", request_id: str | None = None) -> Iterator[Origin]:
    """Say where the acts inside come from; a request id is made up when none is given."""
    origin = Origin(via=via, address=address, request_id=request_id or uuid4().hex)
    token = _origin.set(origin)
    try:
        yield origin
    finally:
        _origin.reset(token)
