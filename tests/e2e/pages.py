"""The written list of page × state × width: it drives the accessibility check and the pictures.

A row names the page, the address on a site (built from its data), who looks, and on which site.
Every row is looked at on a phone (390 px) and a PC (1280 px). FULL shows the demonstration year,
EMPTY a portal without classes or plans, WRONG what a mistyped address or a bad form shows.
"""

from collections.abc import Callable
from dataclasses import dataclass

from .conftest import ROOT, Site
from .on_the_day import DAY

FULL, EMPTY, WRONG = "full", "empty", "wrong"
CADRE, BRANCH, TOWN, DEPARTMENT, OFFICE, ADMIN, SECONDEE = (
    "19900009001",
    "19900009004",
    "19900009005",
    "19900009006",
    "19900009007",
    "19900009008",
    "19900000208",
)
COORDINATOR = "19900009003"
RESIDENT = "19900009011"  # a light account
VISITOR = ""
PERSON = f"SELECT id FROM academy_user WHERE phone = '{CADRE}'"
POST = (
    "SELECT p.id FROM trainees_posting p JOIN trainees_trainee t ON t.id = p.trainee_id WHERE"
    f" p.valid_to IS NULL AND t.user_id = ({PERSON})"
)
ROSTER_FILE = ROOT / "tests" / "cases" / "rosters" / "roster-messy.xlsx"
PLAN_FILE = ROOT / "demo" / "plans" / "plan-2027-大场镇.xlsx"


@dataclass(frozen=True)
class PageState:
    """One picture to take: which page, in which state, seen by whom."""

    name: str
    path: str | Callable[[Site], str]
    who: str | Callable[[Site], str] = VISITOR
    state: str = FULL
    # fields and what is typed into them; a file field gets the path of a file
    fill: tuple[tuple[str, str], ...] = ()
    # a button to press after loading and filling (CSS selector), for forms that are sent empty or
    # wrong
    press: str = ""
    # what a script shows where the button leaves the page standing (CSS selector)
    answer: str = ""
    large: bool = False

    def address(self, site: Site) -> str:
        return self.path if isinstance(self.path, str) else self.path(site)

    def phone(self, site: Site) -> str:
        return self.who if isinstance(self.who, str) else self.who(site)


def _class(condition: str) -> Callable[[Site], str]:
    query = f"SELECT code FROM courses_trainingclass c WHERE {condition} ORDER BY starts_at LIMIT 1"
    return lambda site: f"/classes/{site.value(query)}/"


def _manage_class(condition: str) -> Callable[[Site], str]:
    return lambda site: f"/manage{_class(condition)(site)}"


def _tab(condition: str, tab: str) -> Callable[[Site], str]:
    """A tab of the workspace of a class."""
    ending = "" if "?" in tab else "/"
    return lambda site: f"{_manage_class(condition)(site)}{tab}{ending}"


def _lesson(condition: str, page: str) -> Callable[[Site], str]:
    query = (
        "SELECT l.id FROM courses_lesson l JOIN courses_trainingclass c ON c.id ="
        f" l.training_class_id WHERE {condition} ORDER BY l.starts_at LIMIT 1"
    )
    end = "" if "?" in page else "/"
    return lambda site: f"/manage/lessons/{site.value(query)}/{page}{end}"


def _person(page: str = "") -> Callable[[Site], str]:
    """A page of the cadre who logs in."""
    return lambda site: f"/manage/people/{site.value(PERSON)}/{page}"


def _pair() -> Callable[[Site], str]:
    """Two of the cadres, side by side."""
    others = f"SELECT id FROM academy_user WHERE phone = '{COORDINATOR}'"
    return lambda site: f"/manage/people/duplicates/{site.value(PERSON)}/{site.value(others)}/"


def _person_post() -> Callable[[Site], str]:
    return lambda site: f"{_person('posts')(site)}/{site.value(POST)}/end/"


def _row(slug: str, table: str, page: str = "") -> Callable[[Site], str]:
    """The first row of a kept table."""
    query = f"SELECT id FROM {table} ORDER BY id LIMIT 1"
    return lambda site: f"/manage/tables/{slug}/{site.value(query)}/{page}"


def _plan(status: str, page: str = "") -> Callable[[Site], str]:
    # a plan that is being changed has its number and stands last
    query = "SELECT id FROM plans_annualplan WHERE status = ? ORDER BY year DESC, filing_number, id"
    return lambda site: f"/manage/plans/{site.value(query, status)}/{page}"


FEE_STEPS = ("draft", "made_out", "checked", "approved")


def _fees(status: str, page: str = "") -> Callable[[Site], str]:
    """A list of lecture fees at that step."""
    query = "SELECT id FROM plans_lecturefeelist WHERE status = ? ORDER BY id LIMIT 1"
    return lambda site: f"/manage/lecture-fees/{site.value(query, status)}/{page}"


def _item(status: str, page: str, kind: str = "") -> Callable[[Site], str]:
    """An item of a running secondment in the state; `page` has a {code} and a {kind}."""
    query = (
        "SELECT s.code, i.kind FROM practicums_sevenitem i JOIN practicums_secondment s ON s.id ="
        " i.secondment_id WHERE s.status = 'running' AND i.status = ? AND i.kind LIKE ? ORDER BY"
        " s.code DESC"
    )
    return lambda site: page.format(
        **dict(zip(("code", "kind"), site.row(query, status, kind or "%"), strict=True))
    )


def _secondee_with(status: str, kind: str = "%") -> Callable[[Site], str]:
    return lambda site: site.value(
        "SELECT u.phone FROM practicums_sevenitem i JOIN practicums_secondment s ON s.id ="
        " i.secondment_id JOIN trainees_trainee t ON t.id = s.trainee_id JOIN academy_user u ON"
        " u.id = t.user_id WHERE s.status = 'running' AND i.status = ? AND i.kind LIKE ? ORDER BY"
        " s.code DESC",
        status,
        kind,
    )


def _mentor_with(status: str, kind: str = "%") -> Callable[[Site], str]:
    return lambda site: site.value(
        "SELECT u.phone FROM practicums_sevenitem i JOIN practicums_secondment s ON s.id ="
        " i.secondment_id JOIN academy_user u ON u.id = s.mentor_id WHERE s.status = 'running' AND"
        " i.status = ? AND i.kind LIKE ? ORDER BY s.code DESC",
        status,
        kind,
    )


def _plan_being_changed(site: Site) -> str:
    query = "SELECT id FROM plans_annualplan WHERE status = 'draft' AND filing_number != ''"
    return f"/manage/plans/{site.value(query)}/"


def _report(status: str) -> Callable[[Site], str]:
    query = "SELECT plan_id FROM plans_executionreport WHERE status = ?"
    return lambda site: f"/manage/plans/{site.value(query, status)}/report/"


BAD_REPORT = (("#id_form-0-people", "-3"),)


def _item_consent(site: Site) -> str:
    plan, item = site.row(
        "SELECT p.id, i.id FROM plans_annualplan p JOIN plans_planitem i ON i.plan_id = p.id"
        " WHERE i.other_system_cadres ORDER BY p.year DESC, i.id"
    )
    return f"/manage/plans/{plan}/items/{item}/consent/"


def _plan_item(site: Site) -> str:
    plan, item = site.row(
        "SELECT p.id, i.id FROM plans_annualplan p JOIN plans_planitem i ON i.plan_id = p.id WHERE"
        " p.status = 'draft' AND p.filing_number = '' ORDER BY i.number"
    )
    return f"/manage/plans/{plan}/items/{item}/"


def _offer(site: Site) -> tuple[str, str]:
    """The class and the phone of somebody to whom a seat is offered."""
    return site.row(
        "SELECT c.code, u.phone FROM trainees_enrolment e JOIN courses_trainingclass c ON c.id ="
        " e.training_class_id JOIN trainees_trainee t ON t.id = e.trainee_id JOIN academy_user u ON"
        " u.id = t.user_id WHERE e.status = 'offered' ORDER BY e.id"
    )


SEND = "main form[method=post] button.btn-primary"
MINE, THEIRS = "/me/secondment/{code}/{kind}/", "/manage/secondments/{code}/items/{kind}/"


def _open_topic_request(site: Site) -> str:
    query = "SELECT id FROM courses_topicrequest WHERE status = ? LIMIT 1"
    return f"/manage/requests/{site.value(query, 'open')}/"


def _tenth_secondment(site: Site) -> str:
    query = "SELECT code FROM practicums_secondment ORDER BY code LIMIT 1 OFFSET 9"
    return f"/manage/secondments/{site.value(query)}/"


