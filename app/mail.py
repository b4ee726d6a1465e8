"""Handing over mail: the only module that speaks SMTP (RFC 5321), over verified TLS."""

import re
import smtplib
import ssl
from collections.abc import Sequence
from contextlib import AbstractContextManager
from email.message import EmailMessage
from urllib.parse import SplitResult, unquote, urlsplit

TIMEOUT_SECONDS = 5.0
# Who listens there is on this machine: what is handed over does not travel.
LOOPBACK = ("localhost", "127.0.0.1", "::1")
# The addresses that are needed here (RFC 5322, addr-spec without quoting): nothing in them can begin another line.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250})")


class NotSent(Exception):
    """Mail could not be handed over; the text says why."""


def is_address(text: str) -> bool:
    """Tell whether a text is one plain e-mail address."""
    return _ADDRESS.fullmatch(text) is not None


def send(server: str, message: EmailMessage, recipients: Sequence[str]) -> list[str]:
    """Hand a message over to a server for all recipients at once; returns those that the server refused.

    ``server`` reads smtp://user:password@host:port or smtps://…; user, password and port may be left out. A message that
    leaves this machine does so over TLS with a verified certificate or not at all. Raises ``NotSent``.
    """
    wrong = [text for text in (message["From"], *recipients) if not is_address(text)]
    if wrong or not recipients:
        raise NotSent(f"These are no e-mail addresses: {', '.join(map(repr, wrong)) or 'none'}.")
    url = urlsplit(server)
    try:
        with _connected(url) as connection:
            refused = connection.send_message(message, message["From"], list(recipients))
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(f"{url.hostname} did not take the message: {error}") from error
    return sorted(refused)


def _connected(url: SplitResult) -> AbstractContextManager[smtplib.SMTP]:
    if url.scheme not in ("smtp", "smtps") or not url.hostname:
        raise NotSent("A mail server reads smtp://HOST:PORT or smtps://HOST:PORT.")
    verified = ssl.create_default_context()
    if url.scheme == "smtps":
        host, port = url.hostname, url.port or smtplib.SMTP_SSL_PORT
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            host, port, timeout=TIMEOUT_SECONDS, context=verified
        )
    else:
        connection = smtplib.SMTP(url.hostname, url.port or 587, timeout=TIMEOUT_SECONDS)
    try:
        if url.scheme == "smtp":
            _secured(connection, url.hostname, verified)
        if url.username:
            connection.login(unquote(url.username), unquote(url.password or ""))
    except BaseException:
        connection.close()
        raise
    return connection


def _secured(connection: smtplib.SMTP, host: str, verified: ssl.SSLContext) -> None:
    connection.ehlo()
    if connection.has_extn("starttls"):
        connection.starttls(context=verified)
        connection.ehlo()
    elif host not in LOOPBACK:
        raise NotSent(f"{host} does not offer STARTTLS: nothing is sent in the clear.")
