"""Asks a tool what it holds: page by page, within a time, and only where the operator allows."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from api.core.config import Settings
from api.webhooks import fetching
from api.webhooks.paging import Asking, Listed
from api.webhooks.polling import Question

_ALTOGETHER, _EACH = 20.0, 10.0  # seconds
_BREATH = 1.0  # seconds, while the tool is at work
_MOST_PAGES = 50
_TOO_MUCH = "The tool holds too much to be asked about at once: name a later day."
_AT_WORK = "The tool is still putting together what it holds: ask again later, or name a later day."
_NO_SUCH_FORM = "The tool does not know the form that it was asked for."


class Pages:
    """The pages of what a tool holds since a day, in turn; `asked` counts the questions, also of those in vain."""

    def __init__(self, settings: Settings, question: Question, since: datetime, most: int) -> None:
        self._settings, self._question, self._since = settings, question, since
        self._most = min(most, _MOST_PAGES)
        self.asked = 0

    def __iter__(self) -> Iterator[Listed]:
        """Yield page after page, or raise NotFetched or Unreadable."""
        until = time.monotonic() + _ALTOGETHER
        asking, page = Asking(self._since, self._question.token), Listed({})
        while self.asked < self._most and (left := until - time.monotonic()) > 0:
            page = self._page(asking, left)
            yield page
            if page.next is None:
                return
            if not page.is_ready:
                time.sleep(_BREATH)
            asking = replace(asking, mark=page.next)
        raise fetching.NotFetched(_TOO_MUCH if page.is_ready else _AT_WORK)

    def _page(self, asking: Asking, seconds: float) -> Listed:
        adapter, options = self._question.adapter, self._question.options
        wanted = adapter.listing(asking, options)
        if wanted is None:
            raise fetching.NotFetched(f"{adapter.title} cannot be asked what it holds.")
        at, limits = options.fetch_base or "", {"seconds": min(seconds, _EACH)}
        fetching.base(self._settings, at)  # where it may not be asked, it is not: that is no question
        self.asked += 1
        try:
            document = fetching.fetch(self._settings, at, wanted, largest=fetching.LARGEST_PAGE, **limits)
        except fetching.NotFetched as refused:
            raise (fetching.NotFetched(_NO_SUCH_FORM) if refused.only_this else refused) from None
        return adapter.listed(document, asking, options)
