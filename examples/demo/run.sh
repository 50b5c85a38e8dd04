#!/bin/sh
# Tells the story of a trading house with crmctl, from an empty folder to a dashboard. Usage: run.sh DIR
# Every line after a "$" can be typed as it stands; what follows it is what crmctl answered. DIR is made anew
# and stays afterwards, to play in.
set -eu

dir=${1:?"usage: $0 DIR"}
here=$(dirname "$0")
mark=.made-by-the-demo

# The caller's settings for crmctl are not the demo's.
unset CRMCTL_WORKSPACE CRMCTL_DB CRMCTL_NOW CRMCTL_LOCK_TIMEOUT CDPATH
CRMCTL_USER=anna PAGER=cat PYTHONDONTWRITEBYTECODE=1
export CRMCTL_USER PAGER PYTHONDONTWRITEBYTECODE

fail() {
    echo "demo: $1" >&2
    exit 1
}

# Messages go where the answers go, in their order, into a file as well as to a terminal.
exec 3>&2 2>&1

# step LINE...: a heading.
step() {
    echo
    printf '# %s\n' "$@"
}

# expect CODE COMMAND: show the command, run it, and go on only where it ends as it should. Nobody is asked.
expect() {
    printf '\n$ %s\n' "$2"
    code=0
    eval "$2" </dev/null || code=$?
    [ "$code" -eq 0 ] || echo "[exit $code]"
    [ "$code" -eq "$1" ] || fail "that should have ended with exit code $1, not $code" 2>&3
}

run() {
    expect 0 "$1"
}

# quoted PATH: the path as it is typed.
quoted() {
    case $1 in
    *[!A-Za-z0-9_./-]*) printf "'%s'" "$(printf %s "$1" | sed "s/'/'\\\\''/g")" ;;
    *) printf %s "$1" ;;
    esac
}

make_anew() {
    case $dir in
    -*) fail "$dir: a folder whose name begins with - is not taken" ;;
    esac
    if [ -e "$dir" ] || [ -L "$dir" ]; then
        [ ! -L "$dir" ] && [ -f "$dir/$mark" ] || fail "$dir was not made by this demo: name another folder, or move it away"
        echo "$dir/ of an earlier run is removed and made anew."
        rm -rf "$dir"
    fi
    mkdir -p "$dir"
    : >"$dir/$mark"
}

command -v crmctl >/dev/null || fail "crmctl is not on the PATH: make demo installs it first"
make_anew 2>&3
to=$(quoted "$dir")
from=$(quoted "$here")

step "1. A workspace: the company's pipelines in YAML, and one TinyDB file"
run "crmctl init $to --template trade"
run "python3 $from/make_leads.py $to/leads.csv"
run "python3 $from/make_deals.py $to/deals.csv"
run "cd $to"
run "crmctl pipeline list"

step "2. Last months' leads: bad rows are named and kept, the others come in"
run "head -n 4 leads.csv | cut -d ';' -f 1,2,6,8,9"
expect 7 "crmctl import leads leads.csv --partial --rejects rejects.csv"
run "head -n 5 rejects.csv | cut -d ';' -f 1,15-"

step "   One kind of them mended, the rejects go in as they are"
run "sed 's/ТикТок/Instagram/' rejects.csv >mended.csv"
expect 7 "crmctl import leads mended.csv --partial --rejects rejects.csv"

step "3. Deals: what a stage requires, it requires of an import too"
expect 1 "crmctl import deals deals.csv"
expect 7 "crmctl import deals deals.csv --partial --rejects no-waybill.csv"

step "4. The new leads that are worth most, and who works them"
wanted='stage = new and unassigned and amount >= 50k'
run "crmctl filter leads '$wanted' \\
    --sort -amount --limit 8 --fields id,title,amount,source,phone"
lead=$(crmctl filter leads "$wanted" --sort -amount --limit 1 -o ids)
next=$(crmctl filter leads "$wanted" --sort -amount --limit 1 --offset 1 -o ids)
run "crmctl filter leads '$wanted' -o ids |
    crmctl assign - --round-robin anna,oleg --yes"

step "5. The first of them becomes a client. A contact must have a type: crmctl says" \
    "   which field that is and how to set it"
expect 1 "crmctl convert $lead --to contact,company,deal --pipeline wholesale"
run "crmctl convert $lead --to contact,company,deal --pipeline wholesale \\
    -s contact.contact_type=client"

deal=$(crmctl filter deals "origin_lead = $lead" -o ids)
step "6. The deal goes along its pipeline, and not past what a stage requires"
run "crmctl move $deal visit -s visit_date=today"
run "crmctl move $deal order -s payment_details=Безнал"
expect 1 "crmctl move $deal shipping"
expect 2 "crmctl move $deal shipping -s waybill=123"
run "crmctl move $deal shipping -s waybill=20450123456789"
run "crmctl show $deal --with history"

junk=$(crmctl filter leads 'stage = no_answer' --sort created_at --limit 1 -o ids)
step "7. A lead that is none: rejecting it takes a reason"
expect 1 "crmctl reject $junk"
run "crmctl reject $junk --reason 'Неверный номер'"
run "crmctl undo"

step "8. The same file again, as cron may bring it: nothing changes"
expect 7 "crmctl import leads leads.csv --partial --rejects again.csv"
run "crmctl runs"

step "9. Every import can be taken back as one"
run "crmctl undo R-2 --yes"

step "10. The funnel: where the wholesale deals stand, and how far they got"
run "crmctl funnel wholesale"
run "crmctl funnel wholesale --mode reached"
run "crmctl db check"

step "11. The reports on one page, for a browser, a letter or the printer"
run "crmctl report winloss wholesale --by source --chart"
run "crmctl report dashboard --out dashboard.html"

cat <<END

# The workspace stays in $dir/. Look round in it:

    cd $to && PATH=$(quoted "$(dirname "$(command -v crmctl)")"):\$PATH

    xdg-open dashboard.html          # needs no network
    crmctl list deals --view hot     # other views: parcels, stalled
    crmctl search Коваль             # every record, every text field
    crmctl funnel leads --by source
    crmctl validate                  # then change pipelines/wholesale.yaml
    crmctl help filters

  On a terminal, crmctl asks for what is missing instead of refusing:

    crmctl convert $next --to contact,deal --pipeline retail
END