def _import(status: str) -> Callable[[Site], str]:
    query = "SELECT id FROM academy_importrun WHERE status = ? LIMIT 1"
    return lambda site: f"/manage/imports/{site.value(query, status)}/"


def _key(site: Site, phone: str) -> int:
    return site.value("SELECT id FROM academy_user WHERE phone = ?", phone)


def _grant_of(phone: str, page: str) -> Callable[[Site], str]:
    query = "SELECT id FROM academy_rolegrant WHERE user_id = ?"
    return lambda site: f"/manage/roles/{site.value(query, _key(site, phone))}/{page}/"


def _who(site: Site, phone: str, address: str) -> str:
    return f"/manage/roles/who/?person={_key(site, phone)}&address={address}"


def _in(condition: str, code: str = "") -> Callable[[Site], str]:
    """A scan of the wall, or how somebody stands in the roll."""

    def address(site: Site) -> str:
        key = _lesson(condition, "wall")(site).split("/")[3]
        return f"/in/{key}/{code}/" if code else f"/in/{key}/"

    return address


NOW = f"datetime({DAY.timestamp():.0f}, 'unixepoch')"
BOOKED = "c.status='open' AND EXISTS (SELECT 1 FROM trainees_enrolment e JOIN trainees_trainee t ON t.id=e.trainee_id JOIN academy_user u ON u.id=t.user_id WHERE u.phone='19900009001' AND e.status='booked' AND e.training_class_id=c.id)"  # noqa: E501
CANCELLABLE = f"{BOOKED} AND c.booking_closes_at > {NOW}"
WITH_SLOTS = "c.status='open' AND EXISTS (SELECT 1 FROM courses_lesson l WHERE l.slot_group IS NOT NULL AND l.training_class_id=c.id)"  # noqa: E501
SENT = "SELECT id FROM trainees_nomination WHERE status='{}' LIMIT 1"
SENT_CLASS = (
    "SELECT c.code FROM trainees_nomination n JOIN courses_trainingclass c ON"
    " c.id=n.training_class_id LIMIT 1"
)
CHAIN_CLASS = "SELECT code FROM courses_trainingclass WHERE approval='chain' LIMIT 1"
SEAT_OF_CADRE = "SELECT e.id FROM trainees_enrolment e JOIN trainees_trainee t ON t.id=e.trainee_id JOIN academy_user u ON u.id=t.user_id JOIN courses_trainingclass c ON c.id=e.training_class_id WHERE u.phone='19900009001' AND e.status='booked' AND c.status='open' LIMIT 1"  # noqa: E501
WAITING = BOOKED.replace("e.status='booked'", "e.status='waitlisted'")
OPEN_FOR_OTHERS = f"c.status='open' AND c.booking_opens_at < {NOW} AND c.booking_closes_at > {NOW}"
NOT_FOR_CADRE = f"{OPEN_FOR_OTHERS} AND NOT EXISTS (SELECT 1 FROM courses_trainingclass_audiences a JOIN academy_position p ON p.id=a.position_id WHERE a.trainingclass_id=c.id AND p.name='居民区书记')"  # noqa: E501
FOR_GROUPS = (
    f"{OPEN_FOR_OTHERS} AND EXISTS (SELECT 1 FROM courses_trainingclass_open_to_groups g WHERE"
    " g.trainingclass_id=c.id)"
)
LATER = f"c.status='open' AND c.booking_opens_at > {NOW}"
CLOSED = "c.status='closed'"
AT_THE_COLLEGE = f"{CLOSED} AND c.campus_id IN (SELECT id FROM academy_campus WHERE code='C00')"
MISSED = f"SELECT u.phone FROM trainees_attendance a JOIN trainees_enrolment e ON e.id=a.enrolment_id JOIN trainees_trainee t ON t.id=e.trainee_id JOIN academy_user u ON u.id=t.user_id JOIN courses_lesson l ON l.id=a.lesson_id JOIN courses_trainingclass c ON c.id=l.training_class_id WHERE a.status='absent' AND c.status='closed' AND u.password NOT LIKE '!%' AND l.starts_at > datetime({NOW}, '-80 days')"  # noqa: E501
OWN_ABSENCE = "SELECT a.id, u.phone FROM trainees_absenceappeal p JOIN trainees_attendance a ON a.enrolment_id=p.enrolment_id AND a.lesson_id=p.lesson_id JOIN trainees_enrolment e ON e.id=a.enrolment_id JOIN trainees_trainee t ON t.id=e.trainee_id JOIN academy_user u ON u.id=t.user_id WHERE u.password NOT LIKE '!%'"  # noqa: E501
OWN_MAKE_UP = "SELECT a.id, u.phone FROM trainees_makeup m JOIN trainees_attendance a ON a.enrolment_id=m.enrolment_id AND a.lesson_id=m.missed_id JOIN trainees_enrolment e ON e.id=a.enrolment_id JOIN trainees_trainee t ON t.id=e.trainee_id JOIN academy_user u ON u.id=t.user_id WHERE m.status='booked' AND u.password NOT LIKE '!%'"  # noqa: E501
ON_LEAVE = "EXISTS (SELECT 1 FROM trainees_leaverequest r JOIN trainees_enrolment e ON e.id=r.enrolment_id JOIN trainees_trainee t ON t.id=e.trainee_id JOIN academy_user u ON u.id=t.user_id WHERE u.phone='19900009001' AND r.decision='pending' AND e.training_class_id=c.id)"  # noqa: E501
REPEATED = "SELECT c.code, u.phone FROM courses_trainingclass c JOIN courses_lesson l ON l.training_class_id=c.id JOIN courses_courseversion v ON v.id=l.course_version_id JOIN courses_courseversion w ON w.course_id=v.course_id JOIN courses_lesson m ON m.course_version_id=w.id JOIN trainees_enrolment e ON e.training_class_id=m.training_class_id JOIN trainees_trainee t ON t.id=e.trainee_id JOIN academy_user u ON u.id=t.user_id WHERE c.status='open' AND e.status='completed' AND u.password NOT LIKE '!%' ORDER BY c.starts_at"  # noqa: E501
RUNNING = (
    "c.status='running' AND EXISTS (SELECT 1 FROM trainees_enrolment e WHERE"
    " e.training_class_id=c.id AND e.status='booked')"
)
FULL_CLASS = f"{OPEN_FOR_OTHERS} AND c.waiting_count > 0"
UNMARKED = f"{RUNNING} AND c.ends_at < {NOW}"
TODAY = f"c.status='running' AND l.starts_at <= {NOW} AND l.ends_at >= {NOW}"
UNMARKED_LESSON = (
    f"{UNMARKED} AND NOT EXISTS (SELECT 1 FROM trainees_attendance a WHERE a.lesson_id=l.id)"
)
LOCKED_LESSON = f"{RUNNING} AND EXISTS (SELECT 1 FROM trainees_rolllock r WHERE r.lesson_id=l.id AND r.reopened_at IS NULL)"  # noqa: E501

CASE = "/manage/cases/{}/"
CERTIFIED = (
    f"{CLOSED} AND EXISTS (SELECT 1 FROM trainees_certificate f WHERE f.training_class_id=c.id)"
)


def _certificate(condition: str, address: str) -> Callable[[Site], str]:
    query = (
        "SELECT f.check_code, f.id FROM trainees_certificate f JOIN trainees_trainee t ON"
        f" t.id=f.trainee_id JOIN academy_user u ON u.id=t.user_id WHERE {condition} ORDER BY f.id"
    )

    def of(site: Site) -> str:
        code, key = site.row(query)
        return address.format(code=code, key=key)

    return of


OWN_CERTIFICATE = f"u.phone='{CADRE}' AND f.kind='class'"
REVOKED_CERTIFICATE = "f.revoked_at IS NOT NULL"


def _hour_claim(site: Site) -> str:
    query = "SELECT id FROM trainees_hourclaim WHERE status = 'asked' ORDER BY id"
    return f"/manage/hour-claims/{site.value(query)}/"


