import struct
import zipfile

import pytest

from geo.boundaries.archive import unpack_shapefile
from geo.boundaries.errors import BoundaryFileError


def zipped(tmp_path, members: dict[str, bytes]):
    path = tmp_path / "areas.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


SHAPEFILE = {f"a/区划.{end}": b"x" for end in ("shp", "shx", "dbf", "prj")}


def test_the_parts_come_out_under_names_of_our_own(tmp_path):
    path = zipped(tmp_path, SHAPEFILE | {"a/readme.txt": b"hello"})
    folder = tmp_path / "out"
    folder.mkdir()
    assert unpack_shapefile(path, folder) == folder / "layer.shp"
    assert sorted(file.name for file in folder.iterdir()) == ["layer.dbf", "layer.prj", "layer.shp", "layer.shx"]


@pytest.mark.parametrize("name", ["../evil.shp", "/etc/evil.shp", "a/../../evil.shp", "C:\\evil.shp", "..\\evil.shp"])
def test_a_path_that_leads_outside_is_refused_and_nothing_is_written(tmp_path, name):
    folder = tmp_path / "out"
    folder.mkdir()
    with pytest.raises(BoundaryFileError, match="指向包外"):
        unpack_shapefile(zipped(tmp_path, SHAPEFILE | {name: b"x"}), folder)
    assert not list(folder.iterdir())


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    bomb = zipped(tmp_path, SHAPEFILE | {"a/区划.dbf": bytes(30_000_000)})
    with pytest.raises(BoundaryFileError, match="压缩炸弹"):
        unpack_shapefile(bomb, tmp_path)
    assert not (tmp_path / "layer.dbf").exists()


def test_a_member_that_says_it_is_smaller_than_it_is_is_refused(tmp_path):
    path = zipped(tmp_path, SHAPEFILE | {"a/区划.dbf": bytes(range(256)) * 40_000})
    content = bytearray(path.read_bytes())
    true_size = struct.pack("<L", 256 * 40_000)
    content[:] = content.replace(true_size, struct.pack("<L", 10))
    path.write_bytes(content)
    with pytest.raises(BoundaryFileError, match=r"损坏|不符"):
        unpack_shapefile(path, tmp_path)


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"a.txt": b"x"}, "没有 .shp"),
        ({"a.shp": b"x"}, "缺一不可"),
        (SHAPEFILE | {"b.shp": b"x"}, "2 个 Shapefile"),
        ({f"{n}.txt": b"" for n in range(1001)}, "1,001 个文件"),
    ],
)
def test_what_is_no_single_whole_shapefile_is_told(tmp_path, members, said):
    with pytest.raises(BoundaryFileError, match=said):
        unpack_shapefile(zipped(tmp_path, members), tmp_path)


def test_a_broken_zip_is_told(tmp_path):
    path = tmp_path / "areas.zip"
    path.write_bytes(b"PK\x03\x04 and nothing else")
    with pytest.raises(BoundaryFileError, match="打不开或已损坏"):
        unpack_shapefile(path, tmp_path)
