import errno
from hashlib import sha256

import pytest

from data.sealed_files import seal


def test_a_file_is_whole_under_a_name_of_its_own_with_its_checksum(tmp_path):
    folder = tmp_path / "made" / "here"
    first, digest = seal(folder, ".txt", lambda path: path.write_text("all of it"))
    second, _ = seal(folder, ".txt", lambda path: path.write_text("all of it"))
    assert first.read_text() == "all of it"
    assert digest == sha256(b"all of it").hexdigest()
    assert sorted(folder.iterdir()) == sorted([first, second])


def test_of_a_file_that_did_not_fit_nothing_is_left(tmp_path):
    def half(path) -> None:
        path.write_text("half of")
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        seal(tmp_path, ".txt", half)
    assert list(tmp_path.iterdir()) == []
