"""The table of virtual bots."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.devices.rules import DeviceId
from app.kernel.tables import Base


class VirtualBot(Base):
    """Rules of one virtual bot; without a row a browser holds its key and it may contact no other server."""

    __tablename__ = "virtual_bot"

    device_id: Mapped[DeviceId] = mapped_column(
        String(32), ForeignKey("device.id", ondelete="CASCADE"), primary_key=True
    )
    # A browser was given its key.
    is_taken: Mapped[bool] = mapped_column(default=True)
    # Origins that its sketches may contact besides this server, separated by spaces; an origin holds none.
    allowed_origins: Mapped[str] = mapped_column(String(1024), default="")
