"""`python -m duban.cli` is `duban`."""

import sys

from duban.cli import main

sys.exit(main())
