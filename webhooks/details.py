"""A page for a caseworker: a person's details, once. No cookie, no script, no picture, nothing that is kept.

The address opens only a button, because a telephone that draws a preview opens addresses too; the button spends the link.
"""

from html import escape

from flask import Blueprint, Response

from bot.pipeline.details import Page, open_page, words
from bot.runtime import Runtime

# Nothing may be loaded, framed, sent elsewhere, kept or listed; the address must not travel on in a Referer.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store, max-age=0",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_STYLE = """
body { font: 1.125rem/1.5 sans-serif; max-width: 34rem; margin: 0 auto; padding: 1rem; color: #111; background: #fff }
h1 { font-size: 1.375rem }
dt { color: #444; font-size: 1rem }
dd { margin: 0 0 .75rem; font-weight: bold; overflow-wrap: anywhere }
button { font: inherit; padding: .75rem 2rem; min-height: 3rem; border: 2px solid #0b4f8a; background: #0b4f8a; color: #fff }
button:focus-visible { outline: 3px solid #f2a900; outline-offset: 2px }
"""


def details_pages(rt: Runtime) -> Blueprint:
    """The routes below `/d/`, with headers of their own. A token is 22 letters of base64 for addresses."""
    pages = Blueprint("details", __name__)

    def ask(token: str) -> Response:
        """The same page for every token: it does not say whether there is such a link."""
        title, intro, button = words(rt, "title", "intro", "open")
        return _page(title, f'<p>{escape(intro)}</p><form method="post"><button type="submit">{escape(button)}</button></form>')

    def show(token: str) -> Response:
        found = open_page(rt, token) if len(token) <= _LONGEST_TOKEN else None
        if found is None:
            title, why = words(rt, "gone", "gone_why")
            return _page(title, f"<p>{escape(why)}</p>", status=410)
        return _page(found.title, _body(found))

    pages.add_url_rule("/d/<token>", "ask", ask, methods=["GET"])
    pages.add_url_rule("/d/<token>", "show", show, methods=["POST"])
    pages.add_url_rule("/d/style.css", "style", lambda: Response(_STYLE, mimetype="text/css"), methods=["GET"])
    pages.after_request(_strict)
    return pages


_LONGEST_TOKEN = 64


def _strict(response: Response) -> Response:
    response.headers.update(HEADERS)
    return response


def _body(page: Page) -> str:
    lines = "".join(f"<dt>{escape(label)}</dt><dd>{escape(value)}</dd>" for label, value in page.lines)
    notes = "".join(f"<li>{escape(note)}</li>" for note in page.notes)
    own = f"<h2>{escape(page.notes_label)}</h2><ul>{notes}</ul>" if page.notes else ""
    return f"<dl>{lines}</dl>{own}<p>{escape(page.warning)}</p>"


def _page(title: str, body: str, status: int = 200) -> Response:
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="stylesheet" href="style.css">'
    shown = f"<main><h1>{escape(title)}</h1>{body}</main>"
    html = f'<!doctype html><html lang="fr"><head>{head}<title>{escape(title)}</title></head><body>{shown}</body></html>'
    return Response(html, status=status, mimetype="text/html")
