"""What is done to parties."""

from duban.register.commands.duplicates import call_different, call_same, propose, undo_decision
from duban.register.commands.knowing import Named, find, know
from duban.register.commands.naming import rename

__all__ = ["Named", "call_different", "call_same", "find", "know", "propose", "rename", "undo_decision"]
