"""Kinds of letters, centres that issue them, departments: as shipped, with an office's own file beside them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

from data.feeds.yaml_section import BadProfileError, Section, read_section
from data.letters.templates import FACTS, NUMBER_FACTS
from data.letters.wording import DEPARTMENT_LENGTH, NAME_LENGTH, TEXT_LENGTHS
from data.settings import Settings
from geo.divisions import level_of

FILE = "letters.yaml"
SHIPPED = Path(__file__).resolve().parent.parent / "files" / FILE
SUBJECT = "函件设置"
KEYS = ("reviewer_must_differ", "issuers", "departments", "kinds")
KIND_KEYS = ("name", "number", "days", "title", "body", "demand")
KIND_CODE = r"[a-z][a-z0-9_]{0,31}"
CENTRE = "中心"
LONGEST_DAYS = 366
LONGEST_NUMBER, LONGEST_SIGN = 80, 20


class BadLetterFileError(ValueError):
    """The office's file of letters can not be used; the message says where, what was found and what is expected."""


@dataclass(frozen=True)
class LetterKind:
    """A kind of letter; `number`, `title`, `body` and `demand` are templates, `days` lead from draft to deadline."""

    code: str
    name: str
    number: str
    days: int
    title: str
    body: str
    demand: str


@dataclass(frozen=True)
class Issuer:
    """A centre that issues letters: the division it serves, its name, and its sign (代字) in numbers."""

    code: str
    name: str
    sign: str


@dataclass(frozen=True)
class LetterSettings:
    """All of it; `kinds` and `issuers` by code."""

    kinds: Mapping[str, LetterKind]
    issuers: Mapping[str, Issuer]
    departments: tuple[str, ...]
    reviewer_must_differ: bool = True

    def kind_name(self, code: str) -> str:
        """Name of a kind; the code of one that the configuration no longer names."""
        return self.kinds[code].name if code in self.kinds else code

    def issuer_of(self, code: str, division_name: str) -> Issuer:
        """Centre of a division; made of the division's name where none is configured."""
        return self.issuers.get(code) or unlisted_issuer(code, f"{division_name}综治{CENTRE}")


def unlisted_issuer(code: str, name: str) -> Issuer:
    """Centre that the configuration does not list: its sign is its name without 中心."""
    return Issuer(code, name, name.removesuffix(CENTRE))


def read_letter_settings(settings: Settings) -> LetterSettings:
    """Read the shipped settings and `letters.yaml` under var, whose kinds come beside or in place of the shipped ones.

    Raises
    ------
    BadLetterFileError
        Saying what was found, what was expected and what to do.
    """
    own = settings.var / FILE
    try:
        shipped = _read(SHIPPED)
        return _settings(shipped | _merged(shipped, _read(own))) if own.exists() else _settings(shipped)
    except BadProfileError as error:
        raise BadLetterFileError(str(error)) from error


def _read(path: Path) -> dict[str, Section]:
    """Each setting that a file names, with the file it stands in."""
    top = read_section(path, subject=SUBJECT)
    top.check_names(KEYS)
    return dict.fromkeys(top.values, top)


def _merged(shipped: dict[str, Section], own: dict[str, Section]) -> dict[str, Section]:
    """What the office names; its kinds together with the shipped ones."""
    if "kinds" not in own:
        return own
    added = own["kinds"].section("kinds")
    both = dict(shipped["kinds"].values["kinds"]) | dict(added.values)
    return own | {"kinds": Section(added.file, "", {"kinds": both}, SUBJECT)}


def _settings(given: dict[str, Section]) -> LetterSettings:
    differs = given["reviewer_must_differ"].values["reviewer_must_differ"]
    if not isinstance(differs, bool):
        raise given["reviewer_must_differ"].wrong("reviewer_must_differ", f"“{differs}”", "true 或 false")
    kinds = _kinds(given["kinds"].section("kinds"))
    return LetterSettings(kinds, _issuers(given["issuers"]), _departments(given["departments"]), differs)


