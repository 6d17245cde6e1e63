"""The register of channels: a channel is one file here and one line in the register."""

from api.prompts.channels.base import Channel
from api.prompts.channels.email import EmailChannel
from schemas.reminders import ChannelName

CHANNELS: dict[ChannelName, Channel] = {one.name: one for one in (EmailChannel(),)}
