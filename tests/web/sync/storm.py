"""Leaders who write, edit and withdraw on phones to which everything happens, and what they must find at the end.

A run is one leader's diary. Ten leaders share a browser and a server, each at an address of their own; when a run is
over, the next leader joins there.
"""

import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, Error

from api.core.ids import new_id
from schemas.canonical import canonical
from tests.web.killable import Killable
from tests.web.sync.gateway import FAULTS
from tests.web.sync.house import House
from tests.web.sync.phone import Phone, said

ROUNDS = 5
LAST = 20
_UNAWAITED = """(wanted) => {
  const saving = async () => {
    const { get, submit } = await import("/client/store/entries.js");
    for (const [id, entry] of wanted) await submit({ id, base: (await get(id))?.receipt?.version ?? null }, entry);
  };
  saving();
}"""


@dataclass
class Leader:
    """One leader: the tabs they have open, and what they saved."""

    name: str
    random: random.Random
    tabs: list[Phone]
    participant: str = ""
    saved: dict[str, set[str]] = field(default_factory=dict)
    """Each entry's text; two where the browser was killed in the moment of saving; with "" if it may be missing."""
    withdrawn: set[str] = field(default_factory=set)
    made: int = 0

    def tab(self) -> Phone:
        """Return the tab that they look at."""
        return self.random.choice(self.tabs)

    def text(self) -> str:
        """Return words that they never wrote before."""
        self.made += 1
        return f"{self.name} {self.made}"

    def act(self, counts: Counter[str]) -> None:
        """Save something, and remember it once it is saved."""
        what = self.random.choices(["write", "edit", "withdraw", "look"], [4, 4, 1, 1])[0]
        mine = sorted(self.saved)
        tab, text = self.tab(), self.text()
        if what == "write" or (what in {"edit", "withdraw"} and not mine):
            self.saved[tab.write(text)] = {text}
            what = "write"
        elif what == "edit":
            entry = self.random.choice(mine)
            tab.edit(entry, text)
            self.saved[entry] = {text}
        elif what == "withdraw":
            entry = self.random.choice(mine)
            tab.remove(entry)
            del self.saved[entry]
            self.withdrawn.add(entry)
        counts[what] += 1

    def save_until_the_last_moment(self) -> None:
        """Begin to save one entry after another, without waiting: the browser will be killed in the middle of one."""
        tab, mine = self.tab(), sorted(self.saved)
        wanted = []
        for entry in [*self.random.sample(mine, min(2, len(mine))), *(str(new_id()) for _ in range(LAST))]:
            text = self.text()
            wanted.append([entry, said(text)])
            self.saved[entry] = self.saved.get(entry, {""}) | {text}
        tab.page.evaluate(_UNAWAITED, wanted)


