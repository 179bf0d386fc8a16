"""The portal's own pages and the parts of its help as the search finds them: by what the house
calls what they deal with.

The words are those that people type, so they are Chinese. What stands first goes before what
follows it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.places import places
from academy.search.index import Findable, SearchSource


@dataclass(frozen=True)
class Page:
    """A page or a part of one; `permission` is that of those who may open it, none where it is
    public.
    """

    code: str
    title: str
    url_name: str
    names: str  # apart by spaces
    permission: str = ""
    anchor: str = ""

    @property
    def url(self) -> str:
        return reverse(self.url_name) + (f"#{self.anchor}" if self.anchor else "")


def staff_pages() -> tuple[Page, ...]:
    """The places of the office side, as each app declares them (`academy/places.py`)."""
    return tuple(
        Page(
            place.url_name.replace(":", "-"),
            place.words,
            place.url_name,
            place.names or str(place.words),
            place.permission,
        )
        for place in places()
    )


OWN_PAGES = (
    Page(
        "my-classes",
        pgettext_lazy("navigation", "My classes"),
        "portal:me",
        "我的班 我的 我的报名 报名 候补 取消报名 退班 换人 请假",
        "portal.open_own_pages",
    ),
    Page(
        "my-hours",
        _("My study hours"),
        "trainees:my_hours",
        "学时 我的学时",
        "trainees.book",
    ),
    Page(
        "my-hour-statement",
        _("Statement of study hours"),
        "trainees:my_hour_statement",
        "学时证明 学时单 打印学时 年度学时",
        "trainees.book",
    ),
    Page(
        "my-teaching-statement",
        _("Statement of teaching and mentoring"),
        "practicums:my_teaching_statement",
        "授课证明 带教证明 授课与带教证明 上课证明",
        "practicums.prove_teaching",
    ),
    Page(
        "my-path",
        _("My path"),
        "trainees:my_path",
        "成长路径 我的成长 下一步 成长阶段",
        "trainees.book",
    ),
    Page(
        "my-certificates",
        _("My certificates"),
        "trainees:my_certificates",
        "证书 我的证书 结业证书 学时证书",
        "trainees.book",
    ),
    Page(
        "my-calendar",
        _("Classes in my calendar"),
        "trainees:calendar",
        "日历 订阅日历",
        "trainees.book",
    ),
    Page("my-follows", _("What I follow"), "trainees:my_follows", "关注", "trainees.book"),
    Page("my-absences", _("My absences"), "trainees:my_absences", "缺课 申诉", "trainees.book"),
    Page(
        "my-secondment",
        _("The seven items of my secondment"),
        "practicums:my_secondment",
        "挂职 七个一",
        "trainees.book",
    ),
    Page(
        "my-notices",
        pgettext_lazy("navigation", "Notices"),
        "notices:inbox",
        "通知 消息 提醒",
        "portal.open_own_pages",
    ),
    Page(
        "my-password",
        _("Change the password"),
        "account_change_password",
        "改密码 修改密码 密码",
        "portal.open_own_pages",
    ),
    Page(
        "my-requests",
        _("Ask for a topic"),
        "courses:topic_requests",
        "点单 点课 配菜",
        "portal.open_own_pages",
    ),
)
PUBLIC_PAGES = (
    Page(
        "courses",
        pgettext_lazy("navigation", "Courses"),
        "courses:course_list",
        "课程 找课 选课 课程目录",
    ),
    Page(
        "classes",
        pgettext_lazy("navigation", "Classes"),
        "trainees:class_list",
        "班次 找班 培训班 开班",
    ),
    Page(
        "services",
        pgettext_lazy("navigation", "Service items"),
        "courses:service_list",
        "服务事项 事项",
    ),
    Page(
        "network",
        pgettext_lazy("navigation", "Network"),
        "portal:network",
        "教学点 教学点网络 分校 治理会客厅",
    ),
    Page(
        "experts",
        pgettext_lazy("navigation", "Experts"),
        "portal:experts",
        "七师二员 师资 专家 名师 优秀书记 讲师",
    ),
    Page(
        "practice-rooms",
        _("Practice classrooms"),
        "portal:practice_rooms",
        "沉浸式 沉浸式实训课堂 实训课堂 实训教室 沉浸式教室",
    ),
    Page(
        "methods",
        _("The 12 practice moves"),
        "portal:methods",
        "12招 十二招 实训赋能12招 实训赋能十二招 招数 方法卡",
    ),
    Page(
        "projects",
        pgettext_lazy("navigation", "Projects of 先锋行动"),
        "plans:project_list",
        "先锋行动 先锋项目 美好社区先锋行动",
    ),
    Page("season", _("Season plan"), "portal:season_now", "赋能季划 季划 脉动 递进"),
    Page("cases", pgettext_lazy("navigation", "Cases"), "practicums:case_list", "案例 案例库"),
    Page(
        "check-certificate",
        _("Check a certificate"),
        "trainees:check_certificate",
        "证书核验 查证书 验证证书 证书真伪",
    ),
    Page("join", _("Residents join here"), "trainees:join", "登记 注册 居民 志愿者"),
    Page(
        "feedback",
        _("Complaints and suggestions"),
        "portal:feedback",
        "投诉 建议 投诉建议 意见 提意见 提个意见 提建议 反馈 投诉电话"
        " 不好用 说两句 说几句 讲得不好 吐槽 反映问题 联系电话 学院电话 办公室电话 提点意见"
        " 有意见 提点看法 提看法 给老师提 对网站",
    ),
    Page("privacy", _("Personal data"), "portal:privacy", "个人信息 隐私 隐私政策"),
    Page("accessibility", _("Accessibility"), "portal:accessibility", "无障碍 读屏"),
    Page("help", _("Help"), "portal:help", "帮助 怎么用 使用说明"),
)
HELP = (
    Page(
        "help-booking",
        _("Booking, waiting, cancelling"),
        "portal:help",
        "报名 怎么报名 候补 排队 取消报名 退班 退课 退报名 不想去 去不了 满员 人满 名额"
        " 代报 帮同事报 一起报"
        " 报错 报错班 报错了 想退 退掉 退出 不去了 改报 换班 换一期 排到"
        " 排到几 候补第几 轮到我 报满 名额满 抢不到 报不上 报不了 没报上"
        " 报上了 报名成功 报名截止 补报 替同事 替人报 帮别人报 统一报 团报"
        " 开班通知 短信 收不到通知 没收到短信 错过开班"
        " 班满了 排个队 排队排到 排在第几 第几位 前头有人退 前面有人退 有人退 点错 多报 报重 报重了"
        " 教室换了 换教室 改时间 改地点 换地方",
        anchor="booking",
    ),
    Page(
        "help-absence",
        _("When you cannot come"),
        "portal:help",
        "请假 来不了 有事 没法来 赶不上 病假 事假 换人 缺课 一节课 补课 补上"
        " 打招呼 急事 家里有事 请个假 撞期 时间冲突 临时有事 走不开 来不及 迟到 早退 生病 住院"
        " 出差 缺了一次 落下 漏了一节 补听 补一节 旷课 没去成 上不了课"
        " 课上不了 去不成 要开会 单位开会 跟谁说一声 缺几次 缺几节 劝退 退学 准假",
        anchor="absence",
    ),
    Page(
        "help-called", _("When your street-town sends you"), "portal:help", "调训", anchor="called"
    ),
    Page(
        "help-hours",
        _("Study hours"),
        "portal:help",
        "学时 签到 扫码签到 没扫上 扫不上 算到 点名 考勤 结班 上完的课 学了多少 攒学时"
        " 培训证明 学时证明 证书"
        " 那张纸 交给单位 打印 还差多少 上满 没上满 学时不够 课时 几个学时 要多少学时 达标 没记上"
        " 没算上 漏记 少算 红本 红本本 结业证 结业证书 打印证明 开证明"
        " 培训记录 学习记录 学分 门口的码 那个码 扫码 扫了 扫不出 没反应"
        " 二维码 签到表 打卡 签名"
        " 扫不了码 没有智能手机 到场 到场怎么算 记上 没记 给我记上 补记",
        anchor="hours",
    ),
    Page(
        "help-login",
        _("Logging in"),
        "portal:help",
        "登录 登不上 登不进 进不去 账号 验证码 密码 忘记密码 手机号 换手机 换手机号"
        " 登陆 登不了 上不去 密码不对 密码错 收不到验证码 短信没来 没有账号"
        " 注册 开通 被锁 锁住 换号 旧号 停机 退出登录"
        " 第一次用 先注册 换单位 调到 调动 换居委 换岗位 改资料 资料找谁改 个人资料 信息不对",
        anchor="login",
    ),
    Page(
        "help-topics",
        _("Asking for a topic"),
        "portal:help",
        "点单 点课 配菜 开新课 开一门课 开一门新课 想学的课 需求"
        " 目录里没有 专门开 开一堂 没有我要的课 想学的 开个班 请老师来讲 送课上门 想听 建议开课",
        anchor="topics",
    ),
    Page(
        "help-secondment",
        pgettext_lazy("heading", "Secondment"),
        "portal:help",
        "挂职 七个一 七件事 丰羽 丰羽行动 带教 挂职锻炼 鉴定 要交的材料"
        " 挂职材料 任务清单 带教老师 谁签字 挂职单位 挂职期满 挂职鉴定 七项",
        anchor="secondment",
    ),
    Page(
        "help-large-print",
        _("Large print"),
        "portal:help",
        "大字 字太小 字小 看不清 放大 字体 大字版 字号 老花眼 调大 看不见",
        anchor="large-print",
    ),
    Page("help-finding", _("Finding a class"), "portal:help", "搜索 怎么找班", anchor="finding"),
    Page(
        "help-residents",
        _("Residents and others"),
        "portal:help",
        "居民 志愿者 登记"
        " 课表 课程表 最近有什么课 有什么培训 附近的班 怎么找课 有哪些班"
        " 不是干部 普通居民 老百姓 也想听 旁听 退休 业主 没有账号能报 能报吗",
        anchor="residents",
    ),
)


class PageSource(SearchSource):
    """Of pages that deal with the same, first where the person works, then what is their own, then
    what explains it.
    """

    kind = "page"
    label = pgettext_lazy("kind of a hit", "Page")
    answers = True

    def entries(self) -> Iterator[Findable]:
        with translation.override(settings.LANGUAGE_CODE):
            for place, pages in enumerate((staff_pages(), OWN_PAGES, PUBLIC_PAGES, HELP), start=1):
                yield from (
                    self._entry(page, f"{place}-{page.code}", is_help=pages is HELP)
                    for page in pages
                )

    def _entry(self, page: Page, code: str, *, is_help: bool) -> Findable:
        title = str(_("Help: %(part)s") % {"part": page.title}) if is_help else str(page.title)
        names: Sequence[str] = page.names.split()
        return Findable(code, title, page.url, names=names, is_named=True, audience=page.permission)


SOURCES = [PageSource]
