"""The translation catalogue without system gettext: English in the source, Simplified Chinese in one file.

`update` brings the catalogue up to date with the source, `check` says what is wrong with it, `compile` writes what
Django reads. The file is sorted and carries neither dates nor line numbers, so that two people's edits rarely meet.
"""

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "duban"
LANGUAGES = ("zh_Hans",)
WORDS = {
    "_": None,
    "N_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
HEADER = """# {language} texts of Duban. Source texts are English; `make messages` brings this file up to date.
msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
STRING = r"u?(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")"
CALL = re.compile(rf"(?:\bn?p?gettext|\b_)\(\s*{STRING}(?:,\s*{STRING})*(?:,\s*count)?\s*\)")
PLACES = re.compile(r"%%|%\((\w+)\)[sd]|%[sd]|\{\{|\}\}|\{(\w*)[^{}]*\}")


def catalogue_path(source: Path, language: str) -> Path:
    """Where the texts of a language are kept."""
    return source / "ui" / "locale" / language / "LC_MESSAGES" / "django.po"


def extracted(source: Path) -> Catalog:
    """Every text of the source that a person may read, with the files it is in; tests are no such source."""
    catalogue = Catalog(fuzzy=False)
    for path in sorted([*source.rglob("*.py"), *source.rglob("*.html"), *source.rglob("*.txt")]):
        folders = path.relative_to(source).parts
        if "tests" in folders or (path.suffix != ".py" and "templates" not in folders):
            continue
        where = path.relative_to(source.parent).as_posix()
        for text, comments, context in _texts(path):
            catalogue.add(text, locations=[(where, 0)], auto_comments=comments, context=context)
    return catalogue


def _texts(path: Path) -> Iterator[tuple[str | tuple[str, ...], list[str], str | None]]:
    code = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # What Django makes of a template is a row of calls among filling; only the calls are Python.
        code = "\n".join(CALL.findall(templatize(code, origin=str(path))))
    for _line, text, comments, context in extract("python", BytesIO(code.encode()), WORDS, ["Translators:"]):
        yield text if isinstance(text, str) else tuple(text), comments, context


def read(path: Path, language: str) -> Catalog:
    """The catalogue as it is kept; empty when there is none yet."""
    if not path.exists():
        return Catalog(locale=language, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def updated(kept: Catalog, source: Catalog) -> Catalog:
    """What is kept, for the texts of the source: no translation is lost, what nobody uses any more is obsolete."""
    known = {_key(message): message for message in [*kept.obsolete.values(), *kept] if message.id}
    result = Catalog(locale=kept.locale, fuzzy=False)
    for message in source:
        if message.id:
            old = known.pop(_key(message), None)
            result.add(
                message.id,
                _fitting(old, message),
                locations=sorted({(where, 0) for where, _ in message.locations}),
                auto_comments=message.auto_comments,
                user_comments=old.user_comments if old else (),
                flags=old.flags - {"python-format", "python-brace-format"} if old else (),
                context=message.context,
            )
    for message in known.values():
        if any(_translations(message)):
            result.obsolete[_key(message)] = message
    return result


def _key(message: Message) -> tuple[str, str]:
    return (message.context or "", message.id if isinstance(message.id, str) else message.id[0])


def _fitting(old: Message | None, new: Message) -> str | tuple[str, ...]:
    """The old translation, in the shape that the new text needs: one form, or a tuple of plural forms."""
    forms = tuple(text for text in _translations(old) if text) if old else ()
    return (forms or ("",)) if new.pluralizable else (forms[0] if forms else "")


def _translations(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))


def written(catalogue: Catalog, language: str) -> bytes:
    """The bytes of the file: sorted, without dates and line numbers, the same each time."""
    out = BytesIO()
    write_po(out, catalogue, width=110, omit_header=True, sort_output=True, include_lineno=False)
    return HEADER.format(language=language).encode() + out.getvalue()


def faults(kept: Catalog, source: Catalog) -> Iterator[str]:
    """One sentence for each text that is missing, doubtful, unused, or whose places differ from the source."""
    wanted, there = ({_key(m): m for m in catalogue if m.id} for catalogue in (source, kept))
    for key, message in wanted.items():
        found = there.get(key)
        if found is None:
            yield f"missing from the catalogue: {key[1]!r} ({_places_of(message)})"
        elif not all(_translations(found)):
            yield f"not translated: {key[1]!r} ({_places_of(message)})"
        elif found.fuzzy:
            yield f"marked fuzzy, that is unsure: {key[1]!r}"
        else:
            yield from _place_faults(found)
    for key in [*(there.keys() - wanted.keys()), *((m.context or "", _key(m)[1]) for m in kept.obsolete.values())]:
        yield f"obsolete, no source has it: {key[1]!r}"


def _places_of(message: Message) -> str:
    return ", ".join(where for where, _ in message.locations)


def _place_faults(message: Message) -> Iterator[str]:
    originals = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    allowed = [places(text) for text in originals]
    for text in _translations(message):
        # Chinese has one form for both numbers, so either form's places will do.
        if places(text) not in allowed:
            wanted, found = sorted(allowed[-1]), sorted(places(text))
            yield f"places differ: {originals[0]!r} has {wanted}, its translation {found}"


def places(text: str) -> frozenset[str]:
    """The places of a text that values are put into: `{name}`, `%(name)s`, `%s`."""
    found = (match for match in PLACES.finditer(text) if match[0] not in {"%%", "{{", "}}"})
    return frozenset(match[1] or match[2] or match[0] for match in found)


def update(source: Path = SOURCE) -> int:
    """Bring every catalogue up to date and say what is left to translate."""
    texts = extracted(source)
    for language in LANGUAGES:
        path = catalogue_path(source, language)
        new = updated(read(path, language), texts)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(new, language))
        left = sum(1 for message in new if message.id and not all(_translations(message)))
        print(
            f"{path.relative_to(source.parent)}: {len(new)} texts, {left} to translate, {len(new.obsolete)} obsolete."
        )
    return 0


def check(source: Path = SOURCE) -> int:
    """Name every fault; 1 when there is any."""
    texts = extracted(source)
    found = [
        f"{catalogue_path(source, language).relative_to(source.parent)}: {fault}"
        for language in LANGUAGES
        for fault in faults(read(catalogue_path(source, language), language), texts)
    ]
    for fault in sorted(found):
        print(fault, file=sys.stderr)
    if found:
        print(f"{len(found)} faults. `make messages` brings the catalogue up to date; then translate.", file=sys.stderr)
    return 1 if found else 0


def compile_(source: Path = SOURCE) -> int:
    """Write the form that Django reads; unsure translations are left out."""
    for language in LANGUAGES:
        path = catalogue_path(source, language)
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, read(path, language))
    return 0


COMMANDS = {"compile": compile_, "update": update, "check": check}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in COMMANDS:
        sys.exit(f"Say what to do: tools/messages.py {{{'|'.join(COMMANDS)}}}")
    if not settings.configured:
        settings.configure()  # a template is cut into tokens with Django's defaults
    sys.exit(COMMANDS[sys.argv[1]]())
