"""What `crmctl help TOPIC` says."""

EXIT_CODES = """
Exit codes

    0  done; also: nothing matched, nothing to do, warnings only, a closed pipe
    1  ran, and the answer is no: a refusal by the rules, findings of validate,
       a test of the process that fails, --fail-if-*, an import with rejected
       rows, a hook that refuses, a question answered with no
    2  wrong use: an unknown option, field or value; a confirmation without
       --yes where nobody can be asked
    3  no workspace, or its configuration is invalid: crmctl validate
    4  the record, pipeline, view or file named does not exist
    5  the lock was not had in time, nothing was written: try again; or another
       crmctl remind is at work
    6  the database is damaged, or cannot be read or written
    7  done in part: some records or rows were refused, the others are written
   70  a bug: the report is in .crmctl/crash-*.txt
  130  interrupted, 143 terminated; nothing is ever half-written

More: docs/exit-codes.md
"""

ENVIRONMENT = """
Environment

  CRMCTL_WORKSPACE     the workspace's folder, as -C
  CRMCTL_DB            the database, as --db
  CRMCTL_USER          who acts, as --user; the account's name if not set
  CRMCTL_NOW           the present moment, as --now
  CRMCTL_LOCK_TIMEOUT  seconds to wait for another writer, as --lock-timeout
  CRMCTL_HOOK_TIMEOUT  seconds that a hook, or remind --exec, may take: 30
  CRMCTL_SMTP_HOST     the mail server that crmctl mail --send speaks to
  CRMCTL_SMTP_FROM     whom letters are from: Anna <anna@example.com>
  CRMCTL_SMTP_PORT     its port; 587, 465 or 25 if not set
  CRMCTL_SMTP_TLS      starttls (if not set), tls, or none for no encryption
  CRMCTL_SMTP_USER     who logs in there, and
  CRMCTL_SMTP_PASSWORD the password
  XDG_CONFIG_HOME      where the hooks you trust are kept, and crmctl/mail.yaml
                       may name the mail server; .config in HOME if not set
  NO_COLOR             no colour
  FORCE_COLOR          colour in a pipe, too; 0 for none
  TERM                 dumb: no colour and no drawn characters
  COLUMNS              the width of tables at a terminal
  PAGER, LESS          what shows output taller than the screen, and how
  VISUAL, EDITOR       what crmctl edit opens, the first that is set
  GITHUB_ACTIONS       true: crmctl validate and crmctl test write annotations

An option wins over its variable; NO_COLOR wins over FORCE_COLOR.
"""

FILTERS = """
Filters

One language for filter, --where, views and the conditions in YAML. An
expression is one shell word:

  stage in (order, shipping) and not (owner = anna or tags has vip)
  created_at >= -7d and source is empty
  phone = "(050) 123-45-67"
  company.industry ~ "trade"
  open and close_date < today
  stage changed after 2026-11-01
  "ivan petrov"

Comparisons   = != < <= > >=   ~ contains, !~ does not   between A and B
Sets          in (a, b)   not in (a, b)   tags has vip
Emptiness     is empty   is not empty
History       FIELD changed   changed after WHEN   changed before WHEN
Together      and or not ( )
Flags         open won lost stale idle        of leads and deals
              open done cancelled waiting     of tasks
              overdue                         of deals and tasks
              unassigned untouched            of all records
Text alone    "ivan petrov" searches every text field

Text is compared without regard to case and to ё or е. An empty field matches
nothing but "is empty". Numbers may be 10k or 1.5m, amounts 10k USD; without a
currency the workspace's is meant. me is the acting user. Words with spaces or
signs in them stand in quotes. A dot leads to a linked record: contact.email.

Dates: crmctl help dates. More: docs/filters.md
"""

DATES = """
Dates

  2026-11-21                 a day; in a filter the whole local day
  2026-11-21 15:30           a local moment, to the second if need be: 15:30:05
  2026-11-21T15:30:05+02:00  a moment with its offset
  2026-11, 2026-Q4, 2026     a month, a quarter, a year: in filters, --as-of,
                             --since and --until
  today yesterday tomorrow   also сегодня вчера завтра
  now                        this moment
  -7d +2w +1mo -1q -1y       the day so many days, weeks, months, ... from today
  +2h -30min                 the moment so many hours, minutes from now
  mon tue ... sun            the next such day, never today; also пн вт ... вс
  eow eom eoq eoy            the last day of this week, month, quarter, year
  sow som soq soy            the first day of it

The --period of a report may also be this-month, last-quarter, next-week and the
like, or FROM..TO with both included, such as 2026-10..2026-11.
Files may have another form only where --date-format declares it: %d.%m.%Y.

More: docs/dates.md
"""

FORMATS = """
Output formats (-o)

  table     for people: as wide as the terminal, whole in a pipe
  json      a list is an array of flat records, one record an object, a report
            one document
  jsonl     a record a line
  csv, tsv  exact values; cells that a spreadsheet would run as formulas get an
            apostrophe before them
  yaml, markdown, html
  ids       one id a line, for the next command:
            crmctl filter leads unassigned -o ids | crmctl assign - --to me

Some commands have others: validate has text, parsable, json, github, sarif and
junit; test has text, tap, junit, github and json; pipeline graph has text,
mermaid and dot; export has csv, tsv, json, jsonl, xlsx, vcard, html and
markdown. crmctl COMMAND --help names them. --json is short for -o json.

With json and jsonl an error is an object, too, on standard error.
"""

TOPICS = {
    "exit-codes": EXIT_CODES,
    "environment": ENVIRONMENT,
    "filters": FILTERS,
    "dates": DATES,
    "formats": FORMATS,
}
