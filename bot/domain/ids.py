"""Identifiers. One type per noun, so that a contact's id cannot be handed in where a message's is wanted."""

from typing import NewType
from uuid import UUID

ContactId = NewType("ContactId", UUID)
AddressId = NewType("AddressId", UUID)
MessageId = NewType("MessageId", UUID)
SessionId = NewType("SessionId", UUID)
ReferralId = NewType("ReferralId", UUID)
NotificationId = NewType("NotificationId", UUID)
OutboxId = NewType("OutboxId", UUID)
MemberId = NewType("MemberId", UUID)
PartnerId = NewType("PartnerId", str)
OfferId = NewType("OfferId", str)
