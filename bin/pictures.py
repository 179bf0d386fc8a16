"""Make the six small pictures of README.md from the pictures that the tests of every page took.

`bin/test --long tests/e2e/test_every_page.py && .venv/bin/python bin/pictures.py`
"""

import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
TAKEN = ROOT / "screenshots"
KEPT = ROOT / "docs" / "pictures"
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


def main() -> int:
    missing = [name for name, _cut in PICTURES.values() if not (TAKEN / f"{name}.jpg").exists()]
    if missing:
        print(f"No picture of {', '.join(missing)} in {TAKEN.name}/: run what is said above.")
        return 1
    KEPT.mkdir(parents=True, exist_ok=True)
    for name, (taken, cut) in PICTURES.items():
        with Image.open(TAKEN / f"{taken}.jpg") as picture:
            wide, high = cut
            top = picture.crop((0, 0, wide, min(high, picture.height)))
            shown = SHOWN[cut]
            top = top.resize((shown, round(top.height * shown / wide)), Image.Resampling.LANCZOS)
            top.save(KEPT / f"{name}.webp", quality=70, method=6)
    size = sum(path.stat().st_size for path in KEPT.glob("*.webp"))
    print(f"{len(PICTURES)} pictures, {size / 1024:.0f} kB, in docs/pictures/.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
