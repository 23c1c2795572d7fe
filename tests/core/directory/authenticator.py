"""An authenticator in software: makes passkeys and signs as a telephone or a USB key would, honestly or not."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

PRESENT, VERIFIED, ATTESTED = 1, 4, 64


@dataclass
class Authenticator:
    """One passkey for one site. `verifies`: whether it asks for PIN or finger. `counts`: whether it has a counter."""

    origin: str = "https://vanthu.tp.example.gov.vn"
    verifies: bool = True
    counts: bool = True
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    used: int = 0
    handle: str = ""

    def made(self, options: str) -> str:
        """The answer to `navigator.credentials.create`."""
        asked = json.loads(options)
        self.handle = asked["user"]["id"]
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.credential).to_bytes(2, "big") + self.credential + encode_cbor(public)
        data = self._data(asked["rp"]["id"], ATTESTED) + attested
        attestation = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(
            clientDataJSON=self._client("webauthn.create", asked["challenge"]),
            attestationObject=bytes_to_base64url(attestation),
            transports=["internal", "made-up"],
        )

    def signed(self, options: str, *, site: str | None = None) -> str:
        """The answer to `navigator.credentials.get`."""
        asked = json.loads(options)
        client = self._client("webauthn.get", asked["challenge"])
        data = self._data(site or asked["rpId"], 0)
        digest = hashlib.sha256(base64url_to_bytes(client)).digest()
        return self._answer(
            clientDataJSON=client,
            authenticatorData=bytes_to_base64url(data),
            signature=bytes_to_base64url(self.key.sign(data + digest, ec.ECDSA(SHA256()))),
            userHandle=self.handle,
        )

    def _data(self, site: str, flags: int) -> bytes:
        self.used += self.counts
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(site.encode()).digest() + bytes([flags]) + self.used.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str) -> str:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return bytes_to_base64url(json.dumps(said).encode())

    def _answer(self, **response: Any) -> str:
        own = bytes_to_base64url(self.credential)
        return json.dumps({"id": own, "rawId": own, "type": "public-key", "response": response})
