"""The operator seals and verifies at the command line, and writes the head of the chain down."""

import re

import pytest
from sqlalchemy import Engine

from api.core.config import Settings
from tests.audit.chain import Chain, change
from tests.commands import daybook


@pytest.fixture
def chain(engine: Engine, settings: Settings) -> Chain:
    made = Chain(engine, settings)
    made.happen(5)
    return made


def run(chain: Chain, *words: str) -> tuple[int, str]:
    status, said = daybook(chain.settings, "audit", *words)
    return status, said.lstrip()  # the progress bar leaves an empty line on standard error


def test_an_operator_seals_notes_the_head_and_is_told_of_a_changed_row(chain: Chain) -> None:
    assert run(chain, "verify") == (
        0,
        "0 events in 0 seals; waiting for a seal: 5.\nThere is no seal yet.\nEverything is as it was sealed.\n",
    )
    status, said = run(chain, "seal")
    noted = re.fullmatch(r"Head: seal 1, ([0-9a-f]{64})\n", said)
    assert status == 0
    assert noted
    status, said = run(chain, "verify", "--head", noted[1].upper())
    assert (status, said) == (
        0,
        f"5 events in 1 seal; waiting for a seal: 0.\nHead: seal 1, {noted[1]}\nEverything is as it was sealed.\n",
    )
    one = chain.events(1)[3]
    chain.mallory(change(one, detail={"role": "owner"}))
    status, said = run(chain, "verify", "--head", "0" * 64)
    assert status == 1
    assert said.splitlines()[:2] == [
        f"Event {one} of seal 1 was changed.",
        "No seal has the digest that you noted: the chain was cut short or made anew.",
    ]
    assert said.endswith("2 findings.\n")
