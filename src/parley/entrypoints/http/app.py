"""The REST application: the rooms' routes in one frame."""

from fastapi import APIRouter, FastAPI

from parley.adapters.whatsapp.webhooks import payload
from parley.entrypoints.http.dictionary import add_dictionary
from parley.entrypoints.http.documents import add_documents
from parley.entrypoints.http.edge import RestEdge
from parley.entrypoints.http.oauth import OAuth
from parley.entrypoints.http.openapi import describe
from parley.entrypoints.http.problems import add_problems
from parley.entrypoints.http.redaction import ApiWords
from parley.entrypoints.http.reference import add_reference
from parley.entrypoints.http.request_id import RequestIds
from parley.kit.keys import KeyService
from parley.modules.accounts import KeyDesk
from parley.modules.accounts.api import ROUTERS as ACCOUNTS
from parley.modules.channels import HealthDesk, OnboardingDesk, Routes
from parley.modules.channels.api import ROUTERS as CHANNELS
from parley.modules.contacts import Directory, Exporter, ImportDesk
from parley.modules.contacts.api import ROUTERS as CONTACTS
from parley.modules.conversations import Desk, Receipts
from parley.modules.conversations.api import ROUTERS as CONVERSATIONS
from parley.modules.flows import SessionDesk
from parley.modules.flows.api import ROUTERS as FLOWS
from parley.modules.knowledge import Finder
from parley.modules.knowledge.api import ROUTERS as KNOWLEDGE
from parley.modules.media import MediaLibrary
from parley.modules.media.api import ROUTERS as MEDIA
from parley.modules.partners.api import ROUTERS as PARTNERS
from parley.modules.privacy import People
from parley.modules.privacy.api import ROUTERS as PRIVACY
from parley.modules.templates import TemplateDesk
from parley.modules.templates.api import ROUTERS as TEMPLATES
from parley.modules.webhooks import Composer, EndpointRules, Previewer
from parley.modules.webhooks.api import ROUTERS as WEBHOOKS
from parley.wiring import App

ROUTERS: tuple[APIRouter, ...] = (
    *CONVERSATIONS,
    *CONTACTS,
    *CHANNELS,
    *MEDIA,
    *TEMPLATES,
    *FLOWS,
    *KNOWLEDGE,
    *PRIVACY,
    *WEBHOOKS,
    *PARTNERS,
    *ACCOUNTS,
)


def make_api(app: App) -> FastAPI:
    """The ASGI application that answers `/v1/…`, and everything that is nowhere with a problem."""
    api = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    api.state.edge = RestEdge(app)
    api.state.provided = {
        Desk: app.desk,
        Directory: app.directory,
        EndpointRules: EndpointRules(app.routes, app.settings.webhooks_allow_private),
        Exporter: Exporter(app.units, app.directory),
        Finder: app.finder,
        ImportDesk: app.imports,
        KeyDesk: app.key_desk,
        KeyService: app.keys,
        MediaLibrary: app.media,
        People: app.people,
        Previewer: Previewer(app.keys, Composer(app.desk, payload)),
        Receipts: Receipts(app.units, app.people, app.routes, app.drivers),
        Routes: app.routes,
        SessionDesk: SessionDesk(app.desk, app.conversing, app.hands),
        HealthDesk: app.health,
        OnboardingDesk: app.desks.onboarding,
        TemplateDesk: app.templates,
    }
    for router in ROUTERS:
        # Taken over as they are: including a router would build each of its routes again.
        api.router.routes.extend(router.routes)
    add_documents(api)
    add_dictionary(api)
    add_reference(api)
    OAuth(app).add_to(api)
    add_problems(api)
    api.add_middleware(RequestIds, recorder=app.recorder)
    describe(api)
    app.recorder.describe(ApiWords(api))
    return api
