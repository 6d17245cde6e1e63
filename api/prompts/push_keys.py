"""The service's key pair for web push (VAPID, RFC 8292): no rotation ends it, as subscriptions are bound to it."""

import base64
from datetime import timedelta

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlmodel import Session

from api.core import clock, crypto
from api.core.config import Settings
from api.core.service_keys import service_key

NAME = "vapid"
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256
_GOOD_FOR = timedelta(hours=12)  # a push service refuses more than 24


def private_key(session: Session, settings: Settings) -> ec.EllipticCurvePrivateKey:
    """Return the private key, made when it is first needed."""
    secret = service_key(session, settings, NAME)
    number = int.from_bytes(
        crypto.derive(secret.hex(), "p-256") + crypto.derive(secret.hex(), "p-256", "more")
    )
    return ec.derive_private_key(
        number % (_ORDER - 1) + 1, ec.SECP256R1()
    )  # 512 bits: no remainder is likelier


def public_key(session: Session, settings: Settings) -> str:
    """Return the public key as a browser takes it, the applicationServerKey of a subscription."""
    return written(private_key(session, settings))


def written(key: ec.EllipticCurvePrivateKey) -> str:
    """Return a key pair's public point, as base64url without padding."""
    return crypto.opaque(key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def authorization(key: ec.EllipticCurvePrivateKey, origin: str, contact: str) -> str:
    """Return the header by which a push service knows who pushes."""
    claims = {"aud": origin, "exp": clock.now() + _GOOD_FOR, "sub": contact}
    return f"vapid t={jwt.encode(claims, key, algorithm='ES256')},k={written(key)}"


def unwritten(text: str) -> bytes:
    """Return the bytes of base64url text, with padding or without, or raise ValueError."""
    return base64.b64decode(
        text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True
    )
