"""The process that reads files: one line of JSON for each file on its input, the answer pickled on its output.

It is started by `opening` with an empty environment and knows no Django, no settings and no database.
"""

import fcntl
import gc
import json
import os
import pickle
import resource
import sys
import traceback
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from duban.workbook.formats.reading import Job, read_file
from duban.workbook.grid import Book
from duban.workbook.limits import Limits
from duban.workbook.refusals import DamagedWorkbook, NeedsTooMuchMemory, UnreadableWorkbook
from duban.workbook.transport import Crash, End, Refusal

_PIPE_BYTES = 1_000_000
"""What may be on the way: a part of a sheet, so that one side makes the next part while the other takes this one in."""

_GROWN_MB = 250
"""A process that still holds as much after a file is replaced."""


def main() -> None:
    """Answer requests until there are no more."""
    gc.disable()  # nothing here refers to itself, and looking for what does costs a tenth of the time
    with suppress(OSError):  # the system gives no more than it has; a shorter pipe is only slower
        fcntl.fcntl(1, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    requests, answers = sys.stdin.buffer, os.fdopen(1, "wb", closefd=False)
    with ThreadPoolExecutor(1) as helper:
        helper.submit(int).result()  # started now, because soon no thread can be
        _give_up_rights()
        for line in requests:
            if _answer(line, answers, helper):
                return


def _give_up_rights() -> None:
    """No file is written and no process started from here on, not even a dump of this one."""
    for what in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE, resource.RLIMIT_NPROC):
        resource.setrlimit(what, (0, 0))


@contextmanager
def _ending_with_its_parent() -> Iterator[None]:
    """Let the system end this process as soon as the other end of its input is closed.

    Not between two files: the next question would end it too.
    """
    flags = fcntl.fcntl(0, fcntl.F_GETFL)
    fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(0, fcntl.F_SETFL, flags | os.O_ASYNC)  # SIGIO, which nobody handles
    yield
    fcntl.fcntl(0, fcntl.F_SETFL, flags)


def _limit(limits: Limits) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + limits.seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_mb * 1_000_000, resource.RLIM_INFINITY))


def _answer(line: bytes, answers: BinaryIO, helper: Executor) -> bool:
    """Read one file and send what comes of it; True when this process is to be replaced."""
    request = json.loads(line)
    file, limits = request["file"], Limits(**request["limits"])
    _limit(limits)

    def send(part: object) -> None:
        pickle.dump(part, answers, protocol=5)

    def give_up(refusal: UnreadableWorkbook) -> None:
        send(End(_refusal(refusal), leaving=True))
        answers.flush()
        os._exit(0)

    with _ending_with_its_parent():
        outcome = _outcome(Job(Path(request["path"]), file, limits, send, helper, give_up))
    leaving = _resident_mb() > _GROWN_MB or not isinstance(outcome, Book)
    send(End(outcome, leaving=leaving))
    answers.flush()
    return leaving


def _resident_mb() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() // 1_000_000


def _outcome(job: Job) -> Book | Refusal | Crash:
    try:
        return read_file(job)
    except UnreadableWorkbook as refusal:
        return _refusal(refusal)
    except MemoryError:
        return _refusal(NeedsTooMuchMemory(file=job.file, limit=job.limits.memory_mb))
    except Exception:  # noqa: BLE001 - whatever a crafted file makes go wrong is told to the log of the parent
        return Crash(traceback.format_exc())
    except BaseException as failure:
        # A panic of the reader is no Exception, so that nothing catches it by accident; here it means a broken file.
        if type(failure).__name__ == "PanicException":
            return _refusal(DamagedWorkbook(file=job.file))
        raise


def _refusal(refusal: UnreadableWorkbook) -> Refusal:
    values = {name: value if isinstance(value, int) else str(value) for name, value in refusal.values.items()}
    return Refusal(type(refusal).__name__, values)


if __name__ == "__main__":
    main()
