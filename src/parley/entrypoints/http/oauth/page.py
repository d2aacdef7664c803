"""The page on which a workspace's owner lets an app in. Plain HTML, no script, nothing from elsewhere."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from urllib.parse import urlsplit

from starlette.responses import HTMLResponse

from parley.modules.accounts import RESOURCES

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;background:#f6f7f9;color:#16181d;margin:0}
main{max-width:26rem;margin:8vh auto;padding:2rem;background:#fff;border:1px solid #e2e5ea;border-radius:12px}
h1{font-size:1.25rem;margin:0 0 1rem}ul{padding-left:1.2rem}label{display:block;margin:.8rem 0 .2rem}
input{width:100%;box-sizing:border-box;padding:.55rem;font:inherit;border:1px solid #b9c0ca;border-radius:8px}
button{font:inherit;padding:.55rem 1.2rem;border-radius:8px;border:1px solid #16181d;margin:1.2rem .6rem 0 0}
button[value=allow]{background:#16181d;color:#fff}.wrong{color:#a4161a}small{color:#5b6472}
@media(prefers-color-scheme:dark){body{background:#101216;color:#eceef2}main{background:#191c22;border-color:#2b3038}
input{background:#101216;color:inherit}.wrong{color:#ff8a8a}button[value=allow]{background:#eceef2;color:#16181d}}
"""
_STYLE_HASH = b64encode(sha256(_STYLE.encode()).digest()).decode()
_DOING = {"read": "see", "write": "change", "*": "see and change"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What a person is asked. `carried` are the request's parameters, which come back with the form."""

    app: str
    scopes: Sequence[str]
    redirect_uri: str
    carried: Mapping[str, str]
    token: str


def consent_page(asked: Consent, *, wrong: str = "", status: int = 200) -> HTMLResponse:
    """The question."""
    wanted = "".join(f"<li>{escape(_in_words(each))}</li>" for each in asked.scopes)
    carried = {**asked.carried, "form_token": asked.token}
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in carried.items()
    )
    told = f'<p class="wrong" role="alert">{escape(wrong)}</p>' if wrong else ""
    name, host = escape(asked.app), escape(urlsplit(asked.redirect_uri).netloc)
    return _page(
        f"""<h1>Let {name} act for your workspace?</h1><p>It will be able to:</p><ul>{wanted}</ul>
<p><small>You will be sent to {host}. You can take the access away at any time.</small></p>{told}
<form method="post" action="/oauth/authorize">{hidden}
<label for="email">E-mail of the workspace's owner</label><input id="email" name="email" type="email"
 autocomplete="username"><label for="password">Password</label><input id="password" name="password" type="password"
 autocomplete="current-password"><button name="decision" value="allow">Allow</button>
<button name="decision" value="deny" formnovalidate>Don't allow</button></form>""",
        status,
        asked.redirect_uri,
    )


def refusal_page(sentence: str, status: int = 400) -> HTMLResponse:
    """A request that can't be answered by sending anybody back."""
    return _page(f"<h1>This link does not work</h1><p>{escape(sentence)}</p>", status, None)


def _in_words(scope: str) -> str:
    resource, _, action = scope.partition(":")
    known = RESOURCES.get(resource)
    words = known.words.rstrip(".") if known is not None else ""
    return f"{_DOING.get(action, action)} {resource} ({words[:1].lower()}{words[1:]})"


def _page(inside: str, status: int, redirect_uri: str | None) -> HTMLResponse:
    # Browsers hold redirects after a form to form-action, so the app's origin stands there.
    parts = urlsplit(redirect_uri or "")
    towards = f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""
    policy = (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'{towards}; frame-ancestors 'none'"
    )
    html = f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Parley</title>
<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>
<body><main>{inside}</main></body></html>"""
    headers = {
        "Content-Security-Policy": f"{policy}; base-uri 'none'",
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }
    return HTMLResponse(html, status_code=status, headers=headers)
