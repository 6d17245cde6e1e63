"""The register of channels: a channel is one file here and one line in the register."""

from api.prompts.channels.base import Channel
from api.prompts.channels.email import EmailChannel
from api.prompts.channels.push import PushChannel
from api.prompts.channels.sms import SmsChannel
from schemas.reminders import ChannelName

CHANNELS: dict[ChannelName, Channel] = {
    one.name: one
    for one in (
        EmailChannel(),
        PushChannel(),
        SmsChannel(),
    )
}
