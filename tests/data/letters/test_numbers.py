"""Numbers neither repeat nor skip, whoever issues at once and whatever fails."""

import threading
from dataclasses import replace

import pandas as pd
import pytest
from sqlalchemy import select

from data.engines import make_engine
from data.letters import acts
from data.letters.acts import Act, do_act
from data.letters.letter import Actor
from data.letters.reading import LetterFilter, find_letter, list_letters
from data.letters.wording import LetterRefusedError
from data.store import PoolUnavailableError, reading
from data.tables.letters import letter_numbers, letters
from tests.data.letters.conftest import AS_OF, by

AT_ONCE, EACH = 8, 3


def numbers(engine) -> list[str]:
    with reading(engine) as connection:
        query = select(letters.c.number).where(letters.c.number.is_not(None)).order_by(letters.c.id)
        return list(connection.execute(query).scalars())


def test_eight_who_issue_at_once_get_one_to_n_without_gaps(engine, settings, kinds, written):
    ids = [written("submit") for _ in range(AT_ONCE * EACH)]
    ready, failed = threading.Barrier(AT_ONCE), []

    def issue(mine: list[int]) -> None:
        own = make_engine(settings)  # a connection of one's own, as another process has it
        ready.wait()
        try:
            for letter_id in mine:
                do_act(own, kinds, letter_id, Act("issue", by("李强")))
        except Exception as error:  # noqa: BLE001 - told by the assertion below
            failed.append(error)
        finally:
            own.dispose()

    threads = [threading.Thread(target=issue, args=(ids[part::AT_ONCE],)) for part in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    wanted = {f"兰州市综治风提〔2026〕{serial}号" for serial in range(1, AT_ONCE * EACH + 1)}
    assert set(numbers(engine)) == wanted
    assert len(numbers(engine)) == len(wanted)


def test_two_who_issue_the_same_letter_give_it_one_number(engine, settings, kinds, written):
    letter_id = written("submit")
    ready, refused = threading.Barrier(2), []

    def issue() -> None:
        own = make_engine(settings)
        ready.wait()
        try:
            do_act(own, kinds, letter_id, Act("issue", by("李强")))
        except LetterRefusedError as error:
            refused.append(str(error))
        finally:
            own.dispose()

    threads = [threading.Thread(target=issue) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert "现在是“已发”" in refused[0]
    assert numbers(engine) == ["兰州市综治风提〔2026〕1号"]


def test_an_issue_that_fails_takes_no_number(engine, kinds, written, monkeypatch):
    written("submit", "issue")
    letter_id = written("submit")

    def fail(*_given, **_named):
        raise PoolUnavailableError("磁盘满")

    with monkeypatch.context() as patched:
        patched.setattr(acts, "note_act", fail)
        with pytest.raises(PoolUnavailableError):
            do_act(engine, kinds, letter_id, Act("issue", by("李强")))
    assert find_letter(engine, "62", letter_id).state == "in_review"
    with reading(engine) as connection:
        assert connection.execute(select(letter_numbers.c.last)).scalars().all() == [1]
    assert do_act(engine, kinds, letter_id, Act("issue", by("李强"))).number.endswith("〔2026〕2号")


def test_each_kind_year_and_centre_counts_for_itself(engine, kinds, written):
    assert find_letter(engine, "62", written("submit", "issue")).number == "兰州市综治风提〔2026〕1号"
    supervised = written("submit", "issue", kind="supervision")
    assert find_letter(engine, "62", supervised).number == "兰州市综治督办〔2026〕1号"
    province = written("submit", "issue", issuer="62", issuer_name="甘肃省综治中心")
    assert find_letter(engine, "62", province).number == "甘肃省综治风提〔2026〕1号"
    late = written("submit", due=pd.Timestamp("2027-01-20").date())
    moment = pd.Timestamp("2027-01-01 00:30", tz="Asia/Shanghai")
    issued = do_act(engine, kinds, late, Act("issue", Actor("李强", moment, "62")))
    assert issued.number == "兰州市综治风提〔2027〕1号"


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_two_centres_with_one_sign_do_not_share_a_number(engine, kinds, written):
    written("submit", "issue")
    other = written("submit", issuer="620102", issuer_name="兰州市综治中心")
    with pytest.raises(LetterRefusedError, match="已被另一份函使用,没有签发"):
        do_act(engine, kinds, other, Act("issue", by("李强")))
    assert find_letter(engine, "62", other).number == ""


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_kind_that_is_configured_no_longer_is_still_listed_but_not_issued(engine, kinds, written):
    letter_id = written("submit")
    fewer = replace(kinds, kinds={"supervision": kinds.kinds["supervision"]})
    with pytest.raises(LetterRefusedError, match="配置里已没有"):
        do_act(engine, fewer, letter_id, Act("issue", by("李强")))
    listed = list_letters(engine, LetterFilter("62", AS_OF.date()))
    assert [fewer.kind_name(kind) for kind in listed["kind"]] == ["risk_notice"]
