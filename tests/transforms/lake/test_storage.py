import errno
import pickle
import threading

import pytest

from newsbeam.transforms.lake.storage import Storage


def test_create_only_leaves_what_is_there(any_root):
    storage = Storage(any_root)
    storage.put_new("_snapshots/00000001.json", b"first")
    with pytest.raises(FileExistsError):
        storage.put_new("_snapshots/00000001.json", b"second")
    assert storage.get("_snapshots/00000001.json") == b"first"


def test_files_are_put_listed_and_deleted(any_root):
    storage = Storage(any_root)
    storage.put("b/date=2023-01-31/x.parquet", b"12345")
    storage.put("b/date=2023-01-31/x.parquet", b"12345")
    storage.put("a.json", b"1")
    listed = storage.files("")
    assert list(listed) == ["a.json", "b/date=2023-01-31/x.parquet"]
    assert [stored.bytes for stored in listed.values()] == [1, 5]
    assert list(storage.files("b")) == ["b/date=2023-01-31/x.parquet"]
    assert list(storage.files("", is_deep=False)) == ["a.json"]
    assert list(storage.files("b/date=2023-01-31", is_deep=False)) == ["b/date=2023-01-31/x.parquet"]
    assert storage.files("b", is_deep=False) == {}
    assert storage.size("a.json") == 1
    assert storage.size("b/none") is None
    assert storage.changed_at("b/none") is None
    assert storage.changed_at("a.json") == pytest.approx(listed["a.json"].changed_at, abs=1)
    storage.delete("a.json")
    storage.delete("a.json")
    assert not storage.exists("a.json")
    assert storage.files("never") == {}
    with pytest.raises(FileNotFoundError):
        storage.get("a.json")


def test_of_writers_of_one_name_one_wins(any_root):
    storage = Storage(any_root)
    storage.put("_snapshots/00000000.json", b"")
    won = []
    gate = threading.Barrier(4)

    def write(name):
        gate.wait()
        try:
            storage.put_new("_snapshots/00000001.json", name)
            won.append(name)
        except FileExistsError:
            pass

    threads = [threading.Thread(target=write, args=(b"%d" % n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if not any_root.startswith("memory:"):  # fsspec's memory is for one thread
        assert len(won) == 1
        assert storage.get("_snapshots/00000001.json") == won[0]


def test_a_full_disk_leaves_nothing_behind(tmp_path):
    class FullDisk(Storage):
        def write_temp(self, path, content):
            with open(path, "wb") as out:
                out.write(content[:3])
            raise OSError(errno.ENOSPC, "No space left on device")

    storage = FullDisk(str(tmp_path))
    with pytest.raises(OSError, match="No space left"):
        storage.put("articles/x.parquet", b"123456")
    assert storage.files("") == {}


def test_a_file_system_without_hard_links_is_told(tmp_path, monkeypatch):
    def refused(_temp, _final):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr("os.link", refused)
    with pytest.raises(OSError, match="has no hard links"):
        Storage(str(tmp_path)).put_new("_snapshots/00000001.json", b"1")


def test_a_folder_may_vanish_while_a_file_moves_into_it(tmp_path):
    class SweptMeanwhile(Storage):
        def write_temp(self, path, content):
            super().write_temp(path, content)
            self.drop_empty_folders("a")

    storage = SweptMeanwhile(str(tmp_path))
    (tmp_path / "a").mkdir()
    storage.put("a/b/x", b"1")
    assert storage.get("a/b/x") == b"1"


def test_pickles_as_its_root(tmp_path):
    storage = Storage(str(tmp_path))
    storage.put("x", b"1")
    assert pickle.loads(pickle.dumps(storage)).get("x") == b"1"


@pytest.mark.parametrize("root", ["", "lakes/*", "lake?", "gs://bucket/[a]", "lake\n; DROP"])
def test_a_root_that_names_no_single_place_is_refused(root):
    with pytest.raises(ValueError, match="root must"):
        Storage(root)
