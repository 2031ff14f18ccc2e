"""Usernames, full names, e-mail addresses and phone numbers: which are valid, and when two names are the same."""

import re
import unicodedata

from chalicelib.domain.sentences import said, say
from chalicelib.domain.text import caseless, folded, line, unseen, whole

LONGEST_NAME = 64
EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
LONGEST_EMAIL = 254
NO_EMAIL = say("must be an address such as ada@example.com, of at most {most} characters", most=LONGEST_EMAIL)
LONGEST_FULL_NAME = 200
PHONE = re.compile(r"\+?[0-9 ()/.-]+", re.ASCII)
LONGEST_PHONE = 32
FEWEST_DIGITS = 3  # of a number inside the plant
NO_PHONE = say(
    "must be a phone number in digits, with at least {least} of them and at most {most} characters",
    least=FEWEST_DIGITS,
    most=LONGEST_PHONE,
)


def trimmed(username: str) -> str:
    """A username without the blanks that a phone's keyboard appends, with composed letters (NFC)."""
    return unicodedata.normalize("NFC", username).rstrip()


def presentable(full_name: str) -> str:
    """A full name with single spaces and composed letters (NFC)."""
    return " ".join(unicodedata.normalize("NFC", full_name).split())


def tidied(username: str) -> str:
    """A username as it is typed at sign-in, without blanks around it and with single spaces."""
    return " ".join(username.split())


def login_name(username: str) -> str:
    """The form in which usernames are compared and logins are stored."""
    return tidied(folded(username))


def former_login_name(username: str) -> str:
    """The form in which usernames were compared while the dotted and the dotless i were two letters."""
    return tidied(caseless(username))


def username_problem(username: str) -> str | None:
    """Say what keeps a username from being taken, or from being told from another; None where nothing does."""
    try:
        whole(username)
    except ValueError as wrong:
        return said(wrong)
    if username != " ".join(username.split()):
        return say("must not begin or end with a space, or contain two spaces in a row")
    if unseen(username):
        return say("must not contain invisible characters")
    if not 1 <= len(login_name(username)) <= LONGEST_NAME:
        return say("must have {least} to {most} characters in Unicode's NFKC form", least=1, most=LONGEST_NAME)
    return None


def full_name_problem(full_name: str) -> str | None:
    """Say what keeps a text from being shown as somebody's name; None where nothing does."""
    try:
        line(full_name)
    except ValueError as wrong:
        return said(wrong)
    if not 1 <= len(full_name) <= LONGEST_FULL_NAME:
        return say("must have {least} to {most} characters", least=1, most=LONGEST_FULL_NAME)
    return None


def email_problem(email: str) -> str | None:
    """The error of an e-mail address; None if it is valid."""
    if len(email) > LONGEST_EMAIL or not EMAIL.fullmatch(email):
        return NO_EMAIL
    return None


def phone_problem(phone: str) -> str | None:
    """The error of a phone number, with its blanks as they are to be shown; None if it is valid."""
    digits = sum(character.isdigit() for character in phone)
    if len(phone) > LONGEST_PHONE or digits < FEWEST_DIGITS or not PHONE.fullmatch(phone):
        return NO_PHONE
    return None