class Storm:
    """Everything that happens to ten leaders at a time."""

    def __init__(self, house: House, browser: Killable, seed: int, leaders: int) -> None:
        self.house, self.browser, self.seed = house, browser, seed
        self.names = [f"leader-{number}" for number in range(leaders)]
        self.counts: Counter[str] = Counter()
        self.wrong: list[str] = []
        self._context: BrowserContext = browser.start()
        self._tabs: dict[str, list[Phone]] = {}
        self._open({name: 1 + number % 2 for number, name in enumerate(self.names)})

    def generation(self, number: int, *, browser_dies: bool) -> None:
        """Let one leader at each address join and go through it all; then hold them to account."""
        chance = random.Random(f"{self.seed} {number}")
        leaders = [self._joined(name, number) for name in self.names]
        deaths = {1, 3} if browser_dies else set()
        for turn in range(ROUNDS):
            self._round(leaders, chance)
            if turn == ROUNDS // 2:
                self._truth(leaders, at_rest=False)
            if turn in deaths:
                self._kill(leaders)
        self._heal(leaders)
        self._truth(leaders, at_rest=True)

    def _joined(self, name: str, number: int) -> Leader:
        tabs = self._tabs[name]
        tabs[0].do("store/db", "erase")
        participant = tabs[0].join(self.house.codes.pop()).participant
        self.counts["runs"] += 1
        return Leader(name, random.Random(f"{self.seed} {number} {name}"), tabs, participant)

    def _round(self, leaders: list[Leader], chance: random.Random) -> None:
        dies = chance.randrange(len(leaders) * 4)  # in one round of four the server dies, in the middle of it
        offline = chance.random() < 0.2
        self._context.set_offline(offline)
        self.counts["offline"] += offline
        for place, leader in enumerate(leaders):
            self.house.gateway.faults[leader.name] = leader.random.choice(["none", "none", *FAULTS])
            if place == dies:
                self.house.server.kill()
                self.counts["server killed"] += 1
            for _ in range(leader.random.randint(1, 2)):
                leader.act(self.counts)
        if not self.house.server.alive:
            self.house.server.start()
        self._context.set_offline(False)

    def _kill(self, leaders: list[Leader]) -> None:
        cookies = self._context.cookies()
        for leader in leaders:
            leader.save_until_the_last_moment()
        self.browser.kill()
        self.counts["browser killed"] += len(leaders)
        self._context = self.browser.start()
        self._context.add_cookies(cookies)  # type: ignore[arg-type] # as they came; the browser writes them to its disk only twice a minute
        self._open({leader.name: len(leader.tabs) for leader in leaders})
        for leader in leaders:
            leader.tabs = self._tabs[leader.name]

    def _open(self, wanted: dict[str, int]) -> None:
        for name, tabs in wanted.items():
            pages = [self._context.new_page() for _ in range(tabs)]
            self._tabs[name] = [Phone(page, self.house.gateway, name).start() for page in pages]

    def _heal(self, leaders: list[Leader]) -> None:
        self.house.gateway.heal()
        for leader in leaders:
            for tab in leader.tabs:
                try:
                    tab.quiet()
                except Error as error:
                    self.wrong.append(f"{leader.name}: {error.message.splitlines()[0]}")
                    return  # one is enough: the others would be waited for as long

    def _truth(self, leaders: list[Leader], *, at_rest: bool) -> None:
        """Hold what phones say against what the database has; at rest that is all that was saved, once."""
        shown = {leader.name: leader.tabs[0].do("store/entries", "all") for leader in leaders}
        everything = self.house.revisions()
        for leader in leaders:
            records = {record["id"]: record for record in shown[leader.name]}
            mine = {entry: found for entry, found in everything.items() if entry in records}
            self.wrong += [f"{leader.name}: {one}" for one in untruths(records, mine)]
            if at_rest:
                found = self.house.revisions(leader.participant)
                self.wrong += [f"{leader.name}: {one}" for one in losses(leader, records, found)]


def untruths(records: dict[str, Any], stored: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Return every entry that a phone calls sent and the database does not have, or has otherwise."""
    return [
        f"called sent: {record['entry']}"
        for entry, record in records.items()
        if record["state"] == "synced" and (entry not in stored or stored[entry][-1] != record["entry"])
    ]


def losses(leader: Leader, records: dict[str, Any], stored: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Return what is lost, doubled, or not as the phone says, once everything has healed."""
    wrong = []
    heads = {entry: versions[-1]["answers"]["headline"] for entry, versions in stored.items()}
    for entry, texts in leader.saved.items():
        if heads.get(entry, "") not in texts:
            wrong.append(f"saved {texts}, stored {heads.get(entry)}")
    wrong += [f"never saved: {heads[entry]}" for entry in heads.keys() - leader.saved.keys()]
    for versions in stored.values():
        contents = Counter(canonical(version | {"base_version": None}) for version in versions)
        wrong += [f"doubled: {content[:80]!r}" for content, times in contents.items() if times > 1]
    if {*records} != {*stored} or any(record["state"] != "synced" for record in records.values()):
        states = {entry: record["state"] for entry, record in records.items()}
        wrong.append(f"the phone shows {states}, stored are {sorted(stored)}")
    return wrong
