"""LibreOffice, where there is one: what a person would see of a workbook."""

import os
import shutil
import signal
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path

import pytest

OFFICE = shutil.which("soffice")

needs_office = pytest.mark.skipif(
    OFFICE is None, reason="LibreOffice is not installed: apt-get install libreoffice-calc"
)


@lru_cache
def _profile() -> tempfile.TemporaryDirectory[str]:
    """The settings of a LibreOffice of this session alone; deleted when the session ends."""
    return tempfile.TemporaryDirectory(prefix="office-")


def converted(path: Path, kind: str, folder: Path) -> Path:
    """Let LibreOffice open a file and save it as `kind` in a folder."""
    assert OFFICE
    folder.mkdir(exist_ok=True)
    command = [OFFICE, f"-env:UserInstallation=file://{_profile().name}", "--headless"]
    command += ["--convert-to", kind, "--outdir", str(folder), str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True) as process:
        try:
            said, _ = process.communicate(timeout=120)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    made = folder / f"{path.stem}.{kind}"
    assert made.exists(), said.decode()
    return made
