"""`duban init`, `stop`, `serve` and `worker`."""

import argparse
from functools import partial

from duban.cli.common import acting, get_ready, notice, port_number, say
from duban.kernel.errors import DomainError
from duban.kernel.words import N_, Sentence

DEMO_CLAIMS = 1200


class NoDemo(DomainError):
    """The demo city is asked for in a database that is not a demo."""

    text = N_("This database holds real work, so no demo city is put into it. Name another DUBAN_HOME for the demo.")


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this module's commands."""
    begin = commands.add_parser("init", help="make the database; --demo fills it with a fictional city")
    begin.add_argument("--demo", action="store_true")
    begin.add_argument("--claims", type=int, default=DEMO_CLAIMS)
    begin.add_argument("--seed", type=int, default=1)
    begin.set_defaults(run=init)

    end = commands.add_parser("stop", help="stop the database of this machine")
    end.set_defaults(run=stop)

    web = commands.add_parser("serve", help="serve the site, with a worker beside it")
    web.add_argument("--port", type=port_number, default=8000)
    web.add_argument("--host", default="127.0.0.1")
    web.add_argument("--workers", type=int, default=2)
    web.add_argument("--without-worker", action="store_true", help="the worker runs elsewhere")
    web.set_defaults(run=serve)

    work = commands.add_parser("worker", help="do what pages put off: read and enter workbooks")
    # Of `duban serve`: the worker does not start a database again that was stopped on purpose.
    work.add_argument("--kept", action="store_true", help=argparse.SUPPRESS)
    work.set_defaults(run=worker)


def init(asked: argparse.Namespace) -> int:
    """`duban init`: tables, key, local operator; run again it brings an older database up to date."""
    get_ready(migrated=False)
    from django.core.management import call_command
    from django.utils import timezone

    from duban.audit.setup import be_born
    from duban.identity.setup import make_operator, store_key

    call_command("migrate", database="owner", verbosity=0)
    store_key()
    make_operator()
    is_demo = be_born(is_demo=asked.demo)
    if asked.demo and not is_demo:
        raise NoDemo
    if not asked.demo:
        say(Sentence(N_("Ready. Load the units (duban units load) and appoint people (duban users add).")))
        return 0
    from duban.demo.build import build, sign_ins

    notice(Sentence(N_("Making what is missing of the demo city with {claims} claims …"), {"claims": asked.claims}))
    build(claims=asked.claims, seed=asked.seed, today=timezone.localdate(), enter=partial(acting, None))
    for line in sign_ins():
        say(line)
    return 0


def stop(asked: argparse.Namespace) -> int:  # noqa: ARG001 - every command is called with what was asked
    """`duban stop`: the embedded server ends; what runs loses its database until the next command starts it."""
    from django.conf import settings

    from duban.postgres.server import Server

    if settings.TARGET.home is None:
        say(Sentence(N_("DATABASE_URL names another server; Duban does not stop it.")))
        return 0
    stopped = Server(settings.TARGET.home).stop(notice)
    say(Sentence(N_("Stopped.")) if stopped else Sentence(N_("It was not running.")))
    return 0


def serve(asked: argparse.Namespace) -> int:
    """`duban serve`: the site and a worker, each started again when it dies."""
    from duban.cli.processes import check_port, keep_running, web_command, worker_command

    check_port(asked.host, asked.port)
    get_ready()
    commands = {"web": web_command(host=asked.host, port=asked.port, workers=asked.workers)}
    if not asked.without_worker:
        commands["worker"] = worker_command()
    place = f"[{asked.host}]" if ":" in asked.host else asked.host
    notice(Sentence(N_("Duban is at http://{host}:{port}/ — Ctrl-C ends it."), {"host": place, "port": asked.port}))
    return keep_running(commands)


def worker(asked: argparse.Namespace) -> int:
    """`duban worker`: work until stopped; jobs of a worker that died are taken up again."""
    get_ready(although_stopped=not asked.kept)
    from duban.web.queue import run_worker

    run_worker()
    return 0
