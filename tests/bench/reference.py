"""The reference that webhooks are held against: check Twilio's signature, one durable transaction in PostgreSQL, and thanks."""

import sys

import psycopg
from flask import Flask, Response, request
from psycopg_pool import ConnectionPool
from twilio.request_validator import RequestValidator

from bot.server import serve


def make(database_url: str, token: str, public_url: str) -> Flask:
    """The smallest app that does both."""
    app = Flask("reference")
    validator = RequestValidator(token)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS reference_inbox (id text PRIMARY KEY, body text)")
    pool = ConnectionPool(database_url, min_size=8, max_size=8)

    @app.post("/twilio/sms")
    def message() -> Response:
        if not validator.validate(public_url + request.path, request.form, request.headers.get("X-Twilio-Signature", "")):
            return Response(status=403)
        with pool.connection() as connection:
            connection.execute(
                "INSERT INTO reference_inbox VALUES (%s, %s) ON CONFLICT DO NOTHING", (request.form["MessageSid"], request.form["Body"])
            )
        return Response("<Response/>", mimetype="text/xml")

    return app


if __name__ == "__main__":
    database_url, token, public_url, port = sys.argv[1:]
    serve(make(database_url, token, public_url), "127.0.0.1", int(port), threads=8)
