#!/usr/bin/env bash
# pictures.sh: takes pictures of each view of the page at three widths and in both themes into
# build/pictures, and puts those that the documents show into docs/images.
set -euo pipefail
cd "$(dirname "$0")/.."
port=18890
shown=(journey-1280-light cities-1280-light city-1280-dark compare-1280-dark live-1280-light
    journey-360-dark)

tools/make_ready.sh test
command -v pngquant >/dev/null || {
    echo "pictures need Debian's pngquant: apt-get install pngquant" >&2
    exit 1
}
tools/build.sh release footfall
folder=$(mktemp -d)
build/release/footfall serve --port "$port" --data-dir "$folder/data" --timezone Asia/Kolkata >"$folder/log" &
server=$!
trap 'kill "$server" $shoppers 2>/dev/null; wait 2>/dev/null || true; rm -rf "$folder"' EXIT
shoppers=
until grep -q footfall "$folder/log"; do
    kill -0 "$server" # fails where it has ended
    sleep 0.2
done
build/release/footfall drive --url "http://127.0.0.1:$port/webhook" --users 200000 --start 2026-03-01 >/dev/null
# Somebody walks through the shop while the pictures are taken.
build/release/footfall drive --url "http://127.0.0.1:$port/webhook" --users 20000 --rate 200 --seed 7 >/dev/null &
shoppers=$!

node dashboard/test/pictures.mjs "http://127.0.0.1:$port" build/pictures
mkdir -p docs/images
for name in "${shown[@]}"; do
    pngquant --force --speed 1 --output "docs/images/$name.png" 64 "build/pictures/$name.png"
done
ls -l docs/images
