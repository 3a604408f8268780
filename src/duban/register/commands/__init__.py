"""What is done to parties."""

from duban.register.commands.duplicates import call_different, call_same, propose, undo_decision
from duban.register.commands.knowing import Named, find, know
from duban.register.commands.learning import set_kind, show_size, verify, withdraw_verification
from duban.register.commands.naming import rename
from duban.register.commands.succeeding import succeed, undo_succession

__all__ = [
    "Named",
    "call_different",
    "call_same",
    "find",
    "know",
    "propose",
    "rename",
    "set_kind",
    "show_size",
    "succeed",
    "undo_decision",
    "undo_succession",
    "verify",
    "withdraw_verification",
]
