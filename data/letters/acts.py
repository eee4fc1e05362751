"""What is done to a letter after it is written: each change of state is one transaction and kept in its history."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, select, update

from data.filter import OutOfScopeError, day_number
from data.letters.drafting import check_person, note_act
from data.letters.letter import Actor, Draft, Letter
from data.letters.life import Move, check_move
from data.letters.numbers import take_number
from data.letters.rows import demanded
from data.letters.settings import LetterSettings, unlisted_issuer
from data.letters.templates import BLANK
from data.letters.wording import NOTE_LENGTH, LetterRefusedError, same_person, tidy_text
from data.store import writing
from data.tables.letters import letter_acts, letters

TEXT_NAMES = {"title": "标题", "body": "正文", "demand": "要求"}


@dataclass(frozen=True)
class Act:
    """An act of `data.letters.life.MOVES`, by whom and when, and what he says with it."""

    code: str
    actor: Actor
    note: str = ""


def do_act(engine: Engine, settings: LetterSettings, letter_id: int, act: Act) -> Letter:
    """Do it, or refuse it as a whole; return the letter as it stands then.

    Raises
    ------
    LetterRefusedError
        The letter's state does not allow it, something is missing, or the same person has written the letter.
    OutOfScopeError
        It is for the issuing centre to do, which lies outside the officer's division.
    """
    check_person(act.actor)
    with writing(engine) as connection:
        letter = demanded(connection, letter_id, act.actor.scope)
        move = check_move(act.code, letter.state)
        if move.of_issuer and not letter.draft.issuer.startswith(act.actor.scope):
            raise OutOfScopeError(f"issuer {letter.draft.issuer} lies outside {act.actor.scope}")
        note = _note(move, act)
        changed = {"state": move.end, "changed_at": act.actor.seconds, "version": letter.version + 1}
        if move.act == "submit":
            _check_complete(letter, act.actor)
        changed |= _days(move, act.actor)
        if move.act == "issue":
            _check_complete(letter, act.actor)
            _check_reviewer(connection, settings, letter, act.actor)
            changed["number"] = _number(connection, settings, letter.draft, act.actor.day.year)
        connection.execute(update(letters).where(letters.c.id == letter_id).values(**changed))
        note_act(connection, letter_id, (move.act, move.start, move.end), act.actor, note=note)
        return demanded(connection, letter_id, act.actor.scope)


def _note(move: Move, act: Act) -> str:
    note = tidy_text(act.note, move.note or "说明", NOTE_LENGTH)
    if move.note and not note:
        raise LetterRefusedError(f"“{move.word}”要写明{move.note}。")
    return note


def _days(move: Move, actor: Actor) -> dict[str, Any]:
    """Days that a move sets: an answer sent back is none."""
    day = day_number(actor.day)
    found: dict[str, dict[str, Any]] = {
        "issue": {"issued_day": day},
        "answer": {"answered_day": day},
        "send_back": {"answered_day": None},
    }
    return found.get(move.act, {})


def _check_complete(letter: Letter, actor: Actor) -> None:
    """Raise where the letter lacks what it can not go out without."""
    draft = letter.draft
    missing = [word for word, there in (("收函单位", draft.receiver), ("办理期限", draft.due)) if not there]
    if missing:
        raise LetterRefusedError(f"还缺少{'、'.join(missing)},不能提交审核或签发。请补齐后再试。")
    blank = [word for name, word in TEXT_NAMES.items() if BLANK in getattr(draft, name)]
    if blank:
        raise LetterRefusedError(f"{'、'.join(blank)}里还有空着的“{BLANK}”。请补齐后再试。")
    if draft.due is not None and draft.due < actor.day:
        raise LetterRefusedError(f"办理期限 {draft.due:%Y-%m-%d} 已过,不能提交审核或签发。请退回修改期限。")


def _check_reviewer(connection: Connection, settings: LetterSettings, letter: Letter, actor: Actor) -> None:
    if not settings.reviewer_must_differ:
        return
    wrote = letter_acts.c.act.in_(("draft", "edit", "submit"))
    query = select(letter_acts.c.person).where(letter_acts.c.letter_id == letter.id, wrote).distinct()
    for person in connection.execute(query).scalars():
        if same_person(person, actor.person):
            raise LetterRefusedError(f"{person}参与了拟稿,不能自己签发。请由另一人审核签发。")


def _number(connection: Connection, settings: LetterSettings, draft: Draft, year: int) -> str:
    if draft.kind not in settings.kinds:
        raise LetterRefusedError(f"配置里已没有“{draft.kind}”这一类函,不能编号。请在 letters.yaml 里恢复后再签发。")
    issuer = settings.issuers.get(draft.issuer) or unlisted_issuer(draft.issuer, draft.issuer_name)
    return take_number(connection, settings.kinds[draft.kind], issuer, year)


def why_not(move: Move, letter: Letter, scope: str) -> str:
    """Why an officer of a division can not do this to the letter, "" where he can; a state allows it or not besides."""
    if move.of_issuer and not letter.draft.issuer.startswith(scope):
        return f"“{move.word}”由发函单位({letter.draft.issuer_name})办理。"
    return ""


def note_export(engine: Engine, letter_id: int, form: str, actor: Actor) -> None:
    """Keep that somebody took a document of the letter out, and in which form; its state stays.

    Raises
    ------
    LetterRefusedError
        There is no such letter for the officer, or he has given no name.
    """
    check_person(actor)
    with writing(engine) as connection:
        letter = demanded(connection, letter_id, actor.scope)
        note_act(connection, letter_id, ("export", letter.state, letter.state), actor, note=form)
