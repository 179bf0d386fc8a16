"""Refuse what the house rules forbid: references that lead nowhere.

`python bin/house.py` prints a line for each breach and exits 1. Run by `bin/test`.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
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
        for number, complaint in lost_references(path, text, rules):
            breaches += 1
            print(f"{path}:{number}: {complaint}")
    print(
        f"{breaches} references lead nowhere." if breaches else "Every reference leads somewhere."
    )
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
