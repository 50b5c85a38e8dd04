"""The values everything else speaks in: records, fields, pipelines, changes, findings, tables. No I/O, no clock."""
