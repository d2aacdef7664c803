"""The shape of every error, as it is described."""

from parley.core.json import JsonValue
from parley.entrypoints.http.problems import TYPE_PREFIX

FAULT: dict[str, JsonValue] = {
    "type": "object",
    "required": ["pointer", "code", "detail"],
    "properties": {
        "pointer": {
            "type": "string",
            "description": "JSON Pointer (RFC 6901) into the body, or a parameter's name.",
        },
        "code": {"type": "string"},
        "detail": {"type": "string", "description": "What to do."},
    },
}
PROBLEM: dict[str, JsonValue] = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status", "detail", "code", "doc_url", "request_id"],
    "properties": {
        "type": {"type": "string", "description": f"`{TYPE_PREFIX}` and the code."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence for people."},
        "code": {"type": "string", "description": "Stable, for machines."},
        "doc_url": {"type": "string", "description": "Where people read what the code means and what mends it."},
        "request_id": {"type": "string"},
        "errors": {"type": "array", "items": FAULT},
        "violated-policies": {
            "type": "array",
            "items": {"type": "string"},
            "description": "The quotas that are used up: `key`, `workspace`, `channel`, `address`.",
        },
    },
    "examples": [
        {
            "type": f"{TYPE_PREFIX}invalid_input",
            "title": "Invalid input",
            "status": 422,
            "detail": "The message can't be sent like this.",
            "code": "invalid_input",
            "doc_url": "https://parley.example.com/docs/errors/invalid_input",
            "request_id": "req_0198f3b2c6d07a51b0c3d1e2f3a4b5c6",
            "errors": [{"pointer": "/text/body", "code": "missing", "detail": "Write the text."}],
        }
    ],
}
