"""Verifies a published release again, years later: the stored files' hashes, then the files themselves."""

import tempfile
from pathlib import Path

import polars as pl
from sqlmodel import Session

from api.core.config import Settings
from api.core.storage import Storage
from api.instruments import service as instruments
from api.participants import contacts
from api.releases import service
from api.releases.files import described
from api.releases.layout import Layout, lay_out
from api.releases.models import Release
from api.releases.policy import Policy
from api.releases.problems import ReleaseNotReady
from api.releases.sensitive import slots_for
from api.releases.slots import Version
from api.releases.verification.verify import Expected, verify_files
from schemas.release import ReleaseFileView, ReleaseStatus


def expected_of(layout: Layout, forbidden: set[str]) -> Expected:
    """Return what the files of a release must hold, by its policy."""
    policy = layout.policy
    sensitive = {
        one.key: (
            {
                column.name: slot.staged_type == pl.List(pl.String())
                for slot in slots_for(layout, one.key)
                for column in slot.columns
            },
            one.l,
        )
        for one in policy.sensitive
    }
    return Expected([q.key for q in policy.quasi_identifiers], policy.k, forbidden, sensitive)


def recheck(session: Session, settings: Settings, release: Release) -> list[str]:
    """Return what is wrong with a published release's stored files, as sentences; none if all is well."""
    if release.status != ReleaseStatus.PUBLISHED:
        raise ReleaseNotReady(f"Its state is: {release.status.value}.")
    versions = [
        Version(row.id, instruments.parse(row))
        for row in instruments.versions(session, release.study_id, drafts=False)
        if row.published_at and release.published_at and row.published_at <= release.published_at
    ]
    layout = lay_out(versions, Policy.model_validate(release.policy))
    forbidden = contacts.identifiers(session, settings, release.study_id)
    storage = Storage(settings.storage)
    with tempfile.TemporaryDirectory(dir=settings.data_dir) as name:
        findings = [
            finding
            for file in service.view(release).files
            for finding in _copied(storage, f"{release.folder}/{file.name}", file, Path(name))
        ]
        return findings or list(verify_files(Path(name), expected_of(layout, forbidden)).findings)


def _copied(storage: Storage, stored: str, file: ReleaseFileView, folder: Path) -> list[str]:
    """Copy one stored file; say what is wrong with it."""
    path = folder / file.name
    try:
        with path.open("wb") as target:
            for piece in storage.chunks(stored, 0, file.bytes + 1):
                target.write(piece)
    except FileNotFoundError:
        return [f"{file.name} is missing from the store."]
    if described(path).sha256 != file.sha256:
        return [f"{file.name} is not the file that was published: its SHA-256 differs."]
    return []
