"""Hashes of other systems: each as its library wrote it; what would take too long or too much is not read."""

import hashlib
import time

import bcrypt
import pytest

from chalicelib import foreign_hashes
from chalicelib.foreign_hashes import MOST_ITERATIONS

PASSWORD = "Şifre 1"
B64 = "A" * 43 + "="
HEX = "ab" * 32
# Written by passlib 1.7.4, Django 5.2 and Werkzeug 3.1, with little work.
WRITTEN = {
    "passlib": "$pbkdf2-sha256$1000$.39vrXVu7Z0TgjAGIOS89w$IR/V1xH/1ZObx9LkG5E95timhafShx.RTec9y8xZoAw",
    "passlib, short salt": "$pbkdf2-sha256$1000$Oue8F2KslXI$M56OQVXzNM5mwM47rBC/wsSH7QCuqVKcRFTeaPUzd8M",
    "Django": "pbkdf2_sha256$1000$tuzÖ$TWXyDoUJTkHZXrQ+RN69T4olFguRaX3WXZoTuD1RSwk=",
    "Django, scrypt": "scrypt$1024$tuz$8$5$"
    "u1/Un0QHNxeOc2si3agxxkitKDoneEi1gyMu6vfqRMAoIgQuzFv2qSt30vFAr3SrXBJKNYG6mllv3AbYitQeHw==",
    "Werkzeug": "pbkdf2:sha256:1000$pqharoJb5G1PXGNc$3f279ba475a9cc001f11b46f22f1d1e5cdd42275c5e41b370be71ac539445f8c",
    "Werkzeug, scrypt": "scrypt:1024:8:1$pcu9R4mEHBOk5wPG$"
    "1f452528aa567dbbe79b15280b62b973c8b281f6401bcd3d1d0c8e7e232a36e"
    "ed9635ad40bf7290fb22bf3b9e03668fbeacddccca801a6e20e9e3f97b4991375",
    "bcrypt": bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode(),
}


@pytest.mark.parametrize("made_by", list(WRITTEN))
def test_a_hash_is_right_for_its_password_only(made_by: str) -> None:
    check = foreign_hashes.read(WRITTEN[made_by])

    assert check is not None
    assert check.is_right(PASSWORD.encode())
    assert not any(map(check.is_right, (b"", b"Sifre 1", PASSWORD.encode() + b" ", b"x" * 1024)))


@pytest.mark.parametrize("kind", ["2a", "2b", "2y"])
def test_bcrypt_of_every_kind_is_cut_at_72_bytes_as_it_was_where_it_was_made(kind: str) -> None:
    check = foreign_hashes.read(f"${kind}{bcrypt.hashpw(b'x' * 72, bcrypt.gensalt(4)).decode()[3:]}")

    assert check is not None
    assert check.is_right(b"x" * 72 + b"and more")
    assert not check.is_right(b"x" * 71)
    assert check.rounds == 16


@pytest.mark.parametrize(
    "text",
    [
        "",
        "carried:",
        "password",
        "$6$rounds=656000$xxxxxxxxxxxxxxxx$" + "y" * 86,
        f"$2b$15${'.' * 53}",
        f"$2b$31${'.' * 53}",
        f"$2b$03${'.' * 53}",
        f"$2b$12${'.' * 52}",
        f"$2b$12${'.' * 21}a{'.' * 31}",
        f"$2x$12${'.' * 53}",
        f"$2b$12${'.' * 53}\n",
        f"$pbkdf2-sha256$1000$a${'a' * 43}",
        f"$pbkdf2-sha256$1000$aaaaa${'a' * 43}",
        f"$pbkdf2-sha512$1000$aaaa${'a' * 43}",
        f"pbkdf2_sha256$0$salt${B64}",
        f"pbkdf2_sha256${MOST_ITERATIONS + 1}$salt${B64}",
        f"pbkdf2_sha256$9999999999$salt${B64}",
        f"pbkdf2_sha256$1000$${B64}",
        f"pbkdf2_sha256$1000${'s' * 129}${B64}",
        "pbkdf2_sha256$1000$salt$",
        "pbkdf2_sha256$1000$salt$AAAA",
        "pbkdf2_sha1$1000$salt$AAAA",
        f"pbkdf2:sha256:1000$salt${HEX}00",
        f"pbkdf2:sha256:0x10$salt${HEX}",
        f"scrypt:1000:8:1$salt${HEX * 2}",
        f"scrypt:1:8:1$salt${HEX * 2}",
        f"scrypt:0:8:1$salt${HEX * 2}",
        f"scrypt:1024:0:1$salt${HEX * 2}",
        f"scrypt:1024:8:0$salt${HEX * 2}",
        f"scrypt:1048576:8:1$salt${HEX * 2}",
        f"scrypt:1024:8:999$salt${HEX * 2}",
        f"scrypt:2:999:999$salt${HEX * 2}",
        f"scrypt:1048576:1:1$salt${HEX * 2}",
        f"scrypt:1024:8:1$salt${HEX}",
    ],
)
def test_what_is_unknown_or_takes_too_long_or_too_much_memory_is_not_read(text: str) -> None:
    assert foreign_hashes.read(text) is None


@pytest.mark.parametrize(
    "text",
    [
        f"pbkdf2_sha256${MOST_ITERATIONS}${'s' * 128}${B64}",
        f"scrypt:65536:8:2$salt${HEX * 2}",  # 64 MB
        f"scrypt:8192:64:2$salt${HEX * 2}",
        f"scrypt:2:1:999$salt${HEX * 2}",
        f"scrypt$16384$salt$8$5${'A' * 86}==",  # Django's own
        f"scrypt:32768:8:1$salt${HEX * 2}",  # Werkzeug's own
    ],
)
def test_the_most_that_is_read_can_be_checked(text: str) -> None:
    check = foreign_hashes.read(text)
    assert check is not None

    began = time.process_time()
    assert not check.is_right(b"wrong")

    assert time.process_time() - began < 10


def test_a_check_takes_about_as_long_as_so_many_rounds_of_bcrypt() -> None:
    taken = {}
    for name, text in {
        "pbkdf2": f"pbkdf2_sha256$131072$salt${B64}",
        "scrypt": f"scrypt:16384:8:1$salt${HEX * 2}",
        "bcrypt": f"$2b$09${'.' * 53}",
    }.items():
        check = foreign_hashes.read(text)
        assert check is not None
        assert check.rounds == 512
        began = time.process_time()
        for _ in range(3):
            check.is_right(b"wrong")
        taken[name] = time.process_time() - began

    assert 0.3 < taken["pbkdf2"] / taken["bcrypt"] < 3
    assert 0.3 < taken["scrypt"] / taken["bcrypt"] < 3


def test_a_digest_is_compared_as_a_whole() -> None:
    digest = hashlib.pbkdf2_hmac("sha256", b"right", b"salt", 10).hex()

    assert foreign_hashes.read(f"pbkdf2:sha256:10$salt${digest[:62]}") is None
