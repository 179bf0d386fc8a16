"""Tickets held before the camera of whoever takes the roll: a recorded picture stands for the
camera, and the page reads it as it would read a phone. Source: docs/rules.md R70, R71.
"""

from datetime import timedelta

import pytest
import segno
from playwright.sync_api import expect

from academy.web.qr import qr_picture
from trainees.booking.enrolling import book
from trainees.me.ticket import signer
from trainees.models import Attendance

from ..factories import NOW, class_with
from .conftest import FLAGS, ON_A_PHONE, PASSWORD, chromium_path

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.parametrize("width", ON_A_PHONE)]
STARTS = NOW.replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=14)
NINE = STARTS + timedelta(minutes=2)
WIDE, HIGH, A_SECOND = 320, 240, 5  # pixels, pictures
NOTHING = ""


@pytest.fixture(autouse=True)
def watch(time_machine):
    time_machine.move_to(NINE)
    return time_machine


@pytest.fixture
def lesson(campus):
    return class_with(seats=5, starts_at=STARTS, campus=campus).lessons.get()


@pytest.fixture
def seat(lesson, cadre):
    return book(trainee=cadre, training_class=lesson.training_class, by=cadre.user, now=NOW)


@pytest.fixture
def other_seat(campus, colleague):
    """A seat in another class of the day."""
    other = class_with(seats=5, starts_at=STARTS + timedelta(hours=4), campus=campus)
    return book(trainee=colleague, training_class=other, by=colleague.user, now=NOW)


def ticket(seat) -> str:
    return signer.sign(str(seat.pk))


# --- The camera -----------------------------------------------------------------------------------


