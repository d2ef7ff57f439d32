"""Bringing a language's file up to date with the texts. No translation and no mark of a translator is ever lost.

- a text that changed keeps its old translation, marked fuzzy with the French of before;
- a text that moved to another step keeps its translation;
- a text that is gone leaves its translation behind as an obsolete entry, and takes it back when it returns.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import denormalize, read_po, write_po

from bot.flowtools.catalogues import REVIEW, path_of
from bot.translation import DOMAIN

# Babel breaks long comments at this width, also the French of before (`#|`), which other tools then cannot read.
UNWRAPPED = 100_000
# Below this likeness an old translation misleads more than it helps.
_ALIKE = 0.75


@dataclass(frozen=True, slots=True)
class Update:
    """What an update did, or would do: counts of entries, and the file as it reads afterwards."""

    language: str
    path: Path
    added: int
    changed: int
    moved: int
    gone: int
    text: str
    same: bool


def update(folder: Path, language: str, template: Catalog) -> Update:
    """The new text of a language's file; a language without a file gets one. Nothing is written."""
    path = path_of(folder, language)
    written = path.read_text(encoding="utf-8") if path.exists() else ""
    old = read_po(BytesIO(written.encode()), locale=language, domain=DOMAIN) if written else Catalog(locale=language)
    merge = _Merge(old, template)
    body = BytesIO()
    write_po(body, merge.run(language), width=UNWRAPPED, omit_header=True, include_lineno=False, include_previous=True)
    text = (_header_of(written) or _new_header(language)) + "\n\n" + body.getvalue().decode().strip() + "\n"
    return Update(language, path, merge.added, merge.changed, merge.moved, merge.gone, text, text == written)


def _header_of(written: str) -> str:
    """The comments and headers of a file, kept as its translators wrote them."""
    return written.partition("\n\n")[0] if written.lstrip().startswith(("#", 'msgid ""')) else ""


def _new_header(language: str) -> str:
    name = Locale.parse(language).get_display_name("fr") or language
    lines = [
        f"# Ce que dit le service en {name}. La source de chaque texte est le français de flows/ et config/offers/.",
        'msgid ""',
        'msgstr ""',
        '"Project-Id-Version: dellusi\\n"',
        f'"Language: {language}\\n"',
        f'"Plural-Forms: {Catalog(locale=language).plural_forms}\\n"',
        '"MIME-Version: 1.0\\n"',
        '"Content-Type: text/plain; charset=utf-8\\n"',
        '"Content-Transfer-Encoding: 8bit\\n"',
    ]
    return "\n".join(lines)


class _Merge:
    """One merge of old entries into a template."""

    def __init__(self, old: Catalog, template: Catalog) -> None:
        self._template = template
        self._old = {_key(message): message for message in [*old.obsolete.values(), *old] if message.id}
        self._living = {_key(message) for message in old if message.id}
        self._contexts = {message.context: message for message in self._old.values() if _key(message) in self._living}
        self._wanted = {_key(message) for message in template if message.id}
        self._used: set[tuple[str, str]] = set()
        self.added = self.changed = self.moved = self.gone = 0

    def run(self, language: str) -> Catalog:
        """The merged catalogue."""
        merged = Catalog(locale=language, domain=DOMAIN)
        for message in self._template:
            if message.id:
                self._take_over(merged, message)
        for key, message in self._old.items():
            if key not in self._used and message.string:
                merged.obsolete[key] = message
                self.gone += key in self._living
        return merged

    def _take_over(self, merged: Catalog, message: Message) -> None:
        old, fuzzy = self._origin(message)
        mine, before = _comments(old)
        if old is not None:
            self._used.add(_key(old))
            before = before or (str(old.id) if fuzzy else "")
        flags = {"fuzzy"} if old is not None and old.string and (fuzzy or old.fuzzy) else set()
        made = Message(
            message.id,
            old.string if old is not None else "",
            locations=[(file, 0) for file, _ in message.locations],
            flags=flags,
            auto_comments=[*_marks(old), *message.auto_comments],
            user_comments=mine,
            previous_id=(before,) if before and flags else (),
            context=message.context,
        )
        made.flags -= {"python-format", "python-brace-format"}
        merged[message.id] = made

    def _origin(self, message: Message) -> tuple[Message | None, bool]:
        """The old entry whose translation is taken over, and whether somebody has to look at it."""
        same = self._old.get(_key(message))
        if same is not None:
            return same, False
        changed = self._contexts.get(message.context)
        if changed is not None and _key(changed) not in self._wanted:
            self.changed += 1
            return changed, True
        moved = next(self._unused(str(message.id), 1.0), None)
        if moved is not None:
            self.moved += 1
            return moved, False
        self.added += 1
        return max(self._unused(str(message.id), _ALIKE), key=lambda old: _alike(old, str(message.id)), default=None), True

    def _unused(self, text: str, likeness: float) -> Iterator[Message]:
        for key, message in self._old.items():
            if key not in self._used and key not in self._wanted and message.string and _alike(message, text) >= likeness:
                yield message


def _alike(message: Message, text: str) -> float:
    matcher = SequenceMatcher(None, str(message.id), text)
    return matcher.ratio() if matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE else 0.0


def _key(message: Message) -> tuple[str, str]:
    return str(message.id), message.context or ""


def _comments(old: Message | None) -> tuple[list[str], str]:
    """A translator's own comments, and the French of before: Babel reads `#| msgid` as a comment."""
    written = list(old.user_comments) if old is not None else []
    before = next((comment for comment in written if comment.startswith('| msgid "')), "")
    return [comment for comment in written if not comment.startswith("|")], denormalize(before.removeprefix("| msgid ")) if before else ""


def _marks(old: Message | None) -> list[str]:
    """The reviewer's mark: a new translation starts with one, and only a reviewer takes it away."""
    if old is None or not old.string:
        return [REVIEW]
    return [REVIEW] if REVIEW in old.auto_comments else []
