"""Languages as XLSForm names them, "Welsh (cy)", and as we do, "cy"."""

import re

# The names that workbooks use without a code; any other language is written with its code.
NAMES = {
    "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan", "cs": "Czech", "cy": "Welsh",
    "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian",
    "eu": "Basque", "fa": "Persian", "fi": "Finnish", "fr": "French", "ga": "Irish", "gd": "Scottish Gaelic",
    "gl": "Galician", "gu": "Gujarati", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian",
    "is": "Icelandic", "it": "Italian", "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian",
    "mt": "Maltese", "ne": "Nepali", "nl": "Dutch", "no": "Norwegian", "pa": "Punjabi", "pl": "Polish",
    "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "so": "Somali",
    "sq": "Albanian", "sr": "Serbian", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "tr": "Turkish",
    "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
_CODES = {name.lower(): code for code, name in NAMES.items()}
_CODE = re.compile(r"([A-Za-z]{2,3})((?:-[A-Za-z0-9]{2,8})*)")
UNCLEAR = "The language is not clear. Write its name and code, such as label::Welsh (cy)."


def code(written: str) -> str | None:
    """Return the code of a language written as "Welsh (cy)", "cy" or "welsh", else None."""
    words = " ".join(written.split())
    in_brackets = re.fullmatch(r".*\(\s*([^()]*?)\s*\)", words)
    if in_brackets is None and words.lower() in _CODES:
        return _CODES[words.lower()]
    found = _CODE.fullmatch(in_brackets[1] if in_brackets else words)
    return found[1].lower() + found[2] if found else None


def name(code_: str) -> str:
    """Write a language as XLSForm names it."""
    return f"{NAMES.get(code_, code_)} ({code_})"