def _kinds(group: Section) -> dict[str, LetterKind]:
    kinds: dict[str, LetterKind] = {}
    for code in group.values:
        if not re.fullmatch(KIND_CODE, code):
            raise group.wrong(code, f"代码“{code}”", "小写字母开头,只含小写字母、数字和下划线,至多 32 个字符")
        kind = _kind(code, group.section(code))
        if same := next((other for other in kinds.values() if other.number == kind.number), None):
            raise group.wrong(f"{code}.number", f"与“{same.name}”相同的编号格式", "各类函互不相同的编号格式")
        kinds[code] = kind
    if not kinds:
        raise group.wrong("", "没有任何一类函", "至少一类函")
    return kinds


def _kind(code: str, group: Section) -> LetterKind:
    group.check_names(KIND_KEYS)
    days = group.whole("days")
    if days > LONGEST_DAYS:
        raise group.wrong("days", f"整数 {days}", f"不大于 {LONGEST_DAYS} 的整数")
    texts = {name: _template(group, name, FACTS, TEXT_LENGTHS[name]) for name in ("title", "body", "demand")}
    number = _template(group, "number", NUMBER_FACTS, LONGEST_NUMBER)
    if missing := [name for name in NUMBER_FACTS if name not in Template(number).get_identifiers()]:
        raise group.wrong("number", f"缺少 {_named(missing)} 的格式", f"含有 {_named(NUMBER_FACTS)},否则编号会重复")
    return LetterKind(code, _short(group, "name", NAME_LENGTH), number, days, **texts)


def _template(group: Section, name: str, facts: tuple[str, ...], longest: int) -> str:
    text = _short(group, name, longest)
    template = Template(text)
    if not template.is_valid():
        raise group.wrong(name, "有单独的“$”的文字", "“$”只用于 ${…};要写“$”本身请写成“$$”")
    if unknown := [one for one in template.get_identifiers() if one not in facts]:
        raise group.wrong(name, f"不认识的 {_named(unknown)}", f"只用 {_named(facts)}")
    return text


def _issuers(top: Section) -> dict[str, Issuer]:
    issuers: dict[str, Issuer] = {}
    for position, group in enumerate(_groups(top, "issuers"), start=1):
        group.check_names(("code", "name", "sign"))
        code = group.text("code")
        try:
            level_of(code)
        except ValueError as error:
            raise group.wrong("code", f"“{code[:20]}”", "2、4、6、9、12 或 15 位区划代码(请加引号)") from error
        issuer = Issuer(code, _short(group, "name", NAME_LENGTH), _short(group, "sign", LONGEST_SIGN))
        if code in issuers or any(other.sign == issuer.sign for other in issuers.values()):
            raise top.wrong("issuers", f"第 {position} 个单位的代码或代字与前面的相同", "每个单位一个代码、一个代字")
        issuers[code] = issuer
    return issuers


def _groups(top: Section, name: str) -> list[Section]:
    found = top.values[name]
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise top.wrong(name, "其他内容", "列表,每一项是一组“名称: 值”")
    groups = [Section(top.file, f"{name}[{at}]", one, SUBJECT) for at, one in enumerate(found, start=1)]
    for group in groups:
        group.check_keys()
    return groups


def _departments(top: Section) -> tuple[str, ...]:
    departments = top.texts("departments")
    if long := next((one for one in departments if len(one) > DEPARTMENT_LENGTH), None):
        raise top.wrong("departments", f"“{long[:20]}…”", f"每个部门至多 {DEPARTMENT_LENGTH} 个字")
    return tuple(dict.fromkeys(departments))


def _short(group: Section, name: str, longest: int) -> str:
    text = group.text(name).strip()
    if len(text) > longest:
        raise group.wrong(name, f"{len(text)} 个字", f"至多 {longest} 个字")
    return text


def _named(names: list[str] | tuple[str, ...]) -> str:
    return "、".join(f"${{{name}}}" for name in names)
