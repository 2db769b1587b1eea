#!/usr/bin/env python3
"""Draws where the server's processor time goes, as a flame graph (after Brendan Gregg).

perf record -F 499 --call-graph dwarf,16384 -p PID -- sleep 10
perf script --no-inline | tools/flame_graph.py "Title" > docs/images/flame_graph.svg
"""
import html
import re
import sys

WIDTH = 1200
ROW = 16
NARROWEST = 0.002  # of all samples; narrower frames are left out
COLOURS = ["#f4a582", "#fddbc7", "#f7c59f", "#efb08c"]


def short(name):
    """A C++ name without its template arguments and parameters."""
    name = re.sub(r"\+0x[0-9a-f]+$", "", name.replace("(anonymous namespace)::", ""))
    while (plain := re.sub(r"<[^<>]*>|\([^()]*\)", "", name)) != name:
        name = plain
    return name.replace("footfall::", "").strip() or "?"


def stacks(lines):
    """Stacks of perf script, the outermost frame first; the thread's name is the first."""
    frames = []
    thread = None
    for line in lines:
        if not line.strip():
            if thread:
                yield [thread, *reversed(frames)]
            frames, thread = [], None
        elif not line.startswith(("\t", " ")) or thread is None:
            thread = line.split()[0]
        else:
            frames.append(short(line.strip().split(" ", 1)[1].rsplit(" (", 1)[0]))
    if thread:
        yield [thread, *reversed(frames)]


def grow(tree, stack):
    for frame in stack:
        tree["count"] += 1
        tree = tree["children"].setdefault(frame, {"count": 0, "children": {}})
    tree["count"] += 1


def draw(tree, total, depth, left, boxes):
    for name, child in sorted(tree["children"].items()):
        width = child["count"] / total
        if width >= NARROWEST:
            boxes.append((depth, left, width, name))
            draw(child, total, depth + 1, left, boxes)
        left += width


def svg(title, boxes):
    height = (max(box[0] for box in boxes) + 3) * ROW
    yield (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
           f'font-family="monospace" font-size="11"><rect width="100%" height="100%" fill="#fff"/>'
           f'<text x="4" y="12" font-weight="bold">{html.escape(title)}</text>')
    for depth, left, width, name in boxes:
        x, y, w = left * WIDTH, height - (depth + 1) * ROW, width * WIDTH
        letters = int(w / 7)
        label = name if len(name) <= letters else name[: max(0, letters - 1)] + "…"
        text = f'<text x="{x + 2:.1f}" y="{y + 12}">{html.escape(label)}</text>' if letters > 2 else ""
        yield (f'<g><title>{html.escape(name)}: {100 * width:.1f} %</title>'
               f'<rect x="{x:.1f}" y="{y}" width="{max(w - 0.5, 0.5):.1f}" height="{ROW - 1}" '
               f'fill="{COLOURS[sum(map(ord, name)) % len(COLOURS)]}"/>{text}</g>')
    yield "</svg>"


def main():
    tree = {"count": 0, "children": {}}
    for stack in stacks(sys.stdin):
        grow(tree, stack)
    boxes = []
    draw(tree, tree["count"], 0, 0.0, boxes)
    if not boxes:
        sys.exit("no stacks: pipe the output of `perf script` into this")
    print("\n".join(svg(sys.argv[1] if len(sys.argv) > 1 else "", boxes)))


if __name__ == "__main__":
    main()
