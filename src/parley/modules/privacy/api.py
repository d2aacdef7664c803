"""Routes of processors."""

from typing import Annotated

from parley.kit.keys import KeyService
from parley.kit.rest.route import UnitHere, provided, resource
from parley.modules.privacy.schemas import ModelProcessorGiven, ModelProcessorShown
from parley.modules.privacy.service.processors import model_switch, model_use, switch_model

router = resource("processors")
ROUTERS = (router,)

KeysHere = Annotated[KeyService, provided(KeyService)]


@router.get("/processors/model", operation_id="get_model_processor", summary="Get the language model's settings")
async def read_model(unit: UnitHere, keys: KeysHere) -> ModelProcessorShown:
    """Whether a language model works for this workspace, where, and what it used this month. Keys are not shown."""
    return ModelProcessorShown.of(await model_switch(unit, keys), await model_use(unit))


@router.put("/processors/model", operation_id="set_model_processor", summary="Switch the language model on or off")
async def write_model(unit: UnitHere, keys: KeysHere, given: ModelProcessorGiven) -> ModelProcessorShown:
    """Let a language model work on what people write, or stop it: it is off until you switch it on.

    Names, numbers, addresses and ids of people are masked before anything leaves.
    """
    switch = await switch_model(unit, keys, given.settings(), enabled=given.enabled)
    return ModelProcessorShown.of(switch, await model_use(unit))
