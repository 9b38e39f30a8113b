"""What the entities are called, by component, in the home's language."""

from orchestrator.languages.library import own_words


def name(component: str, language: str) -> str:
    """In a language, or its base (`de` for `de-AT`); in English where that has no words."""
    return own_words(language).model.home_assistant[component]
