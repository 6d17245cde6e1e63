"""What every survey tool's adapter can do."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import ClassVar

from api.webhooks.normalised import Envelope, Fetch, Normalised, Post
from api.webhooks.paging import Asking, Listed
from schemas.source import Proof, SourceOptions


class Adapter(ABC):
    """One survey tool: how it proves itself, what its posts say, and how it is set up; holds no state."""

    name: ClassVar[str]
    title: ClassVar[str]
    proofs: ClassVar[tuple[Proof, ...]]
    headers: ClassVar[tuple[str, ...]] = ()
    """The request headers that this tool's posts are proved and read with, in lower case."""
    repeats_are_news: ClassVar[bool] = False
    """Whether the same bytes may tell of a new edit (a pointer), so that they are fetched again."""
    fetches_per_day: ClassVar[int | None] = None
    """How often this tool may be asked in a day (UTC), if it says so."""
    polls: ClassVar[bool] = False
    """Whether we ask this tool, because it does not post: each submission of a page is read as if it was a post."""
    page_size: ClassVar[int] = 0
    """How many submissions a full page of a polled tool holds: after a full one, the next is asked for."""

    @abstractmethod
    def refusal(self, post: Post, secrets: Sequence[str], options: SourceOptions) -> str | None:
        """Return why a post is not proven by any of the live secrets, or None; never raises."""

    def without_secrets(self, body: bytes, options: SourceOptions) -> bytes:
        """Return the body as it is stored: without a token that travels in it."""
        return body

    @abstractmethod
    def envelopes(self, post: Post, options: SourceOptions) -> list[Envelope]:
        """Return what a post tells of, or raise Unreadable."""

    def fetch(self, envelope: Envelope, token: str, options: SourceOptions) -> Fetch | None:
        """Return what to ask the tool for, or None if the post itself holds the answers."""
        return None

    def page(self, since: datetime | None, skip: int, token: str, options: SourceOptions) -> Fetch | None:
        """Return what to ask a polled tool for: what is new or changed since then, less the first ones."""
        return None

    def apart(self, document: bytes) -> list[bytes]:
        """Return each submission of a polled page as a document of its own; what is unchanged is the same bytes."""
        return []

    def counted_as(self, secrets: Sequence[str], token: str) -> str:
        """Return by what a tool with a daily limit counts who asks: sources of one share its limit."""
        return token

    def listing(self, asking: Asking, options: SourceOptions) -> Fetch | None:
        """Return how a tool is asked what it holds, page by page; None if it cannot be asked."""
        return None

    def listed(self, document: bytes, asking: Asking, options: SourceOptions) -> Listed:
        """Read a page of what a tool holds, or raise Unreadable."""
        return Listed({})

    def named(self, posts: Iterable[bytes], options: SourceOptions) -> dict[str, bytes | None]:
        """Return posts by the submission that each tells of, as the door's posts are."""
        return {self.envelopes(Post(one), options)[0].submission_id: one for one in posts}

    @abstractmethod
    def normalise(self, envelope: Envelope, document: bytes, options: SourceOptions) -> Normalised:
        """Read one submission out of the post's body, or out of what was fetched, or raise Unreadable."""

    @abstractmethod
    def instructions(self, url: str, options: SourceOptions) -> str:
        """Return, in plain words, what to click and what to paste in the tool."""

    @abstractmethod
    def link(self, claim_name: str, code: str) -> str:
        """Return what a participant's link ends with, so that the tool passes the code on (`?pid=CODE`)."""
