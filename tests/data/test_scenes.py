"""Programmes of the briefing screen: checked, kept version by version, never overwritten unseen."""

import threading
from dataclasses import replace

import pytest

from data.scenes import (
    DEFAULT_NAME,
    BadProgrammeError,
    Programme,
    ProgrammeChangedError,
    Scene,
    check_programme,
    default_programme,
    find_programme,
    list_programmes,
    programme_history,
    remove_programme,
    save_programme,
)

SCENES = (
    Scene("map", 30, "62", title="全省态势"),
    Scene("ranking", 20, "6201", dispute_type="D06", period="28d", measure="previous"),
    Scene("series", 600, "620102", source="hotline", period="ytd"),
)
BRIEFING = Programme("62", "周一例会", SCENES)


def knows(code: str) -> bool:
    return code in {"62", "6201", "620102", "620102001", "620102001001", "620102001001001"}


def test_without_any_programme_every_kind_of_scene_is_shown(engine):
    shown = find_programme(engine, "62")
    assert shown == default_programme("62")
    assert {scene.kind for scene in shown.scenes} == {"map", "ranking", "alerts", "series", "channels"}
    check_programme(shown, knows=knows)
    assert list_programmes(engine, "62") == []
    assert find_programme(engine, "62", "没有这个") is None


def test_a_programme_comes_back_as_it_was_saved(engine):
    saved = save_programme(engine, BRIEFING, person="王敏", now=1_764_000_000)
    assert saved == replace(BRIEFING, version=1, person="王敏", recorded_at=1_764_000_000)
    assert find_programme(engine, "62", "周一例会") == saved
    assert list_programmes(engine, "62") == [saved]


def test_saving_again_keeps_the_newer_order_and_who_changed_it_when(engine):
    first = save_programme(engine, BRIEFING, person="王敏", now=1)
    turned = replace(first, scenes=tuple(reversed(SCENES)))
    second = save_programme(engine, turned, person="李强", now=2)
    assert second.version == 2
    assert find_programme(engine, "62", "周一例会").scenes == tuple(reversed(SCENES))
    history = programme_history(engine, "62", "周一例会")
    assert history["person"].tolist() == ["李强", "王敏"]
    assert history["recorded_at"].tolist() == [2, 1]
    assert history["scenes"].tolist() == [3, 3]


def test_whoever_saves_an_older_version_is_refused_and_told_by_whom(engine):
    read_by_both = save_programme(engine, BRIEFING, person="王敏", now=1)
    save_programme(engine, replace(read_by_both, scenes=SCENES[:1]), person="李强", now=2)
    with pytest.raises(ProgrammeChangedError, match=r"李强.*第 2 版.*第 1 版"):
        save_programme(engine, replace(read_by_both, scenes=SCENES[1:]), person="王敏", now=3)
    with pytest.raises(ProgrammeChangedError, match="李强"):
        remove_programme(engine, read_by_both, person="王敏", now=3)
    assert find_programme(engine, "62", "周一例会").scenes == SCENES[:1]


