"""What the entities are called, by component and language. English stands in for all others."""

from orchestrator.integrations.wording import ENGLISH

_NAMES = {
    "en": {
        "scene": "Scene",
        "start": "Start",
        "pause": "Pause or go on",
        "next": "Next step",
        "back": "Step before",
        "repeat": "Say it again",
        "extend": "Two more minutes",
        "stop": "Stop",
        "status": "Status",
        "step": "Step",
        "progress": "Progress",
        "remaining": "Remaining",
        "ends_at": "Ends at",
        "last_problem": "Last problem",
        "step_changes": "Step changes",
        "volume": "Volume",
        "connection": "Connection",
        "health": "Trouble",
        "version": "Version",
        "new_devices": "New devices",
        "nothing_on": "Nothing is on",
        "schedule_next": "next time",
        "schedule_skip": "skip next",
    },
    "de": {
        "scene": "Szene",
        "start": "Start",
        "pause": "Pause oder weiter",
        "next": "Nächster Schritt",
        "back": "Schritt davor",
        "repeat": "Noch einmal sagen",
        "extend": "Zwei Minuten mehr",
        "stop": "Beenden",
        "status": "Status",
        "step": "Schritt",
        "progress": "Fortschritt",
        "remaining": "Noch",
        "ends_at": "Endet um",
        "last_problem": "Letztes Problem",
        "step_changes": "Schrittwechsel",
        "volume": "Lautstärke",
        "connection": "Verbindung",
        "health": "Störung",
        "version": "Version",
        "new_devices": "Neue Geräte",
        "nothing_on": "Gerade läuft nichts",
        "schedule_next": "nächstes Mal",
        "schedule_skip": "nächstes Mal auslassen",
    },
}
LANGUAGES = tuple(_NAMES)


def name(component: str, language: str) -> str:
    """In a language, or its base (`de` for `de-AT`)."""
    return _NAMES.get(language.partition("-")[0], _NAMES[ENGLISH])[component]
