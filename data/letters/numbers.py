"""Numbers of letters: one series by kind, year and issuing centre, from 1, without gaps and without repeats.

A number is taken in the transaction that issues the letter, and there is one writer at a time on either store
(`data.store.writing`): whoever comes next reads what the last one left, and a letter that is not issued after all
takes its number back with everything else.
"""

from sqlalchemy import Connection, insert, select, update

from data.letters.settings import Issuer, LetterKind
from data.letters.templates import number_text
from data.letters.wording import LetterRefusedError
from data.tables.letters import letter_numbers, letters


def take_number(connection: Connection, kind: LetterKind, issuer: Issuer, year: int) -> str:
    """Take the next number of a series; call it inside `data.store.writing` only.

    Raises
    ------
    LetterRefusedError
        A letter of another centre has this number already: two centres have the same sign.
    """
    same = [letter_numbers.c[name] == value for name, value in _key(kind, issuer, year).items()]
    last = connection.execute(select(letter_numbers.c.last).where(*same)).scalar()
    serial = 1 if last is None else int(last) + 1
    if last is None:
        connection.execute(insert(letter_numbers).values(last=serial, **_key(kind, issuer, year)))
    else:
        connection.execute(update(letter_numbers).where(*same).values(last=serial))
    number = number_text(kind.number, sign=issuer.sign, year=year, serial=serial)
    if connection.execute(select(letters.c.id).where(letters.c.number == number)).first():
        raise LetterRefusedError(
            f"编号“{number}”已被另一份函使用,没有签发。"
            "请在 letters.yaml 里给各发函单位不同的代字、各类函不同的编号格式。"
        )
    return number


def _key(kind: LetterKind, issuer: Issuer, year: int) -> dict[str, str | int]:
    return {"kind": kind.code, "year": year, "issuer": issuer.code}
