"""Files that people send: fetched from the provider, sealed, handed to a human, deleted there and, when their time is over, here.

Expected in the transaction that stores their message, so that none is lost. Fetching waits for somebody else's server: no transaction
is open meanwhile. While Redis is away files wait at the provider.
"""

import random
import time
from datetime import timedelta

from bot import telemetry
from bot.casework import notices, people
from bot.domain.errors import FetchError
from bot.domain.ids import MessageId
from bot.domain.media import LARGEST, Refusal, fault_of, is_kept
from bot.domain.messages import InboundMessage
from bot.domain.referrals import OPEN
from bot.pipeline.jobs import DISPATCH, MEDIA, MEDIA_KEY, OUTBOX_KEY
from bot.runtime import Runtime
from bot.storage import contacts, media, referrals
from bot.storage.contacts import Reached
from bot.storage.database import Transaction
from bot.storage.media import MediaRow

# The need of a referral whose matter is a file that nobody has opened yet: it goes to the secretariat, which runs this service.
NEED = "file"
# Longer than a fetch may take (30 s): a lease that runs out means a dead process.
LEASE = timedelta(minutes=2)
# Seconds after which the job gives way: with one more fetch well below the time after which RQ ends it.
LONGEST_JOB = 10.0
MOST_ATTEMPTS = 12
_FIRST_WAIT, _LONGEST_WAIT = 15.0, 6 * 3600.0
_BATCH = 100


def expect(rt: Runtime, tx: Transaction, reached: Reached, message_id: MessageId, inbound: InboundMessage) -> None:
    """Keep that this message came with files. A caseworker's are not kept; they are only deleted at the provider."""
    refused: Refusal | None = "caseworker" if people.caseworker_at(rt.content, tx, inbound.sender) else None
    media.expect(tx, reached.contact_id, message_id, inbound.kind, inbound.media, refused)


def wake_due(rt: Runtime) -> None:
    """Wake a worker when a file is due. Raises `Unavailable`."""
    with rt.database.reading() as tx:
        due = media.any_due(tx)
    if due:
        rt.queue.wake(MEDIA, MEDIA_KEY)


def fetch_due(rt: Runtime) -> bool:
    """Fetch, and delete at the provider, what is due. True when more may be: wake again. Raises `Unavailable`."""
    until = time.monotonic() + LONGEST_JOB
    while time.monotonic() < until:
        with rt.database.writing() as tx:
            row = media.claim(tx, LEASE)
        if row is None:
            return False
        if row.state == "waiting":
            _fetch(rt, row)
        else:
            _remove(rt, row)
    return True


def forget(rt: Runtime) -> int:
    """Delete the files whose time is over, batch by batch. How many. Raises `Unavailable`."""
    total = 0
    while True:
        with rt.database.writing() as tx:
            gone = media.forget(tx, timedelta(days=rt.settings.media_days), _BATCH)
        total += gone
        if gone < _BATCH:
            return total


def _fetch(rt: Runtime, row: MediaRow) -> None:
    if not is_kept(row.kind, row.content_type) or row.source is None:
        _settle(rt, row, refusal="type")
        return
    try:
        content = rt.media.fetch(row.source, LARGEST)
    except FetchError as error:
        _not_fetched(rt, row, error)
        return
    _settle(rt, row, refusal=fault_of(content, row.content_type), content=content)


def _not_fetched(rt: Runtime, row: MediaRow, error: FetchError) -> None:
    telemetry.log().warning("media_not_fetched", key=str(row.id), code=error.code, attempts=row.attempts, kind=row.kind)
    if error.retryable and row.attempts < MOST_ATTEMPTS:
        _put_off(rt, row)
    elif error.code == "too_large":
        _settle(rt, row, refusal="too_large")
    else:
        _settle(rt, row, lost=error)


def _settle(rt: Runtime, row: MediaRow, *, refusal: Refusal | None = None, lost: FetchError | None = None, content: bytes = b"") -> None:
    """Note what became of the file and, unless it was nothing to open, hand it to a human: both or none."""
    with rt.database.writing() as tx:
        if lost is not None:
            settled = media.lose(tx, row, lost.code, gone=lost.gone)
        elif refusal is not None:
            settled = media.refuse(tx, row, refusal)
        else:
            settled = media.keep(tx, row, content)
        handed = settled and _hand_over(rt, tx, row)
    telemetry.MEDIA.labels("lost" if lost else "refused" if refusal else "kept").inc()
    if handed:
        rt.queue.wake(DISPATCH, OUTBOX_KEY)


def _hand_over(rt: Runtime, tx: Transaction, row: MediaRow) -> bool:
    """One referral to the secretariat for all files that wait: its notice says that one waits, and nothing else.

    Also where the file is lost or refused: the person was told that somebody will look at it. Stickers are nobody's work.
    """
    if row.kind == "sticker":
        return False
    contact = contacts.get(tx, row.contact_id)
    known = referrals.of_contacts(tx, [row.contact_id]).get(row.contact_id, ())
    about_files = [referral for referral in known if referral.need == NEED]
    if any(referral.state in OPEN for referral in about_files):
        return False
    language = (contact.language if contact else None) or "fr"
    routed = people.staffed(rt.content, tx).route(NEED, "", "normal", language, tx.now)
    opened = referrals.add(
        tx,
        row.contact_id,
        code=rt.new_code(),
        # Two files that are settled side by side get one referral.
        effect_key=f"ref:{row.contact_id}:{NEED}:{len(about_files)}",
        need=NEED,
        place="",
        urgency="normal",
        partner=routed.partner,
        reason=routed.reason,
        submission_id=None,
    )
    if opened is not None:
        notices.announce(rt.content, tx, opened, "new_referral")
    return opened is not None


def _remove(rt: Runtime, row: MediaRow) -> None:
    """Delete the provider's copy. Tried until it is gone: nobody else would do it."""
    try:
        if row.source is not None:
            rt.media.remove(row.source)
    except FetchError as error:
        telemetry.log().warning("media_not_removed", key=str(row.id), code=error.code, attempts=row.attempts)
        if error.retryable:
            _put_off(rt, row)
            return
    with rt.database.writing() as tx:
        media.gone_at_provider(tx, row.id)


def _put_off(rt: Runtime, row: MediaRow) -> None:
    """Doubling from fifteen seconds to six hours, with chance so that not all come back at once."""
    longest = min(_LONGEST_WAIT, _FIRST_WAIT * 2.0 ** min(row.attempts - 1, 20))
    with rt.database.writing() as tx:
        media.put_off(tx, row.id, timedelta(seconds=longest * random.uniform(0.5, 1.0)))
