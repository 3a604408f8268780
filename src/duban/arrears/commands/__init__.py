"""Writing the ledger: one function is one thing that a person does."""

from duban.arrears.commands.delivering import deliver, hand_in, sort_out
from duban.arrears.commands.falling_due import FellDue, fall_due
from duban.arrears.commands.folding import fold_flows
from duban.arrears.commands.giving import give_ledger
from duban.arrears.commands.moving import move, reverse
from duban.arrears.commands.reconciling import hand_in_sealed
from duban.arrears.commands.reporting import expect_report, set_deadline
from duban.arrears.commands.signing import Signed
from duban.arrears.commands.statement.accepting import accept, ask_to_accept
from duban.arrears.commands.statement.checking import check
from duban.arrears.commands.statement.questions import Decision, answer, answer_all, open_answer_paper
from duban.arrears.commands.statement.receiving import receive
from duban.arrears.commands.statement.submitting import send_back, submit
from duban.arrears.commands.statement.withdrawing import withdraw
from duban.arrears.commands.zero import hand_in_zero, withdraw_zero

__all__ = [
    "Decision",
    "FellDue",
    "Signed",
    "accept",
    "answer",
    "answer_all",
    "ask_to_accept",
    "check",
    "deliver",
    "expect_report",
    "fall_due",
    "fold_flows",
    "give_ledger",
    "hand_in",
    "hand_in_sealed",
    "hand_in_zero",
    "move",
    "open_answer_paper",
    "receive",
    "reverse",
    "send_back",
    "set_deadline",
    "sort_out",
    "submit",
    "withdraw",
    "withdraw_zero",
]
