"""What all models of the home file are."""

from pydantic import BaseModel, ConfigDict


class StrictModel(BaseModel):
    """A model that takes no key it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)
