"""One query text for every engine: compiled for PostgreSQL, turned by sqlglot into the engine's own SQL."""

from functools import lru_cache
from typing import Any

import sqlglot
from sqlalchemy import Select
from sqlalchemy.dialects import postgresql
from sqlglot import exp

_POSTGRESQL = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]


def render(query: Select, dialect: str, *, facts_name: str = "facts") -> tuple[str, dict[str, Any]]:
    """SQL text with named parameters, and their values.

    Parameters
    ----------
    query
        Over the table `facts`.
    dialect
        sqlglot's name of the engine: duckdb, sqlite, postgres, spark, clickhouse.
    facts_name
        What stands for `facts` there.
    """
    compiled = query.compile(dialect=_POSTGRESQL, compile_kwargs={"render_postcompile": True})
    return _translate(str(compiled), dialect, facts_name), dict(compiled.params)


@lru_cache(maxsize=512)
def _translate(text: str, dialect: str, facts_name: str) -> str:
    tree = sqlglot.parse_one(text, read="postgres")
    for named in tree.find_all(exp.Table):
        if named.name == "facts":
            named.set("alias", exp.TableAlias(this=exp.to_identifier("facts")))
            named.set("this", exp.to_identifier(facts_name))
    return str(tree.sql(dialect=dialect))
