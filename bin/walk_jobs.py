"""The four jobs of README.md over HTTPS, and what is kept of them, for bin/walk_deploy.py."""

import json
import re
import stat
from io import BytesIO
from urllib.parse import quote

from PIL import Image
from walk_browser import Browser, Gateway, must, wait_until
from workshop import Stop

PASSWORD = "baoshan-demo-2027"
CADRE, COORDINATOR, TOWN, ADMINISTRATOR = "19900009001", "19900009004", "19900009005", "19900009008"
SECONDEE, MENTOR = "19900000208", "19900008009"
OFFICER = (  # the first administrator; no sample person, so that the gateway is asked to send to it
    "13900000000"
)
SERVICES = ("portal-web", "portal-worker", "portal-beat")


class FourJobs:
    """What people do on the portal; mixed into the walk that has set it up."""

    def visitor(self) -> Browser:
        return Browser(self.site, self.certificate)

    def somebody(self, phone: str) -> Browser:
        browser = self.visitor()
        browser.open("/accounts/login/")
        browser.send("/accounts/login/", login=phone, password=PASSWORD)
        must("/accounts/login" not in browser.address, f"{phone} cannot log in.")
        return browser

    def is_up(self) -> bool:
        try:
            return b"ok" in self.visitor().ask("/healthz")
        except (Stop, OSError):
            return False

    def find_and_book(self) -> None:
        cadre = self.somebody(CADRE)
        cadre.open(f"/search/?q={quote('加装')}")
        for code in dict.fromkeys(re.findall(r'href="/classes/([\w-]+)/', cadre.html)):
            if f'action="/classes/{code}/book/"' in cadre.open(f"/classes/{code}/"):
                cadre.send(f"/classes/{code}/book/")
                must(
                    f"/classes/{code}/" in cadre.open("/me/"),
                    f"{code} is not among the bookings.",
                )
                return
        raise Stop("!! There is no class on 加装 that can be booked.")

    def hold_the_class(self) -> None:
        coordinator = self.somebody(COORDINATOR)
        coordinator.open(f"/manage/classes/?q={quote('居民区会议怎么开')}")
        coordinator.open(coordinator.link(r"/manage/classes/PX-[\w-]+/"))
        coordinator.open(coordinator.link(r"/manage/lessons/\d+/attendance/"))
        coordinator.send("/attendance/", action="rest")
        must('value="undo"' in coordinator.html, "Nobody was marked.")
        coordinator.open(f"/manage/classes/?q={quote('楼组长议事入门班')}")
        to_close = coordinator.link(r"/manage/classes/PX-[\w-]+/")
        coordinator.open(f"{to_close}close/")
        coordinator.send("/close/")
        must(f"{to_close}reopen/" in coordinator.open(to_close), "The class is not closed.")

    def file_the_year(self) -> None:
        town, administrator = self.somebody(TOWN), self.somebody(ADMINISTRATOR)
        town.open("/manage/plans/")
        for plan in dict.fromkeys(re.findall(r'href="(/manage/plans/\d+/)"', town.html)):
            if f'action="{plan}submit/"' in town.open(plan):
                town.send(f"{plan}submit/")
                administrator.open(plan)
                administrator.send(f"{plan}return/", to=f"{plan}file/")
                must(
                    re.search(r"示例〔\d{4}〕\d+号", administrator.html), "The plan has no number."
                )
                must(
                    administrator.ask(f"{plan}export/?format=xlsx").startswith(b"PK"),
                    "The plan is no workbook.",
                )
                must(
                    "no-store" in administrator.headers["Cache-Control"],
                    "The export may be stored.",
                )
                return
        raise Stop("!! There is no plan to hand in.")

    def practise(self) -> None:
        secondee = self.somebody(SECONDEE)
        secondee.open("/me/secondment/")
        item = secondee.link(r"/me/secondment/[\w-]+/work_case/")
        secondee.open(item)
        photo = BytesIO()
        Image.new("RGB", (640, 480), "white").save(photo, "JPEG")
        secondee.send(f"{item}$", file=("走访.jpg", photo.getvalue()), file_field="files")
        check = secondee.send(f"{item}$", text="走访记录", check="1")
        must("走访.jpg" in check, "A photo is dropped when the text is written later.")
        secondee.send("/hand-in/$", declared_open="on")
        secondee.open(item)
        self.evidence = secondee.link(r"/secondments/evidence/[^\"]+")
        mentor = self.somebody(MENTOR)
        _empty, _me, _secondment, code, kind, _end = item.split("/")
        mentor.open(f"/manage/secondments/{code}/items/{kind}/")
        mentor.send("/sign/")
        must(
            secondee.ask(self.evidence).startswith(b"\xff\xd8\xff"),
            "The photo cannot be downloaded.",
        )

    def log_in_by_code(self) -> None:
        officer = self.visitor()
        officer.open("/accounts/login/code/")
        officer.send("/accounts/login/code/", phone=OFFICER)
        wait_until(lambda: Gateway.received, "The gateway got no code.")
        message = Gateway.received[-1]
        must(
            (message["phone"], message["template"]) == (OFFICER, "T1"),
            "The gateway got another message.",
        )
        officer.send("/accounts/login/code/confirm/", code=re.search(r"\d{6}", message["text"])[0])
        officer.open("/admin/")
        must("/admin/" in officer.address, "The first administrator cannot open /admin/.")

    def look_at_what_is_kept(self) -> None:
        for path in (self.folder / "var" / "media").rglob("*"):
            must(not stat.S_IMODE(path.stat().st_mode) & 0o007, f"{path} can be read by everybody.")
        for unit in SERVICES:
            for line in (self.folder / f"{unit}.log").read_text().splitlines():
                if not line or line.startswith("worker: "):
                    continue  # how Celery says goodbye
                try:
                    event = json.loads(line)
                except ValueError:
                    raise Stop(f"!! {unit} wrote a line that is no JSON: {line[:200]}") from None
                must(event["level"] not in ("ERROR", "CRITICAL"), f"{unit}: {line}")
                must(not re.search(r"(?<!\d)1\d{10}(?!\d)", line), f"{unit} wrote a mobile number.")
        written = (self.folder / "portal.log").read_text()
        must("200" in written and "?" not in written, "nginx logs what people search for.")
