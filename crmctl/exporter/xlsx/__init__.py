"""Workbooks (XLSX, ECMA-376): one sheet, written as it comes, to any stream and with no file beside it.

By code of our own: what text may look like (`_x0041_`, `<r>`, CR) must come back to the letter, customers' data
must lie in no temporary folder, and equal content must give equal bytes.
"""
