"""No module but an app's `notices.py` says what a notice reads, and none hands it a sentence."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ("academy", "notices", "courses", "trainees", "practicums", "plans", "portal", "bench")
# what a person reads, as the rows call it
TEXTS = {"title", "body"}
WRITERS = ("notices/outbox.py", "notices/due_reminders.py", "notices/digest.py")
TRANSLATES = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext"}


def modules() -> Iterator[Path]:
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT)


def is_home(path: Path) -> bool:
    """Whether it is an app's `notices.py`, or of its package `notices/`."""
    return path.parts[1] in ("notices", "notices.py")


def name_of(function: ast.expr) -> str:
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def root_of(function: ast.expr) -> str:
    while isinstance(function, ast.Attribute | ast.Call):
        function = function.value if isinstance(function, ast.Attribute) else function.func
    return name_of(function)


def tells(name: str) -> bool:
    return name.lstrip("_").startswith("tell") or name in ("draft", "NoticeDraft")


def slips(path: Path, source: str) -> Iterator[str]:
    """Yield a complaint for each text of a notice that stands outside its home."""
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call):
            continue
        name, keywords = name_of(call.func), {item.arg for item in call.keywords}
        where = f"{path}:{call.lineno}"
        if name == "NoticeKind" and not is_home(path):
            yield f"{where} declares a kind of notice"
        if root_of(call.func) == "Notice" and keywords & TEXTS and str(path) not in WRITERS:
            yield f"{where} writes the text of a notice"
        if tells(name) and path.parts[0] != "notices":
            arguments = [*call.args, *(item.value for item in call.keywords)]
            inside = [thing for argument in arguments for thing in ast.walk(argument)]
            if any(
                isinstance(thing, ast.Call) and name_of(thing.func) in TRANSLATES
                for thing in inside
            ):
                yield f"{where} hands over a sentence in the language of whoever acts"
            if any(
                isinstance(thing, ast.Attribute)
                and thing.attr.startswith("get_")
                and thing.attr.endswith("_display")
                for thing in inside
            ):
                yield f"{where} hands over a label in the language of whoever acts"


def test_every_text_is_at_home():
    found = list(modules())

    assert len(found) > 300
    assert [
        slip for path in found for slip in slips(path, (ROOT / path).read_text(encoding="utf-8"))
    ] == []


@pytest.mark.parametrize(
    "line",
    [
        'KIND = NoticeKind(key="new", title=_("News"))',
        'Notice(person=person, kind="new", title="新闻")',
        'Notice.objects.create(person=person, kind="new", body="新闻")',
        'Notice.objects.filter(pk=1).update(title="新闻")',
        'tell(KIND, person, values={"what": _("the seat")})',
        'self.draft(KIND, person, values={"item": item.get_kind_display()})',
        'tell_secondee(item, gettext("Signed"))',
    ],
)
def test_a_text_elsewhere_is_found(line):
    assert len(list(slips(Path("trainees/booking/queue.py"), line))) == 1


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("trainees/notices/attendance.py", 'KIND = NoticeKind(key="new", title=_("News"))'),
        ("plans/notices.py", 'KIND = NoticeKind(key="new", title=_("News"))'),
        ("notices/outbox.py", "Notice(person=person, kind=kind.key, title=text.title)"),
        ("trainees/booking/queue.py", 'tell(KIND, person, values={"title": item.title})'),
        ("trainees/booking/queue.py", 'raise Refused(_("It is full."))'),
    ],
)
def test_what_is_in_order_is_let_through(path, line):
    assert list(slips(Path(path), line)) == []
