"""How a party is recognised when a paper gives only its name. Pure."""

import re
import unicodedata

LONGEST_KEY = 200
_BRACKETS = str.maketrans("〔【［{<《", "((((((") | str.maketrans("〕】］}>》", "))))))")


def name_key(name: str) -> str:
    """A name without what typists vary: width, case, spaces and the shape of brackets.

    Two papers that give a party no code mean the same one when their keys are equal. It is a temporary key: the
    party stays unverified until somebody finds its code.
    """
    plain = unicodedata.normalize("NFKC", name).translate(_BRACKETS)
    return re.sub(r"\s+", "", plain).casefold()[:LONGEST_KEY]
