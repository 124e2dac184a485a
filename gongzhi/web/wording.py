"""The words of the product: found in the sources, kept in locale/, checked, compiled. Chinese is the source, English the translation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
}
SKIPPED = {"migrations", "__pycache__"}
TEMPLATES = {".html", ".txt", ".xml"}
NOISE = tuple(f'"{name}:' for name in ("POT-Creation-Date", "PO-Revision-Date", "Last-Translator", "Report-Msgid-Bugs-To", "Generated-By"))
"""Header lines that change on every run or say nothing."""
PO = Path("LC_MESSAGES") / "django.po"


@dataclass
class Found:
    """Where one sentence is used: msgid -> plural (or None) and the files, without line numbers so that diffs stay small."""

    plural: dict[str, str | None] = field(default_factory=dict)
    files: dict[str, list[str]] = field(default_factory=dict)

    def add(self, said: str | tuple[str, ...], path: str) -> None:
        """Note one use."""
        msgid, plural = (said, None) if isinstance(said, str) else (said[0], said[1] if len(said) > 1 else None)
        if not msgid:
            return
        self.plural[msgid] = plural or self.plural.get(msgid)
        files = self.files.setdefault(msgid, [])
        if path not in files:
            files.append(path)


def sources(root: Path) -> Iterator[Path]:
    """Python files and templates below ``root / "gongzhi"``, in order."""
    for path in sorted((root / "gongzhi").rglob("*")):
        if path.is_file() and not SKIPPED.intersection(path.parts) and (path.suffix == ".py" or _is_template(path)):
            yield path


def _is_template(path: Path) -> bool:
    return path.suffix in TEMPLATES and "templates" in path.parts


def sentences(path: Path) -> Iterator[str | tuple[str, ...]]:
    """What *path* says, in order: a string, or singular and plural."""
    text = path.read_text(encoding="utf-8")
    if _is_template(path):
        # Django turns everything but the calls into X; what indents it means nothing to Python and would stop its tokenizer
        text = "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).splitlines())
    for _line, said, _comments, _context in extract("python", BytesIO(text.encode()), keywords=KEYWORDS):
        yield said


def find(root: Path) -> Found:
    """All sentences of the product."""
    found = Found()
    for path in sources(root):
        for said in sentences(path):
            found.add(said, path.relative_to(root).as_posix())
    return found


def load(po: Path, locale: str) -> Catalog:
    """The catalogue in *po*, an empty one when there is none yet."""
    if not po.exists():
        return Catalog(locale=locale)
    with po.open("rb") as file:
        return read_po(file, locale=locale)


def merged(found: Found, old: Catalog, locale: str) -> Catalog:
    """A fresh catalogue of what the sources say now, with the translations there were; dead ones are dropped."""
    fresh = Catalog(locale=locale, project="gongzhi", header_comment="# English wording of Gongzhi. Written by ./up manage messages.")
    fresh.fuzzy = False
    for msgid, plural in found.plural.items():
        before = old.get(msgid)
        msgstr = _carried(before, plural is not None)
        fresh.add((msgid, plural) if plural else msgid, msgstr, locations=[(name, 0) for name in sorted(found.files[msgid])])
    return fresh


def _carried(before: Message | None, wants_plural: bool) -> str | tuple[str, ...]:
    empty: str | tuple[str, ...] = ("", "") if wants_plural else ""
    if before is None or before.fuzzy or not before.string:
        return empty
    if wants_plural:
        return (before.string, before.string) if isinstance(before.string, str) else tuple(before.string)
    return before.string if isinstance(before.string, str) else before.string[0]


def save(catalog: Catalog, po: Path) -> None:
    """Write *catalog*, in the order of the files that use the words."""
    po.parent.mkdir(parents=True, exist_ok=True)
    out = BytesIO()
    write_po(out, catalog, width=120, sort_by_file=True, include_lineno=False, ignore_obsolete=True, omit_header=False)
    lines = out.getvalue().decode().splitlines(keepends=True)
    po.write_text("".join(line for line in lines if not line.startswith(NOISE)), encoding="utf-8")


def problems(found: Found, catalog: Catalog) -> list[str]:
    """Why the catalogue is not whole: each line names the sentence and what is wrong with it."""
    lines = [f"not in the catalogue, run ./up manage messages: {msgid}" for msgid in found.plural if catalog.get(msgid) is None]
    for message in catalog:
        if message.id:
            lines += _problems_of(message, found)
    return lines


def strings(message: Message) -> list[str]:
    """The translation's forms: one, or singular and plural; an empty one means that it is missing."""
    said = message.string or ""
    return [said] if isinstance(said, str) else list(said)


def _problems_of(message: Message, found: Found) -> list[str]:
    msgid = message.id if isinstance(message.id, str) else message.id[0]
    if msgid not in found.plural:
        return [f"no longer said, run ./up manage messages: {msgid}"]
    said = strings(message)
    if message.fuzzy or not all(said):
        return [f"not translated ({', '.join(found.files[msgid])}): {msgid}"]
    return [f"placeholders differ: {msgid}: {error}" for error in message.check()]


def compile_all(locale_dir: Path) -> list[Path]:
    """Compile every catalogue below *locale_dir*; returns the files written. Untranslated sentences stay Chinese."""
    written = []
    for po in sorted(locale_dir.glob(f"*/{PO.as_posix()}")):
        catalog = load(po, po.parts[-3])
        out = BytesIO()
        write_mo(out, catalog)
        target = po.with_suffix(".mo")
        target.write_bytes(out.getvalue())
        written.append(target)
    return written


def read_table(rows: Any) -> dict[str, str | tuple[str, str]]:
    """Translations from JSON: ``{"中文": "English", "%(count)d天": ["%(count)d day", "%(count)d days"]}``."""
    return {msgid: tuple(said) if isinstance(said, list) else said for msgid, said in dict(rows).items()}


def fill(catalog: Catalog, table: dict[str, str | tuple[str, str]]) -> int:
    """Put translations of *table* where the catalogue has none; returns how many."""
    count = 0
    for msgid, said in table.items():
        message = catalog.get(msgid)
        if message is None or all(strings(message)):
            continue
        plural = not isinstance(message.id, str)
        message.string = (said, said) if plural and isinstance(said, str) else said
        count += 1
    return count