def test_of_many_who_save_the_same_version_at_once_one_succeeds(engine):
    read_by_all = save_programme(engine, BRIEFING, person="王敏", now=1)
    came_of_it = []

    def save(second: int) -> None:
        changed = replace(read_by_all, scenes=(replace(SCENES[0], seconds=second),))
        try:
            came_of_it.append(save_programme(engine, changed, person=f"{second}号", now=second).person)
        except ProgrammeChangedError:
            came_of_it.append("refused")

    threads = [threading.Thread(target=save, args=(second,)) for second in range(10, 16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = [one for one in came_of_it if one != "refused"]
    assert len(came_of_it) == 6
    assert find_programme(engine, "62", "周一例会").person == winner


def test_a_name_is_taken_once_and_free_again_after_removal(engine):
    first = save_programme(engine, BRIEFING, person="王敏", now=1)
    with pytest.raises(ProgrammeChangedError, match="已经有名为"):
        save_programme(engine, BRIEFING, person="李强", now=2)
    remove_programme(engine, first, person="王敏", now=3)
    assert list_programmes(engine, "62") == []
    with pytest.raises(ProgrammeChangedError, match="王敏删除"):
        save_programme(engine, first, person="李强", now=4)
    assert save_programme(engine, BRIEFING, person="李强", now=5).version == 3
    assert programme_history(engine, "62", "周一例会")["removed"].tolist() == [False, True, False]


def test_programmes_of_another_scope_are_neither_seen_nor_touched(engine):
    save_programme(engine, BRIEFING, person="王敏", now=1)
    own = Programme("6201", "周一例会", (Scene("map", 30, "6201"),))
    assert find_programme(engine, "6201", "周一例会") is None
    assert save_programme(engine, own, person="赵芳", now=2).version == 1
    assert find_programme(engine, "62", "周一例会").scenes == SCENES
    with pytest.raises(ProgrammeChangedError, match="不存在"):
        save_programme(engine, Programme("6202", "周一例会", SCENES, version=1), person="赵芳", now=3)


def test_a_saved_default_replaces_the_built_one(engine):
    changed = replace(default_programme("62"), scenes=SCENES[:1])
    save_programme(engine, changed, person="王敏", now=1)
    assert find_programme(engine, "62").scenes == SCENES[:1]
    assert find_programme(engine, "62", DEFAULT_NAME).version == 1


def test_another_programme_does_not_change_what_is_shown_without_a_name(engine):
    save_programme(engine, BRIEFING, person="王敏", now=1)
    assert find_programme(engine, "62") == default_programme("62")
    assert find_programme(engine, "62", DEFAULT_NAME) == default_programme("62")


def test_a_programme_is_saved_by_somebody(engine):
    with pytest.raises(ValueError, match="who saves"):
        save_programme(engine, BRIEFING, person="", now=1)


@pytest.mark.parametrize(
    ("scene", "told"),
    [
        (Scene("film", 30, "62"), "种类“film”不认识"),
        (Scene("map", 4, "62"), "5 至 600 秒,现在是 4 秒"),
        (Scene("map", 601, "62"), "现在是 601 秒"),
        (Scene("map", 30, "63"), "不在 62 以内"),
        (Scene("map", 30, "6299"), "没有代码为 6299 的区划"),
        (Scene("map", 30, "620102001001001"), "不要选网格"),
        (Scene("map", 30, "62", dispute_type="D77"), "纠纷类型“D77”"),
        (Scene("map", 30, "62", source="fax"), "来源“fax”"),
        (Scene("map", 30, "62", period="1h"), "时段“1h”"),
        (Scene("map", 30, "62", measure="joy"), "指标“joy”"),
        (Scene("map", 30, "62", title="题" * 17), "最多 16 个字,现在有 17 个"),
        (Scene("map", 30, "62", title="两\n行"), "标题"),
    ],
)
def test_a_scene_that_can_not_be_shown_is_refused_with_place_and_remedy(scene, told):
    with pytest.raises(BadProgrammeError) as refused:
        check_programme(Programme("62", "例会", (SCENES[0], scene)), knows=knows)
    (problem,) = refused.value.problems
    assert problem.startswith("第 2 个画面:")
    assert told in problem


@pytest.mark.parametrize("name", ["", "  ", "长" * 21, "两\n行"])
def test_a_programme_needs_a_name(name):
    with pytest.raises(BadProgrammeError, match="名称应为 1 至 20 个字"):
        check_programme(Programme("62", name, SCENES), knows=knows)


@pytest.mark.parametrize("many", [0, 25])
def test_a_programme_has_some_scenes_but_not_too_many(many):
    with pytest.raises(BadProgrammeError, match=f"1 至 24 个画面,现在有 {many} 个"):
        check_programme(Programme("62", "例会", SCENES[:1] * many), knows=knows)
