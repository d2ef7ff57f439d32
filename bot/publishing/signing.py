"""Who approved what: signatures on paths as they are read, in each language, on each channel."""

from collections.abc import Collection, Iterable

from bot.content import Content
from bot.domain.addresses import CHANNEL_TYPES
from bot.flowtools.book import Book, Page
from bot.storage import flow_versions
from bot.storage.database import Database, Transaction

# The notes of a page are written in one language, whoever signs: its mark must not depend on the terminal.
_NOTES = "fr"


def pages(content: Content, flows: Collection[str] = (), language: str | None = None, channel: str | None = None) -> list[Page]:
    """Every path, or those of some flows, of one language, on one channel."""
    books = [
        Book(content, one, on, _NOTES)
        for one in content.catalogues.languages
        for on in CHANNEL_TYPES
        if language in (None, one) and channel in (None, on)
    ]
    chosen = [flow for flow in content.flows.flows.values() if not flows or flow.name in flows]
    return [page for flow in chosen for book in books for page in book.pages(flow)]


def sign(database: Database, signer: str, signed: Iterable[Page]) -> int:
    """Note that `signer` approved these pages. How many they had not approved before."""
    paths = [{"path": page.mark, "flow": page.path.flow, "language": page.language, "channel": page.channel} for page in signed]
    with database.writing() as tx:
        return flow_versions.sign(tx, signer, paths)


def unsigned(tx: Transaction, draft: Content, active: Content | None) -> list[Page]:
    """The paths of the draft that nobody approved and that do not read as they do in the active version."""
    known = flow_versions.signed(tx) | {page.mark for page in pages(active)} if active else flow_versions.signed(tx)
    return [page for page in pages(draft) if page.mark not in known]
