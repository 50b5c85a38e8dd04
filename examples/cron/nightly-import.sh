#!/bin/sh
# Imports every CSV in WORKSPACE/inbox. Usage: nightly-import.sh WORKSPACE
#
#   inbox/leads*.csv, contacts*.csv, companies*.csv, deals*.csv    what to import, by the beginning of the name
#   done/        files that are in, wholly or but for their rejects; a number is added to a name that is taken
#   rejects/     rejected rows, with the reason: mend them and put the file back into inbox/
#   import.log   a line a file
#
# The same file may come twice: rows that are known change nothing. So a file that was imported, but not
# moved because the machine went down, does no harm the next night. Put files into inbox/ by renaming them,
# whole.
set -u

workspace=${1:?"usage: $0 WORKSPACE"}
cd "$workspace" || exit 4
mkdir -p inbox rejects
log=import.log
messages=$(mktemp) || exit 6
trap 'rm -f "$messages"' EXIT
worst=0

# import_file TYPE FILE: import one file, see that it is where it belongs, write its line into the log.
import_file() {
    stamp=$(date +%Y%m%dT%H%M%S)
    name=$(basename "$2" .csv)
    rejects=rejects/$name-$stamp.csv
    code=0
    crmctl --user cron --no-input import "$1" "$2" --partial --rejects "$rejects" --move-to done \
        --lock-timeout 600 >/dev/null 2>"$messages" || code=$?
    case $code in
    0) told=$(tail -n 1 "$messages") ;;
    7) told=$(tail -n 1 "$messages") && complain "some rows of $2 were rejected: mend $rejects" ;;
    5) told="somebody held the lock: tried again next time" ;;
    *) told=$(grep '^error' "$messages" || tail -n 1 "$messages") && complain "$2 was not imported (exit $code)" ;;
    esac
    case $code in
    0 | 7) [ ! -e "$2" ] || complain "$2 is imported, but could not be moved to done" ;;
    *) worst=$code ;;
    esac
    printf '%s %s exit=%s %s\n' "$(date +%Y-%m-%dT%H:%M:%S%z)" "$2" "$code" "$(printf %s "$told" | tr '\n' ' ')" >>"$log"
}

# What is written to standard error, cron sends by mail.
complain() {
    echo "$1" >&2
    cat "$messages" >&2
}

# Companies and contacts come before the deals that refer to them.
for type in companies contacts leads deals; do
    for file in inbox/"$type"*.csv; do
        if [ -f "$file" ]; then
            import_file "$type" "$file"
        fi
    done
done
exit "$worst"
