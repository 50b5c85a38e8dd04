#!/bin/sh
# Imports every file in WORKSPACE/inbox. Usage: nightly-import.sh WORKSPACE
#
#   inbox/leads*, contacts*, companies*, deals*    what to import, by the beginning of the name: any format that import reads
#   done/        files that are in, wholly or but for their rejects; a number is added to a name that is taken
#   rejects/     rejected rows, with the reason: mend them and put the file back into inbox/
#   import.log   a line a file
#
# With REJECTS_TO=someone@example.com each file of rejects is also sent there, as an attachment.
#
# The same file may come twice: rows that are known change nothing. So a file that was imported, but not
# moved because the machine went down, does no harm the next night. Put files into inbox/ by renaming them,
# whole; names that end in .part are left alone.
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
    name=$(basename "$2")
    rejects=rejects/${name%.*}-$stamp.csv
    code=0
    crmctl --user cron --no-input import "$1" "$2" --partial --rejects "$rejects" --move-to done \
        --lock-timeout 600 >/dev/null 2>"$messages" || code=$?
    case $code in
    0) told=$(tail -n 1 "$messages") ;;
    7) told=$(tail -n 1 "$messages") && complain "some rows of $2 were rejected: mend $rejects" && send_rejects "$rejects" ;;
    5) told="somebody held the lock: tried again next time" ;;
    *) told=$(grep '^error' "$messages" || tail -n 1 "$messages") && complain "$2 was not imported (exit $code)" ;;
    esac
    case $code in
    0 | 7) [ ! -e "$2" ] || complain "$2 is imported, but could not be moved to done" ;;
    *) worst=$code ;;
    esac
    printf '%s %s exit=%s %s\n' "$(date +%Y-%m-%dT%H:%M:%S%z)" "$2" "$code" "$(printf %s "$told" | tr '\n' ' ')" >>"$log"
}

# What is written to standard error, cron sends by mail, and systemd keeps in the journal.
complain() {
    echo "$1" >&2
    cat "$messages" >&2
}

# send_rejects FILE: the file by mail, with what the import said about it. Whoever gets it mends it and sends it back.
send_rejects() {
    [ -n "${REJECTS_TO:-}" ] || return 0
    part=rejects-$$-$(date +%s)
    {
        printf 'To: %s\nSubject: Rejected rows to mend\nMIME-Version: 1.0\n' "$REJECTS_TO"
        printf 'Content-Type: multipart/mixed; boundary="%s"\n\n--%s\n' "$part" "$part"
        printf 'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n'
        base64 <"$messages"
        printf '\n--%s\nContent-Type: text/csv; charset=utf-8\nContent-Transfer-Encoding: base64\n' "$part"
        printf 'Content-Disposition: attachment; filename="rejects.csv"\n\n'
        base64 <"$1"
        printf '\n--%s--\n' "$part"
    } | sendmail -t || echo "$1 could not be sent to $REJECTS_TO" >&2
}

# Companies and contacts come before the deals that refer to them.
for type in companies contacts leads deals; do
    for file in inbox/"$type"*; do
        case $file in *.part) continue ;; esac
        if [ -f "$file" ]; then
            import_file "$type" "$file"
        fi
    done
done
exit "$worst"
