"""The words in a file of people, in English and Turkish: names of columns and roles."""

import re
import unicodedata

from chalicelib.domain.people.users import Role

COLUMNS = {
    "username": ("username", "user name", "kullanıcı adı", "kullanıcı"),
    "full_name": ("full name", "name", "ad soyad", "adı soyadı", "isim soyisim", "isim"),
    "email": ("email", "e-mail", "mail", "e-posta", "eposta", "e-posta adresi"),
    "role": ("role", "rol", "görev"),
}
ROLES = {
    Role.ADMIN: ("admin", "yönetici"),
    Role.PLANNER: ("planner", "planlamacı", "planlayıcı", "planlama"),
    Role.WORKER: ("worker", "işçi", "çalışan", "operatör"),
}


def column(word: str) -> str | None:
    """The column of a word; None if there is none."""
    return _COLUMN_OF.get(_plain(word))


def role(word: str) -> Role | None:
    """The role of a word; None if there is none."""
    return _ROLE_OF.get(_plain(word))


def _plain(word: str) -> str:
    """A word without case, accents, hyphens and underscores: KULLANICI_ADI and Kullanıcı Adı are the same."""
    bare = unicodedata.normalize("NFKD", word).casefold().replace("ı", "i")
    letters = "".join(character for character in bare if not unicodedata.combining(character))
    return re.sub(r"[\W_]+", "", letters)


_COLUMN_OF = {_plain(word): name for name, words in COLUMNS.items() for word in words}
_ROLE_OF = {_plain(word): name for name, words in ROLES.items() for word in words}
