"""Personal values at rest: they open where they were sealed, with a listed key, and nowhere else."""

from uuid import uuid4

import pytest

from bot.domain.addresses import Address
from bot.storage.vault import Unsealable, Vault

OLD, NEW = ("k1", b"1" * 32), ("k2", b"2" * 32)
INDEX = b"i" * 32
AWA = Address("sms", "+221771110001")


@pytest.mark.parametrize("text", ["", "Awa", "Dama bëgg dem ŋ 👍", "x" * 100_000, "\x00\n"])
def test_a_sealed_text_opens_where_it_belongs(text: str) -> None:
    vault, row = Vault((NEW,), INDEX), uuid4()
    assert vault.open(vault.seal(text, "messages.content", row), "messages.content", row) == text


def test_a_sealed_file_opens_where_it_belongs_and_nowhere_else() -> None:
    vault, row = Vault((NEW,), INDEX), uuid4()
    sealed = vault.seal_bytes(bytes(range(256)), "media.content", row)
    assert bytes(range(256)) not in sealed
    assert vault.open_bytes(sealed, "media.content", row) == bytes(range(256))
    with pytest.raises(Unsealable):
        vault.open_bytes(sealed, "media.content", uuid4())


def test_the_same_text_is_never_sealed_the_same() -> None:
    vault, row = Vault((NEW,), INDEX), uuid4()
    assert len({vault.seal("Awa", "messages.content", row) for _ in range(50)}) == 50


def test_a_value_moved_to_another_row_is_refused() -> None:
    vault = Vault((NEW,), INDEX)
    with pytest.raises(Unsealable, match="does not belong here"):
        vault.open(vault.seal("Awa", "contacts.fields", uuid4()), "contacts.fields", uuid4())


def test_a_value_moved_to_another_column_is_refused() -> None:
    vault, row = Vault((NEW,), INDEX), uuid4()
    with pytest.raises(Unsealable, match="does not belong here"):
        vault.open(vault.seal("Awa", "messages.content", row), "messages.payload", row)


def test_a_value_of_a_key_that_is_not_listed_is_refused_and_the_error_holds_nothing() -> None:
    row = uuid4()
    sealed = Vault((OLD,), INDEX).seal("Awa", "messages.content", row)
    with pytest.raises(Unsealable, match="not listed") as caught:
        Vault((NEW,), INDEX).open(sealed, "messages.content", row)
    assert "Awa" not in str(caught.value)


def test_another_key_of_the_same_name_is_refused() -> None:
    row = uuid4()
    sealed = Vault((("k", b"1" * 32),), INDEX).seal("Awa", "messages.content", row)
    with pytest.raises(Unsealable):
        Vault((("k", b"2" * 32),), INDEX).open(sealed, "messages.content", row)


@pytest.mark.parametrize("place", [0, 1, 2, 5, 20, -1])
def test_one_changed_byte_is_enough_to_refuse(place: int) -> None:
    vault, row = Vault((NEW,), INDEX), uuid4()
    sealed = bytearray(vault.seal("Awa", "messages.content", row))
    sealed[place] ^= 1
    with pytest.raises(Unsealable):
        vault.open(bytes(sealed), "messages.content", row)


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01\x02k2", b"\x02" + b"x" * 40, b"\x01\xff" + b"x" * 40])
def test_what_was_never_sealed_is_refused(sealed: bytes) -> None:
    with pytest.raises(Unsealable):
        Vault((NEW,), INDEX).open(sealed, "messages.content", uuid4())


def test_after_a_rotation_old_values_open_and_new_ones_use_the_new_key() -> None:
    row = uuid4()
    before = Vault((OLD,), INDEX).seal("Awa", "messages.content", row)
    rotated = Vault((NEW, OLD), INDEX)
    assert rotated.open(before, "messages.content", row) == "Awa"
    after = rotated.seal("Modou", "messages.content", row)
    assert Vault((NEW,), INDEX).open(after, "messages.content", row) == "Modou"


def test_a_lost_value_is_none_where_others_wait_for_it() -> None:
    row = uuid4()
    sealed = Vault((OLD,), INDEX).seal("Awa", "messages.content", row)
    assert Vault((NEW,), INDEX).open_if_possible(sealed, "messages.content", row) is None
    assert Vault((NEW, OLD), INDEX).open_if_possible(sealed, "messages.content", row) == "Awa"


def test_the_hash_of_an_address_stays_the_same_through_rotations() -> None:
    assert Vault((OLD,), INDEX).hash_address(AWA) == Vault((NEW, OLD), INDEX).hash_address(AWA)
    assert len(Vault((NEW,), INDEX).hash_address(AWA)) == 16


def test_the_hash_tells_channels_and_index_keys_apart() -> None:
    vault = Vault((NEW,), INDEX)
    assert vault.hash_address(AWA) != vault.hash_address(Address("whatsapp", AWA.value))
    assert vault.hash_address(AWA) != Vault((NEW,), b"j" * 32).hash_address(AWA)
