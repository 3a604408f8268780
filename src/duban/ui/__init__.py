"""Base layout, components, template tags and static files. No tables of its own."""
