"""What a later row says anew of a claim: the three-way merge of facts. Pure."""

import hashlib
import json
import unicodedata

from duban.arrears.rules.facts import FACTS, FactValues, plain_facts
from duban.arrears.rules.matching import Kind, likeness

_NAMES = frozenset({"debtor_name", "creditor_name"})
_CHOSEN = frozenset({"law_edition", "law_reason"})
"""What no sheet says."""


def fingerprint(facts: FactValues) -> str:
    """32 characters that are the same for the same facts: whether a row says what it said before."""
    text = json.dumps(plain_facts(facts), sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def renewed(theirs: FactValues, ours: FactValues, base: FactValues | None) -> dict[str, object]:
    """The facts that a row changes, with their new values.

    What a row leaves blank erases nothing. What was corrected in the ledger stays where the row only repeats what the
    last one said; so does what differs in spelling or legal form alone.

    Args:
        base: what the last row of the same claim said; None where there was none.
    """
    said = {name: getattr(theirs, name) for name in FACTS if name not in _CHOSEN}
    return {
        name: value
        for name, value in said.items()
        if value is not None and value != "" and not _says_the_same(name, value, getattr(ours, name))
        and (base is None or not _says_the_same(name, value, getattr(base, name)))
    }  # fmt: skip


def _says_the_same(name: str, one: object, other: object) -> bool:
    if not (isinstance(one, str) and isinstance(other, str)):
        return one == other
    if name in _NAMES and one and other:
        return likeness(one, other).kind >= Kind.FORM
    return _bare(one) == _bare(other)


def _bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
