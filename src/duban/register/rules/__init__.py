"""What is true of parties: how one is recognised by its name, and how large it is. Pure."""

from duban.register.rules.names import LONGEST_KEY, name_key

__all__ = ["LONGEST_KEY", "name_key"]
