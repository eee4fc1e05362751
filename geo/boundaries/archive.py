"""Zipped Shapefiles unpacked with care: nothing outside the folder, nothing larger than it may be."""

import zipfile
from pathlib import Path

from geo.boundaries.errors import BoundaryFileError

PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
LARGEST = 2_000_000_000
"""Bytes that all parts together may have unpacked."""
MOST_MEMBERS = 1_000
_BOMB = 500  # times the packed size; tables padded with blanks shrink to a hundredth
_SMALL = 10_000_000  # bytes under which no ratio matters
_CHUNK = 1 << 20


def unpack_shapefile(archive: Path, folder: Path) -> Path:
    """Unpack the one Shapefile of a zip into `folder` under the name `layer`; return its .shp.

    Only the parts of the Shapefile are written, under names of our own, so a member's path leads nowhere.

    Raises
    ------
    BoundaryFileError
        No zip, a member that leads outside, something that grows beyond measure, encrypted, none or several Shapefiles.
    """
    try:
        with zipfile.ZipFile(archive) as packed:
            members = _members(packed)
            stem = _only_stem(members)
            for member in members:
                path = Path(member.filename)
                if str(path.with_suffix("")) == stem and path.suffix.lower() in PARTS:
                    _write(packed, member, folder / f"layer{path.suffix.lower()}")
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError) as error:
        raise BoundaryFileError("压缩包打不开或已损坏。请重新压缩为普通 zip 后再导入。") from error
    if not (folder / "layer.shx").exists() or not (folder / "layer.dbf").exists():
        raise BoundaryFileError("压缩包中的 Shapefile 不完整:.shp、.shx、.dbf 三个文件缺一不可。请一并压缩后再导入。")
    return folder / "layer.shp"


def _members(packed: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    members = [member for member in packed.infolist() if not member.is_dir()]
    if len(members) > MOST_MEMBERS:
        raise BoundaryFileError(
            f"压缩包中有 {len(members):,} 个文件,最多 {MOST_MEMBERS:,} 个。请只压缩一个 Shapefile。"
        )
    for member in members:
        name = member.filename.replace("\\", "/")
        if name.startswith("/") or ".." in name.split("/") or ":" in name:
            raise BoundaryFileError(f"压缩包中的路径“{name[:80]}”指向包外,已拒绝。请重新压缩后再导入。")
        if member.flag_bits & 1:
            raise BoundaryFileError("压缩包设有密码。请去掉密码后再导入。")
        if member.file_size > max(_SMALL, _BOMB * max(member.compress_size, 1)):
            raise BoundaryFileError(f"压缩包中的“{name[:80]}”解压后异常膨胀,疑似压缩炸弹,已拒绝。")
    total = sum(member.file_size for member in members)
    if total > LARGEST:
        raise BoundaryFileError(f"压缩包解压后有 {total / 1e9:.1f} GB,最多 {LARGEST / 1e9:.0f} GB。请分批导入。")
    return members


def _only_stem(members: list[zipfile.ZipInfo]) -> str:
    shapes = [Path(m.filename) for m in members if Path(m.filename).suffix.lower() == ".shp"]
    shapes = [path for path in shapes if "__MACOSX" not in path.parts]
    if not shapes:
        raise BoundaryFileError("压缩包中没有 .shp 文件。请压缩整个 Shapefile(.shp、.shx、.dbf、.prj)后再导入。")
    if len(shapes) > 1:
        names = "、".join(path.name for path in shapes[:5])
        raise BoundaryFileError(f"压缩包中有 {len(shapes)} 个 Shapefile({names})。请一次只导入一个。")
    return str(shapes[0].with_suffix(""))


def _write(packed: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path) -> None:
    """Write a member, never more of it than its header said."""
    left = member.file_size
    with packed.open(member) as source, path.open("wb") as target:
        while chunk := source.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise BoundaryFileError("压缩包中文件的大小与目录记录不符,已拒绝。")
            target.write(chunk)
