#!/usr/bin/env python3
"""clang_tidy.py [FILE...]: clang-tidy-19 with clang's thread-safety analysis, over those files or,
without any, over every source file that is not a test.

What is checked stands in .clang-tidy, the flags in the preset `tidy`. A file that was found clean
is skipped until something changes that decides its result: all the text that clang reads for it,
with comments and macros, its flags, .clang-tidy. So the first run takes minutes, the next seconds.
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build/tidy"
CLEAN = BUILD / "clean"  # a file for each source that was clean, holding the key it had then
FINDING = re.compile(r"\S+:\d+:\d+: (error|warning): |error: ")


def all_sources():
    output = subprocess.run(["git", "ls-files", "--", "src/*.cc", "bench/*.cc"], cwd=ROOT,
                            check=True, capture_output=True, text=True).stdout
    return [path for path in output.splitlines()
            if not path.endswith("_test.cc") and (ROOT / path).exists()]


def commands_of(paths):
    """How each is compiled."""
    commands = {entry["file"]: entry
                for entry in json.loads((BUILD / "compile_commands.json").read_text())}
    missing = [path for path in paths if str(ROOT / path) not in commands]
    if missing:
        sys.exit(f"clang-tidy: the preset tidy does not build {', '.join(missing)}")
    return {path: commands[str(ROOT / path)] for path in paths}


def key_of(command):
    """Equal keys have equal results. None where the file cannot even be preprocessed."""
    arguments = shlex.split(command["command"])
    output_at = arguments.index("-o")
    arguments[output_at:output_at + 2] = []
    arguments[arguments.index("-c")] = "-E"
    read = subprocess.run([*arguments, "-C", "-dD"], cwd=command["directory"], capture_output=True)
    if read.returncode != 0:
        return None
    config = (ROOT / ".clang-tidy").read_bytes()
    return hashlib.sha256(repr(arguments).encode() + config + read.stdout).hexdigest()


def findings_in(output):
    """Each with the lines that explain it; the paths from the root."""
    findings = []
    for line in output.replace(f"{ROOT}/", "").splitlines():
        if FINDING.match(line):
            findings.append(line)
        elif findings:
            findings[-1] += "\n" + line
    return findings


def check(path, command):
    """The findings, or None where the file has been found clean before."""
    key = key_of(command)
    stamp = CLEAN / path.replace("/", "+")
    if key and stamp.exists() and stamp.read_text() == key:
        return None
    ran = subprocess.run(["clang-tidy-19", "-quiet", "-p", BUILD, path], cwd=ROOT,
                         capture_output=True, text=True)
    if ran.returncode != 0:
        return findings_in(ran.stdout) or [f"{path}: error: {ran.stdout}{ran.stderr}".rstrip()]
    if key:
        stamp.write_text(key)
    return []


def main():
    # Configures, and makes the generated headers, which must be there to be included.
    subprocess.run([ROOT / "tools/build.sh", "tidy", "embedded"], check=True)
    CLEAN.mkdir(exist_ok=True)
    files = commands_of(sys.argv[1:] or all_sources())
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        results = list(pool.map(check, files.keys(), files.values()))

    # What is found in a header is found by every file that includes it.
    findings = sorted({finding for result in results for finding in result or []})
    for finding in findings:
        print(finding)
    skipped = results.count(None)
    print(f"clang-tidy: {len(files)} files" + (f", {skipped} of them as before" if skipped else "")
          + f", {len(findings) or 'nothing'} found")
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
