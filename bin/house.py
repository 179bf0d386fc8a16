"""Refuse what the house rules forbid: lost references, long lines, long modules, circles.

`python bin/house.py` prints a line for each breach and exits 1. Run by `bin/test`.
"""

import re
import subprocess
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RULES = "docs/rules.md"
TEXTS = {".py", ".html", ".md", ".css", ".js", ".toml", ".txt", ".yaml", ".yml", ".cfg", ""}

# A document, or a path in the checkout that stands in backticks. What the portal makes is not
# there.
DOCUMENT = re.compile(r"(?<![\w/.\\-])((?:[\w.-]+/)*[\w-]+(?:\.[\w-]+)*\.md)\b")
QUOTED_PATH = re.compile(r"`((?:[\w-]+/)+[\w-]+\.(?:py|html|css|js|toml|txt|csv|sh))`")
RULE_NUMBERS = re.compile(re.escape(RULES) + r" ((?:R\d+(?:, | to | and )?)+)")
OUTSIDE = re.compile(r"\b[Ii]ssues? \d+\b")

APPS = ("academy", "notices", "courses", "trainees", "practicums", "plans", "portal")
WIDEST = {".py": 100, ".html": 160}  # columns; a Chinese character takes two
LONGEST_MODULE = 400  # lines


def tracked_files() -> list[Path]:
    """Return the text files that git knows, as paths relative to the checkout."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    paths = (Path(line) for line in listing.splitlines())
    return [path for path in paths if path.suffix in TEXTS and (ROOT / path).is_file()]


def written_rules() -> set[str]:
    """Return the numbers of docs/rules.md, such as R7."""
    return set(
        re.findall(r"^\*\*(R\d+) ", (ROOT / RULES).read_text(encoding="utf-8"), re.MULTILINE)
    )


def lost_references(path: Path, text: str, rules: set[str]) -> Iterator[tuple[int, str]]:
    """Yield line number and complaint for each reference of a file that leads nowhere."""
    for number, line in enumerate(text.splitlines(), 1):
        for pattern in (DOCUMENT, QUOTED_PATH):
            for found in pattern.findall(line):
                if not any(
                    (folder / found).exists()
                    for folder in (ROOT, ROOT / path.parent, ROOT / "templates")
                ):
                    yield number, f"refers to {found}, which is not in the project"
        for numbers in RULE_NUMBERS.findall(line):
            for missing in sorted(set(re.findall(r"R\d+", numbers)) - rules):
                yield number, f"refers to {missing}, which {RULES} does not have"
        if OUTSIDE.search(line):
            yield number, "refers to an issue; say the reason, or cite docs/rules.md"


def width(line: str) -> int:
    """Return how many columns a line takes."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in line)


def too_long(path: Path, text: str) -> Iterator[tuple[int, str]]:
    """Yield line number and complaint for each line that is too wide, and for a long module.

    Migrations are written by Django. A line without a blank has no place to break. A table of tests
    may be long.
    """
    if "migrations" in path.parts:
        return
    lines = text.splitlines()
    widest = WIDEST.get(path.suffix, 0)
    for number, line in enumerate(lines, 1):
        if widest and width(line) > widest and " " in line.strip() and "# noqa" not in line:
            yield number, f"is {width(line)} columns wide, at most {widest}"
    if path.suffix == ".py" and path.parts[0] != "tests" and len(lines) > LONGEST_MODULE:
        yield len(lines), f"is the last line; a module has at most {LONGEST_MODULE}"


def room_of(module: str) -> str:
    """Return the room of a module: `trainees.booking` of `trainees.booking.queue`."""
    return ".".join(module.split(".")[:2])


def circles(imports: Mapping[str, set[str]]) -> list[list[str]]:
    """Return the groups of names that reach each other by `imports`, each sorted."""
    reached = {}
    for start in imports:
        seen, ahead = set(), [start]
        while ahead:
            for name in imports.get(ahead.pop(), ()):
                if name not in seen:
                    seen.add(name)
                    ahead.append(name)
        reached[start] = seen
    groups = {
        tuple(sorted(other for other in seen if name in reached.get(other, ())))
        for name, seen in reached.items()
        if name in seen
    }
    return [list(group) for group in sorted(groups)]


def imports_of_the_apps() -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Return who imports whom, by module and by room."""
    import grimp

    sys.path.insert(0, str(ROOT))
    graph = grimp.build_graph(*APPS)
    modules = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    rooms = defaultdict(set)
    for name, imported in modules.items():
        rooms[room_of(name)] |= {room_of(other) for other in imported} - {room_of(name)}
    return modules, rooms


def main() -> int:
    rules = written_rules()
    breaches = 0
    for path in tracked_files():
        if path.parts[0] == "tests" and path.name == "test_house.py":
            continue  # plants breaches
        try:
            text = (ROOT / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, complaint in (*lost_references(path, text, rules), *too_long(path, text)):
            breaches += 1
            print(f"{path}:{number}: {complaint}")
    for circle in (group for graph in imports_of_the_apps() for group in circles(graph)):
        breaches += 1
        print(f"{', '.join(circle)}: import each other in a circle")
    print(f"{breaches} breaches." if breaches else "The house is in order.")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
