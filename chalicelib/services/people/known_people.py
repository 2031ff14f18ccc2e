"""Known people: those whom commands and orders name."""

from chalicelib.remembered import Known
from chalicelib.storage.people import users

find = Known(users.find_all).find
