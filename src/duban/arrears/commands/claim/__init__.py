"""What a person does to one claim: one function is one act."""

from duban.arrears.commands.claim.acting import Act, Paper
from duban.arrears.commands.claim.carrying import mark_duplicate, merge, reassign, split
from duban.arrears.commands.claim.correcting import choose_edition, correct_facts
from duban.arrears.commands.claim.disputing import (
    come_back_from_court,
    dispute,
    enforce,
    go_to_court,
    withdraw_dispute,
)
from duban.arrears.commands.claim.drafting import accept_proposal, propose, return_proposal
from duban.arrears.commands.claim.opening import open_paper
from duban.arrears.commands.claim.paying import (
    Reported,
    Voucher,
    confirm_payment,
    deny_payment,
    dishonour_payment,
    report_payment,
    show_voucher,
)
from duban.arrears.commands.claim.recognising import Recognised, recognise
from duban.arrears.commands.claim.reducing import reduce
from duban.arrears.commands.claim.reversing import reverse_posting
from duban.arrears.commands.claim.settling_up import settle
from duban.arrears.rules.drafting import NoLongerPossible

__all__ = [
    "Act",
    "NoLongerPossible",
    "Paper",
    "Recognised",
    "Reported",
    "Voucher",
    "accept_proposal",
    "choose_edition",
    "come_back_from_court",
    "confirm_payment",
    "correct_facts",
    "deny_payment",
    "dishonour_payment",
    "dispute",
    "enforce",
    "go_to_court",
    "mark_duplicate",
    "merge",
    "open_paper",
    "propose",
    "reassign",
    "recognise",
    "reduce",
    "report_payment",
    "return_proposal",
    "reverse_posting",
    "settle",
    "show_voucher",
    "split",
    "withdraw_dispute",
]
