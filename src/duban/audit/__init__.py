"""The trail of who did what, and postings: rows are only ever added."""
