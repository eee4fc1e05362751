"""The pool does not answer: said in words that carry neither rows nor passwords."""

from sqlalchemy.exc import DBAPIError

NOT_ALLOWED = "42501"
"""PostgreSQL's name for an account without the right to do it."""


class PoolUnavailableError(RuntimeError):
    """The pool can not be read now: the store or a segment does not answer."""


def reason(error: Exception) -> str:
    """What the database or its driver said, without the statement and its values."""
    said = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    # PostgreSQL's details and context name the failing row.
    primary = getattr(getattr(said, "diag", None), "message_primary", None)
    words = " ".join(str(primary or said).split())
    return f"数据库账号没有所需的权限({words})" if getattr(said, "sqlstate", None) == NOT_ALLOWED else words
