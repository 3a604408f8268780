"""Opening a file: its visible sheets as rows of cells, or one sentence that says why not.

The file is read by a process of its own (`formats`), which is limited in memory and time, so that whatever a file does
to its reader is one refusal here.
"""

import json
import logging
import os
import pickle
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from threading import Event, Timer
from types import TracebackType
from typing import IO, Self

from duban.workbook import refusals
from duban.workbook.collector import collector_paused
from duban.workbook.grid import Book, Cell, Grid
from duban.workbook.limits import Limits
from duban.workbook.refusals import (
    DamagedWorkbook,
    EmptyFile,
    MissingFile,
    NeedsTooMuchMemory,
    TakesTooLong,
    UnreadableWorkbook,
)
from duban.workbook.transport import End, Receiver, Refusal, SheetEnd

__all__ = ["Limits", "Opener", "open_book", "open_each"]

_LIMITS = Limits()
_log = logging.getLogger(__name__)
_SOURCE = Path(__file__).resolve().parents[2]
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME", "LANG", "LC_ALL")
_PROGRAM = ["-m", "duban.workbook.formats"]
_GRACE_SECONDS = 0.5
_CUT_OFF = (EOFError, pickle.UnpicklingError, AttributeError, ImportError, IndexError)
"""What an answer raises that breaks off, or that is none."""
_OUT_OF_MEMORY = (-signal.SIGABRT, -signal.SIGKILL)


def open_book(path: Path, *, name: str | None = None, limits: Limits = _LIMITS) -> Book:
    """Read one file of any format: xlsx, xlsm, xls, ods, or text with separators, whatever its extension says.

    Args:
        path: where the file lies.
        name: what its owner calls it, for refusals; the last part of `path` unless said.
        limits: what it may hold and cost.

    Cost: a tenth of a second for the process, which `open_each` saves for many files.

    Raises:
        UnreadableWorkbook: one of its subclasses, with the reason.
    """
    with Opener(limits=limits) as opener:
        return opener.open(path, name=name)


def open_each(
    files: Iterable[tuple[Path, str]], *, processes: int = 1, limits: Limits = _LIMITS
) -> Generator[Book | UnreadableWorkbook]:
    """Read many files, each by its path and name, in their order; a file that cannot be read yields its refusal.

    Args:
        processes: how many work side by side. Each holds a file in memory.
    """
    with ExitStack() as stack:
        openers = [stack.enter_context(Opener(limits=limits)) for _ in range(processes)]
        yield from _in_turn(openers, files)


def _in_turn(openers: Sequence["Opener"], files: Iterable[tuple[Path, str]]) -> Generator[Book | UnreadableWorkbook]:
    """Give each file to the opener whose turn it is. All work while the caller looks at what one has read."""
    free, asked = deque(openers), deque[tuple[Opener, str | UnreadableWorkbook]]()
    try:
        for path, name in files:
            outcome = None
            if free:
                opener = free.popleft()
            else:
                opener, waiting = asked.popleft()
                outcome = opener.outcome(waiting)
            asked.append((opener, opener.begin(path, name)))
            if outcome is not None:
                yield outcome
            outcome = None  # not kept beside the next one
        while asked:
            opener, waiting = asked.popleft()
            yield opener.outcome(waiting)
    finally:
        for opener, _ in asked:
            opener.end()  # the caller went away before the answer to this question


