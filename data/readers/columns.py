"""The columns that may enter, and what feeds call them. Everything else is dropped before it is stored."""

from collections.abc import Iterable

from data.readers.errors import UnknownColumnsError

HEADERS: dict[str, tuple[str, ...]] = {
    "external_id": ("编号", "案件编号", "事件编号", "工单编号"),
    "dispute_type": ("纠纷类型", "类型"),
    "sub_source": ("子来源",),
    "channel": ("对接渠道", "渠道"),
    "status": ("状态",),
    "outcome": ("办理结果", "结果"),
    "occurred_at": ("发生时间",),
    "accepted_at": ("受理时间",),
    "closed_at": ("办结时间",),
    "scale": ("涉及人数",),
    "resolved_level": ("化解层级",),
    "division_code": ("区划代码", "网格编码"),
    "longitude": ("经度",),
    "latitude": ("纬度",),
    "version": ("版本", "版本号", "更新时间"),
    "withdrawn": ("是否撤销", "撤销"),
    "division_name": ("区划名称",),
}
REQUIRED = ("external_id", "dispute_type", "accepted_at")


def label(field: str) -> str:
    """The Chinese name of a field, as people know it from their files."""
    return HEADERS[field][0] if field in HEADERS else field


def check_headers(headers: list[str], known: Iterable[str], required: Iterable[str] = REQUIRED) -> None:
    """Raise unless every required field is among the known ones.

    Raises
    ------
    UnknownColumnsError
        Naming the columns found and those missing.
    """
    present = set(known)
    missing = [label(field) for field in required if field not in present]
    if missing:
        raise UnknownColumnsError(found=headers, missing=missing)
