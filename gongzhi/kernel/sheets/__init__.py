"""Sheets in and out.

In: ``read_rows`` for commands, or a ``SheetSpec`` whose pages a room gets for nothing: upload, map columns, check and preview,
commit with a progress bar, an error workbook. Out: ``write_sheet`` and ``write_csv``, in which nothing runs.
"""

from gongzhi.kernel.sheets.cells import FORMULA, is_formula_text, to_int, to_moment, to_number, to_text
from gongzhi.kernel.sheets.committing import begin, fail, run, run_import
from gongzhi.kernel.sheets.leftovers import error_workbook, purge_old
from gongzhi.kernel.sheets.reading import Row, read_rows
from gongzhi.kernel.sheets.spec import (
    CellError,
    Column,
    Context,
    Kind,
    SheetSpec,
    ValidRow,
    get_spec,
    guess_mapping,
    register,
)
from gongzhi.kernel.sheets.staging import cancel, check, map_columns, start_check, upload
from gongzhi.kernel.sheets.writing import safe_text, write_csv, write_sheet

__all__ = [
    "FORMULA",
    "CellError",
    "Column",
    "Context",
    "Kind",
    "Row",
    "SheetSpec",
    "ValidRow",
    "begin",
    "cancel",
    "check",
    "error_workbook",
    "fail",
    "get_spec",
    "guess_mapping",
    "is_formula_text",
    "map_columns",
    "purge_old",
    "read_rows",
    "register",
    "run",
    "run_import",
    "safe_text",
    "start_check",
    "to_int",
    "to_moment",
    "to_number",
    "to_text",
    "upload",
    "write_csv",
    "write_sheet",
]
