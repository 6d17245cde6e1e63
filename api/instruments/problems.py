"""Refusals of instruments."""

from api.core.problems import Conflict, Invalid


class InstrumentUnknown(Invalid):
    """An entry names an instrument version that this study never published."""

    slug, title = "instrument-unknown", "This study has no such instrument version."


class InstrumentPublished(Conflict):
    """A published version is immutable."""

    slug, title = "instrument-published", "A published version cannot be changed; make the next version."


class ChangeNotAllowed(Conflict):
    """A new version would break what earlier versions promised."""

    slug, title = "change-not-allowed", "The new version changes what must stay the same."


class WorkbookRefused(Invalid):
    """A workbook cannot be taken as a questionnaire; `errors` names sheet, row, column and reason."""

    slug, title = "workbook-refused", "This workbook cannot be taken as a questionnaire."


class WorkbookUnwritable(Conflict):
    """A version holds something for which XLSForm has no words; `errors` says what."""

    slug, title = (
        "workbook-unwritable",
        "This version cannot be written as a workbook without losing something.",
    )
