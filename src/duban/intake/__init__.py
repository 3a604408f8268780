"""Where workbooks arrive: looking at one without entering anything, and what each office's own headings mean."""
