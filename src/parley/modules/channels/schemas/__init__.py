"""Wire shapes of channels and of bringing numbers in."""

from parley.modules.channels.schemas.channels import (
    ChannelDetailShape,
    ChannelPatch,
    ChannelRequest,
    ChannelShape,
    HealthShape,
    NoticeShape,
    ProfileChange,
    ProfileShape,
)
from parley.modules.channels.schemas.onboarding import OnboardingRequest, OnboardingShape

__all__ = [
    "ChannelDetailShape",
    "ChannelPatch",
    "ChannelRequest",
    "ChannelShape",
    "HealthShape",
    "NoticeShape",
    "OnboardingRequest",
    "OnboardingShape",
    "ProfileChange",
    "ProfileShape",
]
