#!/bin/sh
# follow.sh PROGRAM FILE... -- COMMAND...
# Runs the command, and has PROGRAM, which it becomes, read its files again when one of them has changed: a Secret that was renewed.
# Kubernetes swaps a link to a folder, so content is compared and not times.
program=$1
shift
files=
while [ "$1" != -- ]; do
    files="$files $1"
    shift
done
shift

look() {
    # shellcheck disable=SC2086
    cat $files 2>/dev/null | sha256sum
}

seen=$(look)
(
    while sleep "${FOLLOW_EVERY:-20}"; do
        [ -e "/proc/$$" ] || exit 0
        now=$(look)
        [ "$now" != "$seen" ] || continue
        # Only the program itself: whatever prepares its start would end.
        [ "$(cat "/proc/$$/comm")" = "$program" ] || continue
        seen=$now
        kill -HUP $$ || exit 0
    done
) &
exec "$@"
