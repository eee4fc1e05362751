"""Words of a feed to the codes of the vocabularies; a code is its own word."""

from collections.abc import Mapping

import pandas as pd

from risk.incident import CHANNELS, DISPUTE_TYPES, OUTCOMES, RESOLVED_LEVELS, STATUSES, SUB_SOURCES

_ALSO = {
    "dispute_type": {
        "劳动争议": "D06",
        "欠薪": "D06",
        "邻里纠纷": "D02",
        "婚姻家庭纠纷": "D01",
        "物业": "D10",
        "物业纠纷": "D10",
        "医疗纠纷": "D11",
        "交通事故": "D12",
        "民间借贷": "D07",
    },
    "outcome": {"转诉讼": "litigation", "调解成功": "success", "调解不成功": "failure"},
    "channel": {"直接": "direct"},
    "status": {"已办结": "closed", "调解中": "mediating"},
    "resolved_level": {"村": "village", "乡镇": "township", "县": "county", "市": "city", "省": "province"},
    "sub_source": {},
}


def _table(field: str, names: dict[str, str]) -> dict[str, str]:
    return {code: code for code in names} | {name: code for code, name in names.items()} | _ALSO[field]


WORDS: dict[str, dict[str, str]] = {
    "dispute_type": _table("dispute_type", {kind.code: kind.name for kind in DISPUTE_TYPES.values()}),
    "sub_source": _table("sub_source", SUB_SOURCES),
    "channel": _table("channel", CHANNELS),
    "status": _table("status", STATUSES),
    "outcome": _table("outcome", OUTCOMES),
    "resolved_level": _table("resolved_level", RESOLVED_LEVELS),
}
"""Field to word to code."""


WITHDRAWN = ("是", "1", "true", "yes", "y", "撤销", "已撤销", "撤回", "已撤回")
NOT_WITHDRAWN = ("", "否", "0", "false", "no", "n", "未撤销", "正常")
"""What a feed writes (in small letters) to say whether it takes an incident back."""
WITHDRAWN_STATUS = ("撤回", "撤销", "已撤回", "已撤销")
"""Words of the status that say so."""


def words_to_codes(values: pd.Series, words: Mapping[str, str]) -> pd.Series:
    """Codes of words (object, None where blank or unknown)."""
    codes = values.map(dict(words))
    return codes.astype("object").where(codes.notna(), None)
