"""What `duban init` does as the owner, once: the key for proofs, and the local operator."""

from django.db import connections, transaction

from duban.identity import entry
from duban.identity.commands import ROOT

OPERATOR = "local operator"


def store_key() -> None:
    """Give the database the key by which it checks the application's proofs; again when the secret was changed."""
    inner, outer = entry.key_halves()
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO identity_key (inner_pad, outer_pad) VALUES (%s, %s)"
            " ON CONFLICT (only_one) DO UPDATE SET inner_pad = excluded.inner_pad, outer_pad = excluded.outer_pad",
            [inner, outer],
        )


def person_named(name: str = OPERATOR) -> int | None:
    """The id of an active person, for a process on the house's own machine, which has not entered yet."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT id FROM identity_person WHERE name = %s AND active", [name])
        found = cursor.fetchone()
    return int(found[0]) if found else None


def make_operator() -> int:
    """The root of the tree and the local operator at it: whoever can read the data folder of this machine.

    The operator holds no password and never signs in on a page. Run again it changes nothing.

    Returns:
        The person's id.
    """
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT id FROM identity_person WHERE name = %s", [OPERATOR])
        if found := cursor.fetchone():
            return int(found[0])
        cursor.execute(
            "INSERT INTO identity_unit (code, path, is_territory) VALUES (%s, '0', true) RETURNING id", [ROOT]
        )
        unit_id = cursor.fetchone()[0]
        cursor.execute("UPDATE identity_unit SET path = id::text::ltree WHERE id = %s", [unit_id])
        cursor.execute("INSERT INTO identity_scope (unit_id) VALUES (%s)", [unit_id])
        cursor.execute(
            "INSERT INTO identity_person (uid, name, active) VALUES (gen_random_uuid(), %s, true) RETURNING id",
            [OPERATOR],
        )
        person_id = int(cursor.fetchone()[0])
        cursor.execute(
            "INSERT INTO identity_appointment (person_id, role, unit_id, valid_from)"
            " VALUES (%s, 'operator', %s, '1949-10-01')",
            [person_id, unit_id],
        )
        cursor.execute("SELECT identity.work_out_sight(NULL, NULL)")
        return person_id
