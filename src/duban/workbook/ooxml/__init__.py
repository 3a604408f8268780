"""Editing the parts of an xlsx workbook so that all that is not touched stays byte for byte. Knows no findings."""
