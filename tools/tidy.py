#!/usr/bin/env python3
"""The house rules that no compiler knows, checked over the files that git tracks.

Fails on: an include against the direction of the flow, a leftover FIXME or TODO, a line over 100
columns, a source file that no target builds, a Boost include outside the HTTP adapter, a folder table
in the docs that is not the folders. Prints, without failing, what has become unusually long.
"""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

# What each stage may include besides itself. Nothing includes a stage behind it; `support` knows none.
MAY_INCLUDE = {
    "support": set(),
    "event": {"support"},
    "event_producer": {"event", "support"},
    "in_memory_queue": {"event", "support"},
    "webhook": {"in_memory_queue", "event", "support"},
    "database": {"event", "support"},
    "queue_consumer": {"in_memory_queue", "database", "event", "support"},
    "journey_index": {"database", "event", "support"},
    "report": {"journey_index", "database", "event", "support"},
    "dashboard": {"report", "journey_index", "database", "queue_consumer", "in_memory_queue", "event", "support"},
    "main": None,  # wiring: all
}

COLUMNS_MAX = 100
BOOST_ADAPTERS = ("http_", "radix_sort.")
# From here a file, header or function wants to be two, or a sentence why it is one.
FILE_LINES_LONG, HEADER_LINES_LONG = 300, 150


def tracked(*patterns):
    output = subprocess.run(["git", "ls-files", "--", *patterns], cwd=ROOT, check=True,
                            capture_output=True, text=True).stdout
    return [pathlib.Path(line) for line in output.splitlines() if (ROOT / line).exists()]


def include_direction(path, text):
    if path.parts[0] != "src" or len(path.parts) < 3:
        return
    stage = path.parts[1]
    allowed = MAY_INCLUDE.get(stage, "unknown")
    if allowed == "unknown":
        yield f"{path}: tools/tidy.py does not know the stage {stage}"
        return
    if allowed is None:
        return
    for number, line in enumerate(text.splitlines(), 1):
        match = re.match(r'#include "([a-z_]+)/', line)
        if match and match[1] in MAY_INCLUDE and match[1] != stage and match[1] not in allowed:
            yield f"{path}:{number}: {stage} must not include {match[1]}"


def plain_rules(path, text):
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > COLUMNS_MAX:
            yield f"{path}:{number}: {len(line)} columns, {COLUMNS_MAX} are the limit"
        if re.search(r"\b(FIXME|TODO|XXX)\b", line):
            yield f"{path}:{number}: a leftover {re.search('FIXME|TODO|XXX', line)[0]}"
        if re.match(r"#include <boost/", line) and not path.name.startswith(BOOST_ADAPTERS):
            yield f"{path}:{number}: Boost belongs in src/support/{{{','.join(BOOST_ADAPTERS)}}}* only"


def built_files():
    """Source files are built by a glob of their folder, so a folder needs a CMakeLists.txt."""
    for path in tracked("*.cc"):
        folder = ROOT / path.parent
        if not (folder / "CMakeLists.txt").exists():
            yield f"{path}: no target builds it (no CMakeLists.txt beside it)"
        elif path.parts[0] != "src":
            lists = (folder / "CMakeLists.txt").read_text()
            if path.name not in lists and path.stem not in lists and "GLOB" not in lists:
                yield f"{path}: no target in {path.parent}/CMakeLists.txt names it"


def folder_table():
    table = set(re.findall(r"`src/([a-z_]+)/?`", (ROOT / "docs/architecture.md").read_text()))
    folders = {path.parts[1] for path in tracked("src/*/*")}
    for name in sorted(folders - table):
        yield f"docs/architecture.md: the folder table lacks src/{name}"
    for name in sorted(table - folders):
        yield f"docs/architecture.md: the folder table has src/{name}, which is not there"


def unusually_long(path, text):
    lines = text.count("\n")
    limit = HEADER_LINES_LONG if path.suffix == ".h" else FILE_LINES_LONG
    if lines > limit and not path.stem.endswith("_test"):
        yield f"long: {path} has {lines} lines ({limit})"


def main():
    problems, notes = [], []
    for path in tracked("*.cc", "*.h"):
        text = (ROOT / path).read_text()
        problems += include_direction(path, text)
        problems += plain_rules(path, text)
        notes += unusually_long(path, text)
    for path in tracked("dashboard/*.ts", "dashboard/*.tsx", "dashboard/*.mjs", "dashboard/*.css"):
        text = (ROOT / path).read_text()
        problems += plain_rules(path, text)
        notes += unusually_long(path, text)
    problems += built_files()
    problems += folder_table()
    print("\n".join(notes + problems))
    print(f"tidy: {len(problems)} problems, {len(notes)} notes")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
