"""The names of the jobs that workers can be woken for, and their keys."""

ADVANCE = "advance"
DISPATCH = "dispatch"
MEDIA = "media"
JOBS = (ADVANCE, DISPATCH, MEDIA)
# Jobs that go on for as long as there is something to do: they see by the count of their calls that there is more.
COUNTED = frozenset({DISPATCH})
# Dispatch has one key: claims are spread over processes by the database itself.
OUTBOX_KEY = "outbox"
# So has the fetching of files.
MEDIA_KEY = "files"


def lane_key(lane: int) -> str:
    """The key of a lane. Contacts are spread over lanes; one wake-up drains everything that waits in one."""
    return str(lane)
