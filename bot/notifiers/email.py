"""Notices by e-mail. The subject holds the code and nothing else: it is what a telephone shows on its locked screen."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import unquote, urlsplit

from bot.domain.errors import SendError
from bot.domain.messages import OutboundMessage, Sent, Status
from bot.domain.referrals import find_code
from bot.domain.sending import Verdict

_PORTS = {"smtp": 587, "smtps": 465}


class EmailNotifier:
    """Sends over one SMTP server. `url` is `smtp://user:password@host:587` (STARTTLS where it is offered) or `smtps://...`."""

    means = "email"

    def __init__(self, url: str, sender: str, *, timeout: float = 15.0) -> None:
        parts = urlsplit(url)
        self._secure, self._host = parts.scheme == "smtps", parts.hostname or ""
        self._port = parts.port or _PORTS[parts.scheme]
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._sender, self._timeout = sender, timeout

    def send(self, message: OutboundMessage, reference: str) -> Sent:
        """Hand the notice to the server. Raises `SendError`; the same notice sent again has the same Message-ID."""
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Date"] = self._sender, message.recipient.value, formatdate()
        letter["Subject"] = f"Dellusi {find_code(message.text) or ''}".strip()
        letter["Message-ID"] = f"<{reference}@{self._sender.rpartition('@')[2] or 'dellusi'}>"
        # No holiday reply comes back to a machine.
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(message.text)
        try:
            with self._server() as server:
                server.send_message(letter)
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            raise _refused(code) from None
        except smtplib.SMTPAuthenticationError:
            raise SendError("smtp_authentication", retryable=False, ours=True) from None
        except smtplib.SMTPResponseException as error:
            raise _refused(error.smtp_code) from None
        except (smtplib.SMTPException, OSError) as error:
            raise SendError("smtp_away", retryable=True) from error
        return Sent(letter["Message-ID"], Status.SENT, None)

    def _server(self) -> smtplib.SMTP:
        if self._secure:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self._host, self._port, timeout=self._timeout, context=ssl.create_default_context())
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=self._timeout)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
                server.ehlo()
        if self._user:
            server.login(self._user, self._password)
        return server


def _refused(code: int) -> SendError:
    """4xx is for now, 5xx for good (RFC 5321, 4.2.1)."""
    if 400 <= code < 500:
        return SendError(f"smtp_{code}", retryable=True, verdict=Verdict.LATER)
    return SendError(f"smtp_{code}", retryable=False, verdict=Verdict.NEVER)
