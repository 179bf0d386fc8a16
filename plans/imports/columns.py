"""The columns that the table of a plan may have, and what offices call them."""

from django.utils.translation import gettext_lazy

from academy.imports.importer import Column

COLUMNS = (
    Column("number", "序号", "编号 项目序号 项目编号 no no.", 6, gettext_lazy("1, 2, 3 …")),
    Column(
        "name",
        "培训班名称",
        "培训名称 培训班次名称 班次名称 培训班次 培训项目名称 培训项目 项目名称 培训班 班名 名称",
        28,
        gettext_lazy("At most 80 characters."),
        guesses="培训主题 培训课题 培训活动 办班名称 班级名称 项目 班次",
        endings="培训名称 班级名称 项目名称 活动名称 课题名称 班名 培训班 班别",
    ),
    Column(
        "organiser",
        "主办单位",
        "主办部门 主办 举办单位 牵头单位 牵头部门 责任单位 责任部门",
        18,
        gettext_lazy("Empty: the unit of the plan."),
        endings="主办方 主办科室 主办处室 责任科室 责任处室 牵头科室"
        " 负责部门 负责科室 组织部门 组织单位",
    ),
    Column(
        "co_organiser",
        "承办单位",
        "承办单位/协办 承办/协办单位 承办、协办单位 承办单位/协办单位"
        " 承办/协办 承办部门 承办 协办单位",
        18,
        gettext_lazy("May stay empty."),
        guesses="配合单位 实施单位",
        endings="承办方 承办科室 承办处室 实施部门 协办方 协办部门 合作单位 委托单位",
    ),
    Column(
        "purpose",
        "培训目的",
        "培训目标 目的",
        20,
        gettext_lazy("May stay empty."),
        endings="目的 目标 意义",
    ),
    Column(
        "audience",
        "培训对象",
        "参训对象 参训人员 参加对象 参加人员 培训人员 对象",
        24,
        gettext_lazy("As exactly as you can: the review compares it with the plans of others."),
        guesses="面向对象 培训范围 培训群体 参训范围",
        endings="对象 人员 人群 受众 群体 范围 学员 参加者 谁参加 谁来参加 谁来 哪些人"
        " 受训者 参训者 听课者 学习者 训谁 培训谁 教谁"
        " 人参加 人来 人来参加 什么人 什么人听 人来听 谁听 给谁讲 给谁听 给谁 面向谁",
    ),
    Column(
        "people",
        "人数",
        "参训人数 培训人数 全年人数 总人数 计划人数 预计人数 年度人数 培训规模 每期人数 每班人数",
        8,
        gettext_lazy("All runs of the year together."),
        guesses="规模 培训人次 人次 参加人数 预计参训 拟训人数 班额 招生人数 人/期 人/班",
        endings="人数 人次 人 名额 规模 员数",
    ),
    Column(
        "runs",
        "期数",
        "全年期数 办班期数 培训期数 举办期数 班次数 期次 计划期数",
        6,
        gettext_lazy("How often the class is held in the year."),
        guesses="办班次数 举办次数 办班批次 批次 班次 班数 培训班数 办班数 次数 场次",
        endings="期数 班数 班次数 次数 场次 场数 批次 批数 期次 频次 轮次 班次 几期 几次 期"
        " 几期办 几次办 期办",
    ),
    Column(
        "months",
        "拟办时间",
        "培训时间 计划时间 举办时间 办班时间 拟办月份 开班时间 时间 月份 季度",
        14,
        gettext_lazy("A month or a quarter, such as 4月、8月 or 第二季度."),
        guesses=(
            "举办日期 时间安排 培训日期 办班月份 计划月份 实施时间 开班月份 时间节点 时间进度"
            " 进度安排 开展时间 组织时间 开课时间 培训月份 预计时间 举办月份"
        ),
        endings="时间 月份 日期 季度 时段 时限 月度 何时 时候 时候办 时节 进度"
        " 何时举办 何时办 几时办 哪个月 哪个月办 几月 几月办",
    ),
    Column(
        "days",
        "天数",
        "每期天数 每班天数 培训天数",
        6,
        gettext_lazy("Half a day is 0.5."),
        guesses="时长 每期时长 培训时长 期限 培训期限",
        endings="天数 几天 天 日数 时长 期限 历时 学制",
    ),
    Column(
        "hours",
        "学时",
        "每期学时 每班学时 每期课时 学时数 培训学时 课时 课时数",
        6,
        gettext_lazy("Of one run, in steps of 0.25."),
        guesses="时 课时合计 总课时 学时合计 总学时 课时总数",
        endings="学时 几学时 几课时 课时 学时数 课时数 学时量 课时量 课时合计 学时合计",
    ),
    Column(
        "place",
        "地点",
        "培训地点 办班地点 举办地点 拟办地点 地点/校区 校区 场地 培训场地",
        18,
        gettext_lazy("May stay empty."),
        guesses="培训场所 场所 办班场所",
        endings="地点 场所 场地 地址 教室 会场 哪里办 在哪里 在哪办 在哪里上 教学点 培训点 办班点",
    ),
    Column(
        "content",
        "培训内容",
        "主要内容 培训课程 主要课程 课程内容 课程 内容",
        34,
        gettext_lazy("The main topics, separated by 、"),
        guesses="课程设置 课程安排 教学安排 主题 教学内容 内容安排 培训内容安排",
        endings="内容 课程 要点 摘要 概要 提要 提纲 大纲 课题 主题 专题 模块 课目 重点 议题 什么"
        " 简介 介绍 概述 简述 课程表 讲授 授课点 要目 菜单 些什么"
        " 培训科目 训练科目 教学科目 授课科目 课程科目 学习科目",
    ),
    Column(
        "formats",
        "培训方式",
        "培训形式 教学形式 教学方式 授课方式 授课形式 方式 形式",
        16,
        gettext_lazy("May stay empty."),
        guesses="组织形式 办班形式",
        endings="方式 形式 方法 手段",
    ),
    Column(
        "budget",
        "经费预算（元）",
        "经费预算 预算经费 培训经费 所需经费 经费概算 预算金额 预算 经费 金额 每期经费 每期预算"
        " 每班经费 人均经费 人均经费标准 人均预算",
        13,
        gettext_lazy("All runs together, in yuan; 0 when it costs nothing."),
        guesses="元/期 元/班 万元/期 费用 预计费用 经费额度 所需费用 经费总额 培训费 资金预算",
        endings="经费 费用 预算 金额 概算 资金 投入 支出 额度 总额"
        " 开支 花费 测算 估算 预算数 培训费 钱 元 多少钱",
    ),
    Column(
        "funding",
        "经费来源",
        "列支渠道 经费列支渠道 资金来源 经费来源/列支渠道 经费渠道",
        14,
        gettext_lazy("May stay empty."),
        guesses="列支科目 支出渠道 经费列支 经费出处 预算科目 资金渠道 列支"
        " 经费性质 资金性质 费用性质 经费类型 资金类型 经费类别 资金类别"
        " 经费属性 资金属性 经费口径 资金口径",
        endings="来源 渠道 科目 出处 列支 列支项目 支出项目 哪里来 哪来 谁出 出资方 哪里出 哪出",
    ),
    Column(
        "category",
        "培训类别",
        "类别 培训班类别",
        8,
        gettext_lazy("一类, 二类 or 三类; may stay empty."),
    ),
    Column(
        "other_system_cadres",
        "是否涉及本系统以外干部",
        "涉及本系统以外干部 是否涉及系统外干部 涉及系统外干部",
        10,
        gettext_lazy("是 or 否"),
    ),
    Column(
        "contact_name",
        "联系人",
        "责任人 负责人 责任人/联系人 经办人",
        10,
        gettext_lazy("May stay empty."),
        endings="联系人 负责人 责任人 经办人 联络员 联络人 班主任"
        " 带班人 组训人 对接人 组织人 经办 联络",
    ),
    Column(
        "contact_phone",
        "联系电话",
        "电话 联系方式 手机 手机号 联系人电话 电话号码",
        14,
        gettext_lazy("May stay empty."),
        endings="电话 号码 手机 联系方式",
    ),
    Column(
        "remark",
        "备注",
        "说明",
        24,
        gettext_lazy("May stay empty."),
        endings="备注 说明 附注 事项",
    ),
    Column(
        "contact",
        "联系人及电话",
        "责任人/联系人、电话 联系人及联系电话 责任人及电话 负责人及电话 负责人及联系电话"
        " 负责人/电话 联系人、电话 联系人/电话",
        in_template=False,
    ),
    Column(
        "unit",
        "单位",
        "所属单位 申报单位 填报单位 报送单位 报备单位 街镇 镇街 所属街镇 报送街镇",
        in_template=False,
    ),
    Column("year", "年度", "计划年度 所属年度 实施年度 培训年度 年份", in_template=False),
    Column("filing_number", "备案编号", in_template=False),
    Column(
        "hours_in_the_year",
        "全年学时",
        "全年总学时 全年课时 全年总课时 年度学时 年度总学时",
        in_template=False,
    ),
    Column(
        "days_and_hours",
        "天数/学时",
        "天数/课时 天数(学时) 天数(课时) 天数及学时 天数和学时 天数、学时 天数学时 学时/天数"
        " 课时/天数 学时(天数) 学时及天数",
        guesses="培训时长(天/学时) 时长(天/学时)",
        in_template=False,
        is_choice=True,
    ),
    Column(
        "people_and_runs",
        "人数/期数",
        "人数、期数 期数/人数 期数、人数 期数及人数 人数及期数 期数×人数",
        in_template=False,
        is_choice=True,
    ),
    Column(
        "runs_and_days",
        "期数/天数",
        "期数、天数 期数及天数 天数/期数 期数×天数",
        in_template=False,
        is_choice=True,
    ),
    Column(
        "budget_and_funding",
        "经费预算/来源",
        "经费/来源 经费预算及来源 经费及来源 经费预算（来源） 经费预算及资金来源",
        in_template=False,
        is_choice=True,
    ),
    Column(
        "audience_and_people",
        "培训对象及人数",
        "培训对象、人数 培训对象/人数 参训对象及人数 参训范围及人数 培训对象及规模",
        in_template=False,
        is_choice=True,
    ),
    Column(
        "months_and_days",
        "培训时间及天数",
        "时间及天数 时间/天数 培训时间、天数 培训时间/天数",
        in_template=False,
        is_choice=True,
    ),
    Column(
        "start",
        "开始时间",
        "开始日期 开始月份 起始时间 起始日期 起始月份 开班日期 开始 起始 起 自",
        in_template=False,
        is_choice=True,
    ),
    Column(
        "end",
        "结束时间",
        "结束日期 结束月份 结班时间 结班日期 截止时间 截止日期 截止月份 终止时间 终止日期"
        " 完成时间 结束 截止 终止 止 至",
        in_template=False,
        is_choice=True,
    ),
    *(
        Column(
            f"quarter_{number}",
            f"{word}季度",
            f"第{word}季度 {number}季度 第{number}季度",
            in_template=False,
        )
        for number, word in enumerate("一二三四", start=1)
    ),
    *(
        Column(f"month_{number}", f"{number}月", f"{number}月份", in_template=False)
        for number in range(1, 13)
    ),
)
