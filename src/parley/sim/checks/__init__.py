"""What Meta refuses in a message's body: 100 for its envelope, 131008 for what is missing, 131009 for what is wrong."""

from parley.sim.checks.bodies import check_body
from parley.sim.checks.envelope import check_envelope
from parley.sim.checks.template import check_template

__all__ = ["check_body", "check_envelope", "check_template"]
