"""The daily mail to the auditors: what it says, to whom it goes, once, and never in the clear beyond this machine."""

import ssl
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select

from app import clock, mail, worker
from app.accounts import queries as accounts
from app.bootstrap.stack import free_port
from app.checkpoints.compose import Log
from app.db import db, transaction
from app.mail import NotSent, send
from app.publication import jobs
from app.publication.jobs import publish
from app.trail.models import OutboxEntry
from tests.checkpoints.made import written
from tests.world import World

SENDER = "trail@agency.example"


class Box:
    """Keeps what it is handed; refuses one address."""

    def __init__(self) -> None:
        self.got: list[Any] = []

    async def handle_RCPT(self, _server, _session, envelope, address, _options) -> str:  # noqa: N802 - as it is called
        if address.startswith("gone@"):
            return "550 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802 - as it is called
        self.got.append(envelope)
        return "250 OK"


def serve(box: Box, host: str = "127.0.0.1", **more: Any) -> Controller:
    """Start a mail server on a free port."""
    server = Controller(box, hostname=host, port=free_port(), **more)
    server.start()
    return server


def address(server: Controller, scheme: str = "smtp") -> str:
    return f"{scheme}://{server.hostname}:{server.port}"


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def server(box: Box) -> Iterator[str]:
    running = serve(box)
    yield address(running)
    running.stop()


def entries() -> list[OutboxEntry]:
    found = select(OutboxEntry).where(OutboxEntry.duty == "checkpoint_mail")
    return list(db.session.scalars(found.execution_options(populate_existing=True)))


def test_a_days_seal_is_mailed_once_to_auditors_and_others(
    settle: Callable[..., Log], world: World, box: Box, server: str, tmp_path: Path
) -> None:
    with transaction():
        world.person("auditor.vn").active = False
    others = ("office@audit.example", "gone@audit.example", "auditor.my@world.example")
    settle(smtp_url=server, mail_from=SENDER, checkpoint_to=others)
    last = written(3)
    publish()
    written(1, start=3, prev=last)
    publish()
    (entry,) = entries()
    number = entry.id
    db.session.rollback()
    assert [worker.run(number) for _ in range(2)] == ["done", "skip"]
    (envelope,) = box.got
    assert envelope.mail_from == SENDER
    assert "auditor.my@world.example" in envelope.rcpt_tos
    assert "auditor.vn@world.example" not in envelope.rcpt_tos
    assert "office@audit.example" in envelope.rcpt_tos
    assert len(set(envelope.rcpt_tos)) == len(envelope.rcpt_tos)
    message = message_from_bytes(envelope.content, policy=policy.default)
    assert message["To"] == SENDER
    assert message["Subject"] == "Checkpoint on 4 entries of log.test.example/trail"
    text = message.get_content()
    assert (tmp_path / "checkpoints" / "4").read_text() in text.replace("\r\n", "\n")
    assert "python3 verify.py BUNDLE.zip --key KEY --checkpoint checkpoint-4.txt" in text


def test_without_a_mail_server_nothing_is_promised(settle: Callable[..., Log]) -> None:
    settle()
    written(1)
    publish()
    assert entries() == []


