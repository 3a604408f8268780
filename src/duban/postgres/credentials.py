"""The secrets of one installation: made once, at random, and kept in a file that only its owner reads."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from duban.kernel.errors import DomainError
from duban.kernel.words import N_


class UnreadableSecrets(DomainError):
    """The file of secrets was damaged or edited."""

    text = N_("The secrets in {path} cannot be read. Put back this file from a backup; without it the data stay shut.")

    def __init__(self, *, path: Path) -> None:
        super().__init__(path=path)


@dataclass(frozen=True, slots=True)
class Secrets:
    """Passwords of the roles and the key of the application.

    Args:
        superuser, owner, application: passwords on the embedded server.
        duban_secret: 32 random bytes, url-safe; everything that is signed is signed with it.
        external: passwords of the application role on other servers, by "host:port/database".
    """

    superuser: str = field(repr=False)
    owner: str = field(repr=False)
    application: str = field(repr=False)
    duban_secret: str = field(repr=False)
    external: Mapping[str, str] = field(repr=False, default_factory=dict)

    @classmethod
    def at_random(cls) -> "Secrets":
        """Secrets that nobody has seen."""
        return cls(
            superuser=new_password(),
            owner=new_password(),
            application=new_password(),
            duban_secret=secrets.token_urlsafe(32),
        )


def new_password() -> str:
    """A password of 32 random bytes, which nobody has to type."""
    return secrets.token_urlsafe(32)


def read(path: Path) -> Secrets | None:
    """The secrets in `path`, or None when there is no such file."""
    try:
        return Secrets(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as error:
        raise UnreadableSecrets(path=path) from error


def write(path: Path, kept: Secrets) -> None:
    """Replace `path` in one step, so that a reader finds the old secrets or the new, whatever is cut short."""
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(kept), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
