"""Texts that people write into letters and whistles: how long they may be, and what is left of them."""

import unicodedata

NAME_LENGTH = 60
PERSON_LENGTH = 40
NOTE_LENGTH = 1000
DEPARTMENT_LENGTH = 40
MATTER_LENGTH, RESULT_LENGTH = 200, 500
TEXT_LENGTHS = {"title": 80, "body": 4000, "demand": 2000}
"""Most characters of a letter's texts."""


class LetterRefusedError(ValueError):
    """Something about a letter or a whistle can not be done; the message is for the officer, in Chinese."""


def tidy_line(text: str, what: str, longest: int) -> str:
    """One line without signs that can not be printed.

    Raises
    ------
    LetterRefusedError
        It is longer than `longest`; `what` names it.
    """
    return _checked(" ".join(_printed(text).split()), what, longest)


def tidy_text(text: str, what: str, longest: int) -> str:
    """Several lines without signs that can not be printed, no blank lines at the ends.

    Raises
    ------
    LetterRefusedError
        See `tidy_line`.
    """
    lines = [_printed(line).rstrip() for line in text.splitlines()]
    return _checked("\n".join(lines).strip(), what, longest)


def same_person(first: str, second: str) -> bool:
    """Whether two names are of one person, however wide or large their letters are written."""
    return _folded(first) == _folded(second)


def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def _printed(text: str) -> str:
    normal = unicodedata.normalize("NFC", text)
    return "".join(sign if sign.isprintable() else " " for sign in normal)


def _checked(text: str, what: str, longest: int) -> str:
    if len(text) > longest:
        raise LetterRefusedError(f"{what}有 {len(text):,} 个字,至多 {longest:,} 个字。请删减后再保存。")
    return text
