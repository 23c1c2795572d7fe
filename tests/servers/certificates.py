"""Certificates of a test's own: an authority, a server's certificate by it, and an authority that made nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def write_certificates(folder: Path) -> None:
    """Writes `ca.pem`, `other_ca.pem`, `server.pem` (of 127.0.0.1, by the first) and `server.key` into `folder`."""
    for name in ("other_ca", "ca"):
        key = ec.generate_private_key(ec.SECP256R1())
        authority = _certificate(name, key, key, None)
        (folder / f"{name}.pem").write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    own = ec.generate_private_key(ec.SECP256R1())
    made = _certificate("127.0.0.1", own, key, authority)
    (folder / "server.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret = own.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "server.key").write_bytes(secret)
    (folder / "server.key").chmod(0o600)


def _certificate(
    name: str, key: ec.EllipticCurvePrivateKey, signer: ec.EllipticCurvePrivateKey, by: x509.Certificate | None
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if by is None else by.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
    )
    if by is not None:
        names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
        builder = builder.add_extension(names, critical=False)
    return builder.sign(signer, hashes.SHA256())
