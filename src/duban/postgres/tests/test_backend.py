import json
import os
import subprocess
import sys

from duban.postgres.server import Server
from duban.postgres.targets import embedded_target
from duban.postgres.tests.servers import needs_linux

# Django is set up once in a process, so this speaks with it in a process of its own.
WORK = """
import json, os, signal, sys
from pathlib import Path
from django.conf import settings
settings.configure(USE_TZ=True, DATABASES={"default": json.loads(sys.argv[1])})
from django.db import OperationalError, connection
from duban.postgres import processes
from duban.postgres.home import Home
from duban.postgres.server import Server

def who():
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return cursor.fetchone()[0]

server = Server(Home(Path(sys.argv[2])))
print("new", who())
os.kill(processes.recorded_pid(server.data), signal.SIGKILL)
print("killed", who())
server.stop()
try:
    who()
except OperationalError:
    print("stopped", server.is_running())
server.ensure_running()
print("started", who())
"""


@needs_linux
def test_a_request_finds_the_server_again_after_a_crash_but_does_not_undo_a_stop(server: Server) -> None:
    target = embedded_target(server.home)
    settings = json.dumps(target.django(target.application))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"}
    server.ensure_running()
    done = subprocess.run(
        [sys.executable, "-c", WORK, settings, str(server.home.path)],
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.stdout.splitlines() == ["new duban_app", "killed duban_app", "stopped False", "started duban_app"], done
