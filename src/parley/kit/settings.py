"""Every setting of Parley in one typed class: environment (`PARLEY_…`), `.env`, then `parley.toml`.

A secret may come as `PARLEY_…_FILE`, the path of a file that holds it. A bad value stops the start with a sentence.
"""

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from parley.core.errors import ParleyError


class BadSettings(ParleyError):
    code = "bad_settings"


class Settings(BaseSettings):
    """What an operator can set. Names are the environment's without `PARLEY_`, in lower case."""

    model_config = SettingsConfigDict(
        env_prefix="PARLEY_", env_file=".env", toml_file="parley.toml", extra="ignore", hide_input_in_errors=True
    )

    data_dir: Path = Field(Path("data"), description="Folder of the embedded database, media files and keys.")
    database_url: str | None = Field(None, description="postgresql://… of a server; empty means the embedded one.")
    vault_database_url: str | None = Field(
        None, description="postgresql://… of the key vault; empty means the database `<name>_vault` on the same server."
    )
    host: str = Field("127.0.0.1", description="Address the web listens on.")
    port: int = Field(8080, ge=1, le=65535, description="Port the web listens on.")
    public_url: str | None = Field(None, description="https://… under which the world reaches the web.")
    graph_url: str = Field("https://graph.facebook.com", description="Base address of Meta's Graph API.")
    graph_version: str = Field("v23.0", pattern=r"^v\d+\.\d+$", description="Version of the Graph API in every path.")
    meta_app_id: str | None = Field(None, description="Id of the Meta app.")
    meta_app_secret: str | None = Field(
        None, description="Secret of the Meta app that signs webhooks; several (apps, or old and new) by comma."
    )
    meta_verify_token: str | None = Field(None, description="Token of Meta's webhook handshake.")
    master_key_file: Path | None = Field(
        None,
        description="File (0600) with the master key; empty means `keys/master.key` in the data folder. Keep a copy.",
    )
    webhooks_allow_private: bool = Field(
        default=False,
        description="Development only: flows and webhooks may call this machine and private networks.",
    )
    models_allow_private: bool = Field(
        default=False,
        description="Workspaces may name a language model on this machine or on private networks, such as Ollama's.",
    )
    env: Literal["development", "production"] = Field(
        "development", description="In production the simulator is never started."
    )
    smtp_url: str | None = Field(
        None, description="smtp://user:password@host:587 (or smtps://…:465) of the server that sends e-mail for flows."
    )
    mail_from: str | None = Field(None, description="Address that e-mail of flows comes from.")
    sim_port: int = Field(8081, ge=1, le=65535, description="Port of the simulated Graph API.")
    workers: int = Field(1, ge=1, le=64, description="Worker processes that `parley up` starts.")
    log_format: Literal["console", "json"] = Field("console", description="How log lines are written.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is logged.")

    @field_validator("graph_url", "public_url")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value.rstrip("/") if value else None

    @field_validator("smtp_url")
    @classmethod
    def _is_mail_server(cls, value: str | None) -> str | None:
        if value and not value.startswith(("smtp://", "smtps://")):
            raise ValueError("must begin with smtp:// or smtps://")
        return value or None

    @field_validator("database_url", "vault_database_url")
    @classmethod
    def _is_postgres(cls, value: str | None) -> str | None:
        if value and not value.startswith(("postgresql://", "postgres://")):
            raise ValueError("must begin with postgresql://")
        return value or None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic's
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, dotenv_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def app_secrets(self) -> tuple[str, ...]:
        """Every secret a webhook may be signed with."""
        return tuple(part.strip() for part in (self.meta_app_secret or "").split(",") if part.strip())

    @property
    def master_key_path(self) -> Path:
        """Where the master key is kept: never inside the database's folder, which a backup copies."""
        return self.master_key_file or self.data_dir / "keys" / "master.key"


def load_settings() -> Settings:
    """The settings of this process. Raises BadSettings with a sentence naming each bad one."""
    given = {name: _read_secret(path) for name, path in _secret_files()}
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        parts = [f"PARLEY_{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in error.errors()]
        raise BadSettings("These settings can't be used. " + "; ".join(parts) + ".") from None


def _secret_files() -> list[tuple[str, str]]:
    names = Settings.model_fields
    pairs = ((key[len("PARLEY_") : -len("_FILE")].lower(), path) for key, path in os.environ.items() if _is_file(key))
    return [(name, path) for name, path in pairs if name in names]


def _is_file(key: str) -> bool:
    return key.startswith("PARLEY_") and key.endswith("_FILE") and key != "PARLEY_MASTER_KEY_FILE"


def _read_secret(path: str) -> str:
    try:
        return Path(path).read_text().strip()
    except OSError as error:
        raise BadSettings(
            f"The file {path} named by a PARLEY_…_FILE setting can't be read: {error.strerror}."
        ) from None
