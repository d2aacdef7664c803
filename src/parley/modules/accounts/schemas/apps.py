"""Wire shapes of partners' apps and of where they are installed."""

from dataclasses import replace
from typing import Annotated

from pydantic import ConfigDict, Field, JsonValue

from parley.core.ids import public
from parley.kit.rest.shapes import AppId, Given, InstallationId, Moment, Shown
from parley.modules.accounts.domain import MAX_NAME
from parley.modules.accounts.oauth import MAX_REDIRECT_CHARS, MAX_REDIRECTS, AppTerms
from parley.modules.accounts.service.oauth_apps import Installed, ShownApp

MAX_SCOPES = 100
_EXAMPLE: JsonValue = {
    "name": "Shop connector",
    "redirect_uris": ["https://shop.example/callback"],
    "scopes": ["messages:write", "contacts:read"],
}

Name = Annotated[str, Field(min_length=1, max_length=MAX_NAME, description="What people are asked to trust.")]
Redirects = Annotated[
    list[Annotated[str, Field(max_length=MAX_REDIRECT_CHARS)]],
    Field(max_length=MAX_REDIRECTS, description="Where codes may be sent, compared letter by letter."),
]
Scopes = Annotated[
    list[str], Field(min_length=1, max_length=MAX_SCOPES, description="The most that it may ask for, each named.")
]


class NewApp(Given):
    """An app to be made."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [_EXAMPLE]})

    name: Name
    redirect_uris: Redirects = []
    scopes: Scopes

    def terms(self) -> AppTerms:
        return AppTerms(name=self.name, redirect_uris=tuple(self.redirect_uris), scopes=tuple(self.scopes))


class AppChange(Given):
    """What is to be different; what is left out stays."""

    name: Name = Field(default_factory=str)
    redirect_uris: Redirects = Field(default_factory=list)
    scopes: Scopes = Field(default_factory=list)

    def apply(self, terms: AppTerms) -> AppTerms:
        given = self.model_fields_set
        return replace(
            terms,
            name=self.name if "name" in given else terms.name,
            redirect_uris=tuple(self.redirect_uris) if "redirect_uris" in given else terms.redirect_uris,
            scopes=tuple(self.scopes) if "scopes" in given else terms.scopes,
        )


class AppShape(Shown):
    """An app of yours."""

    id: AppId = Field(description="Its client id.")
    name: str
    redirect_uris: list[str]
    scopes: list[str]
    created_by: str
    created_at: Moment

    @classmethod
    def of(cls, shown: ShownApp) -> "AppShape":
        return cls.model_validate(_members(shown))


class NewAppShape(AppShape):
    """An app with its secret, which is shown this once."""

    client_secret: str = Field(description="Keep it: it is stored nowhere.", examples=["parley_as_…"])

    @classmethod
    def made(cls, shown: ShownApp, secret: str) -> "NewAppShape":
        return cls.model_validate({**_members(shown), "client_secret": secret})


def _members(shown: ShownApp) -> dict[str, object]:
    terms = shown.app.terms
    return {
        "id": public("app", shown.app.id),
        "name": terms.name,
        "redirect_uris": list(terms.redirect_uris),
        "scopes": list(terms.scopes),
        "created_by": shown.created_by,
        "created_at": shown.created_at,
    }


class NewInstallation(Given):
    """An app to be let in without anybody at a browser."""

    client_id: str = Field(max_length=MAX_NAME, examples=["app_0198f3b2c6d07a51b0c3d1e2f3a4b5c6"])
    scopes: list[str] = Field([], max_length=MAX_SCOPES, description="None named: all that the app may ask for.")


class InstallationShape(Shown):
    """An app that may act for this workspace."""

    id: InstallationId
    client_id: AppId
    name: str
    scopes: list[str]
    installed_by: str = Field(description="Who let it: `key_…` or `usr_…`.")
    installed_at: Moment

    @classmethod
    def of(cls, installed: Installed) -> "InstallationShape":
        row = installed.row
        return cls(
            id=public("ins", row.id),
            client_id=public("app", row.app),
            name=installed.name,
            scopes=list(row.scopes),
            installed_by=row.installed_by,
            installed_at=row.installed_at,
        )
