"""Writing letters: a new draft, and changes of one."""

from dataclasses import replace

from sqlalchemy import Connection, Engine, insert, update

from data.filter import OutOfScopeError
from data.letters.letter import Actor, Draft
from data.letters.life import check_draft
from data.letters.rows import demanded, draft_values
from data.letters.settings import LetterSettings
from data.letters.wording import NAME_LENGTH, PERSON_LENGTH, TEXT_LENGTHS, LetterRefusedError, tidy_line, tidy_text
from data.store import writing
from data.tables.letters import letter_acts, letters
from geo.divisions import level_of
from risk.incident import DISPUTE_TYPES

MOST_EVIDENCE = 40
ALERT_LENGTH = 20


def draft_letter(engine: Engine, settings: LetterSettings, draft: Draft, actor: Actor) -> int:
    """Keep a new draft; return its id.

    Raises
    ------
    LetterRefusedError
        Something in it is missing, too long or unknown.
    OutOfScopeError
        Its area or its issuer lies outside the officer's division.
    """
    checked, person = _checked(draft, settings, actor), check_person(actor)
    stood = {"drafter": person, "drafted_at": actor.seconds, "changed_at": actor.seconds, "version": 1}
    with writing(engine) as connection:
        made = connection.execute(insert(letters).values(state="draft", **draft_values(checked), **stood))
        assert made.inserted_primary_key is not None  # noqa: S101 - one row was inserted
        letter_id = int(made.inserted_primary_key[0])
        note_act(connection, letter_id, ("draft", "", "draft"), actor)
    return letter_id


def revise_letter(
    engine: Engine, settings: LetterSettings, letter_id: int, draft: Draft, actor: Actor, *, version: int
) -> None:
    """Change a draft's texts, receiver and deadline; `version` is the one that the officer has seen.

    Kind, area and evidence stay as they were drafted.

    Raises
    ------
    LetterRefusedError
        As for `draft_letter`; or it is no draft any more, or somebody has changed it meanwhile.
    """
    check_person(actor)
    with writing(engine) as connection:
        letter = demanded(connection, letter_id, actor.scope)
        check_draft(letter.state)
        if letter.version != version:
            raise LetterRefusedError("这份函刚被别人改过,您的修改没有保存。请复制您写的内容,刷新后再改。")
        said = {name: getattr(draft, name) for name in ("receiver", "due", "title", "body", "demand")}
        checked = _checked(replace(letter.draft, **said), settings, actor, known_kind=True)
        changed = draft_values(checked) | {"changed_at": actor.seconds, "version": version + 1}
        connection.execute(update(letters).where(letters.c.id == letter_id).values(**changed))
        note_act(connection, letter_id, ("edit", "draft", "draft"), actor)


def note_act(
    connection: Connection, letter_id: int, move: tuple[str, str, str], actor: Actor, *, note: str = ""
) -> None:
    """Keep what was done: act, state before and state after."""
    act, start, end = move
    said = {"act": act, "from_state": start, "to_state": end, "person": check_person(actor), "note": note}
    connection.execute(insert(letter_acts).values(letter_id=letter_id, recorded_at=actor.seconds, **said))


def check_person(actor: Actor) -> str:
    """Name of whoever acts; `LetterRefusedError` where none is given."""
    person = tidy_line(actor.person, "姓名", PERSON_LENGTH)
    if not person:
        raise LetterRefusedError("请先填写您的姓名,处置会记在您的名下。")
    return person


def _checked(draft: Draft, settings: LetterSettings, actor: Actor, *, known_kind: bool = False) -> Draft:
    """The draft with tidy texts."""
    _check_place(draft, actor)
    if not known_kind and draft.kind not in settings.kinds:
        raise LetterRefusedError(f"没有“{draft.kind}”这一类函。请在 letters.yaml 里配置,或改选一类。")
    if draft.dispute_type and draft.dispute_type not in DISPUTE_TYPES:
        raise LetterRefusedError(f"没有“{draft.dispute_type}”这一纠纷类型。")
    if draft.due is not None and draft.due < actor.day:
        raise LetterRefusedError(f"办理期限 {draft.due:%Y-%m-%d} 早于今天 {actor.day:%Y-%m-%d}。请改为今天或以后。")
    if len(draft.evidence) > MOST_EVIDENCE:
        raise ValueError(f"expected at most {MOST_EVIDENCE} rows of evidence, found {len(draft.evidence)}")
    if not draft.title.strip() or not draft.body.strip():
        raise LetterRefusedError("标题和正文不能为空。")
    return replace(
        draft,
        title=tidy_line(draft.title, "标题", TEXT_LENGTHS["title"]),
        body=tidy_text(draft.body, "正文", TEXT_LENGTHS["body"]),
        demand=tidy_text(draft.demand, "要求", TEXT_LENGTHS["demand"]),
        receiver=tidy_line(draft.receiver, "收函单位", NAME_LENGTH),
        issuer_name=tidy_line(draft.issuer_name, "发函单位", NAME_LENGTH),
        alert=tidy_line(draft.alert, "预警编号", ALERT_LENGTH),
    )


def _check_place(draft: Draft, actor: Actor) -> None:
    level_of(draft.division)
    level_of(draft.issuer)
    if not (draft.division.startswith(actor.scope) and draft.issuer.startswith(actor.scope)):
        raise OutOfScopeError(f"area {draft.division} or issuer {draft.issuer} lies outside {actor.scope}")
    if not draft.division.startswith(draft.issuer):
        raise LetterRefusedError("函所涉及的区域不在发函单位的区划之内。请改选发函单位。")
