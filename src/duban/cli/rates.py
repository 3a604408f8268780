"""`duban rates`."""

import argparse
from pathlib import Path

from duban.cli.common import acting, answer, get_ready, say
from duban.cli.people import read_text
from duban.kernel.rates import read_rates
from duban.kernel.words import N_, Sentence


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this module's commands."""
    rates = commands.add_parser("rates", help="loan prime rates (LPR)").add_subparsers(required=True, metavar="WHAT")
    load = rates.add_parser("load", help="load a CSV: published_on,one_year_pct")
    load.add_argument("file", type=Path)
    load.add_argument("--reason", default="", help="why rates that are known are corrected")
    load.add_argument("--as", dest="person")
    load.add_argument("--json", action="store_true")
    load.set_defaults(run=load_rates)


def load_rates(asked: argparse.Namespace) -> int:
    """`duban rates load FILE.csv`."""
    from django.utils import timezone

    get_ready()
    from duban.arrears.commands.rates import load_prime_rates

    rates = read_rates(read_text(asked.file))
    with acting(asked.person) as actor:
        done = load_prime_rates(rates, today=timezone.localdate(), actor=actor, reason=asked.reason)
    if asked.json:
        answer({"rates": len(rates), "added": done.added, "corrected": done.corrected, "known": done.known})
    else:
        text = N_("Loan prime rates: {added} new, {corrected} corrected, {known} known already.")
        say(Sentence(text, {"added": done.added, "corrected": done.corrected, "known": done.known}))
    return 0
