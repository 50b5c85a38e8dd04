"""The parts of a workbook beside its cells: what stands around them, and how they look."""

from collections.abc import Sequence

from crmctl.exporter.sheet import Cell
from crmctl.exporter.xlsx.cells import shown

_DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
SHEET_NAME = "Sheet1"

TYPES = (
    f'{_DECLARED}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>'
)
RELATIONS = (
    f'{_DECLARED}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
WORKBOOK_RELATIONS = (
    f'{_DECLARED}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
)

_FORMATS = {
    164: "yyyy\\-mm\\-dd",
    165: "yyyy\\-mm\\-dd\\ hh:mm:ss",
    166: "#,##0.0",
    167: "#,##0.000",
    168: "#,##0.0000",
}
_TEXT = (
    '<xf numFmtId="49" fontId="{}" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1"/>'
)
_STYLES = (
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
    _TEXT.format(0),
    _TEXT.format(1),
    # Days, moments, amounts of 0 to 4 decimals.
    *(
        f'<xf numFmtId="{number}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        for number in (164, 165, 3, 166, 4, 167, 168)
    ),
)
STYLES = (
    f'{_DECLARED}<styleSheet xmlns="{_MAIN}"><numFmts count="{len(_FORMATS)}">'
    + "".join(f'<numFmt numFmtId="{number}" formatCode="{code}"/>' for number, code in _FORMATS.items())
    + '</numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    f'<cellXfs count="{len(_STYLES)}">{"".join(_STYLES)}</cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)

_NARROWEST, _WIDEST = 8, 60
_ROOM, _BUTTON = 2, 3
# Whose characters take the room of two: East Asian letters and pictures.
_WIDE = "WF"


def workbook(column: str, row: int) -> str:
    """Return the workbook's own part; its filter goes from A1 to this column and row."""
    name = '<definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">'
    area = f"{SHEET_NAME}!$A$1:${column}${row}"
    return (
        f'{_DECLARED}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name="{SHEET_NAME}" sheetId="1" r:id="rId1"/></sheets>'
        f"<definedNames>{name}{area}</definedName></definedNames></workbook>"
    )


def sheet_begin(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """Return what stands before the cells: the header's pane, and columns as wide as these rows need."""
    widths = "".join(
        f'<col min="{at}" max="{at}" width="{_width(name, [row[at - 1] for row in rows])}" customWidth="1"/>'
        for at, name in enumerate(header, 1)
    )
    return (
        f'{_DECLARED}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{widths}</cols><sheetData>'
    )


def sheet_end(column: str, row: int) -> str:
    """Return what stands behind the cells, of which these are the last column and row."""
    return f'</sheetData><autoFilter ref="A1:{column}{row}"/></worksheet>'


def _width(name: str, cells: Sequence[Cell]) -> int:
    most = max((_columns(shown(cell)) for cell in cells if cell is not None), default=0)
    return min(max(most + _ROOM, _columns(name) + _BUTTON, _NARROWEST), _WIDEST)


def _columns(text: str) -> int:
    """Return the room that the longest line of a text takes, in characters."""
    from unicodedata import east_asian_width

    lines = text[: 10 * _WIDEST].splitlines() or [""]
    return max(
        len(line) + (0 if line.isascii() else sum(east_asian_width(c) in _WIDE for c in line))
        for line in lines
    )
