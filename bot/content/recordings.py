"""flows/media/index.yml: which text has a recording or a picture in which language."""

from bot.content.reading import Section, nearest
from bot.domain.recordings import NAME, Recording, kind_of

INDEX = "media/index.yml"


def read_recordings(section: Section, languages: tuple[str, ...]) -> tuple[Recording, ...]:
    """The entries of the index; what is wrong with one is noted, and it is left out."""
    found = tuple(_entry(entry, languages) for entry in section.sections("recordings", "text"))
    if not section.has("recordings"):
        section.fault("recordings", "missing_key", name="recordings")
    section.finish()
    return tuple(one for one in found if one is not None)


def _entry(entry: Section, languages: tuple[str, ...]) -> Recording | None:
    text, language, says, name = (entry.text(key) for key in ("text", "language", "says", "file"))
    size, by, day = entry.number("bytes"), entry.optional("by") or "", entry.optional("day") or ""
    entry.finish()
    if language and language not in languages:
        entry.fault("language", "not_allowed", nearest(language, languages), value=language, allowed=", ".join(languages))
        return None
    if name and not NAME.fullmatch(name):
        entry.fault("file", "recording_name", value=name)
        return None
    if not (text and language and says and name and size):
        return None
    return Recording(text, language, kind_of(name.rpartition(".")[2]), says, name, size, by, day)
