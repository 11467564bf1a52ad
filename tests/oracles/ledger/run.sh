#!/bin/sh
# Judges logs of crates/ledger with Go's sumdb/tlog and sumdb/note: one that is made now, its damaged
# copies, which have to be refused, and nothing else. Needs Debian's golang-go and
# golang-golang-x-mod-dev; installs them where apt can, and skips loudly where it can't.
set -eu
cd "$(dirname "$0")"

modules=/usr/share/gocode
if ! command -v go >/dev/null || [ ! -d "$modules/src/golang.org/x/mod/sumdb/tlog" ]; then
	{ apt-get update -q && apt-get install -y -q golang-go golang-golang-x-mod-dev; } >/dev/null 2>&1 || {
		echo "SKIPPED: the Go oracle of the ledger needs golang-go and golang-golang-x-mod-dev" >&2
		exit 0
	}
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
GO111MODULE=off GOPATH="$modules" GOFLAGS= go build -o "$work/ledger" main.go
cargo run -q -p posture-ledger --example oracle_log -- "$work/made"

"$work/ledger" "$work/made/log" "$work/made/keys" "$work/made/proofs.json"

# The judge itself is tried: each of these has to be refused.
refused() {
	if "$work/ledger" "$work/bad" "$work/made/keys" >/dev/null 2>&1; then
		echo "the Go oracle takes a log with a damaged $1" >&2
		exit 1
	fi
}
for path in checkpoint tile/0/000 tile/1/000.p/3 tile/entries/001 checkpoints/300; do
	rm -rf "$work/bad"
	cp -r "$work/made/log" "$work/bad"
	# Its middle byte becomes another one.
	size=$(wc -c <"$work/bad/$path")
	byte=$(dd if="$work/bad/$path" bs=1 skip=$((size / 2)) count=1 2>/dev/null | od -An -tu1 | tr -d ' ')
	printf "\\$(printf %03o $((byte ^ 1)))" |
		dd of="$work/bad/$path" bs=1 seek=$((size / 2)) conv=notrunc 2>/dev/null
	refused "$path"
done
