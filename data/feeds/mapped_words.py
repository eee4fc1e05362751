"""Rows on their way in get the types that people have given to their feeds' words."""

from sqlalchemy import ColumnElement, Connection, Table, exists, select, update

from data.tables.feeds import word_mappings


def apply_mappings(connection: Connection, incoming: Table, wanted: ColumnElement[bool]) -> None:
    """Set `dispute_type` of the wanted rows whose `type_word` somebody has mapped; inside `writing`.

    The word stays with the row, so that a later change of the mapping finds it.
    """
    if connection.execute(select(word_mappings.c.code).limit(1)).first() is None:
        return
    mapped = (word_mappings.c.source == incoming.c.source) & (word_mappings.c.word == incoming.c.type_word)
    code = select(word_mappings.c.code).where(mapped).scalar_subquery()
    with_word = wanted & incoming.c.type_word.is_not(None) & exists().where(mapped)
    connection.execute(update(incoming).values(dispute_type=code).where(with_word))
