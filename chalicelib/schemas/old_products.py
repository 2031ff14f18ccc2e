"""The shapes of products and moulds for the old system's app."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated

from pydantic import BeforeValidator, Field

from chalicelib.domain.errors import FieldError, refuse
from chalicelib.domain.kept import KEPT
from chalicelib.domain.machines import old_machines
from chalicelib.domain.planning import moulds, products
from chalicelib.domain.planning.moulds import Mould, MouldStatus, mould_id
from chalicelib.domain.planning.products import Product
from chalicelib.domain.planning.routes import RouteStage, moulding_at
from chalicelib.domain.sentences import say
from chalicelib.domain.text import key_form
from chalicelib.schemas.base import Out
from chalicelib.schemas.old_app import MayBeEmpty, OldBody, amount, in_utc
from chalicelib.schemas.old_machines import OldMachineStatus
from chalicelib.schemas.routes import Cavities
from chalicelib.schemas.values import Celsius, Coded, Line, Note, NumberOut, Positive, ProductCode, Text

HOUR = 3600
MOST_AN_HOUR = HOUR * 1000
"""A standard has whole milliseconds."""

Amount = Annotated[Positive | None, BeforeValidator(amount)]
Degrees = Annotated[Celsius | None, BeforeValidator(amount)]

# The fields of the old app, and the product's.
NAMES = {
    "name": "name",
    "description": "note",
    "material": "material",
    "part_weight_g": "part_weight_g",
    "injection_temp_c": "injection_temperature_c",
    "mold_temp_c": "mould_temperature_c",
}
PACE = {"cycle_time_sec", "cavity_count", "hourly_production"}


class OldChangeProduct(OldBody):
    """What to change about a product. The code stays: it is in the orders."""

    code: MayBeEmpty[Line] = None
    name: MayBeEmpty[Line] = None
    description: MayBeEmpty[Note] = None
    material: MayBeEmpty[Line] = None
    part_weight_g: Amount = None
    injection_temp_c: Degrees = None
    mold_temp_c: Degrees = None
    cycle_time_sec: Amount = None
    cavity_count: Annotated[Cavities | None, BeforeValidator(amount)] = None
    hourly_production: Annotated[Amount, Field(le=MOST_AN_HOUR)] = None

    def payload(self) -> products.ChangeProduct:
        """The fields that were sent, in Takip's words. A name that was left empty stays."""
        sent = {name: getattr(self, old) for old, name in NAMES.items() if old in self.model_fields_set}
        return products.ChangeProduct(
            **{name: value for name, value in sent.items() if (name, value) != ("name", None)}
        )

    def paced(self, stages: Sequence[RouteStage]) -> tuple[RouteStage, ...]:
        """The stages of the product, the moulding with the pace that was sent; the same if none was."""
        if not PACE & self.model_fields_set:
            return tuple(stages)
        at = moulding_at(stages)
        return (*stages[:at], self._paced(stages[at]), *stages[at + 1 :])

    def _paced(self, stage: RouteStage) -> RouteStage:
        """A stage with the cycle and the cavities that were sent; without a cycle with the pieces an hour."""
        sent = self.model_fields_set
        cycle = self.cycle_time_sec if "cycle_time_sec" in sent else stage.cycle_seconds
        cavities = self.cavity_count if "cavity_count" in sent else stage.cavities
        if cavities and not cycle:
            refuse([FieldError("cycle_time_sec", say("must be given with cavity_count"), "missing")])
        standard = None if cycle else stage.standard_seconds_per_unit
        if self.hourly_production and not cycle:
            standard = round(HOUR / self.hourly_production, 3)
        return replace(stage, cycle_seconds=cycle, cavities=cavities, standard_seconds_per_unit=standard)


class OldNewProduct(OldChangeProduct):
    """A product to register."""

    code: ProductCode
    name: Line

    def new(self) -> products.NewProduct:
        """The product in Takip's words."""
        return products.NewProduct(self.code, **{name: getattr(self, old) for old, name in NAMES.items()})


class OldChangeMould(OldBody):
    """What to change about a mould. Its code and its product stay."""

    code: MayBeEmpty[Line] = None
    product_id: MayBeEmpty[int] = None
    name: MayBeEmpty[Line] = None
    description: MayBeEmpty[Text] = None
    status: MayBeEmpty[OldMachineStatus] = None

    def payload(self) -> moulds.ChangeMould:
        """The fields that were sent, in Takip's words. A name or a status that was left empty stays."""
        sent = self.model_fields_set
        return moulds.ChangeMould(
            name=self.name or KEPT,
            note=self.description if "description" in sent else KEPT,
            status=MouldStatus(old_machines.STATUSES[self.status]) if self.status else KEPT,
        )


class OldNewMould(OldBody):
    """A mould of a product."""

    code: Coded
    name: Line
    product_id: int
    description: MayBeEmpty[Text] = None
    status: MayBeEmpty[OldMachineStatus] = None

    def payload(self) -> Mould:
        """The mould in Takip's words."""
        status = MouldStatus(old_machines.STATUSES[self.status or "active"])
        return Mould(self.code, self.name, self.description, status)


class OldProductOut(Out):
    """A product. The pieces an hour are those of its standard. The time is in UTC, without a zone."""

    id: int
    code: str
    name: str
    description: str | None
    material: str | None
    part_weight_g: NumberOut | None
    injection_temp_c: NumberOut | None
    mold_temp_c: NumberOut | None
    cycle_time_sec: NumberOut | None
    cavity_count: int | None
    hourly_production: int | None
    created_at: str


class OldMouldOut(Out):
    """A mould, with the number of its product."""

    id: int
    code: str
    name: str
    description: str | None
    product_id: int
    status: OldMachineStatus


def refuse_other_code(given: str | None, own: str) -> None:
    """Refuse another code than the product or the mould has. Raises InvalidFields."""
    if given is not None and key_form(given) != key_form(own):
        refuse([FieldError("code", say("stays as it is; register another one with this code"), "not_allowed")])


def old_product_out(product: Product, stages: Sequence[RouteStage], numbers: Mapping[str, int]) -> OldProductOut:
    """Show a product with its number, and the pace of its moulding. `stages` are those of its own route."""
    stage = stages[moulding_at(stages)] if stages else RouteStage("")
    return OldProductOut.model_validate(
        {
            "id": numbers[product.product_code],
            "code": product.product_code,
            **{old: getattr(product, name) for old, name in NAMES.items()},
            "cycle_time_sec": stage.cycle_seconds,
            "cavity_count": stage.cavities,
            "hourly_production": round(HOUR / stage.standard) if stage.standard else None,
            "created_at": in_utc(product.created_at),
        }
    )


def old_mould_out(product: Product, mould: Mould, moulds: Mapping[str, int], known: Mapping[str, int]) -> OldMouldOut:
    """Show a mould of a product, with the numbers of moulds and of products."""
    return OldMouldOut.model_validate(
        {
            "id": moulds[mould_id(product.product_code, mould.code)],
            "code": mould.code,
            "name": mould.name,
            "description": mould.note,
            "product_id": known[product.product_code],
            "status": old_machines.old_status(mould.status),
        }
    )
