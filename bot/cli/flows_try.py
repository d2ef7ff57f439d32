"""`dellusi flows try`: a talk with the draft on disk."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import click

from bot.cli.flows_options import FOLDER, LANGUAGE, usable
from bot.content import Content
from bot.content.reading import SPAN_SECONDS, read_span
from bot.domain.addresses import CHANNEL_TYPES, ChannelType
from bot.domain.contacts import Contact
from bot.domain.understanding import Understanding
from bot.engine.events import Event
from bot.engine.turn import Heard
from bot.flowtools.chat import Chat
from bot.flowtools.wording import phrase
from bot.understanding import PhraseLayer, RasaUnderstander
