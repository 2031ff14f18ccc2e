"""What Takip says, in Turkish: each title and each form of a sentence, by its English."""

from chalicelib.schemas.turkish.details import DETAILS
from chalicelib.schemas.turkish.fields import FIELDS
from chalicelib.schemas.turkish.old_app import OLD_APP
from chalicelib.schemas.turkish.plant import PLANT
from chalicelib.schemas.turkish.titles import TITLES

TURKISH = {**TITLES, **DETAILS, **FIELDS, **PLANT, **OLD_APP}
