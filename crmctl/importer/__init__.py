"""Files to rows of typed values: encodings, formats, the mapping of columns to fields, rejected rows.

Knows no store and no rules: which record a row means, and whether it may be written, others decide.
"""