PAGES = [
    PageState("my-claims", "/me/hours/claims/", CADRE),
    PageState("my-claims", "/me/hours/claims/", CADRE, state=WRONG, press="main form .btn-primary"),
    PageState("hour-claims", "/manage/hour-claims/", OFFICE),
    PageState("hour-claim", _hour_claim, OFFICE),
    PageState("my-path", "/me/path/", CADRE),
    PageState("my-path", "/me/path/", CADRE, state=EMPTY),
    PageState("path-list", "/manage/people/path/?who=all", COORDINATOR),
    PageState("path-list", "/manage/people/path/", COORDINATOR, state=EMPTY),
    PageState("person-path", lambda site: f"/manage/people/{_key(site, CADRE)}/path/", COORDINATOR),
    PageState(
        "person-path",
        lambda site: f"/manage/people/{_key(site, CADRE)}/path/",
        COORDINATOR,
        state=WRONG,
        press="main form button[value=not_yet]",
    ),
    PageState("table-path", "/manage/tables/path/", ADMIN),
    PageState("my-certificates", "/me/certificates/", CADRE),
    PageState("my-certificates", "/me/certificates/", CADRE, state=EMPTY),
    PageState("certificate", _certificate(OWN_CERTIFICATE, "/certificates/{code}/"), CADRE),
    PageState(
        "certificate-revoked", _certificate(REVOKED_CERTIFICATE, "/certificates/{code}/"), OFFICE
    ),
    PageState("class-certificates", _tab(CERTIFIED, "certificates"), OFFICE),
    PageState("class-certificates-paper", _tab(CERTIFIED, "certificates/paper"), OFFICE),
    PageState("certificates", "/manage/certificates/", OFFICE),
    PageState("certificates", "/manage/certificates/", BRANCH, state=EMPTY),
    PageState(
        "certificate-revoke",
        _certificate(OWN_CERTIFICATE, "/manage/certificates/{key}/revoke/"),
        OFFICE,
    ),
    PageState("year-certificates", "/manage/certificates/year/", ADMIN),
    PageState("year-certificates", "/manage/certificates/year/", ADMIN, state=WRONG, press=SEND),
    PageState("check", "/check/"),
    PageState("check-valid", _certificate(OWN_CERTIFICATE, "/check/{code}/")),
    PageState("check-revoked", _certificate(REVOKED_CERTIFICATE, "/check/{code}/")),
    PageState("check", "/check/0000000000000000/", state=WRONG),
    PageState("cases", "/cases/"),
    PageState("cases", "/cases/", state=EMPTY),
    PageState("cases", "/cases/?theme=XX", state=WRONG),
    PageState("case", "/cases/AL-01/"),
    PageState("case", "/cases/AL-99/", state=WRONG),
    PageState("manage-cases", "/manage/cases/", OFFICE),
    PageState("manage-cases", "/manage/cases/", BRANCH, state=EMPTY),
    PageState(
        "manage-case-in-review",
        lambda site: CASE.format(
            site.value("SELECT code FROM practicums_practicecase WHERE status='in_review'")
        ),
        OFFICE,
    ),
    PageState(
        "manage-case-draft",
        lambda site: CASE.format(
            site.value("SELECT code FROM practicums_practicecase WHERE status='draft'")
        ),
        BRANCH,
    ),
    PageState("case-new", "/manage/cases/new/", BRANCH),
    PageState("case-new", "/manage/cases/new/", BRANCH, state=WRONG, press=SEND),
    PageState("season-pulse", f"/season/{DAY.year}Q1/"),
    PageState("season-pulse", "/season/2020Q1/", state=EMPTY),
    PageState("home", "/"),
    PageState("home-large", "/", large=True),
    PageState("own-home", "/", CADRE),
    PageState("home", "/", state=EMPTY),
    PageState("start", "/manage/start/", OFFICE),
    PageState("start", "/manage/start/", ADMIN, state=EMPTY),
    PageState("settings", "/manage/settings/", ADMIN),
    PageState(
        "settings-looked-at",
        "/manage/settings/",
        ADMIN,
        fill=(("input[name=filing_label]", "宝治备"), ("input[name=staff_idle_minutes]", "45")),
        press="main form .btn-primary",
    ),
    PageState(
        "settings",
        "/manage/settings/",
        ADMIN,
        state=WRONG,
        fill=(("input[name=office_phone]", "总机"),),
        press="main form .btn-primary",
    ),
    PageState("holidays", f"/manage/settings/holidays/{DAY.year + 2}/", ADMIN),
    PageState(
        "holidays-looked-at",
        f"/manage/settings/holidays/{DAY.year + 2}/",
        ADMIN,
        fill=(("textarea[name=text]", "1月1日-3日 休 元旦"),),
        press="main form .btn-primary",
    ),
    PageState("tables", "/manage/tables/", ADMIN),
    PageState("tables", "/manage/tables/", OFFICE, state=EMPTY),
    PageState("table-villages", "/manage/tables/villages/?q=宝林", ADMIN),
    PageState("table-venues", "/manage/tables/venues/", OFFICE),
    PageState("table-posts", "/manage/tables/positions/", OFFICE),
    PageState("table-posts", "/manage/tables/positions/?state=retired", OFFICE, state=EMPTY),
    PageState("table-row", _row("campuses", "academy_campus"), ADMIN),
    PageState(
        "table-row",
        _row("campuses", "academy_campus"),
        ADMIN,
        state=WRONG,
        fill=(("input[name=name]", ""), ("input[name=capacity]", "-5")),
        press="main form .btn-primary",
    ),
    PageState("usual-words", "/manage/tables/usual-words/", OFFICE, state=EMPTY),
    PageState("table-row-new", "/manage/tables/service-items/new/", OFFICE),
    PageState("table-mark-labels", "/manage/tables/mark-labels/", OFFICE),
    PageState("table-mark-label", _row("mark-labels", "trainees_marklabel"), OFFICE),
    PageState("table-row-retire", _row("villages", "academy_village", "retire/"), ADMIN),
    PageState(
        "table-row-effects",
        _row("hour-targets", "trainees_hourtarget"),
        ADMIN,
        fill=(("input[name=hours]", "90"),),
        press="main form .btn-primary",
    ),
    PageState("table-list-conversions", "/manage/tables/hour-conversions/", OFFICE),
    PageState("network", "/network/"),
    PageState("experts", "/experts/"),
    PageState("experts", "/experts/?kind=XX", state=WRONG),
    PageState("practice-rooms", "/rooms/"),
    PageState("practice-rooms", "/rooms/", state=EMPTY),
    PageState("methods", "/methods/"),
    PageState("methods", "/methods/", state=EMPTY),
    PageState("campus", "/campuses/C00/"),
    PageState("campus", "/campuses/S03/", state=EMPTY),
    PageState("campus", "/campuses/NONE/", state=WRONG),
    PageState("town", "/towns/310113102/"),
    PageState("courses", "/courses/"),
    PageState("courses-filtered", "/courses/?track=SW&format=F02"),
    PageState("courses", "/courses/", state=EMPTY),
    PageState("courses", "/courses/?track=XX", state=WRONG),
    PageState("course", "/courses/SW-001/"),
    PageState("course", "/courses/NONE/", state=WRONG),
    PageState("course-retired", "/courses/SW-103/"),
    PageState("course-version", "/courses/SW-002/versions/2/"),
    PageState("course-version", "/courses/SW-002/versions/99/", state=WRONG),
    PageState("course-versions", "/courses/SW-002/versions/", OFFICE),
    PageState("course-versions", "/courses/SW-002/versions/?old=99", OFFICE, state=WRONG),
    PageState("services", "/services/"),
    PageState("services", "/services/", state=EMPTY),
    PageState("services", "/services/?department=XX", state=WRONG),
    PageState("service", "/services/FW-01/"),
    PageState("service-gap", "/services/FW-16/"),
    PageState("service", "/services/NONE/", state=WRONG),
    PageState("service-card", "/services/FW-01/card/"),
    PageState("service-cards", "/services/cards/?department=D08"),
    PageState("service-cards", "/services/cards/", state=EMPTY),
    PageState("service-cards", "/services/cards/?department=XX", state=WRONG),
    PageState("service-gaps", "/manage/services/gaps/", OFFICE),
    PageState("service-gaps", "/manage/services/gaps/", OFFICE, state=EMPTY),
    PageState("service-gaps", "/manage/services/gaps/?gap=x", OFFICE, state=WRONG),
    PageState("service-edit", "/manage/services/FW-01/edit/", OFFICE),
    PageState("classes", "/classes/"),
    PageState("classes-bookable", "/classes/?bookable=1", CADRE),
    PageState("classes", "/classes/", state=EMPTY),
    PageState("classes", "/classes/?campus=XX&page=9999", state=WRONG),
    PageState("class-visitor", _class(OPEN_FOR_OTHERS)),
    PageState("class-full", _class(FULL_CLASS)),
    PageState("class-booked", _class(CANCELLABLE), CADRE),
    PageState("booked", lambda site: f"{_class(CANCELLABLE)(site)}booked/", CADRE),
    PageState("class-waiting", _class(WAITING), CADRE),
    PageState("own-slots", lambda site: f"{_class(WITH_SLOTS)(site)}slots/", CADRE),
    PageState("own-slots", lambda site: f"{_class(NOT_FOR_CADRE)(site)}slots/", CADRE, state=WRONG),
    PageState("class-slots-to-choose", _class(WITH_SLOTS), CADRE),
    PageState("booked-slots-to-choose", lambda site: f"{_class(WITH_SLOTS)(site)}booked/", CADRE),
    PageState("class-slots", _tab(WITH_SLOTS, "slots"), BRANCH),
    PageState("class-without-slots", _tab(CLOSED, "slots"), OFFICE),
    PageState("own-question", lambda site: f"{_class(CANCELLABLE)(site)}question/", CADRE),
    PageState(
        "own-question", lambda site: f"{_class(NOT_FOR_CADRE)(site)}question/", CADRE, state=WRONG
    ),
    PageState("class-not-eligible", _class(NOT_FOR_CADRE), CADRE),
    PageState("class-not-open", _class(LATER), CADRE),
    PageState("class-over", _class(CLOSED), CADRE),
    PageState("class-large", _class(CANCELLABLE), CADRE, large=True),
    PageState("class", "/classes/NONE/", state=WRONG),
    PageState(
        "offer", lambda site: f"/classes/{_offer(site)[0]}/offer/", lambda site: _offer(site)[1]
    ),
    PageState("me-offered", "/me/", lambda site: _offer(site)[1]),
    PageState("expert-own", "/experts/ZJ-001/", "19900009012"),
    PageState("teaching", "/me/teaching/", "19900009012"),
    PageState("teaching", "/me/teaching/", CADRE, state=WRONG),
    PageState("teaching-statement", "/me/teaching/statement/", "19900009012"),
    PageState("teaching-statement", "/me/teaching/statement/?year=2020", CADRE, state=EMPTY),
    PageState("teaching-statement", "/me/teaching/statement/?year=abc", CADRE, state=WRONG),
    PageState("teaching-statement-mentor", "/me/teaching/statement/", _mentor_with("handed_in")),
    PageState("teaching-statement-expert", "/manage/experts/ZJ-001/teaching/", OFFICE),
    PageState(
        "teaching-statement-person", lambda site: f"{_person('teaching')(site)}/", COORDINATOR
    ),
    PageState("mentoring", "/me/mentoring/", _mentor_with("handed_in")),
    PageState("mentoring-nothing-to-sign", "/me/mentoring/", "19900008009"),
    PageState("mentoring", "/me/mentoring/", CADRE, state=WRONG),
    PageState("me-mentor", "/me/", "19900008009"),
    PageState("me-auditor", "/me/", "19900009009"),
    PageState("me-secondee", "/me/", SECONDEE),
    PageState("home-secondee", "/", SECONDEE),
    PageState("own-home", "/", CADRE, state=EMPTY),
    PageState("for-colleagues", "/manage/colleagues/", COORDINATOR),
    PageState("for-colleagues", "/manage/colleagues/", COORDINATOR, state=EMPTY),
    PageState(
        "class-offered", lambda site: f"/classes/{_offer(site)[0]}/", lambda site: _offer(site)[1]
    ),
    PageState(
        "exemption",
        lambda site: f"/classes/{site.row(REPEATED)[0]}/exemption/",
        lambda site: site.row(REPEATED)[1],
    ),
    PageState("exemption", lambda site: f"{_class(BOOKED)(site)}exemption/", CADRE, state=WRONG),
    PageState("leave", lambda site: f"{_class(ON_LEAVE)(site)}leave/", CADRE),
    PageState("leave-no-seat", lambda site: f"{_class(NOT_FOR_CADRE)(site)}leave/", CADRE),
    PageState(
        "leave", lambda site: f"{_class(ON_LEAVE)(site)}leave/", CADRE, state=WRONG, press=SEND
    ),
    PageState(
        "absence",
        lambda site: f"/me/absences/{site.row(OWN_ABSENCE)[0]}/",
        lambda site: site.row(OWN_ABSENCE)[1],
    ),
    PageState(
        "make-up",
        lambda site: f"/me/absences/{site.row(OWN_MAKE_UP)[0]}/",
        lambda site: site.row(OWN_MAKE_UP)[1],
    ),
    PageState("absences", "/me/absences/", lambda site: site.value(MISSED)),
    PageState("absences", "/me/absences/", CADRE, state=EMPTY),
    PageState("own-number", "/me/number/", CADRE),
    PageState("cancel", lambda site: f"{_class(CANCELLABLE)(site)}cancel/", CADRE),
    PageState("cancel", lambda site: f"{_class(NOT_FOR_CADRE)(site)}cancel/", CADRE, state=WRONG),
    PageState("colleagues", lambda site: f"{_class(CANCELLABLE)(site)}colleagues/", COORDINATOR),
    PageState(
        "colleagues",
        lambda site: f"{_class(CANCELLABLE)(site)}colleagues/",
        COORDINATOR,
        state=WRONG,
        press=SEND,
    ),
    PageState("colleagues-town", lambda site: f"{_class(CANCELLABLE)(site)}colleagues/", TOWN),
    PageState("pass-on", lambda site: f"{_class(CANCELLABLE)(site)}pass-on/", CADRE),
    PageState(
        "pass-on",
        lambda site: f"{_class(CANCELLABLE)(site)}pass-on/",
        CADRE,
        state=WRONG,
        press=SEND,
    ),
    PageState("book-for-class", lambda site: f"{_manage_class(CANCELLABLE)(site)}book/", OFFICE),
    PageState(
        "book-for-class",
        lambda site: f"{_manage_class(CANCELLABLE)(site)}book/",
        OFFICE,
        state=WRONG,
        press=SEND,
    ),
    PageState(
        "change-booking",
        lambda site: f"/manage/enrolments/{site.value(SEAT_OF_CADRE)}/change/",
        OFFICE,
    ),
    PageState(
        "change-booking",
        lambda site: f"/manage/enrolments/{site.value(SEAT_OF_CADRE)}/change/",
        OFFICE,
        state=WRONG,
        press="main form[method=post] button.btn-bad",
    ),
    PageState(
        "swap", lambda site: f"/manage/enrolments/{site.value(SEAT_OF_CADRE)}/swap/", COORDINATOR
    ),
    PageState(
        "nominations", lambda site: f"/manage/classes/{site.value(SENT_CLASS)}/nominations/", TOWN
    ),
    PageState(
        "nominations",
        lambda site: f"{_manage_class(OPEN_FOR_OTHERS)(site)}nominations/",
        DEPARTMENT,
        state=WRONG,
    ),
    PageState(
        "nomination-replace",
        lambda site: f"/manage/nominations/{site.value(SENT.format('cannot'))}/",
        TOWN,
    ),
    PageState(
        "nomination", lambda site: f"/me/nominations/{site.value(SENT.format('asked'))}/", CADRE
    ),
    PageState("approvals-village", "/manage/approvals/", COORDINATOR),
    PageState("approvals", "/manage/approvals/", TOWN),
    PageState("approvals", "/manage/approvals/", TOWN, state=EMPTY),
    PageState(
        "approvals",
        "/manage/approvals/",
        OFFICE,
        state=WRONG,
        press="main form[method=post] button[value=refuse]",
    ),
    PageState("deputies", "/manage/deputies/", COORDINATOR),
    PageState("deputies", "/manage/deputies/", COORDINATOR, state=EMPTY),
    PageState("deputies", "/manage/deputies/", COORDINATOR, state=WRONG, press=SEND),
    PageState(
        "class-awaiting-approval", lambda site: f"/classes/{site.value(CHAIN_CLASS)}/", CADRE
    ),
    PageState("load", "/manage/load/", TOWN),
    PageState("load", "/manage/load/", TOWN, state=EMPTY),
    PageState("load", "/manage/load/?town=x", OFFICE, state=WRONG),
    PageState("search", "/search/?q=jzdt"),
    PageState("search-nearest", "/search/?q=电梯安装协议书"),
    PageState("search", "/search/", state=EMPTY),
    PageState("my-follows", "/me/follows/", CADRE),
    PageState("my-follows", "/me/follows/", CADRE, state=EMPTY),
    PageState("search", "/search/?q=没有这个词", state=WRONG),
    PageState("requests", "/requests/?item=FW-16", CADRE),
    PageState("requests", "/requests/", CADRE, state=EMPTY),
    PageState("requests", "/requests/", CADRE, state=WRONG, press=SEND),
    PageState("manage-requests", "/manage/requests/", OFFICE),
    PageState("manage-requests", "/manage/requests/", OFFICE, state=EMPTY),
    PageState("manage-requests", "/manage/requests/?status=x", OFFICE, state=WRONG),
    PageState(
        "answer-request",
        _open_topic_request,
        OFFICE,
    ),
    PageState("feedback", "/feedback/"),
    PageState("feedback", "/feedback/", state=WRONG, press=SEND),
    PageState("help", "/help/"),
    PageState("help-of-a-role", "/help/town-staff/", TOWN),
    PageState("help-of-a-role", "/help/nobody/", state=WRONG),
    PageState("privacy", "/privacy/"),
    PageState("accessibility", "/accessibility/"),
    PageState("login", "/accounts/login/"),
    PageState("login", "/accounts/login/", state=WRONG, press=SEND),
    PageState(
        "login-wrong-password",
        "/accounts/login/",
        state=WRONG,
        fill=(("input[name=login]", "19900009999"), ("input[name=password]", "x")),
        press=SEND,
    ),
    PageState("login-code", "/accounts/login/code/"),
    PageState("login-code", "/accounts/login/code/", state=WRONG, press=SEND),
    PageState(
        "login-code-confirm",
        "/accounts/login/code/",
        fill=(("input[name=phone]", CADRE),),
        press=SEND,
    ),
    PageState("password-forgotten", "/accounts/password/forgotten/"),
    PageState("password", "/accounts/password/", CADRE),
    PageState("password", "/accounts/password/", CADRE, state=WRONG, press=SEND),
    PageState("logout", "/accounts/logout/", CADRE),
    PageState("me", "/me/", CADRE),
    PageState("me", "/me/", CADRE, state=EMPTY),
    PageState("me-large", "/me/", CADRE, large=True),
    PageState("me-without-profile", "/me/", OFFICE, state=EMPTY),
    PageState("calendar", "/me/calendar/", CADRE),
    PageState("calendar", "/me/calendar/", CADRE, state=EMPTY),
    PageState("calendar", "/me/calendar/", OFFICE, state=WRONG),
    PageState("hours", "/me/hours/", CADRE),
    PageState("hours", "/me/hours/", CADRE, state=EMPTY),
    PageState("hours", "/me/hours/?year=abc", CADRE, state=WRONG),
    PageState("hour-statement", "/me/hours/statement/", CADRE),
    PageState("hour-statement", "/me/hours/statement/?year=2020", CADRE, state=EMPTY),
    PageState(
        "person-hours", lambda site: f"/manage/people/{_key(site, CADRE)}/hours/", COORDINATOR
    ),
    PageState("hour-gaps", "/manage/people/hours/?who=all", COORDINATOR),
    PageState("hour-gaps", "/manage/people/hours/?year=2020", COORDINATOR, state=EMPTY),
    PageState("hour-gaps", "/manage/people/hours/?year=abc", COORDINATOR, state=WRONG),
    PageState("notices", "/me/notices/", CADRE),
    PageState("notices", "/me/notices/", CADRE, state=EMPTY),
    PageState("notice-preferences", "/me/notices/settings/", CADRE),
    PageState("secondment-own", "/me/secondment/", SECONDEE),
    PageState("secondment-own", "/me/secondment/", CADRE, state=EMPTY),
    PageState("secondment-own-sent-back", "/me/secondment/", _secondee_with("sent_back")),
    PageState("secondment-own-closed", "/me/secondment/", "19900000200"),
    PageState(
        "my-item-new",
        _item("not_started", MINE, "work_case"),
        _secondee_with("not_started", "work_case"),
        state=FULL,
    ),
    PageState(
        "my-item-begun",
        _item("in_progress", MINE, "work_case"),
        _secondee_with("in_progress", "work_case"),
    ),
    PageState(
        "my-item-handed-in",
        _item("handed_in", MINE, "get_together"),
        _secondee_with("handed_in", "get_together"),
    ),
    PageState("my-item-sent-back", _item("sent_back", MINE), _secondee_with("sent_back")),
    PageState(
        "my-item-signed", _item("signed", MINE, "task_list"), _secondee_with("signed", "task_list")
    ),
    PageState(
        "my-item-get-together",
        _item("signed", MINE, "get_together"),
        _secondee_with("signed", "get_together"),
    ),
    PageState(
        "my-item-appraisal",
        _item("not_started", MINE, "appraisal"),
        _secondee_with("not_started", "appraisal"),
    ),
    PageState(
        "my-item-appraisal-issued", MINE.format(code="FY-01", kind="appraisal"), "19900000200"
    ),
    PageState(
        "my-item",
        _item("not_started", MINE, "work_case"),
        _secondee_with("not_started", "work_case"),
        state=WRONG,
        press="button[name=check]:visible",
    ),
    PageState(
        "my-item-check",
        _item("in_progress", f"{MINE}hand-in/", "work_case"),
        _secondee_with("in_progress", "work_case"),
    ),
    PageState("join", "/join/"),
    PageState("join", "/join/", state=WRONG, press=SEND),
    PageState("join-code", "/join/code/", state=WRONG),
    PageState("class-for-groups", _class(FOR_GROUPS)),
    PageState("class-for-groups-resident", _class(FOR_GROUPS), RESIDENT),
    PageState("me-resident", "/me/", RESIDENT),
    PageState("me-resident", "/me/", RESIDENT, state=EMPTY),
    PageState("classes-resident", "/classes/", RESIDENT),
    PageState("account", "/me/account/", RESIDENT),
    PageState("account", "/me/account/", CADRE, state=WRONG),
    PageState("people", "/manage/people/", OFFICE),
    PageState("people-found", "/manage/people/?q=zmh&status=working", TOWN),
    PageState("people-near", "/manage/people/?q=周敏花", OFFICE),
    PageState("people-village", "/manage/people/", COORDINATOR),
    PageState("people", "/manage/people/?stage=none", OFFICE, state=EMPTY),
    PageState("people", "/manage/people/?stage=gone", OFFICE, state=WRONG),
    PageState("people-export", "/manage/people/export/", OFFICE),
    PageState("people-export", "/manage/people/export/?q=周敏花花", TOWN, state=EMPTY),
    PageState("people-export", "/manage/people/export/?download=1", OFFICE, state=WRONG),
    PageState(
        "people-stages", _person(), OFFICE, press="main form[action$='/people/stages/'] button"
    ),
    PageState("person", _person(), OFFICE),
    PageState("person", _person(), COORDINATOR, state=EMPTY),
    PageState("person", "/manage/people/999999/", OFFICE, state=WRONG),
    PageState("duplicates", "/manage/people/duplicates/", OFFICE),
    PageState("duplicates-town", "/manage/people/duplicates/", TOWN, state=EMPTY),
    PageState("duplicates", "/manage/people/duplicates/?town=gone", OFFICE, state=WRONG),
    PageState("duplicate-pair", _pair(), ADMIN),
    PageState("duplicate-pair", _pair(), ADMIN, state=WRONG, press=SEND),
    PageState(
        "duplicate-effect",
        _pair(),
        ADMIN,
        fill=(("input[name=reason]", "已问过本人"),),
        press="main form:not([action]) button.btn-primary",
    ),
    PageState("merges", "/manage/people/merges/", OFFICE, state=EMPTY),
    PageState("person-add", "/manage/people/add/", TOWN),
    PageState("person-add", "/manage/people/add/", OFFICE, state=EMPTY),
    PageState("person-add", "/manage/people/add/", OFFICE, state=WRONG, press=SEND),
    PageState("person-correct", _person("correct/"), TOWN),
    PageState(
        "person-correct",
        _person("correct/"),
        OFFICE,
        state=WRONG,
        fill=(("input[name=born_in]", "八一年"),),
        press=SEND,
    ),
    PageState("person-move", _person("move/"), OFFICE),
    PageState("person-move", _person("move/"), OFFICE, state=WRONG, press=SEND),
    PageState("person-add-post", _person("posts/add/"), TOWN),
    PageState("person-add-post", _person("posts/add/"), TOWN, state=WRONG, press=SEND),
    PageState("person-end-post", _person_post(), TOWN),
    PageState("person-phone", _person("phone/"), OFFICE),
    PageState(
        "person-phone",
        _person("phone/"),
        OFFICE,
        state=WRONG,
        fill=(("input[name=phone]", "12345"),),
        press="main button[value=code]",
    ),
    PageState("person-suspend", _person("suspend/"), OFFICE),
    PageState(
        "person-suspend",
        _person("suspend/"),
        OFFICE,
        state=WRONG,
        press="main form[method=post] button.btn-bad",
    ),
    PageState("rosters", "/manage/rosters/", OFFICE),
    PageState("rosters-town", "/manage/rosters/", TOWN),
    PageState("rosters", "/manage/rosters/", OFFICE, state=EMPTY),
    PageState("rosters", "/manage/rosters/?lacks=nothing", TOWN, state=WRONG),
    PageState(
        "roster-preview",
        "/manage/rosters/",
        OFFICE,
        fill=(("input[name=file]", str(ROSTER_FILE)),),
        press=SEND,
    ),
    PageState("groups", "/manage/groups/", OFFICE),
    PageState("groups", "/manage/groups/?quarter=1", OFFICE, state=EMPTY),
    PageState("groups", "/manage/groups/?quarter=9", OFFICE, state=WRONG),
    PageState("manage", "/manage/", OFFICE),
    PageState("manage-kind", "/manage/?kind=review", OFFICE),
    PageState("manage-group", "/manage/?due=later", OFFICE),
    PageState("manage-large", "/manage/", OFFICE, large=True),
    PageState("lessons", "/manage/lessons/", OFFICE),
    PageState("lessons", "/manage/lessons/", TOWN, state=EMPTY),
    PageState("lessons", "/manage/lessons/?day=x", OFFICE, state=WRONG),
    PageState("dispatch", "/manage/nominations/", TOWN),
    PageState("dispatch", "/manage/nominations/", OFFICE, state=EMPTY),
    PageState("find", "/manage/find/?q=jmq", OFFICE),
    PageState("find", "/manage/find/?q=%E2%98%83", OFFICE, state=WRONG),
    PageState("manage", "/manage/", TOWN, state=EMPTY),
    PageState("manage", "/manage/", CADRE, state=WRONG),
    PageState("manage-courses", "/manage/courses/", OFFICE),
    PageState("manage-courses", "/manage/courses/", OFFICE, state=EMPTY),
    PageState("manage-courses", "/manage/courses/?status=gone&sort=x", OFFICE, state=WRONG),
    PageState("manage-course-in-review", "/manage/courses/ZC-009/", OFFICE),
    PageState(
        "manage-course-in-review",
        "/manage/courses/ZC-009/",
        OFFICE,
        state=WRONG,
        press="main form[method=post] button.btn-quiet",
    ),
    PageState("manage-course-returned", "/manage/courses/ZC-007/", DEPARTMENT),
    PageState("manage-course-retired", "/manage/courses/SW-103/", OFFICE),
    PageState("course-new", "/manage/courses/new/", OFFICE),
    PageState("course-new", "/manage/courses/new/", OFFICE, state=WRONG, press=SEND),
    PageState("course-edit", "/manage/courses/SW-001/edit/", OFFICE),
    PageState("imports", "/manage/imports/", OFFICE),
    PageState("imports", "/manage/imports/", OFFICE, state=EMPTY),
    PageState(
        "imports",
        "/manage/imports/",
        OFFICE,
        state=WRONG,
        press="main form[method=post] button.btn-primary",
    ),
    PageState("imports-of-a-kind", "/manage/imports/?kind=courses", OFFICE),
    PageState(
        "imports-of-a-kind",
        "/manage/imports/?kind=courses",
        OFFICE,
        state=WRONG,
        press=SEND,
    ),
    PageState("heading-words", "/manage/imports/words/", OFFICE),
    PageState("import-preview", _import("previewed"), OFFICE),
    PageState("import-done", _import("imported"), OFFICE),
    PageState(
        "import-done", lambda site: f"{_import('imported')(site)}?outcome=none", OFFICE, state=WRONG
    ),
    PageState("manage-classes", "/manage/classes/", BRANCH),
    PageState("manage-classes", "/manage/classes/", OFFICE, state=EMPTY),
    PageState("season", "/manage/season/", OFFICE),
    PageState("season-own", "/manage/season/", TOWN),
    PageState("season-month", "/manage/season/2026Q4/?view=month", OFFICE),
    PageState("season-list", "/manage/season/2027Q1/?view=list", OFFICE),
    PageState("season", "/manage/season/", OFFICE, state=EMPTY),
    PageState("season", "/manage/season/2027Q1/?campus=XX", OFFICE, state=WRONG),
    PageState("roster-export", lambda site: f"{_manage_class(CLOSED)(site)}export/", OFFICE),
    PageState("season-open", "/manage/season/2027Q1/open/", OFFICE),
    PageState("season-open", "/manage/season/2027Q1/open/", OFFICE, state=EMPTY),
    PageState("season-batch", "/manage/season/2027Q2/batch/", OFFICE),
    PageState(
        "season-batch",
        "/manage/season/2027Q2/batch/",
        OFFICE,
        state=WRONG,
        press="main form[method=post] button.btn-primary",
    ),
    PageState("season-clone", "/manage/season/2027Q2/clone/?source=2027Q1", OFFICE),
    PageState(
        "season-clone-preview",
        "/manage/season/2027Q2/clone/?source=2027Q1",
        OFFICE,
        press="main form[method=post] button.btn-primary",
    ),
    PageState("season-clone", "/manage/season/2027Q2/clone/", OFFICE, state=EMPTY),
    PageState("rooms", "/manage/rooms/?day=2026-12-08&starts=13:30&minutes=150&seats=30", OFFICE),
    PageState("rooms", "/manage/rooms/", OFFICE, state=EMPTY),
    PageState("rooms", "/manage/rooms/?day=2026-12-08&starts=09:00&minutes=1", OFFICE, state=WRONG),
    PageState("manage-experts", "/manage/experts/", OFFICE),
    PageState("manage-experts", "/manage/experts/", OFFICE, state=EMPTY),
    PageState("manage-experts", "/manage/experts/?q=没有这个词", OFFICE, state=WRONG),
    PageState("expert", "/experts/JS-001/"),
    PageState("expert-staff", "/experts/JS-001/", OFFICE),
    PageState("expert", "/experts/NONE/", state=WRONG),
    PageState(
        "expert-new",
        "/manage/experts/new/",
        OFFICE,
        state=WRONG,
        press="main form[method=post] button.btn-primary",
    ),
    PageState("class-gauging", _class("c.gauges_interest"), CADRE),
    PageState("class-new", "/manage/classes/new/", OFFICE),
    PageState("class-new", "/manage/classes/new/", OFFICE, state=WRONG, press=SEND),
    PageState("class-edit", lambda site: f"{_manage_class(BOOKED)(site)}edit/", OFFICE),
    PageState("class-rules", lambda site: f"{_manage_class(BOOKED)(site)}rules/", OFFICE),
    PageState("class-rules", "/manage/classes/NONE/rules/", OFFICE, state=WRONG),
    PageState("queue", lambda site: f"{_manage_class(FULL_CLASS)(site)}queue/", OFFICE),
    PageState(
        "class-materials", lambda site: f"{_manage_class(FULL_CLASS)(site)}materials/", OFFICE
    ),
    PageState(
        "class-materials",
        lambda site: f"{_manage_class(FULL_CLASS)(site)}materials/",
        OFFICE,
        state=WRONG,
        press="main form[method=post] .btn-primary",
    ),
    PageState("class-message", lambda site: f"{_manage_class(FULL_CLASS)(site)}message/", OFFICE),
    PageState(
        "class-message-shown",
        lambda site: f"{_manage_class(FULL_CLASS)(site)}message/",
        OFFICE,
        fill=(
            ("input[name=title]", "请带《居委会工作手册》"),
            ("textarea[name=text]", "下周二上课请带手册。\n车停在学院西门。"),
        ),
        press="main form[method=post] button",
    ),
    PageState(
        "class-message",
        lambda site: f"{_manage_class(FULL_CLASS)(site)}message/",
        OFFICE,
        state=WRONG,
        press="main form[method=post] button",
    ),
    PageState("move-people", lambda site: f"{_manage_class(FULL_CLASS)(site)}move/", OFFICE),
    PageState(
        "move-people",
        lambda site: f"{_manage_class(FULL_CLASS)(site)}move/",
        OFFICE,
        state=WRONG,
        press="main form[method=post] button",
    ),
    PageState("trainee-requests", "/manage/petitions/", OFFICE),
    PageState("trainee-requests", "/manage/petitions/", OFFICE, state=EMPTY),
    PageState("class-overview", _manage_class(RUNNING), OFFICE),
    PageState("class-overview-closed", _manage_class(CLOSED), OFFICE),
    PageState("class-overview-to-close", _manage_class(UNMARKED), OFFICE),
    PageState("class-overview-later", _manage_class(LATER), OFFICE),
    PageState("roster", _tab(RUNNING, "people"), OFFICE),
    PageState("roster-closed", _tab(CLOSED, "people"), OFFICE),
    PageState("roster-full", _tab(FULL_CLASS, "people"), OFFICE),
    PageState("roster-full", _tab(FULL_CLASS, "people/?who=nobody"), OFFICE, state=WRONG),
    PageState("class-attendance", _tab(UNMARKED, "attendance"), OFFICE),
    PageState("class-attendance-closed", _tab(CLOSED, "attendance"), OFFICE),
    PageState("class-quotas", _tab(BOOKED, "quotas"), OFFICE),
    PageState("class-quotas-closed", _tab(CLOSED, "quotas"), OFFICE),
    PageState(
        "class-quotas",
        _tab(BOOKED, "quotas"),
        OFFICE,
        state=WRONG,
        fill=(("#id_capacity", "x"),),
        press="main button[name=save]",
    ),
    PageState("class-records", _tab(CLOSED, "records"), OFFICE),
    PageState("class-copy", _tab(RUNNING, "copy"), OFFICE),
    PageState("class-copy-shown", _tab(RUNNING, "copy/?first=2027-02-15"), OFFICE),
    PageState("class-copy", _tab(RUNNING, "copy/?first=1900-01-01"), OFFICE, state=WRONG),
    PageState("reopen-class", _tab(CLOSED, "reopen"), OFFICE),
    PageState("roster-paper", _tab(CLOSED, "paper"), OFFICE),
    PageState("class-questions", _tab(CANCELLABLE, "questions"), OFFICE),
    PageState("class-questions-none", _tab(CLOSED, "questions"), OFFICE),
    PageState("close-class", lambda site: f"{_manage_class(UNMARKED)(site)}close/", OFFICE),
    PageState("roll-unmarked", _lesson(UNMARKED_LESSON, "attendance"), OFFICE),
    PageState("roll-large", _lesson(RUNNING, "attendance"), OFFICE, large=True),
    PageState("roll", _lesson(RUNNING, "attendance"), OFFICE),
    PageState("class-day", _tab(UNMARKED, "day"), OFFICE),
    PageState("class-day-closed", _tab(CLOSED, "day"), OFFICE),
    PageState("groups-paper", _tab(UNMARKED, "groups"), OFFICE),
    PageState("name-cards", _tab(UNMARKED, "name-cards"), OFFICE),
    PageState("roll-missing", _lesson(UNMARKED_LESSON, "attendance/?who=missing"), OFFICE),
    PageState("wall", _lesson(TODAY, "wall"), OFFICE),
    PageState("wall-no-code", _lesson(CLOSED, "wall"), OFFICE),
    PageState("tickets", _lesson(TODAY, "tickets"), OFFICE),
    PageState(
        "tickets-not-one",
        _lesson(TODAY, "tickets"),
        OFFICE,
        fill=(("#id_code", "1:x"),),
        press=".door-form .btn",
        answer="[data-is=refused]",
    ),
    PageState("walk-in", _lesson(TODAY, "walk-in"), OFFICE),
    PageState(
        "walk-in-found",
        _lesson(TODAY, "walk-in"),
        OFFICE,
        fill=(("#id_phone", CADRE),),
        press=".door-form .btn",
    ),
    PageState("walk-in-over", _lesson(CLOSED, "walk-in"), OFFICE),
    PageState("sheet-photos", _lesson(TODAY, "sheet-photos"), OFFICE),
    PageState("check-in-no-seat", _in(TODAY), OFFICE),
    PageState("check-in-dead-code", _in(TODAY, "1-0000000000000000"), CADRE, state=WRONG),
    PageState("roll-closed", _lesson(CLOSED, "attendance"), OFFICE),
    PageState("roll-locked", _lesson(LOCKED_LESSON, "attendance"), OFFICE),
    PageState("roll-history", _lesson(LOCKED_LESSON, "history"), OFFICE),
    PageState("roll-history", _lesson(LOCKED_LESSON, "history/?person=0"), OFFICE, state=WRONG),
    PageState("roll-early", _lesson(BOOKED, "attendance"), OFFICE),
    PageState("sheet", _lesson(RUNNING, "sign-in"), OFFICE),
    PageState("plans", "/manage/plans/?year=2027", ADMIN),
    PageState("plans", "/manage/plans/", TOWN, state=EMPTY),
    PageState("plans-town", "/manage/plans/?year=2027", TOWN),
    PageState("plans-office", "/manage/plans/", ADMIN, state=EMPTY),
    PageState("plans", "/manage/plans/?year=abcd", ADMIN, state=WRONG),
    PageState("projects", "/projects/"),
    PageState("projects", "/projects/", state=EMPTY),
    PageState("projects", "/projects/?level=XX", state=WRONG),
    PageState("project", "/projects/XF-001/"),
    PageState("project", "/projects/XF-999/", state=WRONG),
    PageState("manage-projects", "/manage/projects/", TOWN),
    PageState("manage-projects", "/manage/projects/", ADMIN, state=EMPTY),
    PageState("project-edit", "/manage/projects/XF-002/", TOWN),
    PageState("project-new", "/manage/projects/new/", TOWN),
    PageState("project-new", "/manage/projects/new/", TOWN, state=WRONG, press=SEND),
    PageState("plan-filed", _plan("filed"), ADMIN),
    PageState("plan-submitted", _plan("submitted"), ADMIN),
    PageState("plan-draft", _plan("draft"), TOWN),
    PageState("plan-paper", _plan("filed", "paper/"), ADMIN),
    PageState("plan-returned", _plan("returned"), ADMIN),
    PageState(
        "plan-send-back",
        _plan("submitted"),
        ADMIN,
        state=WRONG,
        press='form[action$="/return/"] button:not([formaction])',
    ),
    PageState("plan-version", _plan("filed", "versions/1/"), ADMIN),
    PageState("plan-item", _plan_item, TOWN),
    PageState("plan-item-new", _plan("draft", "items/new/"), TOWN),
    PageState("plan-item-new", _plan("draft", "items/new/"), TOWN, state=WRONG, press=SEND),
    PageState("plan-in-review", _plan("accepted"), ADMIN),
    PageState("plan-being-changed", _plan_being_changed, ADMIN),
    PageState("plan-archived", _plan("archived"), ADMIN),
    PageState("plan-compare", _plan("archived", "compare/"), ADMIN),
    PageState("plan-report", _report("returned"), TOWN),
    PageState("plan-report", _report("returned"), TOWN, state=WRONG, fill=BAD_REPORT, press=SEND),
    PageState("plan-report-read", _report("accepted"), ADMIN),
    PageState("plan-report-review", _report("handed_in"), ADMIN),
    PageState("plan-units", "/manage/plans/units/?year=2027", ADMIN),
    PageState("plan-units", "/manage/plans/units/?year=十三月", ADMIN, state=WRONG),
    PageState("plan-consent", _item_consent, ADMIN),
    PageState("plan-overlaps", "/manage/plans/overlaps/?year=2027", ADMIN),
    PageState("plan-overlaps", "/manage/plans/overlaps/?year=2027", TOWN, state=EMPTY),
    PageState("paper-templates", "/manage/plans/templates/", ADMIN),
    PageState("paper-templates", "/manage/plans/templates/", ADMIN, state=WRONG, press=SEND),
    PageState("plan-courses", _plan("draft", "courses/"), ADMIN),
    PageState("plan-import", "/manage/plans/import/?year=2027", TOWN),
    PageState("plan-import", "/manage/plans/import/?year=2027", TOWN, state=WRONG, press=SEND),
    PageState(
        "plan-import-preview",
        "/manage/plans/import/?year=2027",
        TOWN,
        fill=(("input[name=file]", str(PLAN_FILE)),),
        press=SEND,
    ),
    PageState(
        "plan-import-locked",
        "/manage/plans/import/?year=2027&owner=310113103",
        ADMIN,
        state=WRONG,
        fill=(("input[name=file]", str(PLAN_FILE)),),
        press=SEND,
    ),
    PageState("board", "/manage/secondments/", OFFICE),
    PageState("board", "/manage/secondments/", OFFICE, state=EMPTY),
    PageState(
        "secondment",
        _tenth_secondment,
        OFFICE,
    ),
    PageState(
        "item-to-sign",
        _item("handed_in", THEIRS, "practical_project"),
        _mentor_with("handed_in", "practical_project"),
    ),
    PageState(
        "item-to-sign",
        _item("handed_in", THEIRS, "practical_project"),
        _mentor_with("handed_in", "practical_project"),
        state=WRONG,
        press="button[name=send_back]",
    ),
    PageState("item-sent-back", _item("sent_back", THEIRS), _mentor_with("sent_back")),
    PageState("item-signed", _item("signed", THEIRS, "task_list"), OFFICE),
    PageState("item-new", _item("not_started", THEIRS, "work_case"), OFFICE),
    PageState("appraisal", THEIRS.format(code="FY-01", kind="appraisal"), OFFICE),
    PageState("appraisal-not-written", _item("not_started", THEIRS, "appraisal"), OFFICE),
    PageState("mentor-work", "/manage/", _mentor_with("handed_in", "practical_project")),
    PageState(
        "mentor-board", "/manage/secondments/", _mentor_with("handed_in", "practical_project")
    ),
    PageState(
        "close-secondment",
        _tenth_secondment,
        OFFICE,
        state=WRONG,
        press='form[action$="/close/"] button',
    ),
    PageState("feedback-inbox", "/manage/feedback/", OFFICE, state=EMPTY),
    PageState("feedback-inbox", "/manage/feedback/", OFFICE),
    PageState("monitor", "/manage/monitor/", OFFICE),
    PageState("monitor", "/manage/monitor/", OFFICE, state=EMPTY),
    PageState("monitor-of-a-town", "/manage/monitor/", TOWN),
    PageState("monitor-of-nowhere", "/manage/monitor/?of=十三月", TOWN, state=WRONG),
    PageState("monitor-indicator", "/manage/monitor/near-own/", OFFICE),
    PageState("monitor-rows", "/manage/monitor/repeats/rows/", TOWN),
    PageState("monitor-overlaps", "/manage/monitor/overlaps/rows/", OFFICE),
    PageState("monitor-owners", "/manage/monitor/owners/", OFFICE),
    PageState("roles", "/manage/roles/", ADMIN),
    PageState("roles-by-place", "/manage/roles/?by=place", ADMIN),
    PageState("roles", "/manage/roles/?state=ended", TOWN, state=EMPTY),
    PageState("roles", "/manage/roles/?role=XX", ADMIN, state=WRONG),
    PageState("role-give", "/manage/roles/give/?q=周", ADMIN),
    PageState("role-give", "/manage/roles/give/?q=9999", ADMIN, state=WRONG),
    PageState(
        "role-new-person",
        "/manage/roles/give/",
        ADMIN,
        state=WRONG,
        fill=(("input[name=phone]", "123"),),
        press="#new-person ~ form button",
    ),
    PageState("role-choose", lambda site: f"/manage/roles/give/?person={_key(site, CADRE)}", ADMIN),
    PageState(
        "role-place",
        lambda site: f"/manage/roles/give/?person={_key(site, CADRE)}&role=village_coordinator",
        ADMIN,
    ),
    PageState(
        "role-place",
        lambda site: f"/manage/roles/give/?person={_key(site, CADRE)}&role=village_coordinator",
        ADMIN,
        state=WRONG,
        press=SEND,
    ),
    PageState("role-end", _grant_of(COORDINATOR, "end"), TOWN),
    PageState("role-end", _grant_of(COORDINATOR, "end"), ADMIN, state=WRONG, press=SEND),
    PageState("role-extend", _grant_of(COORDINATOR, "extend"), ADMIN),
    PageState(
        "role-extend",
        _grant_of(COORDINATOR, "extend"),
        ADMIN,
        state=WRONG,
        fill=(("input[name=valid_to]", "2026-01-02"),),
        press=SEND,
    ),
    PageState(
        "who-may",
        lambda site: _who(site, BRANCH, _lesson(AT_THE_COLLEGE, "attendance")(site)),
        ADMIN,
    ),
    PageState("who-may-not", lambda site: _who(site, CADRE, "/manage/plans/"), ADMIN),
    PageState("who", lambda site: _who(site, CADRE, "/no/page/"), ADMIN, state=WRONG),
    PageState("who", "/manage/roles/who/", ADMIN, state=EMPTY),
    PageState("coverage", "/manage/coverage/", OFFICE),
    PageState("coverage", "/manage/coverage/", OFFICE, state=EMPTY),
    PageState("coverage", "/manage/coverage/?day=2099-01-01", OFFICE, state=WRONG),
    PageState("coverage-stages", "/manage/coverage/stages/", OFFICE),
    PageState("coverage-town", "/manage/coverage/towns/310113102/", TOWN),
    PageState("coverage-town-all", "/manage/coverage/towns/310113102/?show=all", OFFICE),
    PageState("coverage-town-stages", "/manage/coverage/towns/310113102/stages/?show=all", TOWN),
    PageState("coverage-village", "/manage/coverage/villages/310113102002/", TOWN),
    PageState("coverage-village", "/manage/coverage/villages/310113102001/", TOWN, state=EMPTY),
    PageState("coverage-quotas", "/manage/coverage/quotas/?fill=villages", OFFICE),
    PageState("coverage-quotas", "/manage/coverage/quotas/?track=0", OFFICE, state=WRONG),
    PageState("coverage-quotas-town", "/manage/coverage/quotas/", TOWN),
    PageState("coverage-town-large", "/manage/coverage/towns/310113102/", TOWN, large=True),
    PageState("not-found", "/nothing/here/", state=WRONG),
]
PAGES += [
    PageState("plan-actual", "/manage/plans/actual/?year=2027", ADMIN),
    PageState("plan-actual", "/manage/plans/actual/?year=2027", TOWN, state=EMPTY),
    PageState("plan-actual", "/manage/plans/actual/?year=2027&as_of=abc", ADMIN, state=WRONG),
    PageState("plan-actual-items", "/manage/plans/actual/items/?year=2027", ADMIN),
    PageState("plan-actual-classes", "/manage/plans/actual/classes/?year=2027", ADMIN),
    PageState("plan-actual-people", "/manage/plans/actual/people/?year=2027", ADMIN),
    PageState("plan-unfiled", "/manage/plans/unfiled/", ADMIN),
    PageState("fee-lists", "/manage/lecture-fees/", ADMIN),
    PageState("fee-lists", "/manage/lecture-fees/", TOWN, state=EMPTY),
    PageState("fee-lists", "/manage/lecture-fees/?season=abc", ADMIN, state=WRONG),
    PageState("fee-list-begin", "/manage/lecture-fees/new/", ADMIN),
    PageState("fee-list-begin", "/manage/lecture-fees/new/", BRANCH, state=WRONG, press=SEND),
    *(PageState(f"fee-list-{status}", _fees(status), OFFICE) for status in FEE_STEPS),
    PageState("fee-list-paper", _fees("approved", "paper/"), ADMIN),
    PageState("class-filing", lambda site: f"{_manage_class(RUNNING)(site)}plan/", OFFICE),
]

