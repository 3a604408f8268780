"""The kernel's sentences are tested in the language they are written in, whatever the application speaks."""

import pytest

from duban.kernel import words


@pytest.fixture(autouse=True)
def _in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "_translate", str)
