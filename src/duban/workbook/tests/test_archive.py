import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.workbook import archive
from duban.workbook.archive import Limits, unpack


def packed(folder: Path, files: Mapping[str, bytes], *, compress: bool = True) -> Path:
    path = folder / "上报.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED) as out:
        for name, content in files.items():
            out.writestr(name, content)
    return path


def as_windows_packs(folder: Path, name: str, content: bytes) -> Path:
    """An archive whose name is in GBK without saying so."""
    path = folder / "gbk.zip"
    stand_in = "".join("x" for _ in name.encode("gbk"))
    with zipfile.ZipFile(path, "w") as out:
        out.writestr(stand_in, content)
    path.write_bytes(path.read_bytes().replace(stand_in.encode(), name.encode("gbk")))
    return path


def test_workbooks_are_found_in_folders_and_litter_is_not(tmp_path: Path) -> None:
    files = {
        "三月/青石县.xlsx": b"1", "三月/河阳县/台账.XLS": b"2", "三月/说明.docx": b"3", "三月/": b"",
        "__MACOSX/三月/._青石县.xlsx": b"", "三月/~$青石县.xlsx": b"", ".DS_Store": b"",
    }  # fmt: skip
    found = unpack(packed(tmp_path, files), name="上报.zip")
    assert [member.name for member in found.members] == ["三月/青石县.xlsx", "三月/河阳县/台账.XLS"]
    assert found.passed_over == ["三月/说明.docx"]
    assert [b"".join(member.chunks()) for member in found.members] == [b"1", b"2"]


def test_names_in_gbk_are_read(tmp_path: Path) -> None:
    [member] = unpack(as_windows_packs(tmp_path, "青石县台账.xlsx", b"1"), name="gbk.zip").members
    assert member.name == "青石县台账.xlsx"
    assert b"".join(member.chunks()) == b"1"


@pytest.mark.parametrize(
    "name", ["../../etc/青石县.xlsx", "/root/青石县.xlsx", "..\\..\\青石县.xlsx", "C:\\青石县.xlsx"]
)
def test_a_name_that_leads_out_of_the_folder_leads_nowhere(tmp_path: Path, name: str) -> None:
    [member] = unpack(packed(tmp_path, {name: b"1"}), name="上报.zip").members
    assert ".." not in member.name.split("/")
    assert not member.name.startswith("/")
    assert b"".join(member.chunks()) == b"1"
    assert [path.name for path in tmp_path.iterdir()] == ["上报.zip"]


def test_a_bomb_is_refused_before_anything_is_unpacked(tmp_path: Path) -> None:
    path = packed(tmp_path, {"青石县.xlsx": bytes(50 * archive.MB)})
    with pytest.raises(archive.ArchiveTooLarge, match="unpack to 50 MB"):
        unpack(path, name="上报.zip")


def test_too_many_and_too_large_files_are_refused(tmp_path: Path) -> None:
    path = packed(tmp_path, {f"{number}.xlsx": b"1" for number in range(4)})
    with pytest.raises(archive.ArchiveTooLarge, match="holds 4 files"):
        unpack(path, name="上报.zip", limits=Limits(files=3))
    path = packed(tmp_path, {"1.xlsx": bytes(2 * archive.MB)}, compress=False)
    for limits in (Limits(file_mb=1), Limits(total_mb=1)):
        with pytest.raises(archive.ArchiveTooLarge):
            unpack(path, name="上报.zip", limits=limits)


def test_a_member_that_unpacks_to_more_than_it_declares_gives_no_more(tmp_path: Path) -> None:
    path = packed(tmp_path, {"1.xlsx": b"a" * 5000})
    data = path.read_bytes().replace((5000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    path.write_bytes(data)
    [member] = unpack(path, name="上报.zip").members
    with pytest.raises(archive.NotAnArchive):
        list(member.chunks())


def test_a_locked_archive_says_so(tmp_path: Path) -> None:
    path = packed(tmp_path, {"1.xlsx": b"1"})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(data))
    with pytest.raises(archive.ArchiveLocked, match="password"):
        unpack(path, name="上报.zip")


@pytest.mark.parametrize(("start", "kind"), [(b"Rar!\x1a\x07", "RAR"), (b"7z\xbc\xaf\x27\x1c", "7z")])
def test_archives_of_other_kinds_are_named(tmp_path: Path, start: bytes, kind: str) -> None:
    path = tmp_path / "上报.zip"
    path.write_bytes(start + bytes(100))
    with pytest.raises(archive.OtherArchive, match=f"packed as {kind}"):
        archive.check_kind(path, name=path.name)


def test_a_workbook_is_no_archive_although_it_is_a_zip_file(tmp_path: Path) -> None:
    assert not archive.is_archive(packed(tmp_path, {"[Content_Types].xml": b"", "xl/workbook.xml": b""}))
    assert archive.is_archive(packed(tmp_path, {"青石县.xlsx": b""}))


@given(st.binary(max_size=300))
def test_no_bytes_stop_it_in_any_other_way_than_with_a_sentence(noise: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        good = packed(Path(folder), {"1.xlsx": b"1"}).read_bytes()
        path = Path(folder) / "noise.zip"
        for content in (noise, good[:40] + noise + good[40:], good[: len(noise)] + noise):
            path.write_bytes(content)
            try:
                for member in unpack(path, name="noise.zip").members:
                    list(member.chunks())
            except (archive.NotAnArchive, archive.ArchiveLocked, archive.ArchiveTooLarge):
                pass
