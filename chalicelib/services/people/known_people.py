"""Known people: users by id, remembered for a minute."""

from chalicelib.remembered import Known
from chalicelib.storage.people import users

find = Known(users.find_all).find
