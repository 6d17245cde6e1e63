"""What every survey tool's adapter must do, whichever it is; the adapters are found in the folder, not listed."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from api.core.clock import now
from api.webhooks.adapters import ADAPTERS
from api.webhooks.normalised import Post, Stage
from api.webhooks.signatures import Refusal
from schemas.source import Proof, SourceOptions
from tests.webhooks.adapters.finding import MODULES, classes
from tests.webhooks.samples import needs_samples
from tests.webhooks.senders import SENDERS

pytestmark = needs_samples
POSTED = [tool for tool in MODULES if not ADAPTERS[tool].polls]
SENT = [tool for tool in MODULES if tool in SENDERS]
SIGNED = [tool for tool in SENT if SENDERS[tool].options.proof is not Proof.PATH_TOKEN]
SEALED = [tool for tool in SENT if SENDERS[tool].options.proof is Proof.SIGNATURE]
TIMED = [tool for tool in SENT if SENDERS[tool].timed]
NOT_OFFERED = [(tool, proof) for tool in POSTED for proof in Proof if proof not in ADAPTERS[tool].proofs]


@pytest.mark.parametrize("module", MODULES)
def test_every_module_is_one_adapter_registered_under_its_name_with_a_sender(module: str) -> None:
    (found,) = classes(module)
    assert found.name == module
    assert isinstance(ADAPTERS[module], found)
    assert SENDERS[module].options.proof in found.proofs
    assert all(name == name.lower() for name in found.headers)


def test_nothing_else_is_registered() -> None:
    assert len(MODULES) > 1
    assert sorted(ADAPTERS) == sorted(SENDERS) == MODULES


@pytest.mark.parametrize("tool", POSTED)
def test_what_a_tool_signs_is_proven(tool: str) -> None:
    sender = SENDERS[tool]
    assert ADAPTERS[tool].refusal(sender.made(), [sender.secret], sender.options) is None


@pytest.mark.parametrize("tool", SIGNED)
def test_another_secret_proves_nothing(tool: str) -> None:
    sender = SENDERS[tool]
    forged = sender.made(secret=sender.other_secret)
    assert ADAPTERS[tool].refusal(forged, [sender.secret], sender.options) == Refusal.WRONG


@pytest.mark.parametrize("tool", SIGNED)
def test_while_a_secret_is_changed_both_are_good(tool: str) -> None:
    sender = SENDERS[tool]
    for live in ([sender.other_secret, sender.secret], [sender.secret, sender.other_secret]):
        assert ADAPTERS[tool].refusal(sender.made(), live, sender.options) is None


@pytest.mark.parametrize("tool", SIGNED)
def test_a_bare_post_is_refused_though_it_says_the_same(tool: str) -> None:
    sender = SENDERS[tool]
    bare = Post(b"{}", sender.content_type)
    assert ADAPTERS[tool].refusal(bare, [sender.secret], sender.options) == Refusal.MISSING


@pytest.mark.parametrize("tool", SIGNED)
@pytest.mark.parametrize("secrets", [[], [""]], ids=["none", "empty"])
def test_without_a_secret_nothing_is_proven(tool: str, secrets: list[str]) -> None:
    sender = SENDERS[tool]
    assert ADAPTERS[tool].refusal(sender.made(), secrets, sender.options) == Refusal.NO_SECRET


@pytest.mark.parametrize("tool", SEALED)
def test_one_changed_letter_is_noticed(tool: str) -> None:
    sender, made = SENDERS[tool], SENDERS[tool].made()
    (envelope,) = ADAPTERS[tool].envelopes(made, sender.options)
    told = envelope.submission_id.rpartition("/")[2].encode()
    changed = replace(made, body=made.body.replace(told, told[::-1]))
    assert changed.body != made.body
    assert ADAPTERS[tool].refusal(changed, [sender.secret], sender.options) == Refusal.WRONG


@pytest.mark.parametrize(("tool", "proof"), NOT_OFFERED)
def test_a_proof_that_a_tool_does_not_offer_is_refused(tool: str, proof: Proof) -> None:
    sender = SENDERS[tool]
    options = sender.options.model_copy(update={"proof": proof})
    assert ADAPTERS[tool].refusal(sender.made(), [sender.secret], options) == Refusal.OTHER_PROOF


@pytest.mark.parametrize("tool", [tool for tool in MODULES if ADAPTERS[tool].polls])
def test_a_tool_that_is_asked_is_believed_nothing_that_it_posts(tool: str) -> None:
    sender = SENDERS[tool]
    assert ADAPTERS[tool].refusal(sender.made(), [sender.secret], sender.options) == Refusal.OTHER_PROOF
    assert ADAPTERS[tool].page(None, 0, "token", sender.options) is not None
    assert ADAPTERS[tool].page_size > 0


@pytest.mark.parametrize("tool", TIMED)
@pytest.mark.parametrize(
    ("seconds", "verdict"), [(299, None), (301, Refusal.EXPIRED), (-299, None), (-302, Refusal.EXPIRED)]
)
def test_a_signature_that_tells_the_time_is_good_for_five_minutes(
    tool: str, seconds: int, verdict: Refusal | None
) -> None:
    sender = SENDERS[tool]
    made = sender.made()
    with time_machine.travel(now() + timedelta(seconds=seconds), tick=False):
        assert ADAPTERS[tool].refusal(made, [sender.secret], sender.options) == verdict


@pytest.mark.parametrize("tool", MODULES)
def test_the_sample_becomes_one_complete_submission(tool: str) -> None:
    sender, adapter = SENDERS[tool], ADAPTERS[tool]
    post = sender.made()
    (envelope,) = adapter.envelopes(post, sender.options)
    assert envelope.stage is Stage.COMPLETE
    assert envelope.submission_id
    pointer = adapter.fetch(envelope, "token", sender.options)
    assert (pointer is None) == (sender.fetched is None)
    found = adapter.normalise(envelope, sender.document(post), sender.options)
    assert (found.tool, found.submission_id) == (tool, envelope.submission_id)
    assert found.answers
    assert len({answer.key for answer in found.answers}) == len(found.answers)
    assert all(
        time is None or time.utcoffset() is not None for time in (found.started_at, found.submitted_at)
    )


@pytest.mark.parametrize("tool", MODULES)
def test_reading_twice_finds_the_same(tool: str) -> None:
    sender, adapter = SENDERS[tool], ADAPTERS[tool]
    post = sender.made()
    (one,), (again,) = (adapter.envelopes(post, sender.options) for _ in range(2))
    assert one == again
    document = sender.document(post)
    assert adapter.normalise(one, document, sender.options) == adapter.normalise(
        again, document, sender.options
    )


@pytest.mark.parametrize("tool", MODULES)
def test_a_researcher_is_told_what_to_click_and_each_participant_gets_a_link(tool: str) -> None:
    adapter = ADAPTERS[tool]
    url = "https://diary.example.org/v1/hooks/1/token/"
    options: SourceOptions = SENDERS[tool].options.model_copy(update={"claim_name": "who"})
    told = adapter.instructions(url, options)
    assert (url in told) != adapter.polls
    assert "who" in told
    assert len(told.splitlines()) >= 4
    link = adapter.link("who", "A b&c")
    assert "who" in link
    assert "A%20b%26c" in link
