"""How the page of benchmarks writes a table, a ratio and an aim."""

from collections.abc import Iterable, Sequence
from typing import Any


def as_table(heads: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def times(one: float, other: float) -> float:
    """How many times the other; 0 where there is no other."""
    return one / other if other else 0.0


def met(is_met: bool) -> str:
    """Whether an aim is met; what is not stands out."""
    return "yes" if is_met else "**no**"


def circumstances(result: dict[str, Any], *, also: str = "") -> str:
    """When and on what a result was measured; `also` is named before the versions."""
    machine = result["machine"]
    ran = ", ".join(f"{name} {number}" for name, number in result["versions"].items())
    return (
        f"Measured on {result['date']}: {machine['cpu']}, {machine['cores']} cores, {machine['memory_gib']} GiB, "
        f"{machine['system']}; {also}{ran}. Other programs' load (average of a minute) before it began was "
        f"{machine['load_before']:.1f}."
    )