EVALUATED = (
    "c.id IN (SELECT training_class_id FROM trainees_evaluationanswer) AND c.id IN (SELECT"
    " training_class_id FROM trainees_improvement)"
)
ASKED = (
    "c.id IN (SELECT e.training_class_id FROM trainees_classevaluation v JOIN trainees_enrolment e"
    " ON e.training_class_id = v.training_class_id JOIN trainees_trainee t ON t.id = e.trainee_id"
    f" WHERE t.user_id = ({PERSON}) AND v.closes_at > '{DAY}')"
)


def _own_evaluation(page: str = "") -> Callable[[Site], str]:
    return lambda site: f"/me/evaluation/{_class(ASKED)(site).split('/')[2]}/{page}"


def _evaluated(condition: str) -> Callable[[Site], str]:
    return lambda site: f"/manage/evaluation/classes/{_class(condition)(site).split('/')[2]}/"


PAGES += [
    PageState("my-evaluations", "/me/evaluation/", CADRE),
    PageState("my-evaluations", "/me/evaluation/", RESIDENT, state=EMPTY),
    PageState("evaluate", _own_evaluation(), CADRE),
    PageState("evaluate", _own_evaluation(), CADRE, state=WRONG, press=SEND),
    PageState("evaluate-large", _own_evaluation(), CADRE, large=True),
    PageState("say-use-early", _own_evaluation("used/90/"), CADRE, state=WRONG),
    PageState("evaluations", "/manage/evaluation/", OFFICE),
    PageState("evaluations", "/manage/evaluation/", BRANCH, state=EMPTY),
    PageState("evaluation-trends", "/manage/evaluation/trends/?by=campus&of=C00", OFFICE),
    PageState("evaluation-trends", "/manage/evaluation/trends/", OFFICE, state=EMPTY),
    PageState("evaluation-trends-courses", "/manage/evaluation/trends/?by=course", BRANCH),
    PageState("improvements", "/manage/evaluation/mend/", BRANCH),
    PageState("improvements", "/manage/evaluation/mend/", OFFICE, state=EMPTY),
    PageState("class-evaluation", _evaluated(EVALUATED), OFFICE),
    PageState("class-evaluation", _evaluated(EVALUATED), BRANCH, state=WRONG, press=SEND),
]
