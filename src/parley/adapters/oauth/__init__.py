"""OAuth 2 by authlib's framework-neutral server: it judges each request by what was looked up, and does no I/O."""
