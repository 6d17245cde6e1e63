"""The organisation's OpenID provider: how it describes itself, its keys, and whom a code stands for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from threading import BoundedSemaphore
from typing import Any, TypeVar
from urllib.parse import quote_plus, urlencode, urlsplit, urlunsplit

from pydantic import BaseModel, ValidationError

from api.auth.oidc_identity import Expected, Identity, Unbelievable, UnknownKey
from api.auth.problems import ProviderAway, ProviderSignInRefused
from api.core import clock, outbound
from api.core.config import Settings, UnsafeSettings
from api.core.logging import log

CALLBACK = "/v1/staff/oidc/callback"
_KEPT_FOR = timedelta(hours=1)
_AT_ONCE = 4  # each holds a handler's thread for as long as the provider takes
_Said = TypeVar("_Said", bound=BaseModel)
Read = Callable[[str, Sequence[dict[str, Any]], Expected], Identity]


class Description(BaseModel):
    """How a provider describes itself (OpenID Connect Discovery 1.0)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    token_endpoint_auth_methods_supported: list[str] = ["client_secret_basic"]


class Keys(BaseModel):
    """A provider's public keys."""

    keys: list[dict[str, Any]]


class Tokens(BaseModel):
    """What a code was exchanged for; the access token is not even read."""

    id_token: str


@dataclass(frozen=True)
class _Kept:
    said: Any
    until: datetime


class Provider:
    """Asks the provider, a few at a time; what changes seldom is asked for once an hour."""

    def __init__(self, settings: Settings, read: Read) -> None:
        self.issuer, self.client_id = settings.oidc_issuer, settings.oidc_client_id
        self.callback = settings.public_url.rstrip("/") + CALLBACK
        self._secret = settings.oidc_client_secret.get_secret_value()
        self._read = read
        self._places = BoundedSemaphore(_AT_ONCE)
        self._kept: dict[type[BaseModel], _Kept] = {}

    def address(self, parameters: dict[str, str]) -> str:
        """Return where a browser is to go, with our question."""
        parts = urlsplit(self._description().authorization_endpoint)
        asked = {"response_type": "code", "client_id": self.client_id, "redirect_uri": self.callback}
        query = [parts.query] if parts.query else []
        return urlunsplit(parts._replace(query="&".join([*query, urlencode(asked | parameters)])))

    def identity(self, code: str, verifier: str, nonce: str) -> Identity:
        """Return whom a code stands for, or raise ProviderSignInRefused or ProviderAway."""
        token = self._exchange(code, verifier)
        expected = Expected(self.issuer, self.client_id, nonce)
        try:
            try:
                return self._read(token, self._keys(), expected)
            except UnknownKey:  # it may be new
                return self._read(token, self._keys(anew=True), expected)
        except UnknownKey:
            raise ProviderSignInRefused("token.kid") from None
        except Unbelievable as refused:
            raise ProviderSignInRefused(refused.why) from None

    def _exchange(self, code: str, verifier: str) -> str:
        description = self._description()
        form = {"grant_type": "authorization_code", "code": code}
        form |= {"redirect_uri": self.callback, "code_verifier": verifier}
        given: dict[str, Any] = {"data": form}
        if "client_secret_basic" in description.token_endpoint_auth_methods_supported:
            given["auth"] = (quote_plus(self.client_id), quote_plus(self._secret))  # RFC 6749, 2.3.1
        else:
            form |= {"client_id": self.client_id, "client_secret": self._secret}
        answer = self._ask("POST", description.token_endpoint, **given)
        if answer.status == 400:
            raise ProviderSignInRefused("code")
        return _parsed(Tokens, answer).id_token

    def _description(self) -> Description:
        return self._keep(Description, self._describe)

    def _describe(self) -> Description:
        address = self.issuer.removesuffix("/") + "/.well-known/openid-configuration"
        found = _parsed(Description, self._ask("GET", address))
        addresses = (found.authorization_endpoint, found.token_endpoint, found.jwks_uri)
        if found.issuer != self.issuer or not all(is_safe(one, self.issuer) for one in addresses):
            raise _away("its description is of another issuer, or leads elsewhere")
        return found

    def _keys(self, *, anew: bool = False) -> list[dict[str, Any]]:
        address = self._description().jwks_uri
        return self._keep(Keys, lambda: _parsed(Keys, self._ask("GET", address)), anew=anew).keys

    def _keep(self, kind: type[_Said], asked: Callable[[], _Said], *, anew: bool = False) -> _Said:
        kept = self._kept.get(kind)
        if kept is None or kept.until <= clock.now() or anew:
            kept = self._kept[kind] = _Kept(asked(), clock.now() + _KEPT_FOR)
        said: _Said = kept.said
        return said

    def _ask(self, method: str, url: str, **given: Any) -> outbound.Answer:
        # Not a queue: whoever waited would keep a thread from the leaders' phones.
        if not self._places.acquire(blocking=False):
            raise ProviderAway
        try:
            return outbound.ask(method, url, **given)
        except outbound.NotAnswered:
            raise _away("it does not answer") from None
        finally:
            self._places.release()


def make(settings: Settings) -> Provider | None:
    """Return the provider that the settings name, if they name one, or raise UnsafeSettings."""
    if not settings.oidc_issuer:
        return None
    if not is_safe(settings.oidc_issuer, settings.oidc_issuer):
        raise UnsafeSettings("Set DAYBOOK_OIDC_ISSUER to the https:// address of your provider.")
    if not settings.oidc_client_id or not settings.oidc_client_secret.get_secret_value():
        raise UnsafeSettings(
            "Set DAYBOOK_OIDC_CLIENT_ID and DAYBOOK_OIDC_CLIENT_SECRET as your provider says."
        )
    try:
        from api.auth import oidc_token  # noqa: PLC0415 - only who uses single sign-on needs its library
    except ModuleNotFoundError:
        raise UnsafeSettings(
            "DAYBOOK_OIDC_ISSUER is set, but the library for it is not installed: install Daybook with its extra "
            "oidc, or set no issuer."
        ) from None
    return Provider(settings, oidc_token.read)


def is_safe(address: str, issuer: str) -> bool:
    """Say whether an address is https, or on this machine if the issuer itself is."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if not parts.hostname or parts.username is not None or parts.fragment:
        return False
    return parts.scheme == "https" or (_is_here(address) and _is_here(issuer))


def _is_here(address: str) -> bool:
    parts = urlsplit(address)
    try:
        here = parts.hostname == "localhost" or ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False
    return here and parts.scheme == "http"


def _parsed(kind: type[_Said], answer: outbound.Answer) -> _Said:
    try:
        if answer.status == 200:
            return kind.model_validate_json(answer.body)
    except ValidationError:
        raise _away("its answer is not what the standard says") from None
    raise _away(f"it answers {answer.status}")


def _away(error: str) -> ProviderAway:
    log().warning("provider not usable", error=error)
    return ProviderAway()
