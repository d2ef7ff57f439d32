"""Twilio's refusals: the HTTP status, the code and the sentence of each that the stand-in knows."""

import json

# https://www.twilio.com/docs/api/errors/<code>
SENTENCES: dict[int, tuple[int, str]] = {
    20003: (401, "Authenticate"),
    20404: (404, "The requested resource was not found"),
    20422: (400, "Invalid Parameter"),
    20429: (429, "Too Many Requests"),
    20500: (500, "Internal Server Error"),
    20503: (503, "Service Unavailable"),
    21211: (400, "Invalid 'To' Phone Number"),
    21212: (400, "Invalid From Number (caller ID)"),
    21408: (400, "Permission to send an SMS has not been enabled for the region indicated by the 'To' number"),
    21602: (400, "Message body is required"),
    21603: (400, "A 'From' phone number is required"),
    21604: (400, "A 'To' phone number is required"),
    21606: (400, "The 'From' phone number provided is not a valid message-capable Twilio phone number for this destination"),
    21609: (400, "The 'StatusCallback' URL is not a valid URL"),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21611: (400, "This 'From' number has exceeded the maximum number of queued messages"),
    21612: (400, "Message cannot be sent with the current combination of 'To' and/or 'From' parameters"),
    21614: (400, "'To' number is not a valid mobile number"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit"),
    21620: (400, "Invalid media URL(s)"),
    21655: (400, "The ContentSid is invalid"),
    21656: (400, "The ContentVariables parameter is invalid"),
    21703: (400, "The Messaging Service does not exist"),
    21910: (400, "Invalid 'From' and 'To' pair. 'From' and 'To' should be of the same channel"),
    63003: (400, "Channel could not find To address"),
    63018: (429, "Rate limit exceeded for Channel"),
    63007: (400, "Twilio could not find a Channel with the specified From address"),
}

# Twilio's test credentials: these numbers always fail in the same way.
MAGIC_TO = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}
MAGIC_FROM = {"+15005550001": 21212, "+15005550007": 21606, "+15005550008": 21611}
MAGIC_SENDER = "+15005550006"


# What a report or a list says about a code that comes later. The others have no words here.
_LATER: dict[int, str] = {
    30001: "Queue overflow",
    30003: "Unreachable destination handset",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Message filtered",
    30008: "Unknown error",
    30019: "Content size exceeds carrier limit",
    30036: "Validity period expired",
    63013: "This message send failed because it violates the channel provider's policy",
    63014: "Unable to send message as it was blocked by the user or opted out",
    63016: "Failed to send freeform message because you are outside the allowed window",
    63019: "Media failed to download",
    63021: "Channel invalid content error",
}


def sentence(error_code: int) -> str:
    """A code in words."""
    return _LATER.get(error_code) or SENTENCES.get(error_code, (400, "The message was not delivered"))[1]


class Refused(Exception):
    """The API says no, with one of Twilio's codes."""

    def __init__(self, error_code: int) -> None:
        super().__init__(error_code)
        self.error_code = error_code

    @property
    def status(self) -> int:
        """The HTTP status."""
        return SENTENCES.get(self.error_code, (400, ""))[0]

    def to_json(self) -> str:
        """The body that the SDK turns into its exception."""
        status, sentence = SENTENCES.get(self.error_code, (400, "The request was refused"))
        info = f"https://www.twilio.com/docs/errors/{self.error_code}"
        return json.dumps({"code": self.error_code, "message": sentence, "more_info": info, "status": status})
