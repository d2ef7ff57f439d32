"""All content of the service as one immutable value: what flows and casework look up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from babel.lists import format_list  # noqa: F401

from bot.domain.addresses import Address
from bot.domain.directory import Directory
from bot.domain.places import PlaceIndex
from bot.domain.referrals import ReferralSummary, Urgency
from bot.engine.definition import FlowSet, Text
from bot.engine.placeholders import fill
from bot.engine.turn import PlaceReading, Routed
from bot.translation import Catalogues, readable_date
