"""Watched folders: complete files are imported as the feed's profile says and put away with a report beside them."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from data.batch_import import Batch, import_file
from data.batch_list import note_batch
from data.batches import rejected_csv
from data.checking import Delivery
from data.feeds.inbox import DONE, FAILED, Found, Inbox, refusal
from data.feeds.profile import FeedProfile
from data.places import Places
from data.settings import Settings
from data.store import writing

SETTLE_SECONDS = 10


@dataclass(frozen=True)
class Taken:
    """What became of a file: `batch`, or `reason` why it failed; `still_written` if it changed while it was read."""

    feed: str
    file: str
    batch: Batch | None = None
    reason: str = ""
    still_written: bool = False


@dataclass(frozen=True)
class Watch:
    """What looks at the folders need: the store, the places, and the feeds to look for."""

    engine: Engine
    places: Places
    settings: Settings
    profiles: Iterable[FeedProfile]
    settle: int = SETTLE_SECONDS

    def look(self, as_of: pd.Timestamp) -> list[Taken]:
        """Take what is complete in all folders; a file that fails keeps none of the others waiting.

        Raises
        ------
        PoolUnavailableError
            The store does not answer: the files stay where they are.
        """
        return [taken for profile in self.profiles for taken in self._look_at(profile, as_of)]

    def _look_at(self, profile: FeedProfile, as_of: pd.Timestamp) -> Iterator[Taken]:
        inbox = Inbox(self.settings.inbox / profile.name)
        inbox.make()
        for found in inbox.complete(now=int(as_of.timestamp()), settle=self.settle):
            yield self._take(inbox, found, profile, as_of)

    def _take(self, inbox: Inbox, found: Found, profile: FeedProfile, as_of: pd.Timestamp) -> Taken:
        name = found.path.name
        try:
            reason = refusal(found.path) or _wrong_ending(name, profile)
            if reason:
                return self._fail(inbox, found, Taken(profile.name, name, reason=reason), as_of)
            batch = import_file(
                self.engine,
                self.places,
                Delivery(found.path, profile.source, profile.datum, profile=profile),
                as_of=as_of,
                settings=self.settings,
            )
            if Found.at(found.path).print != found.print:
                return Taken(profile.name, name, batch, still_written=True)
        except (ValueError, OSError) as error:  # a wrong file, or one that can not be read or is gone
            return self._fail(inbox, found, Taken(profile.name, name, reason=str(error)), as_of)
        self._note(batch)
        return self._finish(inbox, found, Taken(profile.name, name, batch), as_of)

    def _note(self, batch: Batch) -> None:
        if batch.id is not None and batch.repeat_of is None:
            with writing(self.engine) as connection:
                note_batch(connection, batch.id, "watched")

    def _finish(self, inbox: Inbox, found: Found, taken: Taken, as_of: pd.Timestamp) -> Taken:
        reports = _reports(taken, as_of)
        if taken.batch and taken.batch.rejected and taken.batch.id is not None:
            reports[".rejected.csv"] = rejected_csv(self.engine, taken.batch.id)
        inbox.put_away(found, DONE, reports)
        return taken

    def _fail(self, inbox: Inbox, found: Found, taken: Taken, as_of: pd.Timestamp) -> Taken:
        if found.path.is_symlink() or found.path.exists():
            inbox.put_away(found, FAILED, _reports(taken, as_of))
        return taken


def _wrong_ending(name: str, profile: FeedProfile) -> str:
    if name.lower().endswith(profile.watch.endings):
        return ""
    return f"这个来源只接收 {'、'.join(profile.watch.endings)} 文件。请核对后重新放入。"


def _reports(taken: Taken, as_of: pd.Timestamp) -> dict[str, bytes]:
    said: dict[str, Any] = {
        "feed": taken.feed,
        "file": taken.file.encode("utf-8", "replace").decode(),
        "taken_at": as_of.isoformat(),
        "result": "failed" if taken.reason else "done",
        "reason": taken.reason,
        "batch": asdict(taken.batch) if taken.batch else None,
    }
    return {
        ".report.json": json.dumps(said, ensure_ascii=False, indent=1).encode(),
        ".report.txt": ("\n".join(_lines(taken, said["file"], as_of)) + "\n").encode(),
    }


def _lines(taken: Taken, name: str, as_of: pd.Timestamp) -> list[str]:
    lines = [f"文件:{name}", f"来源:{taken.feed}", f"时间:{as_of:%Y-%m-%d %H:%M:%S}"]
    if taken.batch is None:
        return [*lines, "结果:没有导入任何一行", f"原因:{taken.reason}"]
    batch = taken.batch
    if batch.repeat_of is not None:
        lines.append(f"结果:与第 {batch.repeat_of} 批的文件完全相同,没有重复入库")
    else:
        lines.append(f"结果:已入库,第 {batch.id} 批")
    lines.append(
        f"读入 {batch.rows_read} 行:新增 {batch.added},更新 {batch.updated},未变 {batch.unchanged}"
        f"(其中版本较旧 {batch.outdated}),退回 {batch.rejected}"
    )
    if batch.dropped_columns:
        lines.append(f"未导入的列:{'、'.join(batch.dropped_columns)}")
    if batch.unmapped_words:
        words = "、".join(f"{word}({count})" for word, count in batch.unmapped_words.items())
        lines.append(f"没有对照的类型用语:{words}")
    if batch.rejected:
        lines.append("退回的行见旁边的 .rejected.csv,改正后可重新放入。")
    return lines
