"""Which form of a word goes with a number: plural rules, written as Unicode's CLDR has them.

`n % 10 = 2..4 and n % 100 != 12..14`. Whole numbers only: of CLDR's operands `n` and `i` are the number, and `v`, `f`,
`t`, `w`, `e`, `c` are 0 (https://unicode.org/reports/tr35/tr35-numbers.html#Plural_rules_syntax).
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Literal, TypeAlias, get_args

OTHER = "other"
"""The form where no rule holds. It has no rule of its own."""
Category: TypeAlias = Literal["zero", "one", "two", "few", "many"]
"""The other names of forms, as CLDR has them."""

PluralRule: TypeAlias = Callable[[int], bool]

_RELATION = re.compile(
    r"\s*([nivwftec])\s*(?:%\s*(\d{1,9}))?\s*(!=|=)\s*(\d{1,9}(?:\.\.\d{1,9})?(?:\s*,\s*\d{1,9}(?:\.\.\d{1,9})?)*)\s*"
)
_EXPECTED = "expected a plural rule as CLDR has them, such as `n = 1` or `n % 10 = 2..4 and n % 100 != 12..14`"


@lru_cache(maxsize=256)
def plural_rule(text: str) -> PluralRule:
    """What a rule says of a whole number. Raises ValueError."""
    ways = [[_relation(each) for each in re.split(r"\band\b", way)] for way in re.split(r"\bor\b", text)]
    return lambda number: any(all(holds(number) for holds in way) for way in ways)


def category(number: int, rules: Mapping[Category, str]) -> str:
    """The first category whose rule holds; OTHER where none does."""
    return next((name for name in get_args(Category) if name in rules and plural_rule(rules[name])(number)), OTHER)


def _relation(text: str) -> PluralRule:
    found = _RELATION.fullmatch(text)
    if found is None or found[2] in ("0", "00"):
        raise ValueError(_EXPECTED)
    operand, modulus, sign, listed = found.groups()
    ranges = [_range(each) for each in listed.split(",")]

    def holds(number: int) -> bool:
        value = number if operand in "ni" else 0
        value = value % int(modulus) if modulus else value
        return any(low <= value <= high for low, high in ranges) == (sign == "=")

    return holds


def _range(text: str) -> tuple[int, int]:
    low, _, high = text.strip().partition("..")
    return int(low), int(high or low)
