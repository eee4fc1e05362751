"""What a dispute incident is: its columns and the vocabularies of the field.

The vocabularies are defaults that an installation may replace; nothing below tests for a single code.
"""

from dataclasses import dataclass
from enum import IntEnum


class LocatedBy(IntEnum):
    """How an incident got its place."""

    NOTHING = 0
    CODE = 1
    GEOMETRY = 2


@dataclass(frozen=True)
class DisputeType:
    """One class of dispute."""

    code: str
    name: str
    suppress_below: int = 5
    """Counts under this are not shown below the county."""


@dataclass(frozen=True)
class Source:
    """One feed."""

    code: str
    name: str
    days_to_settle: int
    """Time limit in days from acceptance; older open incidents are overdue."""
    promised_hours: int
    """Rhythm of the feed: it is late when it falls this far behind the newest of all feeds."""


DISPUTE_TYPES: dict[str, DisputeType] = {
    kind.code: kind
    for kind in (
        DisputeType("D01", "婚姻家庭", 10),
        DisputeType("D02", "邻里"),
        DisputeType("D03", "房屋宅基地"),
        DisputeType("D04", "山林土地草原水利"),
        DisputeType("D05", "征地拆迁"),
        DisputeType("D06", "劳动争议、欠薪"),
        DisputeType("D07", "合同、民间借贷"),
        DisputeType("D08", "生产经营"),
        DisputeType("D09", "损害赔偿"),
        DisputeType("D10", "物业、工程质量"),
        DisputeType("D11", "医疗", 10),
        DisputeType("D12", "道路交通事故"),
        DisputeType("D13", "消费"),
        DisputeType("D14", "环境污染"),
        DisputeType("D15", "村(社区)务、承包"),
        DisputeType("D16", "校园"),
        DisputeType("D17", "行政执法"),
        DisputeType("D18", "涉法涉诉"),
        DisputeType("D19", "企业改制、金融"),
        DisputeType("D20", "知识产权"),
        DisputeType("D99", "其他"),
    )
}
OTHER_TYPE = "D99"

SOURCES: dict[str, Source] = {
    source.code: source
    for source in (
        Source("hotline", "12345 热线", 30, 6),
        Source("police", "纠纷类警情", 30, 6),
        Source("court", "民商事案件/诉前", 30, 96),
        Source("petition", "信访", 60, 96),
        Source("grid_patrol", "网格排查", 30, 96),
        Source("citizen", "群众直报", 30, 12),
        Source("walk_in", "中心来访", 30, 96),
        Source("department", "部门推送", 30, 120),
    )
}

SUB_SOURCES: dict[str, str] = {"xiaolan": "小兰帮办", "mashang": "码上反映", "zhishuo": "民事直说1234"}

CHANNELS: dict[str, str] = {"court": "诉调", "police": "警调", "petition": "访调", "direct": "直接受理"}

STATUSES: dict[str, str] = {
    "accepted": "受理",
    "assigned": "分流交办",
    "mediating": "调处中",
    "closed": "办结",
    "followed_up": "回访",
    "archived": "归档",
    "returned": "退回",
    "extended": "延期",
    "supervised": "督办",
    "reopened": "重启",
}
CLOSED_STATUSES = ("closed", "followed_up", "archived")

OUTCOMES: dict[str, str] = {"success": "成功", "failure": "不成功", "litigation": "转诉讼或其他程序"}

SCALES: dict[str, tuple[int, str]] = {
    "1": (1, "1-4"),
    "2": (5, "5-49"),
    "3": (50, "50-99"),
    "4": (100, "100-499"),
    "5": (500, "500+"),
}
"""Band code to the fewest people in it and its name."""

RESOLVED_LEVELS: dict[str, str] = {
    "village": "村级",
    "township": "乡镇级",
    "county": "县级",
    "city": "市级",
    "province": "省级",
}

CHANNEL_SUCCESS_2024: dict[str, float] = {"court": 0.703, "police": 0.826, "petition": 0.885}
"""Mediation success by channel published for Gansu 2024; a reference, not a target."""
