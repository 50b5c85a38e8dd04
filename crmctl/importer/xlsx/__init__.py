"""Workbooks (XLSX, ECMA-376): from the bytes of the archive to rows of cells.

Read by code of our own, in one pass and without a package: what a cell is decides whether it is taken, and a
lone cell in a sheet's far corner must cost nothing, where libraries give a table of values with all between.
"""
