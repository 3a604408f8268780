"""The command line: `duban`. Its form is stable, because scripts depend on it.

Exit 0 done · 1 refused, with findings or a sentence · 2 wrong use. With `--json` one JSON value goes to stdout and
nothing else; notices go to stderr.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from duban.kernel.errors import DomainError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "duban.settings")
    asked = parser().parse_args(arguments)
    try:
        code = int(asked.run(asked))
        sys.stdout.flush()
    except DomainError as refusal:
        print(refusal, file=sys.stderr)  # noqa: T201 - the command line speaks by printing
        return 1
    except BrokenPipeError:
        # Whoever read the answer has had enough (`| head`); what is left goes nowhere, at the end of Python, too.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    return code


def parser() -> argparse.ArgumentParser:
    """All commands; each module adds its own."""
    from duban.cli import arrears, audit, house, people, rates, workbook

    top = argparse.ArgumentParser(prog="duban", description="Duban 督办")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    for module in (house, people, rates, workbook, arrears, audit):
        module.add_to(commands)
    return top
