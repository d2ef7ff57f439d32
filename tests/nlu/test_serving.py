"""What the understanding service is started with."""

from pathlib import Path

import pytest
from rasa.__main__ import create_argument_parser
from training.serving import arguments


@pytest.mark.parametrize("token", ["abc", "-abc", "--enable-api", "-t"])
def test_any_token_is_taken_as_it_is(token: str) -> None:
    taken = create_argument_parser().parse_args(arguments(Path("model.tar.gz"), "127.0.0.1", 5005, token))
    assert taken.auth_token == token


def test_without_a_token_there_is_none() -> None:
    assert create_argument_parser().parse_args(arguments(Path("model.tar.gz"), "127.0.0.1", 5005, None)).auth_token is None
