"""Unified social credit codes (统一社会信用代码): what every body and enterprise in the country is known by."""

from dataclasses import dataclass
from operator import mul
from typing import Self

from stdnum.cn import uscc as gb32100

from duban.kernel.errors import DomainError
from duban.kernel.numbers import half_width, shortened
from duban.kernel.words import N_, Sentence

LENGTH = 18
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # I, O, S, V and Z are left out, because they are easily misread
_LOOKS_LIKE = {"I": "1", "O": "0", "S": "5", "V": "U", "Z": "2"}
_BODY_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # the older code inside counts with all 36
_BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


class CreditCodeLength(DomainError):
    """A credit code has too few or too many characters."""

    text = N_("“{seen}” has {length} characters, and a credit code has 18. Copy the whole code from the licence.")

    def __init__(self, *, seen: str, length: int) -> None:
        super().__init__(seen=shortened(seen), length=length)


class CreditCodeCharacter(DomainError):
    """A credit code holds a character that none can hold."""

    text = N_("Character {position} of “{seen}” is {character}, which no credit code has there.{hint}")

    def __init__(self, *, seen: str, position: int, character: str, hint: Sentence | str) -> None:
        super().__init__(seen=seen, position=position, character=character, hint=hint)


class CreditCodeCheck(DomainError):
    """The last character does not follow from the seventeen before it (GB 32100-2015)."""

    text = N_(
        "{code} does not pass its check: the last character is {seen}, and the others would give {expected}. "
        "One character may be mistyped, {where}. Compare the code with the licence."
    )

    def __init__(self, *, code: str, seen: str, expected: str, where: Sentence) -> None:
        self.expected = expected
        super().__init__(code=code, seen=seen, expected=expected, where=where)


class BodyCodeCheck(DomainError):
    """The organisation code inside a credit code does not pass its own check (GB 11714)."""

    text = N_(
        "{code} passes its last check, but the organisation code inside does not: character 17 is {seen}, and "
        "characters 9 to 16 would give {expected}. Compare the code with the licence; if it is printed like this, "
        "enter it as issued."
    )

    def __init__(self, *, code: str, seen: str, expected: str) -> None:
        self.expected = expected
        super().__init__(code=code, seen=seen, expected=expected)


@dataclass(frozen=True, slots=True, order=True)
class Uscc:
    """A credit code of 18 characters; make one with `parse`, which checks it.

    Source: GB 32100-2015.
    """

    code: str

    @classmethod
    def parse(cls, text: str, *, as_issued: bool = False) -> Self:
        """Read a credit code; full width, lower case, spaces and hyphens do not matter.

        Args:
            text: as typed or printed.
            as_issued: let the check of the organisation code inside go, because the licence itself is printed so. The
                last character has to be right in any case: it alone finds every single slip.

        Raises:
            CreditCodeLength, CreditCodeCharacter, CreditCodeCheck, BodyCodeCheck.
        """
        code = "".join(half_width(text).split()).replace("-", "").upper()
        if _is_sound(code):
            return cls(code)
        _check_characters(code)
        expected, expected_body = gb32100.calc_check_digit(code[:17]), body_check_character(code[8:16])
        if code[17] != expected:
            where = _IN_BODY if code[16] != expected_body else _OUTSIDE_BODY
            raise CreditCodeCheck(code=code, seen=code[17], expected=expected, where=Sentence(where))
        if code[16] != expected_body and not as_issued:
            raise BodyCodeCheck(code=code, seen=code[16], expected=expected_body)
        return cls(code)

    @property
    def registrar(self) -> str:
        """Who registers the body: 9 market regulation, 5 civil affairs, 1 the establishment office, and others."""
        return self.code[0]

    @property
    def region(self) -> str:
        """The six digits of the registering region; 100000 for the national registers."""
        return self.code[2:8]

    @property
    def body(self) -> str:
        """The nine characters of the organisation code (组织机构代码), without its hyphen."""
        return self.code[8:17]

    @property
    def passes_body_check(self) -> bool:
        """Whether the organisation code inside passes its own check; False only for a code kept as issued."""
        return self.code[16] == body_check_character(self.code[8:16])

    def __str__(self) -> str:
        return self.code


_WEIGHTS = (*(pow(3, place, 31) for place in range(LENGTH - 1)), 1)
_OTHER = 255
_VALUES = bytes(ALPHABET.find(chr(code)) if chr(code) in ALPHABET else _OTHER for code in range(256))


def _is_sound(code: str) -> bool:
    """Whether a code passes every check.

    Ledgers hold many thousands of codes, nearly all of them right. This is the quick way to see it; what is wrong with
    the others is found out in words.
    """
    if len(code) != LENGTH or not code.isascii():
        return False
    values = code.encode().translate(_VALUES)
    if _OTHER in values or not code[2:8].isdigit():
        return False
    return sum(map(mul, values, _WEIGHTS)) % 31 == 0 and code[16] == body_check_character(code[8:16])


_HINT = N_(" It is often written for {likely}; compare with the licence.")
_IN_BODY = N_("most likely among characters 9 to 17, whose own check fails too")
_OUTSIDE_BODY = N_("most likely among characters 1 to 8 or the last, for the ones between pass a check of their own")


def _check_characters(code: str) -> None:
    if len(code) != LENGTH:
        raise CreditCodeLength(seen=code, length=len(code))
    for position, character in enumerate(code, start=1):
        is_region = 3 <= position <= 8
        if character not in ("0123456789" if is_region else ALPHABET):
            likely = _LOOKS_LIKE.get(character)
            # The region is digits only, so there a V can be no U.
            known = likely is not None and not (is_region and likely == "U")
            hint = Sentence(_HINT, {"likely": likely}) if known else ""
            raise CreditCodeCharacter(seen=code, position=position, character=character, hint=hint)


def body_check_character(body: str) -> str:
    """Return the ninth character that belongs to the first eight of an organisation code.

    Source: GB 11714, as it lives on inside GB 32100-2015. python-stdnum does not check it.
    """
    total = sum(map(mul, map(_BODY_ALPHABET.index, body), _BODY_WEIGHTS))
    return "0123456789X0"[11 - total % 11]
