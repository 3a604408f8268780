"""Pages that look at workbooks."""
