"""Why a notice did not arrive, and whether another try may help."""

from datetime import datetime


class Undelivered(Exception):
    """It did not arrive; the text says why, for the log of deliveries."""

    def __init__(
        self, why: str, *, is_final: bool = False, is_of_all: bool = False, again: datetime | None = None
    ) -> None:
        """`is_final`: no other try will help. `is_of_all`: nothing else that goes the same way would arrive now.
        `again`: when the other side wants to be asked again."""
        super().__init__(why)
        self.is_final, self.is_of_all, self.again = is_final, is_of_all, again
