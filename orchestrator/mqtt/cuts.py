"""Connections that the broker cut at once, one after the other: what is made of it, and what is said."""

from orchestrator.errors import BrokerError
from orchestrator.mqtt import backoff, refusals
from orchestrator.mqtt.address import Address
from orchestrator.mqtt.loss import NO_RETAIN, TAKEN_OVER, TOO_LARGE, Loss
from orchestrator.mqtt.terms import Terms

SETTLED = 10.0
"""Seconds that a connection must have held to be one."""
_UNDISPUTED = 60.0
"""The same once it was ended too often: somebody with our client id comes again every half minute, as we do."""
OFTEN = 3
"""From so many on it is no accident."""
SURELY_FITS = 1024
"""Bytes of a packet that every broker takes."""
_SMALLEST = 256


class Cuts:
    """Those of one connection. What it learns goes into the terms: a packet that was too large is not sent again."""

    def __init__(self) -> None:
        self._number = 0
        self._is_trial = False
        self._has_tried = False

    @property
    def are_many(self) -> bool:
        return self._number >= OFTEN

    def note(self, address: Address, terms: Terms, loss: Loss, held: float) -> BrokerError:
        """A connection is lost after `held` seconds. What is to be said of it."""
        if held > (_UNDISPUTED if self.are_many or loss.code == TAKEN_OVER else SETTLED):
            self._number, self._is_trial, self._has_tried = 0, False, False
            return refusals.lost(address, loss.reason)
        self._number += 1
        terms.refuses_retain = terms.refuses_retain or loss.code == NO_RETAIN
        if loss.code == TOO_LARGE:
            terms.assumed = max(loss.largest.size // 2, _SMALLEST)
            return refusals.cut(address, loss, self._number, terms.client_id)
        if not self.are_many:
            return refusals.lost(address, loss.reason)
        if loss.code is None:
            self._try_smaller(terms, loss)
        return refusals.cut(address, loss, self._number, terms.client_id)

    def wait(self, chance: float) -> float | None:
        """Seconds until the next attempt; None where it is as after any loss."""
        return backoff.wait_when_cut(self._number - OFTEN, chance) if self.are_many else None

    def _try_smaller(self, terms: Terms, loss: Loss) -> None:
        """Brokers of 3.1.1 do not say what they take: see once whether it was the length."""
        if self._is_trial:
            terms.assumed, self._is_trial = None, False
        elif not self._has_tried and terms.assumed is None and loss.largest.size > SURELY_FITS:
            terms.assumed, self._is_trial, self._has_tried = SURELY_FITS, True, True
