#!/usr/bin/env python3
"""clang_tidy.py [FILE...]: clang-tidy-19 with clang's thread-safety analysis, over those files or,
without any, over every source file that is not a test.

What is checked stands in .clang-tidy, the flags in the preset `tidy`. Some files of one library are
read as one text, a unit, because most of the time goes into the headers that they share. A unit that
was found clean is skipped until something changes that decides its result: all the text that clang
reads for it, with comments and macros, its flags, .clang-tidy.
"""

import concurrent.futures
import hashlib
import itertools
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build/tidy"
UNITS = BUILD / "units"  # each: its text, and once it was clean the key it had then
UNIT_FILES_MAX = 12
FINDING = re.compile(r"\S+:\d+:\d+: (error|warning): |error: ")
# What two files that are well-formed alone may not be together: both have something of one name.
NOT_ONE_TEXT = "[clang-diagnostic-error]"


class Unit:
    def __init__(self, paths, flags):
        self.paths = paths
        self.flags = flags

    def halves(self):
        middle = len(self.paths) // 2
        return [Unit(self.paths[:middle], self.flags), Unit(self.paths[middle:], self.flags)]

    def text(self):
        return "".join(f'#include "{ROOT / path}"  // NOLINT(bugprone-suspicious-include)\n'
                       for path in self.paths)


def all_sources():
    output = subprocess.run(["git", "ls-files", "--", "src/*.cc", "bench/*.cc"], cwd=ROOT,
                            check=True, capture_output=True, text=True).stdout
    return [path for path in output.splitlines()
            if not path.endswith("_test.cc") and (ROOT / path).exists()]


def units_of(paths):
    """Files of one target with the same flags, a few together."""
    commands = {entry["file"]: entry["command"]
                for entry in json.loads((BUILD / "compile_commands.json").read_text())}
    missing = [path for path in paths if str(ROOT / path) not in commands]
    if missing:
        sys.exit(f"clang-tidy: the preset tidy does not build {', '.join(missing)}")

    def target_and_flags(path):
        arguments = shlex.split(commands[str(ROOT / path)])[1:]
        output_at = arguments.index("-o")
        target = os.path.dirname(arguments[output_at + 1])
        return target, arguments[:output_at]  # behind -o stands the file itself

    units = []
    for (_, flags), group in itertools.groupby(sorted(paths, key=target_and_flags),
                                               key=target_and_flags):
        files = list(group)
        units += [Unit(files[at:at + UNIT_FILES_MAX], flags)
                  for at in range(0, len(files), UNIT_FILES_MAX)]
    return units


def key_of(unit, text):
    """Equal keys have equal results. None where the text cannot even be preprocessed."""
    read = subprocess.run(["clang++-19", *unit.flags, "-E", "-C", "-dD", text],
                          capture_output=True)
    if read.returncode != 0:
        return None
    config = (ROOT / ".clang-tidy").read_bytes()
    return hashlib.sha256(repr(unit.flags).encode() + config + read.stdout).hexdigest()


def findings_in(output):
    """Each with the lines that explain it; the paths from the root."""
    findings = []
    for line in output.replace(f"{ROOT}/", "").splitlines():
        if FINDING.match(line):
            findings.append(line)
        elif findings:
            findings[-1] += "\n" + line
    return findings


def check(unit):
    """The findings, or None where the unit has been found clean before."""
    name = hashlib.sha256(unit.text().encode()).hexdigest()[:16]
    text = UNITS / f"{name}.cc"
    stamp = UNITS / f"{name}.clean"
    text.write_text(unit.text())
    key = key_of(unit, text)
    if key and stamp.exists() and stamp.read_text() == key:
        return None
    ran = subprocess.run(["clang-tidy-19", "-quiet", text, "--", *unit.flags], cwd=ROOT,
                         capture_output=True, text=True)
    if ran.returncode != 0:
        if NOT_ONE_TEXT in ran.stdout and len(unit.paths) > 1:
            return [finding for half in unit.halves() for finding in check(half) or []]
        return findings_in(ran.stdout) or [f"{unit.paths}: error: {ran.stdout}{ran.stderr}".rstrip()]
    if key:
        stamp.write_text(key)
    return []


def main():
    # Configures, and makes the generated headers, which must be there to be included.
    subprocess.run([ROOT / "tools/build.sh", "tidy", "embedded"], check=True)
    UNITS.mkdir(exist_ok=True)
    paths = sys.argv[1:] or all_sources()
    # The largest first, so that no processor ends long after the other.
    units = sorted(units_of(paths), key=lambda unit: -len(unit.paths))
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        results = list(pool.map(check, units))

    # What is found in a header is found by every unit that includes it.
    findings = sorted({finding for result in results for finding in result or []})
    for finding in findings:
        print(finding)
    skipped = sum(len(unit.paths) for unit, result in zip(units, results) if result is None)
    print(f"clang-tidy: {len(paths)} files" + (f", {skipped} of them as before" if skipped else "")
          + f", {len(findings) or 'nothing'} found")
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
