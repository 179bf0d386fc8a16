"""Make the small pictures of README.md and of the help from the pictures that the tests of every
page took.

`bin/test --long tests/e2e/test_every_page.py && .venv/bin/python bin/pictures.py`
"""

import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
TAKEN = ROOT / "screenshots"
KEPT, HELP = ROOT / "docs" / "pictures", ROOT / "static" / "help"
PHONE, PC = (390, 700), (1280, 800)  # what is cut out at the top, pixels
SHOWN = {PHONE: 260, PC: 640}  # how wide a picture is kept, pixels
PICTURES = {
    "home": ("home-full-390", PHONE),
    "class": ("class-booked-full-390", PHONE),
    "secondment": ("secondment-own-full-390", PHONE),
    "roll": ("roll-full-1280", PC),
    "season": ("season-full-1280", PC),
    "plan": ("plan-submitted-full-1280", PC),
}
# one for each role of the office: portal/office_help.py
OF_HELP = {
    "administrator": ("plan-submitted-full-1280", PC),
    "district-staff": ("manage-full-1280", PC),
    "branch-coordinator": ("roll-full-1280", PC),
    "town-staff": ("nominations-full-1280", PC),
    "village-coordinator": ("approvals-village-full-1280", PC),
    "department-staff": ("manage-course-returned-full-1280", PC),
}


def main() -> int:
    failed = 0
    for folder, pictures in ((KEPT, PICTURES), (HELP, OF_HELP)):
        where = folder.relative_to(ROOT)
        missing = [name for name, _ in pictures.values() if not (TAKEN / f"{name}.jpg").exists()]
        if missing:
            print(f"{where}/: no picture of {', '.join(missing)}; run what is said above.")
            failed = 1
            continue
        folder.mkdir(parents=True, exist_ok=True)
        for name, (taken, cut) in pictures.items():
            keep(TAKEN / f"{taken}.jpg", folder / f"{name}.webp", cut)
        size = sum(path.stat().st_size for path in folder.glob("*.webp"))
        print(f"{where}/: {len(pictures)} pictures, {size / 1024:.0f} kB.")
    return failed


def keep(taken: Path, kept: Path, cut: tuple[int, int]) -> None:
    """The top of the picture, small."""
    with Image.open(taken) as picture:
        wide, high = cut
        top = picture.crop((0, 0, wide, min(high, picture.height)))
        shown = SHOWN[cut]
        top = top.resize((shown, round(top.height * shown / wide)), Image.Resampling.LANCZOS)
        top.save(kept, quality=70, method=6)


if __name__ == "__main__":
    sys.exit(main())
