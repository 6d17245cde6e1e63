"""Reads an ID token. The one file that needs the extra `oidc`; only who uses single sign-on loads it."""

from collections.abc import Callable, Sequence
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwk, jwt
from joserfc.errors import BadSignatureError, ClaimError, JoseError, UnsupportedAlgorithmError

from api.auth.oidc_identity import Expected, Identity, Unbelievable, UnknownKey, identity
from api.core import clock
from api.core.crypto import CLOCK_SKEW

ALGORITHMS = ("RS256", "ES256")
_KEY_TYPES = ("RSA", "EC")
_FEWEST_BITS = 2_048
_NAMED = ("aud", "azp", "exp", "iat", "iss", "nonce", "sub")
_WHY = ((BadSignatureError, "token.signature"), (UnsupportedAlgorithmError, "token.alg"))


def read(token: str, keys: Sequence[dict[str, Any]], expected: Expected) -> Identity:
    """Return whom an ID token names, or raise Unbelievable, or UnknownKey."""
    try:
        read = jwt.decode(token, _among(keys), algorithms=ALGORITHMS)
        claims = CodeIDToken(read.claims, read.header, _options(expected), _parameters(expected))
        claims.validate(int(clock.now().timestamp()), CLOCK_SKEW)
    except (JoseError, ValueError, TypeError) as error:
        raise Unbelievable(_why(error)) from None
    if claims["aud"] not in (expected.client_id, [expected.client_id]):
        raise Unbelievable("token.aud")  # for others as well: they could have sent it
    return identity(expected.issuer, claims["sub"], claims.get("email"), claims.get("email_verified"))


def _options(expected: Expected) -> dict[str, dict[str, object]]:
    return {
        "iss": {"essential": True, "value": expected.issuer},
        "aud": {"essential": True, "value": expected.client_id},
    }


def _parameters(expected: Expected) -> dict[str, str]:
    return {"nonce": expected.nonce, "client_id": expected.client_id}


def _among(keys: Sequence[dict[str, Any]]) -> Callable[[Any], jwk.Key]:
    """Choose the provider's key that a token names; what else the token's header says of keys is not read."""

    def chosen(token: Any) -> jwk.Key:
        kid = token.headers().get("kid")
        for one in keys:
            known = one.get("kty") in _KEY_TYPES and one.get("use", "sig") == "sig"
            if known and isinstance(kid, str) and one.get("kid") == kid:
                return _strong(jwk.import_key(one))
        raise UnknownKey

    return chosen


def _strong(key: jwk.Key) -> jwk.Key:
    if isinstance(key, jwk.RSAKey) and key.public_key.key_size < _FEWEST_BITS:
        raise Unbelievable("token.key")
    return key


def _why(error: Exception) -> str:
    if isinstance(error, ClaimError):
        return f"token.{error.claim}" if error.claim in _NAMED else "token"
    return next((why for kind, why in _WHY if isinstance(error, kind)), "token")
