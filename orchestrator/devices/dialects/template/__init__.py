"""Everything else: a device whose messages the home file writes down as templates.

Out, by `set` (or by a command's own key): `do` (`light`, `keep`, `switch`, `play`, `pause`, `resume`, `stop`, `volume`,
`say`, `hush`, `chime`), `state` (`ON`, `OFF`), `on`, `brightness` (0 to `brightness_scale`), `level` (percent),
`kelvin`, `mired`, `rgb` ([r, g, b]), `hex`, `transition` (seconds), `uri`, `volume` (0 to `volume_scale`), `text`,
`language`, `rate`, `gap`, `more`, `id`, `sound`. What a change leaves alone is none. A payload that comes out empty is
not sent.

In, by `state`, `available`, `done`: `value` (the payload) and `value_json` (read as JSON). `state` comes out as one
word or number, or as a JSON object with the names above; `available` as a word; `done` as the id of what was spoken.
"""

from orchestrator.devices.dialects.template.codec import TemplateDialect
from orchestrator.devices.dialects.template.settings import Outgoing, TemplateSettings
from orchestrator.devices.family import Family

__all__ = ["FAMILY", "Outgoing", "TemplateDialect", "TemplateSettings"]

FAMILY = Family("template", TemplateSettings, TemplateDialect)
