"""Finished files are taken into the store as they are."""

from pathlib import Path

from api.core.storage import Storage


def test_files_are_moved_into_a_store_that_is_a_folder(tmp_path: Path) -> None:
    finished = tmp_path / "finished"
    finished.mkdir()
    for name in ("a.csv", "b.csv"):
        (finished / name).write_text(name)
    store = Storage((tmp_path / "store").as_uri())
    store.publish(finished, "study/1")
    assert list(finished.iterdir()) == []
    assert store.open("study/1/b.csv").read() == b"b.csv"
    store.remove("study/1")
    assert not (tmp_path / "store" / "study" / "1").exists()
