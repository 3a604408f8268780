"""Say what this machine lacks, a sentence each; setup goes on without it."""

import shutil
import subprocess
from collections.abc import Iterator

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OFFICE = ("soffice", "pdftoppm")


def lacking() -> Iterator[str]:
    """One sentence for each missing part: what it is for, and how to get it."""
    if not shutil.which("git"):
        yield "git is missing: development needs it. On Debian or Ubuntu: apt-get install git"
    if not any(shutil.which(name) for name in BROWSERS):
        yield (
            "No Chromium was found: everything runs, but the tests of pages in a browser do not. "
            "On Debian or Ubuntu: apt-get install chromium"
        )
    if not all(map(shutil.which, OFFICE)):
        yield (
            "No LibreOffice with pdftoppm was found: everything runs, but the tests that open workbooks in it do not. "
            "On Debian or Ubuntu: apt-get install --no-install-recommends libreoffice-calc poppler-utils"
        )
    if has_chinese_font() is False:
        yield (
            "No Chinese font is installed here: readers' own machines show Chinese, but screenshots and PDFs made here "
            "would show boxes. On Debian or Ubuntu: apt-get install fonts-noto-cjk"
        )


def has_chinese_font() -> bool | None:
    """Whether any font covers Chinese; None where nothing can tell."""
    tool = shutil.which("fc-list")
    if not tool:
        return None
    listed = subprocess.run([tool, ":lang=zh", "family"], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip())


def main() -> None:
    """Print the sentences, or that all is there."""
    sentences = list(lacking())
    for sentence in sentences:
        print(f"Note: {sentence}")
    print(
        "Duban is set up. Start it with: make run"
        if not sentences
        else "Duban is set up, with the notes above. Start it with: make run"
    )


if __name__ == "__main__":
    main()
