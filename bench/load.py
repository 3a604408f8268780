"""The open-loop generator: a process of its own that asks at given instants, whatever the answers take.

It reads a plan as JSON from standard input and writes what it saw to standard output. A request that waits for a free
connection is late already: latency counts from the instant at which it was due.
"""

import http.client
import json
import resource
import sys
import threading
import time
from dataclasses import asdict, dataclass
from queue import SimpleQueue

CONNECTIONS = 24


@dataclass(frozen=True, slots=True)
class Shot:
    """One request: when it is due, in seconds from the start; what page it is; what it asks, as whom."""

    at_s: float
    page: str
    path: str
    cookie: str


@dataclass(frozen=True, slots=True)
class Hit:
    """What became of a request. `late_ms` is how long it waited here before it was sent."""

    at_s: float
    page: str
    ms: float
    late_ms: float
    status: int
    size: int


def fire(port: int, shots: list[Shot]) -> list[Hit]:
    """Send every request at its instant over kept-alive connections to 127.0.0.1."""
    queue: SimpleQueue[Shot | None] = SimpleQueue()
    hits: list[Hit] = []
    begun = time.perf_counter()
    senders = [threading.Thread(target=_send_all, args=(port, queue, hits, begun)) for _ in range(CONNECTIONS)]
    for sender in senders:
        sender.start()
    for shot in shots:
        time.sleep(max(0.0, begun + shot.at_s - time.perf_counter()))
        queue.put(shot)
    for _ in senders:
        queue.put(None)
    for sender in senders:
        sender.join()
    return hits


def _send_all(port: int, queue: "SimpleQueue[Shot | None]", hits: list[Hit], begun: float) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while (shot := queue.get()) is not None:
        sent = time.perf_counter() - begun
        status, size = _ask(connection, shot)
        done = time.perf_counter() - begun
        hits.append(Hit(shot.at_s, shot.page, 1000 * (done - shot.at_s), 1000 * (sent - shot.at_s), status, size))
    connection.close()


def _ask(connection: http.client.HTTPConnection, shot: Shot) -> tuple[int, int]:
    try:
        if connection.sock is None:
            connection.connect()
        connection.request("GET", shot.path, headers={"Cookie": shot.cookie})
        answer = connection.getresponse()
        return answer.status, len(answer.read())
    except (OSError, http.client.HTTPException):
        connection.close()
        return 0, 0


def main() -> None:
    """Read the plan, fire, tell."""
    plan = json.load(sys.stdin)
    hits = fire(plan["port"], [Shot(**shot) for shot in plan["shots"]])
    used = resource.getrusage(resource.RUSAGE_SELF)
    json.dump({"hits": [asdict(hit) for hit in hits], "cpu_s": used.ru_utime + used.ru_stime}, sys.stdout)


if __name__ == "__main__":
    main()
