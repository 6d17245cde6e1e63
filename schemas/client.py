"""What the phone client asks about itself."""

from typing import Annotated

from pydantic import Field

from schemas.base import Model


class ClientVersion(Model):
    """Which client this service serves, and which it still understands."""

    build: Annotated[str, Field(description="A hash of the client's files.")]
    minimum: Annotated[int, Field(description="The oldest generation of the protocol that is understood.")]
