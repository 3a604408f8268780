"""The progress table (进度表): one row a reporter, in official order, under both counting rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from duban.arrears.queries.position import Dimension, PositionRow, added_up, position
from duban.arrears.rules import position as rules
from duban.arrears.rules.accounts import Account, Rule
from duban.identity import queries as units
from duban.identity.access import in_sight
from duban.identity.models import Appointment, Scope
from duban.identity.queries import UnitView
from duban.identity.rules import Permission
from duban.identity.units import Group, group_of
from duban.kernel.money import ZERO, Money


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """A reporter, with what stands under it in the tree added in."""

    place: int
    unit_code: str
    unit_name: str
    group: Group
    claims: int
    balances: Mapping[Account, Money]
    recognised: Money
    undisputed: Money
    disputed: Money
    judicial: Money
    open: Money
    outside: Money
    """Not due and unsettled: beside the table, in no rate."""
    stated: Money
    counted: Money
    stated_rate: Decimal | None
    counted_rate: Decimal | None
    is_zero: bool
    """零清偿: nothing is stated as cleared although something undisputed is due and open."""


@dataclass(frozen=True, slots=True)
class ProgressTable:
    """The rows and what they add up to."""

    root: UnitView | None
    rows: list[ProgressRow]
    total: ProgressRow


def progress_table(*, actor: Appointment, as_of: date) -> ProgressTable:
    """The table of what `actor` sees, for the region that the actor's unit answers for."""
    found = position(actor=actor, as_of=as_of, by=[Dimension.UNIT])
    tree = _Tree(units.units_on(as_of))
    root = tree.territory_of(actor.unit.code)
    cells: dict[str, list[PositionRow]] = {}
    for cell in found:
        cells.setdefault(tree.reporter_under(root, cell.keys["unit"]), []).append(cell)
    order = {group: number for number, group in enumerate(Group)}
    ordered = sorted(cells, key=lambda code: (order[tree.group(code)], tree.position(code)))
    rows = [_row(number, code, tree, added_up(cells[code])) for number, code in enumerate(ordered, start=1)]
    return ProgressTable(root, rows, _row(0, root.code if root else "", tree, added_up(found)))


def _row(place: int, code: str, tree: "_Tree", cell: PositionRow) -> ProgressRow:
    held = cell.balances
    stated, counted = rules.rates(held, Rule.C0), rules.rates(held, Rule.C1)
    cleared = rules.cleared(held, Rule.C0)
    return ProgressRow(
        place=place,
        unit_code=code,
        unit_name=tree.name(code),
        group=tree.group(code),
        claims=cell.claims,
        balances=held,
        recognised=rules.recognised(held),
        undisputed=held[Account.UNDISPUTED],
        disputed=held[Account.DISPUTED],
        judicial=held[Account.JUDICIAL],
        open=rules.still_open(held),
        outside=held[Account.NOT_DUE] + held[Account.UNSETTLED],
        stated=cleared,
        counted=rules.cleared(held, Rule.C1),
        stated_rate=stated.progress,
        counted_rate=counted.progress,
        is_zero=cleared == ZERO and held[Account.UNDISPUTED] > ZERO,
    )


class _Tree:
    """The tree of a day, asked by code."""

    def __init__(self, views: list[UnitView]) -> None:
        self._by_code = {view.code: view for view in views}
        self._by_id = {view.id: view for view in views}

    def name(self, code: str) -> str:
        view = self._by_code.get(code)
        return view.name if view else code

    def group(self, code: str) -> Group:
        view = self._by_code.get(code)
        return group_of(view.kind if view else "")

    def position(self, code: str) -> int:
        view = self._by_code.get(code)
        return view.position if view else 0

    def territory_of(self, code: str) -> UnitView | None:
        """The nearest region at or above a unit; None for whoever stands above all regions."""
        view = self._by_code.get(code)
        while view is not None and not view.is_territory:
            view = self._above(view)
        return view

    def reporter_under(self, root: UnitView | None, code: str) -> str:
        """The unit just under `root` on the way up from `code`.

        Without a root, or where the way does not meet it, it is the one just under the top.
        """
        way = [code]
        view = self._by_code.get(code)
        while view is not None and view != root:
            way.append(view.code)
            view = self._above(view)
        if root is None and len(way) > 2:
            way.pop()  # the top of the tree is the whole, not a reporter
        return way[-1]

    def _above(self, view: UnitView) -> UnitView | None:
        return self._by_id.get(view.parent_id) if view.parent_id else None


def territory_of(*, actor: Appointment, on: date) -> UnitView | None:
    """The region that the actor's unit answers for; None for whoever stands above all regions."""
    return _Tree(units.units_on(on)).territory_of(actor.unit.code)


def reporters(*, actor: Appointment, on: date) -> list[UnitView]:
    """The units that `actor` sees claims of, in official order: what a list may be narrowed to."""
    scopes = Scope.objects.filter(in_sight(actor, Permission.ARREARS_VIEW, field="pk"))
    seen = set(scopes.values_list("unit_id", flat=True))
    return [unit for unit in units.units_on(on) if unit.id in seen]
