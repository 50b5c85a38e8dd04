"""Reports: records and their journeys to tables. Definitions are in docs/reports.md, and bind to the letter."""
