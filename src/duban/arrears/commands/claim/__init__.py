"""What a person does to one claim: one function is one act."""

from duban.arrears.commands.claim.acting import Act, Paper
from duban.arrears.commands.claim.correcting import choose_edition, correct_facts
from duban.arrears.commands.claim.disputing import (
    come_back_from_court,
    dispute,
    enforce,
    go_to_court,
    withdraw_dispute,
)
from duban.arrears.commands.claim.paying import (
    Reported,
    Voucher,
    confirm_payment,
    deny_payment,
    dishonour_payment,
    report_payment,
    show_voucher,
)
from duban.arrears.commands.claim.reducing import reduce

__all__ = [
    "Act",
    "Paper",
    "Reported",
    "Voucher",
    "choose_edition",
    "come_back_from_court",
    "confirm_payment",
    "correct_facts",
    "deny_payment",
    "dishonour_payment",
    "dispute",
    "enforce",
    "go_to_court",
    "reduce",
    "report_payment",
    "show_voucher",
    "withdraw_dispute",
]
