"""The workbook part: its sheets, and a new one at their end."""

from duban.workbook.ooxml.parts import Package
from duban.workbook.ooxml.styles import Styles, new_styles
from duban.workbook.ooxml.xml import RELATIONS, UnsuitableWorkbook, child, child_or_new, made, whole

_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_AFTER_NAMES = (
    "calcPr", "oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr", "smartTagTypes", "webPublishing",
    "fileRecoveryPr", "webPublishObjects", "extLst",
)  # fmt: skip
LONGEST_NAME = 31


class BookPart:
    """The part that lists the sheets.

    Raises:
        UnsuitableWorkbook: the package is no workbook of sheets.
    """

    def __init__(self, package: Package) -> None:
        self._package = package
        name = package.related("", "officeDocument")
        if name is None:
            raise UnsuitableWorkbook("no workbook")
        self._name = name
        self._root = package.edit(name)
        self.namespace = str(self._root.nsmap.get(self._root.prefix))
        self._sheets = child(self._root, "sheets")
        if self.namespace not in RELATIONS or self._sheets is None:
            raise UnsuitableWorkbook(f"a workbook of {self.namespace}")
        self.styles = Styles(package.edit(self._styles_part()))

    @property
    def has_macros(self) -> bool:
        """Whether it is a workbook with macros, which its name has to say."""
        return self._package.related(self._name, "vbaProject") is not None

    def sheets(self) -> dict[str, str]:
        """The parts of the sheets of cells by their names; a chart on a sheet of its own is none."""
        found = {}
        for sheet in self._sheets:
            part = self._package.target(self._name, sheet.get(f"{{{RELATIONS[self.namespace]}}}id", ""), "worksheet")
            if part is not None and self._package.holds(part):
                found[sheet.get("name", "")] = part
        return found

    def free_name(self, wanted: str) -> str:
        """The name, with a number behind it when a sheet has it already."""
        taken = {sheet.get("name", "").casefold() for sheet in self._sheets}
        names = (wanted, *(f"{wanted} ({number})" for number in range(2, len(taken) + 3)))
        return next(name for name in names if name.casefold() not in taken)

    def last_sheet(self) -> tuple[str, str]:
        """The name of the last sheet and its part."""
        name = self._sheets[-1].get("name", "")
        return name, self.sheets().get(name, "")

    def repeat(self, rows: str) -> None:
        """Let rows of the last sheet, such as "$5:$5", be printed on each of its pages."""
        names = child_or_new(self._root, "definedNames", before=_AFTER_NAMES)
        own = {"name": "_xlnm.Print_Titles", "localSheetId": str(len(self._sheets) - 1)}
        for old in [one for one in names if all(one.get(key) == value for key, value in own.items())]:
            names.remove(old)
        made(names, "definedName", own).text = f"{quoted(self._sheets[-1].get('name', ''))}!{rows}"

    def add_sheet(self, name: str, data: bytes) -> None:
        """Put a sheet at the end, under a name that no other has."""
        part = self._package.add("xl/worksheets", "sheet", "xml", data, _SHEET_TYPE)
        relation = self._package.relate(self._name, f"{RELATIONS[self.namespace]}/worksheet", part)
        taken = [whole(sheet, "sheetId") for sheet in self._sheets]
        sheet = made(self._sheets, "sheet", {"name": name, "sheetId": str(max(taken, default=0) + 1)})
        sheet.set(f"{{{RELATIONS[self.namespace]}}}id", relation)

    def _styles_part(self) -> str:
        name = self._package.related(self._name, "styles")
        if name is None or not self._package.holds(name):
            name = self._package.add("xl", "styles", "xml", new_styles(self.namespace), _STYLES_TYPE)
            self._package.relate(self._name, f"{RELATIONS[self.namespace]}/styles", name)
        return name


def quoted(sheet: str) -> str:
    """The name of a sheet as it stands in a reference."""
    return "'" + sheet.replace("'", "''") + "'"
