#!/usr/bin/env python3
"""Checks docs/assignment.md: every file and test that it names exists, and no row lacks one."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def main():
    problems, rows = [], 0
    lines = (ROOT / "docs/assignment.md").read_text().splitlines()
    table = [line for line in lines if line.startswith("| ")][2:]
    for line in table:
        sentence, *cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        paths = re.findall(r"`([^`]+)`", " ".join(cells))
        rows += 1
        if len(paths) < 2:
            problems.append(f"no file or no test: {sentence}")
        problems += [f"{path} is not there: {sentence}" for path in paths
                     if not (ROOT / path).exists()]
    print("\n".join(problems))
    print(f"assignment: {rows} sentences, {len(problems)} problems")
    return 1 if problems or rows == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
