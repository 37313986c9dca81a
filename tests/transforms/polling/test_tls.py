"""Encryption that cannot be trusted, and servers that stall in it."""

import datetime
import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from newsbeam.transforms.polling.answers import FetchFailed, Limits
from newsbeam.transforms.polling.client import Client

NOW = datetime.datetime.now(datetime.UTC)
DAY = datetime.timedelta(days=1)


class Authority:
    """Signs certificates of servers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "newsbeam tests")])
        basics = x509.BasicConstraints(ca=True, path_length=None)
        self.certificate = (
            self._builder(self._name, self._key, 1).add_extension(basics, True).sign(self._key, hashes.SHA256())
        )

    def _builder(self, name: x509.Name, key: Any, until_days: int) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - 9 * DAY)
            .not_valid_after(NOW + until_days * DAY)
        )

    def server_context(self, host: str, *, until_days: int = 1, is_self_signed: bool = False) -> ssl.SSLContext:
        key = ec.generate_private_key(ec.SECP256R1())
        builder = self._builder(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)]), key, until_days)
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), False)
        certificate = builder.sign(key if is_self_signed else self._key, hashes.SHA256())
        path = self.folder / f"{host}-{until_days}-{is_self_signed}.pem"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    def client(self) -> Client:
        context = ssl.create_default_context(cadata=self.certificate.public_bytes(serialization.Encoding.PEM).decode())
        return Client(tls=context, allow_private_networks=True, resolver=_here)


def _here(host: str, port: int) -> list[tuple[int, tuple[object, ...]]]:
    return [(socket.AF_INET, ("127.0.0.1", port))]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def tls_server(serving: Any, reply: Callable[..., bytes]) -> Iterator[Callable[[ssl.SSLContext], str]]:
    with serving() as server:
        server.pages["/"] = reply(body=b"<rss/>")

        def serve(context: ssl.SSLContext) -> str:
            server.encrypt(context)
            return f"https://news.example:{server.port}/"

        yield serve


def test_a_trusted_server_is_read(authority: Authority, tls_server: Any, patient: Limits) -> None:
    url = tls_server(authority.server_context("news.example"))
    assert authority.client().fetch(url, limits=patient).body == b"<rss/>"


@pytest.mark.parametrize(
    "host, until_days, is_self_signed",
    [("news.example", 1, True), ("news.example", -3, False), ("other.example", 1, False)],
)
def test_an_untrusted_server_is_not(
    authority: Authority, tls_server: Any, patient: Limits, host: str, until_days: int, is_self_signed: bool
) -> None:
    url = tls_server(authority.server_context(host, until_days=until_days, is_self_signed=is_self_signed))
    with pytest.raises(FetchFailed) as caught:
        authority.client().fetch(url, limits=patient)
    assert caught.value.reason == "tls_error"


def test_the_system_does_not_trust_strangers(authority: Authority, tls_server: Any, patient: Limits) -> None:
    url = tls_server(authority.server_context("news.example"))
    with pytest.raises(FetchFailed) as caught:
        Client(allow_private_networks=True, resolver=_here).fetch(url, limits=patient)
    assert caught.value.reason == "tls_error"


def test_a_handshake_that_stalls_meets_the_deadline(authority: Authority, quick: Limits) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        with pytest.raises(FetchFailed) as caught:
            authority.client().fetch(f"https://news.example:{silent.getsockname()[1]}/", limits=quick)
    assert caught.value.reason == "timeout"
