"""The durable job that makes a release: freeze, describe, write, verify, publish, or leave nothing."""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from uuid import UUID

from sqlalchemy import Engine

from api.core import crypto, db
from api.core.config import Settings
from api.core.database_problem import database_problem
from api.core.jobs import JobContext, job
from api.core.logging import log, where
from api.core.problems import Problem, Unavailable
from api.core.storage import Storage
from api.participants import contacts
from api.releases import claim, making, manifest
from api.releases.agreements import service as agreements
from api.releases.beating import now_and_then
from api.releases.files import Bundle, write_text
from api.releases.gate import service as gate
from api.releases.gate.fitting import Known
from api.releases.gate.service import Passed
from api.releases.layout import lay_out
from api.releases.models import Release
from api.releases.policy import Policy
from api.releases.problems import ReleaseNotStored, ReleaseNotVerified
from api.releases.pseudonyms import Scope, pseudonym_scope, scope_key
from api.releases.rechecking import expected_of
from api.releases.report import recipients
from api.releases.report.background import background
from api.releases.report.measuring import measured
from api.releases.report.recipients import DISCLOSURE
from api.releases.report.timing import WrittenTimes, measured_dates
from api.releases.review import refresh
from api.releases.service import JOB
from api.releases.snapshot import frozen, only
from api.releases.verification.verify import PARTICIPANTS, Expected, Verdict, verify_files
from api.studies.secrets import study_secret
from schemas.release import ReleaseFileView
from schemas.report import ReportDates, ReportFigures


@job(JOB)
def build(context: JobContext, release_id: str) -> None:
    """Make one release; run again after a crash it resumes, and run twice it does nothing."""
    engine = db.make_engine(context.settings)
    try:
        release = claim.take(engine, UUID(release_id), context.job_id)
        if release is not None:
            _make(engine, context, release)
        elif not claim.is_being_made(engine, UUID(release_id)):
            _remove_folders(context.settings, release_id)  # its worker may have died after it was published
    finally:
        engine.dispose()


def _make(engine: Engine, context: JobContext, release: Release) -> None:
    try:
        storage = Storage(context.settings.storage)
        claim.clear(storage, release)
        with _own_folder(context.settings, release) as own:
            folder, work = own / "files", own / "work"
            folder.mkdir()
            passed, files, figures = write(engine, context.settings, release, folder, work)
            claim.publish(engine, storage, release, folder, passed, files, figures)
    except ReleaseNotStored as away:
        claim.fail(engine, release, away.title)
        raise
    except Problem as refused:
        claim.refuse(engine, release, f"{refused.title} {refused.detail or ''}".strip())
    except Exception as error:
        log().error(
            "release failed", release_id=str(release.id), error=type(error).__name__, where=where(error)
        )
        if not isinstance(database_problem(error), Unavailable):
            claim.fail(engine, release)
        raise


def write(
    engine: Engine, settings: Settings, release: Release, folder: Path, work: Path
) -> tuple[Passed, list[ReleaseFileView], ReportFigures]:
    """Write and verify a release's files in a folder; raise the problem that stands in its way."""
    policy = Policy.model_validate(release.policy)
    scope = scope_of(engine, settings, release)
    refresh.before_release(engine, settings, release.study_id)
    with frozen(engine, release.study_id, release.cutoff, policy.keys) as view:
        agreements.of_release(view.session, release)
        layout = lay_out(view.versions, policy)
        beat = now_and_then(partial(claim.beat, engine, release))
        staged = making.stage(view, layout, scope, work, beat)
        sensitive = staged.sensitive.by_participant(scope.participants(view.attributes))
        known, read = Known(view.attributes, sensitive), staged.entries.rows
        passed = gate.pass_gate(view.session, release, policy, known, partial(beat, read))
        if passed.gate.left_out:
            staged = making.stage(only(view, passed.people.shown), layout, scope, work / "fewer", beat)
        forbidden = contacts.identifiers(view.session, settings, release.study_id)
        counted = background(view, release, staged)
        title = view.title
    people = making.described_people(layout, passed.people, scope)
    check = partial(_checked, folder, expected_of(layout, forbidden), release)
    with closing(Bundle(folder / "bundle.zip")) as bundle:
        files, (verdict, dates) = making.write(layout, staged, people, work, bundle, check, beat)
        figures = measured(release, passed, counted, verdict, dates)
        # What else a release tells its recipient joins `files` here, so that manifest, hashes and zip know it.
        told = recipients.text(release, title, figures)
        files.append(bundle.add(write_text(folder / DISCLOSURE, told)))
        told = manifest.text(release, title, policy, passed, files)
        files.append(bundle.add(write_text(folder / "manifest.json", told)))
        return passed, [*files, *bundle.sealed(files)], figures


@contextmanager
def _own_folder(settings: Settings, release: Release) -> Iterator[Path]:
    """Give an attempt an empty folder of its own, clear of what earlier ones left, and remove it after.

    An earlier attempt may still be at it, in another worker of the same name: it fails, and can write nothing here.
    """
    _remove_folders(settings, str(release.id))
    folder = settings.data_dir / "building" / f"{release.id}-{release.attempts}"
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _remove_folders(settings: Settings, release_id: str) -> None:
    for folder in (settings.data_dir / "building").glob(f"{release_id}-*"):
        shutil.rmtree(folder, ignore_errors=True)


def _checked(folder: Path, expected: Expected, release: Release) -> tuple[Verdict, ReportDates]:
    """Verify the written CSV files, and measure what their dates give away."""
    times = WrittenTimes(Policy.model_validate(release.policy).dates)
    verdict = verify_files(folder, expected, times.add)
    if verdict.findings:
        raise ReleaseNotVerified(" ".join(verdict.findings[:5]))
    return verdict, measured_dates(times, release.number, folder / PARTICIPANTS)


def scope_of(engine: Engine, settings: Settings, release: Release) -> Scope:
    """Return the keys of a release's pseudonyms."""
    with db.transaction(engine) as session:
        master = crypto.derive(study_secret(session, settings, release.study_id), "pseudonyms")
    study = str(release.study_id)
    return Scope(
        participant_key=scope_key(master, study, *pseudonym_scope(release)),
        entry_key=scope_key(master, study, "entries", release.seed),
    )
