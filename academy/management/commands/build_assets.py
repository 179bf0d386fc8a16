import re
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

NODE_MODULES = Path(settings.BASE_DIR) / "node_modules"
# icons that long lists repeat in every row: the style sheet draws them
MASKS = ("calendar-x", "clock", "easel", "people")
STYLES = Path(settings.BASE_DIR) / "styles"
STYLE_SHEET = "css/portal.css"
PART = re.compile(r'^@import "([\w-]+\.css)";$', re.MULTILINE)
ICON_NAMES = Path(settings.BASE_DIR) / "static" / "icons.txt"
COPIED = {
    "bootstrap/dist/css/bootstrap.min.css": "vendor/bootstrap.min.css",
    "bootstrap/dist/js/bootstrap.bundle.min.js": "vendor/bootstrap.bundle.min.js",
    # bars and lines without maps; 240 kB gzipped, on the pages of the monitor alone
    "echarts/dist/echarts.common.min.js": "vendor/echarts.common.min.js",
    # reads the code of a ticket where the browser cannot; loaded by the page with the camera alone
    "jsqr/dist/jsQR.js": "vendor/jsqr.js",
    **{f"bootstrap-icons/icons/{name}.svg": f"vendor/icons/{name}.svg" for name in MASKS},
}
# names a file that is not shipped
SOURCE_MAP_LINE = re.compile(rb"^/[/*]# sourceMappingURL=.*$", re.MULTILINE)
SVG = re.compile(r'<svg[^>]*viewBox="([^"]+)"[^>]*>(.*)</svg>', re.DOTALL)


class Command(BaseCommand):
    help = (
        "Build what the browser needs: Bootstrap from node_modules, one SVG sprite of the icons"
        " named in static/icons.txt, one style sheet of the parts in styles/."
    )
    requires_system_checks = []  # the folder it makes is one of the things that are checked

    def handle(self, **options) -> None:
        target = Path(settings.BUILT_ASSETS_DIR)
        for source, name in COPIED.items():
            written = target / name
            written.parent.mkdir(parents=True, exist_ok=True)
            written.write_bytes(SOURCE_MAP_LINE.sub(b"", self._read(NODE_MODULES / source)))
        sheet = target / STYLE_SHEET
        sheet.parent.mkdir(parents=True, exist_ok=True)
        sheet.write_text(style_sheet(), encoding="utf-8")
        names = icon_names()
        (target / "icons.svg").write_text(sprite(names), encoding="utf-8")
        self.stdout.write(f"{len(COPIED)} files and {len(names)} icons")

    @staticmethod
    def _read(path: Path) -> bytes:
        try:
            return path.read_bytes()
        except OSError as error:
            raise CommandError(
                f"{path.name} is missing from node_modules. Run `npm ci` first."
            ) from error


def style_sheet() -> str:
    """The parts of styles/portal.css put together, in its order.

    Raises CommandError for a part that is missing, and for one that it does not name.
    """
    named = PART.findall(_style("portal.css"))
    forgotten = {path.name for path in STYLES.glob("*.css")} - {*named, "portal.css"}
    if forgotten:
        raise CommandError(f"styles/portal.css does not name {', '.join(sorted(forgotten))}.")
    return PART.sub(lambda part: _style(part[1]).rstrip(), _style("portal.css"))


def _style(name: str) -> str:
    try:
        return (STYLES / name).read_text(encoding="utf-8")
    except OSError as error:
        raise CommandError(f"styles/{name} is missing. Correct styles/portal.css.") from error


def icon_names() -> list[str]:
    """The names in static/icons.txt, one a line."""
    return sorted(
        {
            line.strip()
            for line in ICON_NAMES.read_text(encoding="utf-8").splitlines()
            if line.strip()
        }
    )


def sprite(names: list[str]) -> str:
    """One SVG with a symbol for each icon.

    Raises CommandError for a name that Bootstrap Icons does not have.
    """
    symbols = []
    for name in names:
        try:
            source = (NODE_MODULES / "bootstrap-icons" / "icons" / f"{name}.svg").read_text(
                encoding="utf-8"
            )
        except OSError as error:
            raise CommandError(
                f"Bootstrap Icons has no icon “{name}”. Correct static/icons.txt."
            ) from error
        view_box, drawing = SVG.search(source).groups()
        symbols.append(
            f'<symbol id="{name}" viewBox="{view_box}"'
            f' fill="currentColor">{drawing.strip()}</symbol>'
        )
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'
