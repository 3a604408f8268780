"""A statement from the file to the ledger: received, checked, decided on, entered, and taken back."""
