"""What we owe the devices of a home: opened by the first wish, paid by landing, cancelled by a person's hand."""

from typing import NamedTuple, TypeAlias

from orchestrator.stage.heard import Debt
from orchestrator.stage.want import Want
from orchestrator.units import HOUR, SECOND, Ms
from orchestrator.values import Attribute, Value

AT_MOST: Ms = 12 * HOUR
DOUBTFUL: Ms = 5 * SECOND
"""How long after its payment the word that a device is away means that it has not been paid."""

PartWants: TypeAlias = tuple[dict[Attribute, Want], ...]
"""What was wanted of each part of a device."""


class Payment(NamedTuple):
    """What a device was given back, when, and with which wants."""

    at: Ms
    debts: tuple[Debt, ...]
    wants: PartWants


class Debts:
    """The debts by device, oldest first."""

    def __init__(self, at_most: Ms = AT_MOST) -> None:
        self._at_most = at_most
        self._open: dict[str, dict[Attribute, Debt]] = {}
        self._payments: dict[str, Payment] = {}

    def all(self) -> list[Debt]:
        return [debt for debts in self._open.values() for debt in debts.values()]

    def of(self, device: str) -> list[Debt]:
        return list(self._open.get(device, {}).values())

    def get(self, device: str, attribute: Attribute) -> Debt | None:
        return self._open.get(device, {}).get(attribute)

    def open(self, device: str, attribute: Attribute, value: Value | None, now: Ms, *, is_guess: bool = False) -> Debt:
        debt = Debt(device, attribute, value, now, is_guess)
        self.restore(debt)
        return debt

    def change(self, device: str, attribute: Attribute, value: Value) -> Debt | None:
        """Something else is owed than what was; None where nothing is, or it is so already."""
        debt = self.get(device, attribute)
        if debt is None or debt.value == value:
            return None
        changed = self._open[device][attribute] = debt._replace(value=value)
        return changed

    def learn(self, device: str, attribute: Attribute, value: Value) -> Debt | None:
        """The device itself has said how it was; None where that is owed already, or nothing is."""
        debt = self.get(device, attribute)
        if debt is None or (debt.value == value and not debt.is_guess):
            return None
        learnt = self._open[device][attribute] = debt._replace(value=value, is_guess=False)
        return learnt

    def restore(self, debt: Debt) -> None:
        """A debt from before; what is owed already stays as it is."""
        self._open.setdefault(debt.device, {}).setdefault(debt.attribute, debt)

    def cancel(self, device: str, attribute: Attribute) -> None:
        """A person has the attribute: nothing is owed for it."""
        self._open.get(device, {}).pop(attribute, None)

    def pay(self, device: str, wants: PartWants, now: Ms) -> list[Debt]:
        """All of a device's debts are paid; gives them. `wants` is what they were paid with."""
        debts = self.of(device)
        self._open.pop(device, None)
        self._payments[device] = Payment(now, tuple(debts), wants)
        return debts

    def doubt(self, device: str, now: Ms) -> Payment | None:
        """A device is away after all. Gives its payment, if that was just now, with the debts that are owed again.

        After an outage of the broker commands go out before its retained word that a device is offline comes in.
        """
        payment = self._payments.pop(device, None)
        if payment is None or now - payment.at > DOUBTFUL:
            return None
        known = (debt for debt in payment.debts if debt.value is not None)  # else there is nothing to pay with
        again = tuple(debt for debt in known if self.get(device, debt.attribute) is None)
        for debt in again:
            self.restore(debt)
        return payment._replace(debts=again)

    def has_expired(self, device: str, now: Ms) -> bool:
        """True where a device has debts and none that is young enough to be paid."""
        debts = self.of(device)
        return bool(debts) and all(now - debt.since > self._at_most for debt in debts)

    def drop(self, device: str) -> list[Debt]:
        """Nothing is owed to a device any more; gives what was."""
        return list(self._open.pop(device, {}).values())
