"""Makes the house of a size ready: reused as long as nothing that it is made of has changed, else made anew."""

import time
from datetime import date

from bench import city
from bench.house import fingerprint, home_of, owner, set_row_security


def ready(size: city.Size, *, today: date) -> dict[str, object]:
    """Set Django up on the house of a size, and make it where it is missing or of an earlier state.

    Returns:
        How long making it took and what `verify` found then; kept with the house.
    """
    import json

    import django

    from duban.postgres.home import Home
    from duban.postgres.server import Server

    home = home_of(size.claims)
    mark, wanted = home / "made.json", fingerprint(f"{today:%Y-%m}")
    kept = json.loads(mark.read_text(encoding="utf-8")) if mark.exists() else {}
    if kept.get("fingerprint") != wanted:
        mark.unlink(missing_ok=True)
        Server(Home(home)).discard()
        django.setup()
        kept = {"fingerprint": wanted, **_made(size, today=today)}
        mark.write_text(json.dumps(kept), encoding="utf-8")
    else:
        django.setup()
        Server(Home(home)).ensure_running()
    with owner() as connection:
        set_row_security(connection, on=True)
    with Server(Home(home)).as_superuser() as admin:
        # What filling changed is written to disk now, and not while pages are measured.
        admin.execute("CHECKPOINT")
    return {name: value for name, value in kept.items() if name != "fingerprint"}


def _made(size: city.Size, *, today: date) -> dict[str, object]:
    from duban.audit import verify
    from duban.cli.common import acting

    begun = time.perf_counter()
    _be_born()
    born = time.perf_counter()
    city.build(size, today=today)
    built = time.perf_counter()
    with acting(None):
        verdict = verify.verify()
    if verdict.first is not None:
        msg = f"The measured city contradicts itself: {verdict.first}"
        raise RuntimeError(msg)
    return {
        "init_s": round(born - begun, 1),
        "fill_s": round(built - born, 1),
        "verify_s": round(time.perf_counter() - built, 1),
        "verified": verdict.checked,
    }


def _be_born() -> None:
    """What `duban init` does, for a database that may be told when something was recorded."""
    from django.core.management import call_command

    from duban.audit.setup import be_born
    from duban.cli.common import get_ready
    from duban.identity.setup import make_operator, store_key

    get_ready(migrated=False)
    call_command("migrate", database="owner", verbosity=0)
    store_key()
    make_operator()
    be_born(is_demo=True)