class Opener:
    """Opens many files with one process, which is replaced when a file breaks it or makes it large.

    To be used in one thread at a time::

        with Opener() as opener:
            book = opener.open(path)
    """

    def __init__(self, *, limits: Limits = _LIMITS) -> None:
        self._limits = limits
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.end()

    def open(self, path: Path, *, name: str | None = None) -> Book:
        """Read one file; see `open_book`."""
        self._ask(path, name or path.name)
        return self._answer(name or path.name)

    def begin(self, path: Path, name: str) -> str | UnreadableWorkbook:
        """Begin to have a file read; `outcome` takes what this returns, before the next file is begun."""
        try:
            self._ask(path, name)
        except UnreadableWorkbook as refusal:
            return refusal
        return name

    def outcome(self, waiting: str | UnreadableWorkbook) -> Book | UnreadableWorkbook:
        """The book that was begun, or why there is none."""
        if isinstance(waiting, UnreadableWorkbook):
            return waiting
        try:
            return self._answer(waiting)
        except UnreadableWorkbook as refusal:
            return refusal

    def _ask(self, path: Path, file: str) -> None:
        """Begin to have a file read; the answer has to be taken before the next question."""
        if not path.is_file():
            raise MissingFile(file=file)
        if not path.stat().st_size:
            raise EmptyFile(file=file)
        if self._child is None or self._child.poll() is not None:
            self.end()
            self._child = _start()
        question = {"path": str(path.resolve()), "file": file, "limits": asdict(self._limits)}
        requests = _open(self._child.stdin)
        requests.write(json.dumps(question).encode() + b"\n")
        requests.flush()

    def _answer(self, file: str) -> Book:
        child = self._child
        assert child is not None  # noqa: S101 - only `_ask` comes before
        try:
            with _deadline(child, self._limits.seconds) as has_passed, collector_paused():
                grids, end = _received(_open(child.stdout))
        except _CUT_OFF:
            self.end()
            raise self._reason(child.returncode, file, has_passed) from None
        except BaseException:
            self.end()  # the rest of the answer would be taken for that to the next question
            raise
        if end.leaving:
            self.end()
        return _book(end, grids, file)

    def _reason(self, status: int, file: str, has_passed: Event) -> UnreadableWorkbook:
        """What is to be said when the process ended before its answer did."""
        if has_passed.is_set() or status == -signal.SIGXCPU:
            return TakesTooLong(file=file, seconds=self._limits.seconds)
        if status in _OUT_OF_MEMORY:
            return NeedsTooMuchMemory(file=file, limit=self._limits.memory_mb)
        _log.error("The process that was reading %s ended with status %s.", file, status)
        return DamagedWorkbook(file=file)

    def end(self) -> None:
        """End the process, whatever it is doing."""
        child, self._child = self._child, None
        if child is None:
            return
        _open(child.stdin).close()
        try:
            child.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        _open(child.stdout).close()


def _start() -> subprocess.Popen[bytes]:
    """Start the process with nothing of our environment in it: it needs no address of a database and no key."""
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return subprocess.Popen(  # noqa: S603 - nothing in the command comes from outside
        [sys.executable, "-P", *_PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env=environment | {"PYTHONPATH": str(_SOURCE)},
    )


def _open(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None  # noqa: S101 - every process here is started with its pipes
    return pipe


@contextmanager
def _deadline(child: subprocess.Popen[bytes], seconds: float) -> Iterator[Event]:
    """Kill the process after some time; the event says that this was why it ended."""
    has_passed = Event()

    def give_up() -> None:
        has_passed.set()
        child.kill()

    timer = Timer(seconds, give_up)
    timer.daemon = True
    timer.start()
    try:
        yield has_passed
    finally:
        timer.cancel()


def _received(answers: IO[bytes]) -> tuple[list[Grid], End]:
    """Put the parts of an answer together."""
    grids: list[Grid] = []
    rows: list[list[Cell]] = []
    while True:
        part = Receiver(answers).load()
        if isinstance(part, list):
            rows += part
        elif isinstance(part, SheetEnd):
            part.grid.rows = _cut(rows, part.width)
            grids.append(part.grid)
            rows = []
        elif isinstance(part, End):
            return grids, part
        else:
            raise pickle.UnpicklingError("The answer is none.")


def _cut(rows: list[list[Cell]], width: int) -> list[list[Cell]]:
    """Drop the blank columns beside what is filled, which are known at the end of the sheet only."""
    for row in rows:
        del row[width:]
    return rows


def _book(end: End, grids: list[Grid], file: str) -> Book:
    outcome = end.outcome
    if isinstance(outcome, Book):
        outcome.grids = grids
        return outcome
    if isinstance(outcome, Refusal):
        raise getattr(refusals, outcome.name)(**outcome.values)
    _log.error("Reading %s failed in a way nobody foresaw:\n%s", file, outcome.traceback)
    raise DamagedWorkbook(file=file)
