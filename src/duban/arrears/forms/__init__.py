"""Typed text of the arrears pages."""
