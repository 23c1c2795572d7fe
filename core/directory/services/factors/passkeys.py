"""Passkeys (WebAuthn level 2): added, given as the second step, or as the only one where the device knew its owner.

A browser hands over JSON that anybody may have written; `webauthn` verifies it (origin, site, challenge, signature,
counter). Here: whose passkey it is, that each challenge is ours and is taken once, and that without a password the
authenticator itself has verified the person (PIN, finger, face), so that there are two factors still.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import webauthn
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, parse_client_data_json
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from core.db import settings_of
from core.directory.errors import FactorError
from core.directory.factors import challenges
from core.directory.models.accounts import Account
from core.directory.models.factors import Passkey, SpentChallenge
from core.directory.queries.factors import passkey_by_credential
from core.directory.services.factors.changing import (
    MOST_PASSKEYS,
    FactorAction,
    after_added,
    after_removed,
    note,
    own_account,
    require_another,
)
from core.directory.services.factors.codes import codes_with_first
from core.errors import InputError, NotFoundError
from core.permissions import Actor
from core.words import Text

LONGEST_ANSWER = 20_000
"""Characters of a browser's answer; the largest attestations have some six thousand."""
LONGEST_NAME = 60
TRANSPORTS = frozenset(one.value for one in AuthenticatorTransport)
Checked = TypeVar("Checked")


@dataclass(frozen=True, slots=True)
class Site:
    """Where the pages are: the host name that passkeys are made for, the origin browsers tell, and the very browser.

    `browser` is a value of the browser's own signed cookie: what one browser was asked, no other may answer.
    """

    name: str
    origin: str
    browser: str


def creation_options(session: Session, actor: Actor, *, site: Site, now: datetime) -> str:
    """What a browser needs to make a passkey for the actor's own account, as JSON.

    Raises `FactorError` for one more than the most.
    """
    account = own_account(session, actor)
    own = _passkeys(session, account)
    if len(own) >= MOST_PASSKEYS:
        raise FactorError(
            Text(
                f"Mỗi tài khoản có nhiều nhất {MOST_PASSKEYS} khóa truy cập. Hãy xóa bớt khóa không dùng nữa.",
                f"An account has at most {MOST_PASSKEYS} passkeys. Remove one that is not used any more.",
            )
        )
    options = webauthn.generate_registration_options(
        rp_id=site.name,
        rp_name="Vanthu",
        user_id=base64url_to_bytes(_handle(session, account, own)),
        user_name=account.name,
        user_display_name=account.name,
        challenge=_challenge(session, _adding(account, site), now),
        timeout=_milliseconds(),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
        exclude_credentials=_described(own),
    )
    return webauthn.options_to_json(options)


def request_options(session: Session, *, account: Account | None, site: Site, now: datetime) -> str:
    """What a browser needs to answer with a passkey, as JSON: with one of `account`, or (None) with any it has."""
    verification = UserVerificationRequirement.REQUIRED if account is None else UserVerificationRequirement.PREFERRED
    options = webauthn.generate_authentication_options(
        rp_id=site.name,
        challenge=_challenge(session, _entering(account, site), now),
        timeout=_milliseconds(),
        allow_credentials=[] if account is None else _described(_passkeys(session, account)),
        user_verification=verification,
    )
    return webauthn.options_to_json(options)


def add_passkey(session: Session, actor: Actor, *, answer: str, name: str, site: Site, now: datetime) -> list[str]:
    """A passkey for the actor's own account from the browser's answer; new recovery codes, where there were none.

    Every session of the account is over. Raises `InputError` for an answer that is not right.
    """
    account = own_account(session, actor)
    given = _read(answer)
    challenge = _signed_challenge(given)
    _spend(session, challenge, _adding(account, site), now)
    made = _checked(
        lambda: webauthn.verify_registration_response(
            credential=given, expected_challenge=challenge, expected_rp_id=site.name, expected_origin=site.origin
        )
    )
    credential_id = bytes_to_base64url(made.credential_id)
    own = _passkeys(session, account)
    if passkey_by_credential(session, credential_id) is not None or len(own) >= MOST_PASSKEYS:
        raise _unusable("known, or too many")
    key = Passkey(
        account=account.id,
        credential_id=credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        user_handle=_handle(session, account, own),
        site=site.name,
        name=" ".join(name.split())[:LONGEST_NAME] or "Passkey",
        transports=" ".join(_transports(given)),
        created_at=now,
    )
    session.add(key)
    session.flush()
    after_added(session, account)
    codes = codes_with_first(session, account, now=now)
    facts = {"passkey": key.name, "verifies": made.user_verified, "codes": len(codes)}
    note(session, account, FactorAction.PASSKEY_ADDED, facts)
    return codes


def remove_passkey(session: Session, actor: Actor, *, passkey_id: int, demanded: bool) -> str:
    """Take away one of the actor's own passkeys; its name. Sessions are over.

    Raises `NotFoundError` for none of theirs, `FactorError` for the last factor of a role that needs one.
    """
    account = own_account(session, actor)
    key = own_passkey(session, account, passkey_id)
    require_another(session, account, demanded=demanded)
    session.delete(key)
    after_removed(session, account)
    note(session, account, FactorAction.PASSKEY_REMOVED, {"passkey": key.name})
    return key.name


def own_passkey(session: Session, account: Account, passkey_id: int) -> Passkey:
    """The passkey of that number; raises `NotFoundError` where the account has none such."""
    key = session.get(Passkey, passkey_id)
    if key is None or key.account != account.id:
        raise NotFoundError(Text("Không có khóa truy cập này.", "There is no such passkey."))
    return key


