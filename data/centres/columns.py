"""Columns of a list of centres that may enter; everything else, names of people first, is dropped before it is stored.

Fields are named by their Chinese label, which is what reports of rejected rows call them.
"""

from data.centres.settings import CentreSettings
from data.feeds.profile import FeedProfile
from geo.datum import Datum

CODE, NAME, LEVEL, DIVISION = "中心编号", "中心名称", "层级", "区划代码"
LONGITUDE, LATITUDE, SITE_CLASS, WITHDRAWN = "经度", "纬度", "场地分级", "是否撤销"
NUMBERS = {
    "posts": "编制",
    "cadres": "专职干部",
    "mediators": "常驻调解员",
    "rotating": "轮驻人员",
    "daily_visitors": "日均来访",
}
"""Column of the table to the field that fills it."""
HEADERS: dict[str, tuple[str, ...]] = {
    CODE: (CODE, "中心代码", "编号"),
    NAME: (NAME, "名称"),
    LEVEL: (LEVEL, "级别"),
    DIVISION: (DIVISION, "行政区划代码"),
    LONGITUDE: (LONGITUDE,),
    LATITUDE: (LATITUDE,),
    SITE_CLASS: (SITE_CLASS, "场地类别", "分级"),
    "编制": ("编制", "编制数", "核定编制"),
    "专职干部": ("专职干部", "干部", "干部数"),
    "常驻调解员": ("常驻调解员", "常驻人员", "常驻调解员数"),
    "轮驻人员": ("轮驻人员", "轮驻", "轮驻人数"),
    "日均来访": ("日均来访", "日均来访人数"),
    WITHDRAWN: (WITHDRAWN, "撤销"),
}
REQUIRED = (CODE, NAME, DIVISION)


def list_profile(settings: CentreSettings, datum: Datum) -> FeedProfile:
    """How a list of centres is written: the columns above, and one with the number of rooms for each kind of room."""
    rooms = {room.name: (room.name,) for room in settings.rooms.values()}
    return FeedProfile("centres", "综治中心名册", "", datum, headers=HEADERS | rooms, required=REQUIRED)
