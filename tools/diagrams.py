"""Write what documents say of tables in code: accounts and moves, states, roles, columns, findings.

A block between two marks of a page in `docs/` is written here; everything around it is written by people. `--check`
names each block that differs from the code, and each finding that its page does not explain. The Chinese names are
those of `docs/glossary.md`.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path

from duban.arrears.rules.accounts import COUNTED, MOVES, Account, Rule
from duban.arrears.rules.statement import Change
from duban.arrears.sheet import LEDGER
from duban.identity.rules import POWERS
from duban.workbook.rules import WHEN
from duban.workbook.schema import Column

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
GLOSSARY = DOCS / "glossary.md"
FINDINGS = DOCS / "reference" / "ledger-workbook.md"
MODELS = ROOT / "src" / "duban" / "arrears" / "models" / "statements.py"
BLOCK = re.compile(r"(<!-- begin (\w+), written by tools/diagrams\.py -->\n).*?(<!-- end \2 -->)", re.DOTALL)
CHECKERS = (
    "arrears/sheet/checks.py",
    "arrears/sheet/parts.py",
    "arrears/sheet/further.py",
    "arrears/sheet/lawful.py",
    "arrears/commands/statement/checking.py",
)

STATEMENT_STEPS = (
    ("RECEIVED", "CHECKED", "the worker has read it"),
    ("RECEIVED", "REFUSED", "the file cannot be read, or its day is not taken"),
    ("CHECKED", "SUBMITTED", "its reporter stands by it"),
    ("SUBMITTED", "RETURNED", "something is to be put right"),
    ("RETURNED", "SUBMITTED", "it is submitted again"),
    ("CHECKED", "WITHDRAWN", "its reporter takes it back"),
    ("SUBMITTED", "WITHDRAWN", "its reporter takes it back"),
    ("RETURNED", "WITHDRAWN", "its reporter takes it back"),
    ("CHECKED", "ACCEPTING", "a person decides to enter it"),
    ("SUBMITTED", "ACCEPTING", "a person decides to enter it"),
    ("ACCEPTING", "ACCEPTED", "the worker has posted it"),
    ("ACCEPTED", "WITHDRAWN", "it is taken back by the opposite of all it did"),
    ("ACCEPTING", "REFUSED", "a rule or the ledger refused it"),
)
"""From, to, and what happens; the states themselves are read from the model."""


def chinese(name: str) -> str:
    """The Chinese name of something in code, from the glossary."""
    return _glossary()[name]


def _glossary() -> Mapping[str, str]:
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \| `([^`|]+)` \|", GLOSSARY.read_text(encoding="utf-8"), re.MULTILINE)
    return {code: words for words, code in rows}


def _zh(member: StrEnum) -> str:
    return chinese(f"{type(member).__name__}.{member.name}")


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(head), *map(list, rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "".join(f"| {' | '.join(cell or ' ' for cell in line)} |\n" for line in lines)


def _mermaid(*lines: str) -> str:
    return "```mermaid\n" + "\n".join(lines) + "\n```\n"


# -- Accounts and moves -----------------------------------------------------------------------------------------------


def accounts() -> str:
    """The accounts, and which counting rule counts them."""
    rows = [
        [
            f"`{account.value}`",
            _zh(account),
            account.label.text,
            *("✓" if account in COUNTED[rule] else "" for rule in Rule),
        ]
        for account in Account
    ]
    return _table(["Account", "中文", "English", *(f"{rule.value} {_zh(rule)}" for rule in Rule)], rows)


def moves() -> str:
    """From which account an amount may move to which."""
    rows = [
        [
            f"`{source.value}` {_zh(source)}",
            "、".join(f"`{to.value}` {_zh(to)}" for to in Account if to in MOVES[source]),
        ]
        for source in Account
        if source in MOVES
    ]
    return _table(["From", "To"], rows)


def moves_diagram() -> str:
    """The same as a picture."""
    nodes = [f'  {account.value}["{_zh(account)}<br/>{account.value}"]' for account in Account]
    arrows = [f"  {source.value} --> {to.value}" for source in Account for to in Account if to in MOVES.get(source, ())]
    return _mermaid("flowchart LR", *nodes, *arrows)


# -- Statements -------------------------------------------------------------------------------------------------------


def statement_states() -> dict[str, str]:
    """The states of a statement as the model has them: name and stored value. Django is not needed for that."""
    for node in ast.walk(ast.parse(MODELS.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef) and node.name == "Statement":
            state = next(part for part in node.body if isinstance(part, ast.ClassDef) and part.name == "State")
            return dict(_constants(state.body))
    sys.exit(f"{MODELS.relative_to(ROOT)} has no Statement.State any more: put tools/diagrams.py right.")


def _constants(body: Iterable[ast.stmt]) -> Iterator[tuple[str, str]]:
    for line in body:
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
            value = ast.literal_eval(line.value)
            yield line.targets[0].id, str(value)


def statement_diagram() -> str:
    """The states of a statement and the steps between them."""
    states = statement_states()
    named = {name for source, to, _ in STATEMENT_STEPS for name in (source, to)}
    if named != set(states):
        sys.exit(
            f"States without a step, or steps without a state: {sorted(named ^ set(states))}. See STATEMENT_STEPS."
        )
    names = [f'  state "{chinese(f"Statement.State.{name}")} · {value}" as {value}' for name, value in states.items()]
    steps = [f"  {states[source]} --> {states[to]}: {words}" for source, to, words in STATEMENT_STEPS]
    ends = [f"  {states[name]} --> [*]" for name in states if name not in {source for source, *_ in STATEMENT_STEPS}]
    return _mermaid("stateDiagram-v2", *names, "  [*] --> received: a file is handed in", *steps, *ends)


def changes() -> str:
    """What a row may propose."""
    return _table(["Change", "中文"], ([f"`{change.value}`", _zh(change)] for change in Change if change.value))


# -- Roles, columns ---------------------------------------------------------------------------------------------------


def roles() -> str:
    """What each role reaches and may do."""
    rows = [
        [
            f"`{role.value}`",
            _zh(role),
            f"{powers.reach.value} {_zh(powers.reach)}",
            "✓" if powers.posts else "",
            ", ".join(f"`{right.value}`" for right in type(next(iter(powers.may))) if right in powers.may),
        ]
        for role, powers in POWERS.items()
    ]
    return _table(["Role", "中文", "Reach", "Adds rows", "May"], rows)


def columns() -> str:
    """The columns of the ledger workbook, with every heading that is understood."""
    return _table(
        ["Heading", "Also read as", "Kind", "Needed", "In code"],
        (
            [
                column.label,
                "、".join(column.aliases),
                column.kind.value,
                "✓" if column.required else "",
                f"`{column.name}`",
            ]
            for column in LEDGER.columns
        ),
    )


def choices() -> str:
    """The closed lists of the ledger workbook."""
    listed = [column for column in LEDGER.columns if column.choices]
    return "\n".join(f"**{column.label}** `{column.name}`\n\n{_choices(column)}" for column in listed)


def _choices(column: Column) -> str:
    rows = ([choice.label, "、".join(choice.aliases), f"`{choice.code}`"] for choice in column.choices)
    return _table(["Printed", "Also read as", "Code"], rows)


def sheet_findings() -> str:
    """The findings on a sheet and its cells, which every context has in common."""
    return _table(["Rule", "Severity", "When"], ([rule, severity, words] for rule, (severity, words) in WHEN.items()))


# -- Pages ------------------------------------------------------------------------------------------------------------

BLOCKS: Mapping[str, Callable[[], str]] = {
    function.__name__: function
    for function in (
        accounts,
        moves,
        moves_diagram,
        statement_diagram,
        changes,
        roles,
        columns,
        choices,
        sheet_findings,
    )
}


def written(page: str) -> str:
    """A page with its blocks as the code has them now."""
    return BLOCK.sub(lambda found: f"{found[1]}\n{BLOCKS[found[2]]()}\n{found[3]}", page)


def rules_in_code() -> set[str]:
    """The numbers of all findings that checks of the ledger can make."""
    text = "".join((ROOT / "src" / "duban" / name).read_text(encoding="utf-8") for name in CHECKERS)
    return set(re.findall(r'"(L[0-9]{2}|M-[a-z]+)"', text))


def faults() -> Iterator[str]:
    """One sentence for each block that is old and each finding that is explained in vain or not at all."""
    for page in sorted(DOCS.rglob("*.md")):
        text = page.read_text(encoding="utf-8")
        if written(text) != text:
            yield f"{page.relative_to(ROOT)} is older than the code."
    explained = set(re.findall(r"^\| (L[0-9]{2}|M-[a-z]+) \|", FINDINGS.read_text(encoding="utf-8"), re.MULTILINE))
    in_code = rules_in_code()
    for rule in sorted(in_code - explained):
        yield f"{FINDINGS.relative_to(ROOT)} does not explain {rule}."
    for rule in sorted(explained - in_code):
        yield f"{FINDINGS.relative_to(ROOT)} explains {rule}, which no check makes."


def main(arguments: list[str]) -> int:
    """Write the blocks, or with `--check` say what is old; 1 when anything is."""
    if arguments == ["--check"]:
        found = list(faults())
        for fault in found:
            print(fault, file=sys.stderr)
        if found:
            print("Run: .venv/bin/python tools/diagrams.py, then explain what is new.", file=sys.stderr)
        return 1 if found else 0
    if arguments:
        sys.exit("Say nothing, or: tools/diagrams.py --check")
    for page in sorted(DOCS.rglob("*.md")):
        text = page.read_text(encoding="utf-8")
        if (new := written(text)) != text:
            page.write_text(new, encoding="utf-8")
            print(f"{page.relative_to(ROOT)} is written anew.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
