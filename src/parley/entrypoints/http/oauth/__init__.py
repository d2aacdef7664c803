"""The authorization server at /oauth: where a person lets an app in, and apps get their tokens (RFC 6749)."""

from parley.entrypoints.http.oauth.routes import OAuth

__all__ = ["OAuth"]
