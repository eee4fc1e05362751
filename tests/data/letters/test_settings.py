import pytest

from data.letters.settings import BadLetterFileError, read_letter_settings
from data.settings import Settings

OWN = """
kinds:
  reminder:
    name: 工作提醒函
    number: "${sign}提醒〔${year}〕${serial}号"
    days: 5
    title: 关于${area}的工作提醒函
    body: 请关注${area}。
    demand: 请于${deadline}前反馈。
"""


@pytest.fixture
def read(tmp_path):
    def read(text: str):
        (tmp_path / "letters.yaml").write_text(text, encoding="utf-8")
        return read_letter_settings(Settings(var=tmp_path))

    return read


def test_two_kinds_are_shipped_and_the_reviewer_must_differ(tmp_path):
    shipped = read_letter_settings(Settings(var=tmp_path))
    assert [kind.name for kind in shipped.kinds.values()] == ["风险提示函", "问题督办函"]
    assert shipped.reviewer_must_differ
    assert "公安" in shipped.departments


def test_an_office_adds_kinds_beside_the_shipped_ones(read):
    own = read(OWN)
    assert list(own.kinds) == ["risk_notice", "supervision", "reminder"]
    assert own.kinds["reminder"].days == 5
    assert own.reviewer_must_differ


def test_an_office_puts_a_kind_in_place_of_a_shipped_one(read):
    own = read(OWN.replace("reminder:", "supervision:"))
    assert [kind.name for kind in own.kinds.values()] == ["风险提示函", "工作提醒函"]


def test_an_office_names_its_centres_departments_and_rule_of_review(read):
    issuers = 'issuers: [{code: "6201", name: 兰州中心, sign: 兰综}]'
    own = read(f"reviewer_must_differ: false\ndepartments: [公安, 公安, 应急]\n{issuers}")
    assert not own.reviewer_must_differ
    assert own.departments == ("公安", "应急")
    assert own.issuer_of("6201", "兰州市").sign == "兰综"
    assert own.issuer_of("6202", "嘉峪关市").name == "嘉峪关市综治中心"
    assert own.issuer_of("6202", "嘉峪关市").sign == "嘉峪关市综治"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("${serial}号", "号"), "缺少 ${serial}"),
        (("${sign}", "我"), "缺少 ${sign}"),
        (("days: 5", "days: 0"), "不小于 1 的整数"),
        (("days: 5", "days: 999"), "不大于 366"),
        (("请关注${area}", "请关注${salary}"), "不认识的 ${salary}"),
        (("请关注${area}", "花费 $ 100"), "“$$”"),
        (("请关注${area}", "长" * 4001), "4002 个字,应为至多 4000 个字"),
        (("  reminder:", "  Reminder-1:"), "小写字母开头"),
        (("name: 工作提醒函", "name: 工作提醒函\n    colour: red"), "不认识的配置项"),
        (("提醒〔", "风提〔"), "与“风险提示函”相同的编号格式"),
        (("kinds:", "kind:"), "不认识的配置项"),
        (("    name: 工作提醒函\n", ""), "应为必填"),
        ((OWN, "kinds: [1"), "合法的 YAML"),
        ((OWN, "reviewer_must_differ: maybe"), "true 或 false"),
        ((OWN, "issuers: 5"), "列表"),
        ((OWN, 'issuers: [{code: "99x", name: 甲, sign: 甲}]'), "区划代码"),
        (
            (OWN, 'issuers: [{code: "62", name: 甲, sign: 综}, {code: "6201", name: 乙, sign: 综}]'),
            "第 2 个单位的代码或代字与前面的相同",
        ),
        ((OWN, f"departments: [{'长' * 41}]"), "至多 40 个字"),
    ],
)
def test_what_is_wrong_is_said_with_what_was_found_and_what_is_expected(read, change, told):
    with pytest.raises(BadLetterFileError) as failed:
        read(OWN.replace(*change))
    assert told in str(failed.value)
    assert str(failed.value).startswith("函件设置 letters.yaml")
