import pytest
from typer.testing import CliRunner

from commands.demo import app


@pytest.mark.parametrize("until", ["昨天", "2026-11-25", "2999-01-01 00:00"])
def test_an_end_that_is_no_moment_or_is_to_come_is_refused(tmp_path, monkeypatch, until):
    monkeypatch.setenv("PINGAN_VAR", str(tmp_path))
    done = CliRunner().invoke(app, ["demo", "--until", until])
    assert done.exit_code != 0
    assert until in done.output
    assert not list(tmp_path.iterdir())
