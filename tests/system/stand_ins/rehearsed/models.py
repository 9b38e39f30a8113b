"""What a language model is given by Home Assistant, and what comes of it when it uses that."""

from homeassistant.core import Context, HomeAssistant, ServiceCall, ServiceResponse, SupportsResponse
from homeassistant.helpers import llm


def register(hass: HomeAssistant) -> None:
    """The services `rehearsed.tools` and `rehearsed.use_tool`."""

    async def api() -> llm.APIInstance:
        context = llm.LLMContext("rehearsed", Context(), "en", "conversation", None)
        return await llm.async_get_api(hass, llm.LLM_API_ASSIST, context)

    async def tools(_call: ServiceCall) -> ServiceResponse:
        return {"tools": [tool.name for tool in (await api()).tools]}

    async def use_tool(call: ServiceCall) -> ServiceResponse:
        try:
            done = await (await api()).async_call_tool(llm.ToolInput(call.data["tool"], dict(call.data["arguments"])))
        except Exception as error:  # noqa: BLE001 a model is told of it, whatever it is
            return {"error": f"{type(error).__name__}: {error}"}
        return {"result": done.data if hasattr(done, "data") else done}

    hass.services.async_register("rehearsed", "tools", tools, supports_response=SupportsResponse.ONLY)
    hass.services.async_register("rehearsed", "use_tool", use_tool, supports_response=SupportsResponse.ONLY)
