"""The routes of channels and of bringing numbers in."""

from parley.modules.channels.api.channels import outside, router
from parley.modules.channels.api.onboarding import outside as onboarding_outside
from parley.modules.channels.api.onboarding import router as onboarding

ROUTERS = (router, outside, onboarding, onboarding_outside)