def prove_by_passkey(session: Session, *, account_id: int, answer: str, site: Site, now: datetime) -> bool:
    """Whether the answer is right and of a passkey of this account, whose password was verified.

    Commit in either case.
    """
    return _entered(session, account_id, answer, site, now) is not None


def enter_by_passkey(session: Session, *, answer: str, site: Site, now: datetime) -> Account | None:
    """The account whose passkey gave the answer and whose authenticator verified the person; None otherwise.

    Commit in either case.
    """
    return _entered(session, None, answer, site, now)


def _entered(session: Session, account_id: int | None, answer: str, site: Site, now: datetime) -> Account | None:
    try:
        given = _read(answer)
        challenge = _signed_challenge(given)
    except InputError:
        return None
    key = passkey_by_credential(session, str(given.get("id"))[:2_000])
    if key is None or account_id not in {None, key.account}:
        return None
    wanted = select(Account).where(Account.id == key.account, Account.closed_at.is_(None)).with_for_update()
    account = session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if account is None:
        return None
    session.refresh(key)  # as it is now that the account is locked: two with one answer come one after the other
    only = account_id is None
    try:
        if key.site != site.name or not _is_handle(given, key):
            raise _unusable("of another site or user")
        _spend(session, challenge, _entering(None if only else account, site), now)
        found = _checked(
            lambda: webauthn.verify_authentication_response(
                credential=given,
                expected_challenge=challenge,
                expected_rp_id=site.name,
                expected_origin=site.origin,
                credential_public_key=key.public_key,
                credential_current_sign_count=key.sign_count,
                require_user_verification=only,
            )
        )
    except InputError as refused:
        note(session, account, FactorAction.REFUSE, {"second": "passkey", "reason": str(refused.detail)[:100]})
        return None
    key.sign_count, key.used_at = found.new_sign_count, now
    session.flush()
    return account


def _passkeys(session: Session, account: Account) -> list[Passkey]:
    return list(session.scalars(select(Passkey).where(Passkey.account == account.id).order_by(Passkey.id)))


def _handle(session: Session, account: Account, own: list[Passkey]) -> str:
    """What authenticators know of whose passkey it is: the same for all of an account, and nothing about its owner."""
    if own:
        return own[0].user_handle
    key = settings_of(session).secret_key.encode()
    return bytes_to_base64url(hmac.new(key, f"passkeys of account {account.id}".encode(), hashlib.sha256).digest())


def _described(keys: list[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=base64url_to_bytes(key.credential_id),
            transports=[AuthenticatorTransport(one) for one in key.transports.split()] or None,
        )
        for key in keys
    ]


def _adding(account: Account, site: Site) -> str:
    return f"add a passkey to {account.id} in {site.browser}"


def _entering(account: Account | None, site: Site) -> str:
    whose = "with a passkey only" if account is None else f"to {account.id} as the second step"
    return f"log in {whose} in {site.browser}"


def _challenge(session: Session, purpose: str, now: datetime) -> bytes:
    return challenges.issued(settings_of(session).secret_key, purpose, now=now)


def _spend(session: Session, challenge: bytes, purpose: str, now: datetime) -> None:
    """Take the challenge, once. Raises `InputError` for one that is not ours, too old, or was taken already."""
    session.execute(delete(SpentChallenge).where(SpentChallenge.ends_at < now))
    if not challenges.is_ours(settings_of(session).secret_key, purpose, challenge, now=now):
        raise _unusable("challenge not ours or too old")
    try:
        with session.begin_nested():
            spent = SpentChallenge(digest=challenges.digest(challenge), ends_at=now + 2 * challenges.VALID_FOR)
            session.add(spent)
    except IntegrityError as taken:
        raise _unusable("challenge used before") from taken


def _read(answer: str) -> dict[str, Any]:
    """The answer as JSON; raises `InputError`."""
    if len(answer) > LONGEST_ANSWER:
        raise _unusable("too long")
    try:
        given = json.loads(answer)
    except (ValueError, RecursionError) as wrong:
        raise _unusable("no JSON") from wrong
    if not isinstance(given, dict):
        raise _unusable("no object")
    return given


def _signed_challenge(given: dict[str, Any]) -> bytes:
    """The challenge that the answer says it is for; whether it is ours is another question."""
    return _checked(lambda: parse_client_data_json(base64url_to_bytes(given["response"]["clientDataJSON"])).challenge)


def _transports(given: dict[str, Any]) -> list[str]:
    found = given["response"].get("transports")
    return sorted({one for one in found if one in TRANSPORTS}) if isinstance(found, list) else []


def _is_handle(given: dict[str, Any], key: Passkey) -> bool:
    """Whether the user handle, where the authenticator tells one, is that of the passkey's account."""
    told = given["response"].get("userHandle")
    return not told or told == key.user_handle


def _checked(check: Callable[[], Checked]) -> Checked:
    """What the library says. It meets bytes of strangers: whatever it trips over is an answer that is not right."""
    try:
        return check()
    except Exception as wrong:
        raise _unusable(f"{type(wrong).__name__}: {wrong}") from wrong


def _unusable(why: str) -> InputError:
    return InputError(
        Text(
            "Khóa truy cập không được chấp nhận. Hãy thử lại; trang có thể đã mở quá lâu.",
            "The passkey was not accepted. Please try again; the page may have been open for too long.",
        ),
        detail=why,
    )


def _milliseconds() -> int:
    return int(challenges.VALID_FOR.total_seconds() * 1000)
