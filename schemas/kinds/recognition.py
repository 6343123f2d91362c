"""How `activelake init` knows what the records of a file are, by the names of their columns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

Pattern = re.Pattern[str]

USER = re.compile(r"(user|customer|member|buyer|client|account)_?(id|no|code)?$|^uid$", re.I)
ORDER = re.compile(r"(order|invoice)_?(id|no|number)$", re.I)
AMOUNT = re.compile(r"^(\w+_)?amount$|^(total|gmv)$", re.I)


@dataclass(frozen=True)
class Recognition:
    """What `activelake init` looks for, and what it writes where it finds nothing.

    Attributes:
        rank: kinds of a lower rank are tried first, since records of theirs may look like those of a higher one.
        columns: a file in which each of them fits a column holds records of the kind.
        key: names of the column that makes a record the same record when it comes again.
        drafted: contract columns that the draft names first, and leaves open where no column is like them.
        alike: contract column → names that it has elsewhere; of an instant, those of the columns to look at.
        hints: contract column → what may be filled in where it is left open.
    """

    rank: int
    columns: tuple[Pattern, ...]
    key: Pattern
    drafted: tuple[str, ...]
    alike: Mapping[str, Pattern] = field(default_factory=dict)
    hints: Mapping[str, str] = field(default_factory=dict)
