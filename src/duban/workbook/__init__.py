"""Excel in and out: sheet schemas, tables found in sheets, typed cells and findings. Knows no context and no table."""