def test_a_server_that_is_away_is_tried_again(settle: Callable[..., Log], world: World) -> None:
    settle(smtp_url="smtp://127.0.0.1:9", mail_from=SENDER)
    written(1)
    publish()
    (entry,) = entries()
    number = entry.id
    db.session.rollback()
    with pytest.raises(NotSent, match="did not take the message"):
        worker.run(number)
    (entry,) = entries()
    assert (entry.state, entry.attempts) == ("ready", 1)


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param("a@b.example\r\nBcc: c@d.example", id="another header"),
        pytest.param("a@b.example\nRCPT TO:<c@d.example>", id="another command"),
        pytest.param("<a@b.example> NOTIFY=SUCCESS", id="an option of the server"),
        pytest.param("A Name <a@b.example>", id="a name"),
        pytest.param("a@b.example,c@d.example", id="two addresses"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_no_address_gets_no_mail_and_keeps_nobody_from_it(
    settle: Callable[..., Log], world: World, box: Box, server: str, wrong: str
) -> None:
    settle(smtp_url=server, mail_from=SENDER, checkpoint_to=(wrong, "office@audit.example"))
    written(1)
    publish()
    (entry,) = entries()
    number, args = entry.id, dict(entry.args)
    db.session.rollback()
    assert worker.run(number) == "done"
    auditors = {found.email for found in accounts.auditors()}
    assert set(box.got[0].rcpt_tos) == {"office@audit.example", *auditors}
    assert len(auditors) > 1
    db.session.rollback()
    settle(smtp_url=server, mail_from=wrong)
    with pytest.raises(NotSent, match="it is no e-mail address"):
        jobs.make(args)


# Over the wire


def message() -> EmailMessage:
    made = EmailMessage()
    made["From"] = made["To"] = SENDER
    made.set_content("Hello")
    return made


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a certificate of this machine that nobody vouches for, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.example")])
    hosts = [x509.IPAddress(ip_address(host)) for host in ("127.0.0.1", "127.0.0.2")]
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(clock.now() - timedelta(hours=1))
        .not_valid_after(clock.now() + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName(hosts), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


def context(certificate: Path) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate)
    return made


WAYS: dict[str, tuple[str, str, bool, str]] = {
    "in the clear on this machine": ("plain", "127.0.0.1", False, ""),
    "in the clear beyond it": ("plain", "127.0.0.2", False, "does not offer STARTTLS"),
    "over STARTTLS with a certificate that is vouched for": ("starttls", "127.0.0.2", True, ""),
    "over STARTTLS with any certificate": ("starttls", "127.0.0.1", False, "CERTIFICATE_VERIFY_FAILED"),
    "over TLS with a certificate that is vouched for": ("smtps", "127.0.0.2", True, ""),
    "over TLS with any certificate": ("smtps", "127.0.0.2", False, "CERTIFICATE_VERIFY_FAILED"),
}  # fmt: skip


@pytest.mark.parametrize("road", WAYS.values(), ids=WAYS.keys())
def test_mail_travels(
    box: Box, certificate: Path, monkeypatch, road: tuple[str, str, bool, str]
) -> None:
    way, host, vouched, sentence = road
    if vouched:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    secured = context(certificate)
    more: dict[str, dict[str, Any]] = {
        "plain": {},
        "starttls": {"tls_context": secured, "require_starttls": True},
        "smtps": {"ssl_context": secured},
    }
    running = serve(box, host, **more[way])
    try:
        to = address(running, "smtps" if way == "smtps" else "smtp")
        if sentence:
            with pytest.raises(NotSent, match=sentence):
                send(to, message(), ["a@b.example"])
        else:
            assert send(to, message(), ["a@b.example"]) == []
        assert len(box.got) == (0 if sentence else 1)
    finally:
        running.stop()


@pytest.mark.parametrize(
    ("server", "recipients", "sentence"),
    [
        pytest.param("http://a.example", ["a@b.example"], "A mail server reads", id="no mail server"),
        pytest.param("smtp:///x", ["a@b.example"], "A mail server reads", id="a server without a name"),
        pytest.param("smtp://127.0.0.1", ["a@b\r\n"], "no e-mail addresses", id="no address"),
        pytest.param("smtp://127.0.0.1", [], "no e-mail addresses", id="nobody"),
    ],
)  # fmt: skip
def test_mail_is_refused_before_anybody_is_asked(server, recipients, sentence) -> None:
    with pytest.raises(NotSent, match=sentence):
        send(server, message(), recipients)


def test_an_address_ends_where_it_ends() -> None:
    assert [mail.is_address(text) for text in ("a@b.example", "a@b.example\n", "ä@b.example")] == [
        True,
        False,
        False,
    ]
