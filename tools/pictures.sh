#!/usr/bin/env bash
# pictures.sh: takes docs/images/page.png, the page of a demo as Chromium shows it.
set -euo pipefail
cd "$(dirname "$0")/.."
port=18890

tools/make_ready.sh build
tools/build.sh release footfall
command -v chromium >/dev/null || {
    echo "pictures need Debian's chromium: apt-get install chromium" >&2
    exit 1
}
profile=$(mktemp -d)
build/release/footfall demo --keep --port "$port" --start 2026-03-01 >"$profile/demo.log" 2>&1 &
demo=$!
trap 'kill "$demo" 2>/dev/null; wait "$demo" 2>/dev/null || true; rm -rf "$profile"' EXIT
until grep -q 'goes on serving' "$profile/demo.log"; do
    kill -0 "$demo" # fails where the demo has ended
    sleep 0.2
done

mkdir -p docs/images
chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --no-first-run \
    --disable-background-networking --disable-component-update --disable-sync \
    --user-data-dir="$profile/chromium" --window-size=680,1330 \
    --screenshot=docs/images/page.png "http://localhost:$port/" >/dev/null 2>&1
echo "docs/images/page.png: $(stat -c %s docs/images/page.png) bytes"
