"""Real data that lies beside the repository, for tests that hold a rule against the world."""

from pathlib import Path

import pytest

_SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


def shared(*parts: str) -> Path:
    """Return the path of a shared data file, or skip the test when the file is not there."""
    path = _SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"The shared data file {'/'.join(parts)} is not beside this checkout; the test needs it.")
    return path
