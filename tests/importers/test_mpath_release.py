"""A real study, imported and released: Ana's CSV holds its answers and nobody's name."""

from collections import Counter
from pathlib import Path

from api.audit.service import OPERATOR
from api.core import db
from api.core.jobs import JobContext, Jobs
from api.core.storage import Storage
from api.releases import build, service
from api.studies import service as studies
from schemas.release import ReleaseCreate, ReleaseStatus
from tests.importers.files import plain_rows, real_folder
from tests.importers.house import OWNER, House
from tests.journeys.recompute import read, smallest_class, texts


def released(house: House, files: tuple[Path, Path], folder: Path) -> None:
    """Import, ask for a release, make it as the worker does, and fetch its files."""
    study_id, _ = house.take(files, title="m-Path", owner=OWNER, sharing=True)
    jobs = Jobs(house.settings)
    with db.transaction(house.engine) as session:
        wanted = ReleaseCreate(recipient="Ana Analyst", purpose="checking")
        release = service.request(session, jobs, OPERATOR, studies.get(session, study_id), wanted)
    jobs.close()
    build.build(JobContext(house.settings, "test"), str(release.id))
    with db.reading(house.engine) as session:
        made = service.by_number(session, study_id, "1")
        assert made.status == ReleaseStatus.PUBLISHED, made.refusal
        storage = Storage(house.settings.storage)
        for file in service.view(made).files:
            chunks = storage.chunks(f"{made.folder}/{file.name}", 0, file.bytes)
            (folder / file.name).write_bytes(b"".join(chunks))


def test_the_real_study_is_released(house: House, tmp_path: Path) -> None:
    files = (real_folder() / "mpath_basic.csv", real_folder() / "mpath_meta.csv")
    released(house, files, tmp_path)
    people, entries, codebook = (
        read(tmp_path / f"{name}.csv") for name in ("participants", "entries", "codebook")
    )
    rows = [*plain_rows(files[0])]
    assert (len(people), len(entries)) == (20, 1_413)
    assert smallest_class(people) >= 5
    assert texts(entries, codebook) == {""}
    happy = Counter(
        row["slider_happy_sliderNeutralPos"] for row in rows if row["slider_happy_sliderNeutralPos"]
    )
    assert Counter(e["slider_happy"] for e in entries if e["slider_happy"]) == happy
    whole = "".join(path.read_text() for path in tmp_path.glob("*.csv"))
    for column in ("alias", "code", "connectionId"):
        names = {name for row in rows if (name := row[column]) and len(name) > 3}
        assert names
        assert not [name for name in names if name in whole]
