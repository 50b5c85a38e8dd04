"""What `crmctl help TOPIC` says."""

EXIT_CODES = """
Exit codes

    0  done; also "nothing matched", "nothing to do", warnings only; a closed pipe
    1  ran, and the answer is no: findings, a refusal by the rules, --fail-if-*, an import rolled back
    2  wrong use: unknown option, field or value; --yes missing without a terminal
    3  no workspace, or its configuration is invalid
    4  the record, pipeline, view or file named does not exist
    5  the lock was not had in time: try again
    6  the database is damaged, or cannot be read or written (disk full, permissions)
    7  done in part: some rows or records were rejected
   70  a bug: the report is in .crmctl/crash-*.txt
  130  interrupted, 143 terminated; nothing is ever half-written
"""

ENVIRONMENT = """
Environment

  CRMCTL_WORKSPACE     the workspace's folder, as -C
  CRMCTL_DB            the database, as --db
  CRMCTL_USER          who acts, as --user
  CRMCTL_NOW           the present moment, as --now
  CRMCTL_LOCK_TIMEOUT  seconds to wait for another writer, as --lock-timeout
  NO_COLOR             no colour;  FORCE_COLOR  colour even in a pipe
  COLUMNS              the width of tables
  VISUAL, EDITOR       what crmctl edit opens
"""

FILTERS = """
Filters

One language for filter, --where, views and conditions in YAML, in one shell word:

  stage in (order, shipping) and amount >= 10k and not (owner = anna or tags has vip)
  created_at >= -7d and source is empty
  phone = "(050) 123-45-67"
  company.industry ~ "trade"
  open and close_date < today
  stage changed after 2026-11-01
  "ivan petrov"

Comparisons   = != < <= > >=   ~ contains, !~ does not   between A and B
Sets          in (a, b)   not in (a, b)   tags has vip
Emptiness     is empty   is not empty
History       FIELD changed [after|before WHEN]
Together      and or not ( )
Flags         open won lost overdue stale unassigned untouched
Text alone    "ivan petrov" searches every text field

Text is compared without regard to case and to ё or е. An empty field matches nothing but "is empty".
Numbers may be 10k or 1.5m, amounts 10k USD; without a currency the workspace's is meant.
me is the acting user. Dates: crmctl help dates.
"""

DATES = """
Dates

  2026-11-21              a day; without a time it is the whole local day
  2026-11-21 15:30[:05]   a local moment; 2026-11-21T15:30:05+02:00 one with its offset
  2026-11, 2026-Q4, 2026  a month, a quarter, a year
  today yesterday tomorrow (сегодня вчера завтра)
  -7d +2w +1mo -1y        days, weeks, months, years from today; +2h -30min from now
  mon tue ... sun         the next such day after today
  eow eom eoq eoy         the last day of this week, month, quarter, year; sow som soq soy the first

Files may have other forms only where --date-format declares one, such as %d.%m.%Y.
"""

FORMATS = """
Output formats (-o)

  table     for people; as wide as the terminal, whole in a pipe
  json      lists are arrays of flat records, one record is an object, reports are one document
  jsonl     a record a line
  csv, tsv  exact values; cells a spreadsheet would run as formulas are guarded by an apostrophe
  yaml, markdown, html
  ids       one id a line, for the next command:  crmctl filter leads 'stage = new' -o ids | crmctl assign - --to anna
"""

TOPICS = {
    "exit-codes": EXIT_CODES,
    "environment": ENVIRONMENT,
    "filters": FILTERS,
    "dates": DATES,
    "formats": FORMATS,
}
