"""All flows of Suara, as one table."""

from conversations.flows.arrival import ARRIVAL, GLOBALS
from conversations.flows.consent import CONSENT
from conversations.flows.intake import INTAKE
from conversations.flows.settings import SETTINGS
from conversations.flows.status import STATUS
from conversations.flows.tasks import TASKS
from conversations.flows.transcript import TRANSCRIPT
from conversations.table import Flows

__all__ = ["suara_flows"]


def suara_flows() -> Flows:
    """The table of the whole conversation."""
    return Flows((ARRIVAL, CONSENT, INTAKE, STATUS, SETTINGS, TASKS, TRANSCRIPT), globals=GLOBALS, first="arrival")
