"""The simulator's own clock: the real one, moved or stopped."""

from parley.core import time


class SimClock:
    """Unix seconds as the simulated Meta sees them: the window, rates, and lives of media and URLs go by it."""

    def __init__(self) -> None:
        self._offset = 0.0
        self._frozen_at: float | None = None

    @property
    def offset(self) -> float:
        return self._offset

    @property
    def frozen(self) -> bool:
        return self._frozen_at is not None

    def now(self) -> float:
        """The simulated moment in Unix seconds."""
        if self._frozen_at is not None:
            return self._frozen_at + self._offset
        return time.unix_seconds() + self._offset

    def move_to(self, offset_seconds: float) -> None:
        """Set the distance to the real (or frozen) clock, in seconds; it may be negative."""
        self._offset = offset_seconds

    def freeze(self) -> None:
        """Stop here; moving stays possible."""
        if self._frozen_at is None:
            self._frozen_at = time.unix_seconds()

    def thaw(self) -> None:
        """Run again, without a jump."""
        if self._frozen_at is not None:
            self._offset += self._frozen_at - time.unix_seconds()
            self._frozen_at = None
