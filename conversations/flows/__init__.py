"""All flows of Suara, as one table."""

from conversations.flows.arrival import ARRIVAL, GLOBALS
from conversations.flows.asking import ANSWERING, ASKING, REACHING
from conversations.flows.broadcast import BROADCAST, NO_BROADCASTER
from conversations.flows.broadcast_control import SENDING, TOLD
from conversations.flows.consent import CONSENT
from conversations.flows.deadlines import DEADLINES
from conversations.flows.decide import DECIDE
from conversations.flows.desk import DESK
from conversations.flows.figures import FIGURES, NO_VIEWER
from conversations.flows.files import FILES, NO_FILES
from conversations.flows.followup import FOLLOWUP
from conversations.flows.guardian import GUARDIAN
from conversations.flows.intake import INTAKE
from conversations.flows.likeness_desk import LIKENESS
from conversations.flows.mandate import MANDATE
from conversations.flows.meeting_desk import MEETING_DESK, NOT_STAFF
from conversations.flows.meetings import SCHEDULE
from conversations.flows.needs import NEEDS_FLOW
from conversations.flows.people import PEOPLE
from conversations.flows.relay import RELAY, STOPPING
from conversations.flows.safety import SAFETY
from conversations.flows.settings import SETTINGS
from conversations.flows.staff import STAFF
from conversations.flows.status import STATUS
from conversations.flows.tasks import TASKS
from conversations.flows.transcript import TRANSCRIPT
from conversations.flows.voice import VOICE
from conversations.table import Flows

__all__ = ["suara_flows"]


def suara_flows() -> Flows:
    """The table of the whole conversation."""
    return Flows(
        (
            *(ARRIVAL, CONSENT, GUARDIAN, INTAKE, STATUS, SETTINGS, NEEDS_FLOW, SAFETY, SCHEDULE),
            *(FOLLOWUP, DEADLINES),
            *(MEETING_DESK, NOT_STAFF, LIKENESS),
            *(BROADCAST, NO_BROADCASTER, SENDING, TOLD),
            *(FIGURES, NO_VIEWER, FILES, NO_FILES),
            *(ASKING, ANSWERING, REACHING),
            *(MANDATE, RELAY, STOPPING, PEOPLE, TASKS, TRANSCRIPT, VOICE, DESK, DECIDE, STAFF),
        ),
        globals=GLOBALS,
        first="arrival",
    )
