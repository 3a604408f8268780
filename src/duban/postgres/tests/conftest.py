from collections.abc import Iterator

import pytest

from duban.postgres.server import Server
from duban.postgres.tests.servers import temporary_server


@pytest.fixture
def server() -> Iterator[Server]:
    with temporary_server() as server:
        yield server


@pytest.fixture(scope="session")
def _mortal() -> Iterator[Server]:
    with temporary_server() as server:
        yield server


@pytest.fixture
def mortal(_mortal: Server) -> Server:
    """A running server that the test may kill; it is handed on, and has to come back."""
    _mortal.ensure_running()
    return _mortal


@pytest.fixture(scope="session")
def running() -> Iterator[Server]:
    """One server that runs, shared by the tests that only look at it."""
    with temporary_server() as server:
        server.ensure_running()
        yield server


@pytest.fixture(scope="session")
def other() -> Iterator[Server]:
    """Another running server, in the part of one that is not ours."""
    with temporary_server() as server:
        server.ensure_running()
        yield server
