"""Writing the ledger: one function is one thing that a person does."""

from duban.arrears.commands.statement import accept, ask_to_accept, check, receive, refuse

__all__ = ["accept", "ask_to_accept", "check", "receive", "refuse"]
