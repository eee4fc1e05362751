"""The life of a letter: 拟稿 → 审核 → 已发 → 已签收 → 已反馈 → 销号, and which act leads from where to where."""

from dataclasses import dataclass

from data.letters.wording import LetterRefusedError

STATES = {
    "draft": "拟稿",
    "in_review": "审核",
    "issued": "已发",
    "received": "已签收",
    "answered": "已反馈",
    "closed": "销号",
    "void": "作废",
}
"""Names of the states, in the order of a letter's life."""
AWAITING = ("issued", "received")
"""States in which an answer is awaited: past the deadline such a letter is overdue."""
OUTGOING = ("issued", "received", "answered", "closed")
"""States of letters that have gone out; those before are seen only on the issuer's side."""


@dataclass(frozen=True)
class Move:
    """What an act does. `note` names what must be said with it, "" where nothing need be.

    `of_issuer`: the centre that issues the letter does it; else whoever the letter is about may do it too.
    """

    act: str
    word: str
    start: str
    end: str
    note: str = ""
    of_issuer: bool = True


MOVES = {
    move.act: move
    for move in (
        Move("submit", "提交审核", "draft", "in_review"),
        Move("issue", "签发", "in_review", "issued"),
        Move("return", "退回修改", "in_review", "draft", "退回理由"),
        Move("receive", "签收", "issued", "received", of_issuer=False),
        Move("answer", "反馈", "received", "answered", "反馈内容", of_issuer=False),
        Move("close", "销号", "answered", "closed"),
        Move("send_back", "退回补充", "answered", "received", "退回理由"),
        Move("void", "作废", "draft", "void", "作废理由"),
    )
}
"""Every act that changes a letter's state, by its code."""
KEPT = {"draft": "拟稿", "edit": "修改", "export": "导出"}
"""Acts that are kept and leave the state as it is."""


class IllegalActError(LetterRefusedError):
    """The letter's present state does not allow the act."""


def moves_from(state: str) -> tuple[Move, ...]:
    """Acts that a state allows, the usual one first."""
    return tuple(move for move in MOVES.values() if move.start == state)


def act_word(act: str) -> str:
    """What an act is called on screen."""
    return MOVES[act].word if act in MOVES else KEPT.get(act, act)


def check_move(act: str, state: str) -> Move:
    """What an act does to a letter in a state.

    Raises
    ------
    IllegalActError
        Not in this state; the message names the state and what it allows.
    ValueError
        There is no such act.
    """
    if act not in MOVES:
        raise ValueError(f"expected an act of {', '.join(MOVES)}, found {act!r}")
    move = MOVES[act]
    if move.start != state:
        raise IllegalActError(_not_now(move.word, state))
    return move


def check_draft(state: str) -> None:
    """Raise `IllegalActError` unless the texts may be changed: only a draft's may."""
    if state != "draft":
        raise IllegalActError(_not_now("修改", state))


def _not_now(word: str, state: str) -> str:
    allowed = "、".join(move.word for move in moves_from(state))
    now = f"现在可以:{allowed}。" if allowed else "这份函已经了结,不能再变动。"
    return f"这份函现在是“{STATES[state]}”,不能“{word}”;{now}可能有人已先处理,请刷新后再看。"
