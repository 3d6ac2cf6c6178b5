#!/bin/sh
# Writes what the screens of the terminal application show into docs/NAME.txt.
#
#   docs/capture.sh            builds the program and captures all screens
#   docs/capture.sh --release  the same with the optimised program
#   docs/capture.sh --check    captures into a temporary folder and compares; exit code 1 where a file is out of date
#
# The program runs in tmux, at 100 columns and 30 rows, on shipped scenarios and the prices of one day.
# Neither settings nor tmux of the user have any part in it: all folders are temporary, and so is tmux's socket.
set -eu

AS_OF=2026-11-22
COLUMNS_SHOWN=100
ROWS_SHOWN=30
# Tenths of a second that a screen may take.
PATIENCE=100

fail() {
    echo "capture.sh: $1" >&2
    exit "${2:-3}"
}

profile=debug
check=no
for flag in "$@"; do
    case $flag in
        --release) profile=release ;;
        --check) check=yes ;;
        *) fail "unknown flag $flag; only --release and --check exist" 2 ;;
    esac
done

command -v tmux >/dev/null 2>&1 || fail "tmux is missing; install it (apt install tmux, brew install tmux) and run this again"
command -v cargo >/dev/null 2>&1 || fail "cargo is missing; install Rust from https://rustup.rs and run this again"

root=$(cd "$(dirname "$0")/.." && pwd)
docs=$root/docs
if [ "$profile" = release ]; then
    (cd "$root" && cargo build --quiet --release --bin ragonomics)
else
    (cd "$root" && cargo build --quiet --bin ragonomics)
fi
program=${CARGO_TARGET_DIR:-$root/target}/$profile/ragonomics
[ -x "$program" ] || fail "no program at $program after the build"

folder=$(mktemp -d)
socket=$folder/tmux
mux() { tmux -u -f /dev/null -S "$socket" "$@"; }
leave() {
    mux kill-server 2>/dev/null || true
    # A program that is ended may still write what it remembers.
    rm -rf "$folder" 2>/dev/null || { sleep 1; rm -rf "$folder"; }
}
trap leave EXIT
trap 'exit 130' INT TERM
if [ "$check" = yes ]; then out=$folder/docs; else out=$docs; fi
mkdir -p "$out"

shown() { mux capture-pane -p -t screen | sed 's/[[:space:]]*$//'; }

# Waits until the screen has a text and stands still.
wait_for() {
    tenths=0
    before=
    while :; do
        now=$(shown)
        case $now in
            *"$1"*) [ "$now" = "$before" ] && return 0 ;;
        esac
        before=$now
        tenths=$((tenths + 1))
        [ "$tenths" -lt "$PATIENCE" ] || fail "no \"$1\" after $((PATIENCE / 10)) seconds on this screen:
$now"
        sleep 0.1
    done
}

# capture NAME SCENARIO TEXT KEY...: starts the program, presses keys, waits for a text, and writes the screen.
capture() {
    name=$1
    scenario=$2
    text=$3
    shift 3
    home=$folder/$name
    mkdir -p "$home"
    mux new-session -d -s screen -x "$COLUMNS_SHOWN" -y "$ROWS_SHOWN" -c "$home" \
        env -u NO_COLOR -u LC_ALL LANG=C.UTF-8 HOME="$home" XDG_CONFIG_HOME="$home/config" \
        XDG_DATA_HOME="$home/data" XDG_STATE_HOME="$home/state" XDG_CACHE_HOME="$home/cache" \
        "$program" "$scenario" --as-of "$AS_OF" ';' set-option -g status off
    mux resize-window -t screen -x "$COLUMNS_SHOWN" -y "$ROWS_SHOWN"
    wait_for "prices of"
    for key in "$@"; do
        mux send-keys -t screen "$key"
        sleep 0.1
    done
    wait_for "$text"
    shown >"$out/$name.txt"
    mux send-keys -t screen C-c
    while mux has-session -t screen 2>/dev/null; do sleep 0.1; done
    if [ "$check" = yes ] && ! diff -u "$docs/$name.txt" "$out/$name.txt"; then
        outdated=yes
    fi
}

outdated=no
capture compare support-bot "log scale" 1
capture break-even support-bot "cheaper below" 2 n
capture map support-bot "% " 2 Enter
capture bill support-bot "unit price" 3
capture bill-explained support-bot "checked" 3 Enter
capture vendors-history support-bot "Source: " 4 / d e e p s e e k - c h a t Enter h
capture sensitivity support-bot "±" 5
capture forecast saas-assistant "in all" 7
if [ "$outdated" = yes ]; then
    fail "captures are out of date; run docs/capture.sh" 1
fi