def picture(text: str) -> bytes:
    """One grey picture of the film (YUV 4:2:0): the code in its middle, or nothing."""
    grey = [bytearray([200]) * WIDE for _row in range(HIGH)]
    if text:
        code = segno.make(text, error="m", micro=False)
        modules = list(code.matrix_iter(scale=HIGH // (code.symbol_size()[1]), border=4))
        top, left = (HIGH - len(modules)) // 2, (WIDE - len(modules)) // 2
        for y, row in enumerate(modules):
            grey[top + y][left : left + len(row)] = bytes(30 if dark else 235 for dark in row)
    return b"FRAME\n" + b"".join(grey) + bytes([128]) * (WIDE * HIGH // 2)


def film(path, scenes: list[tuple[str, int]]):
    """A film (YUV4MPEG2) of scenes: what is held before the camera, and for how many seconds."""
    head = f"YUV4MPEG2 W{WIDE} H{HIGH} F{A_SECOND}:1 Ip A1:1 C420jpeg\n".encode()
    path.write_bytes(
        head + b"".join(picture(text) * (seconds * A_SECOND) for text, seconds in scenes)
    )
    return path


@pytest.fixture
def sees(browser, tmp_path):
    """A browser whose camera sees the scenes over and over, from the moment that it is opened."""
    opened = []

    def begin(*scenes: tuple[str, int]):
        flags = [
            *FLAGS,
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={film(tmp_path / 'camera.y4m', list(scenes))}",
        ]
        opened.append(browser.browser_type.launch(executable_path=chromium_path(), args=flags))
        return opened[-1]

    yield begin
    for one in opened:
        one.close()


@pytest.fixture
def tickets(window, branch_coordinator, lesson):
    """Opens the page of the tickets, in the browser that is given."""

    def begin(browser=None, *, before: str = ""):
        visitor = window(branch_coordinator, of=browser)
        if before:
            visitor.context.add_init_script(before)
        return visitor.open(f"/manage/lessons/{lesson.pk}/tickets/")

    return begin


def sent(page) -> list[str]:
    """Fills with the codes that the page sends from now on."""
    codes: list[str] = []
    page.on(
        "request",
        lambda asked: asked.method == "POST" and codes.append(asked.post_data or ""),
    )
    return codes


def log_in(page, user) -> None:
    """On the log-in page that is shown."""
    page.locator("input[name=login]").fill(user.phone)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form[method=post] button.btn-primary").first.click()


def marks() -> list[tuple]:
    return list(Attendance.objects.values_list("enrolment__trainee", "status", "method"))


def test_the_phone_shows_what_the_camera_is_shown(window, seat, cadre):
    page = window(cadre.user).open(f"/classes/{seat.training_class.code}/booked/")
    drawn = page.locator(".booked-code path").get_attribute("d")

    assert drawn == qr_picture(ticket(seat)).path


def test_a_ticket_before_the_camera_marks_once_and_others_get_a_sentence(
    sees, tickets, seat, other_seat, cadre, colleague
):
    camera = sees(
        (NOTHING, 1),
        (ticket(seat), 7),
        (NOTHING, 1),
        ("https://example.org/menu", 2),
        (ticket(seat), 2),
        (ticket(other_seat), 8),
    )
    page = tickets(camera)
    codes = sent(page)
    page.get_by_role("button", name="打开相机").click()
    result = page.locator("[data-result]")

    expect(result).to_contain_text(f"{cadre.name}：到课，9:02。")
    assert page.evaluate("'jsQR' in window && !('BarcodeDetector' in window)")
    assert marks() == [(cadre.pk, "present", "ticket")]
    expect(result).to_contain_text("这不是本系统的入场单")
    assert len(codes) == 2  # held there for seven seconds, sent once
    expect(result).to_contain_text(f"{cadre.name} 已经签到：到课，9:02，没有改动。")
    expect(result).to_contain_text(f"{colleague.name} 的入场单是")
    expect(result).to_contain_text("人已经到场的，可以现场补录。")
    assert len(marks()) == 1

    result.get_by_role("button", name="现场补录").click()
    expect(page.locator("main")).to_contain_text(f"{colleague.name}：到课，9:02。")
    assert marks()[1:] == [(colleague.pk, "present", "walk_in")]


def test_a_browser_that_reads_codes_itself_loads_no_reader(sees, tickets, seat, cadre):
    found = f'[{{rawValue: "{ticket(seat)}"}}]'
    its_own = f"""window.BarcodeDetector = class {{
      static getSupportedFormats() {{ return Promise.resolve(["qr_code"]); }}
      detect(video) {{ return Promise.resolve(video.videoWidth ? {found} : []); }}
    }}"""
    page = tickets(sees((NOTHING, 1)), before=its_own)
    page.get_by_role("button", name="打开相机").click()

    expect(page.locator("[data-result]")).to_contain_text(f"{cadre.name}：到课，9:02。")
    assert page.evaluate("'jsQR' in window") is False


def test_without_a_network_the_page_says_so_and_sends_the_code_later(sees, tickets, seat, cadre):
    page = tickets(sees((NOTHING, 2), (ticket(seat), 20)))
    page.get_by_role("button", name="打开相机").click()
    page.wait_for_function("() => 'jsQR' in window")
    page.context.set_offline(True)
    expect(page.locator("[data-away]")).to_contain_text("请在点名表上点名")
    assert marks() == []

    page.context.set_offline(False)
    expect(page.locator("[data-result]")).to_contain_text(f"{cadre.name}：到课，9:02。")
    expect(page.locator("[data-away]")).to_be_hidden()
    assert marks() == [(cadre.pk, "present", "ticket")]


def test_a_log_in_in_between_keeps_the_ticket(
    sees, tickets, seat, cadre, branch_coordinator, watch
):
    page = tickets(sees((NOTHING, 3), (ticket(seat), 20)))
    page.wait_for_load_state("networkidle")  # the figures of the navigation are asked for once
    watch.move_to(NINE + timedelta(minutes=31))
    page.get_by_role("button", name="打开相机").click()

    expect(page.locator("main")).to_contain_text("请重新登录")
    log_in(page, branch_coordinator)
    page.get_by_role("button", name="现在提交").click()
    expect(page.locator("[data-result]")).to_contain_text(f"{cadre.name}：迟到")
    assert marks() == [(cadre.pk, "late", "ticket")]


def test_without_a_camera_the_code_is_typed(tickets, seat, cadre):
    page = tickets()
    page.get_by_role("button", name="打开相机").click()
    expect(page.locator("[data-no-camera]")).to_contain_text("输入入场单上的码")
    for said in (f"{cadre.name}：到课，9:02。", f"{cadre.name} 已经签到：到课，9:02"):
        page.locator("#id_code").fill(ticket(seat))
        page.locator(".door-form button").click()
        expect(page.locator("[data-result]")).to_contain_text(said)

    assert marks() == [(cadre.pk, "present", "ticket")]
