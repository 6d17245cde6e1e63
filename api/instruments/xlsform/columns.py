"""The columns of each sheet: those that are taken, and those that are refused and why."""

from dataclasses import dataclass, field

MEDIA = "Daybook shows words only, no pictures, sound or video."
WORKED_OUT = "Daybook works nothing out while a person answers."
ONE_APP = "This is an instruction to one collecting app."


@dataclass(frozen=True)
class Columns:
    """What a sheet's columns may be."""

    plain: frozenset[str]
    worded: frozenset[str] = frozenset()
    """Those that say the same in several languages."""
    aliases: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    free: bool = False
    """Whether any other column is a value to filter by."""


_REFUSED = {
    **dict.fromkeys(("image", "big_image", "audio", "video", "autoplay"), MEDIA),
    **dict.fromkeys(("calculation", "trigger"), WORKED_OUT),
    **dict.fromkeys(("rows", "intent", "buttontext", "noapperrorstring", "no_app_error_string"), ONE_APP),
    **dict.fromkeys(("sms_field", "sms_option", "sms_separator", "compact_tag"), ONE_APP),
    "guidance_hint": "Daybook shows one hint. Write what a person must know into the column hint.",
    "read_only": "A question of Daybook can always be answered. Use a note for what is only read.",
    "save_to": "Daybook keeps no entities.",
    "query": "Daybook has no choices outside the sheet choices.",
    "bind": ONE_APP,
    "control": ONE_APP,
    "instance": ONE_APP,
}
_SURVEY = {
    "type", "name", "relevant", "required", "constraint", "appearance", "default", "choice_filter",
    "parameters", "repeat_count", "disclosure", "theme", "question_type", "decimals", "unit",
    "min_items", "max_items", "hierarchy_levels",
}  # fmt: skip
_SETTINGS = {
    "form_title", "form_id", "version", "default_language", "kind", "contingency",
    "allow_choice_duplicates", "style", "instance_name", "clean_text_values", "omit_instanceid",
    "add_none_option",
}  # fmt: skip
SURVEY = Columns(
    plain=frozenset(_SURVEY),
    worded=frozenset({"label", "hint", "constraint_message", "required_message"}),
    aliases={
        "command": "type",
        "tag": "name",
        "value": "name",
        "caption": "label",
        "relevance": "relevant",
        "constraining_message": "constraint_message",
        "constraintmsg": "constraint_message",
        "requiredmsg": "required_message",
        "count": "repeat_count",
        "calculate": "calculation",
        "readonly": "read_only",
    },
    refused=_REFUSED,
)
CHOICES = Columns(
    plain=frozenset({"list_name", "name", "removed", "exclusive"}),
    worded=frozenset({"label"}),
    aliases={"value": "name", "caption": "label", "list": "list_name"},
    refused=dict.fromkeys(("image", "big_image", "audio", "video"), MEDIA),
    free=True,
)
SETTINGS = Columns(
    plain=frozenset(_SETTINGS),
    aliases={
        "title": "form_title",
        "set_form_title": "form_title",
        "set_form_id": "form_id",
        "id_string": "form_id",
    },
    refused={
        "public_key": "Daybook encrypts in its own way, not with a key of the workbook.",
        "submission_url": "Entries go to this Daybook only.",
        "auto_send": "The phone sends by itself.",
        "auto_delete": "The phone tidies up by itself.",
        "prefix": ONE_APP,
        "namespaces": ONE_APP,
    },
)
LANGUAGES = Columns(plain=frozenset({"language", "title"}))
FORMS = Columns(plain=frozenset({"kind", "contingency"}), worded=frozenset({"label"}))
FORM_ITEMS = Columns(plain=frozenset({"kind", "question", "required", "more"}))
