"""The published shapes of `twilio_openapi.yml` as JSON Schema: every field, and none that Twilio does not know."""

from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema
import yaml

PUBLISHED = yaml.safe_load((Path(__file__).parent / "twilio_openapi.yml").read_text(encoding="utf-8"))
FORMATS = jsonschema.FormatChecker(())


@FORMATS.checks("rfc2822", raises=(ValueError, TypeError))
def _rfc2822(value: object) -> bool:
    return not isinstance(value, str) or parsedate_to_datetime(value).tzinfo is not None


@FORMATS.checks("uri")
def _uri(value: object) -> bool:
    return not isinstance(value, str) or (urlsplit(value).scheme == "https" and bool(urlsplit(value).netloc))


@FORMATS.checks("date-time", raises=ValueError)
def _iso8601(value: object) -> bool:
    if not isinstance(value, str):
        return True
    return value.endswith("Z") and datetime.fromisoformat(value.replace("Z", "+00:00")).tzinfo is not None


def schema(resource: str) -> dict[str, Any]:
    """The JSON Schema of one resource."""
    fields = PUBLISHED["resources"][resource]
    properties = {name: _field(field) for name, field in fields.items()}
    return {"type": "object", "properties": properties, "required": sorted(fields), "additionalProperties": False}


def _field(field: str | list[str]) -> dict[str, Any]:
    if isinstance(field, list):
        return {"type": "array", "items": schema(field[0])}
    name, empty = field.removesuffix("?"), field.endswith("?")
    shape: dict[str, Any] = schema(name) if name in PUBLISHED["resources"] and name not in PUBLISHED["types"] else PUBLISHED["types"][name]
    return {"anyOf": [shape, {"type": "null"}]} if empty else shape


def problems(resource: str, document: object) -> list[str]:
    """What is wrong with an answer, in words; nothing if it is what Twilio publishes."""
    validator = jsonschema.Draft202012Validator(schema(resource), format_checker=FORMATS)
    return [f"{'.'.join(map(str, error.absolute_path))}: {error.message}" for error in validator.iter_errors(document)]
