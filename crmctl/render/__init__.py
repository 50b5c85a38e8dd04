"""Values to text: tables, records, reports, findings, errors, changes, history, graphs.

Every function returns text that ends with a newline, or nothing at all. Nothing here prints, reads a
terminal or knows where the values came from.
"""
