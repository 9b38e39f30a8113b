"""What the entities are called, by component, in the home's language."""

from orchestrator.languages.library import own_words


def choice(word: str, language: str) -> str:
    """What a scene lets one choose, as a person reads it; the scene's own word where the language has none for it."""
    return own_words(language).model.choices.get(word, word)


def name(component: str, language: str) -> str:
    """In a language, or its base (`de` for `de-AT`); in English where that has no words."""
    return own_words(language).model.home_assistant[component]
