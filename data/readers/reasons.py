"""A stable code for every reason a row is rejected for: programs read the code, people the reason."""

CODES: dict[str, str] = {
    "空白": "required",
    "含有不可见的控制字符": "bad_characters",
    "超过": "too_long",
    "像是公式": "formula",
    "写法不认识": "unknown_word",
    "日期写法不认识": "unreadable_time",
    "日期早于": "time_out_of_range",
    "受理时间早于发生时间": "time_order",
    "办结时间早于受理时间": "time_order",
    "应为大于 0 的人数": "bad_scale",
    "区划代码应为": "bad_division_code",
    "没有这个代码": "unknown_division_code",
    "不是数字": "not_a_number",
    "有纬度而没有经度": "half_a_point",
    "有经度而没有纬度": "half_a_point",
    "坐标为 0": "zero_coordinate",
    "经度和纬度写反了": "swapped_coordinates",
    "超出本地范围": "out_of_bounds",
    "应为整数或时间": "bad_version",
    "应为“是”或“否”": "bad_flag",
}
"""How a reason begins to its code; the longest that fits wins."""

OTHER = "invalid"

READING_CODES = (
    "not_json",
    "not_object",
    "duplicate_field",
    "not_a_number",
    "wrong_type",
    "too_long",
    "bad_characters",
)
"""What `data.readers.json_rows` says of rows before they are parsed."""


def code_of(reason: str) -> str:
    """Code of a reason, `OTHER` where none is known."""
    fits = [beginning for beginning in CODES if reason.startswith(beginning)]
    return CODES[max(fits, key=len)] if fits else OTHER
