"""A day of an admin, a planner and a worker: with the app of the old system, and with today's API."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx

from tests.e2e.old_phone import OldPhone

PASSWORD = "long enough for everybody"
PEOPLE = [
    {"username": name, "password": PASSWORD, "role": role, "email": f"{role}@example.com"}
    for name, role in (("planlama", "planner"), ("ayşe", "worker"), ("geçici", "worker"))
]
TODAY = datetime.now(ZoneInfo("Europe/Istanbul")).date()
WINDOW = (f"{TODAY}T08:00:00", f"{TODAY}T16:00:00")  # by the clock on the wall of both plants
TWO_STAGES = ("Enjeksiyon", "Montaj")
CAP = {"code": "KPK-40", "name": "Kapak 40 mm", "material": "PP", "part_weight_g": 6}


@dataclass
class Site:
    """Where the API is. Clients stay open as long as the site does."""

    url: str
    clients: ExitStack

    def opened(self, below: str = "", **headers: str) -> httpx.Client:
        """A client of what is below a path."""
        return self.clients.enter_context(httpx.Client(base_url=self.url + below, headers=headers, timeout=30))


class Plant(Protocol):
    """What people do in a day, and by which name each thing of it is known. Commands of workers are tapped twice."""

    def admits(self) -> None:
        """The admin registers a planner and two workers; one of them becomes a planner, and leaves."""

    def registers(self) -> None:
        """The planner registers a machine, a product with its cycle, and moulds, of which one is taken away."""

    def opens(self, lot_no: str, stages: int) -> list[Any]:
        """The planner opens an order of so many stages; answers how each stage is called."""

    def works(self, command: str, stage: Any) -> None:
        """The worker taps a command on a stage, twice."""

    def reports(self, stage: Any, kind: str, text: str) -> Any:
        """The worker reports an issue, twice; answers how it is called."""

    def answers(self, issue: Any, status: str) -> None:
        """The planner acknowledges or resolves an issue."""


def day(plant: Plant, assign: Callable[[], None]) -> None:
    """Do a day's work. `assign` gives all stages to the worker, on the planner's page."""
    plant.admits()
    plant.registers()
    moulding, assembly = plant.opens("L-1", 2)
    (single,) = plant.opens("L-2", 1)
    assign()
    plant.works("start", moulding)
    issue = plant.reports(moulding, "machine_breakdown", "Kalıp kapanmıyor")
    plant.answers(issue, "acknowledged")
    plant.works("pause", moulding)
    plant.answers(issue, "resolved")
    plant.works("resume", moulding)
    plant.works("done", moulding)
    plant.works("start", assembly)
    plant.works("done", assembly)
    plant.works("start", single)
    plant.reports(single, "quality", "Çapak var")


@dataclass
class OldDay:
    """The day on phones with the old app."""

    site: Site
    tenant: str
    admin: OldPhone = field(init=False)
    planner: OldPhone = field(init=False)
    worker: OldPhone = field(init=False)

    def __post_init__(self) -> None:
        self.admin, self.planner, self.worker = (OldPhone(self.site.opened("/v0")) for _ in range(3))

    def admits(self) -> None:
        """Register people with the app, which knows them by numbers."""
        self.admin.sign_in(f"{self.tenant}/admin", PASSWORD)
        *_, made = (self.admin.post("/auth/register", each) for each in PEOPLE)
        self.admin.change("PATCH", f"/auth/users/{made['user']['id']}/role", {"role": "planner"})
        self.admin.change("DELETE", f"/auth/users/{made['user']['id']}")
        assert [each["username"] for each in self.admin.get("/auth/users")] != []
        self.planner.sign_in(f"{self.tenant}/planlama", PASSWORD)
        self.worker.sign_in(f"{self.tenant}/ayşe", PASSWORD)

    def registers(self) -> None:
        """Register a machine, products and moulds with the app."""
        self.planner.post("/machines", {"name": "Enjeksiyon 1", "machine_type": "injection_molding"})
        self.planner.taps("/products", {**CAP, "description": "Renkli", "cycle_time_sec": 24, "cavity_count": 8})
        self.planner.post("/products", {"code": "ESKİ-9", "name": "Eski"})
        cap, old = self.planner.get("/products")[::-1]
        cap, old = (cap, old) if cap["code"] == "KPK-40" else (old, cap)
        self.planner.change("PATCH", f"/products/{cap['id']}", {"description": "Renksiz"})
        self.planner.change("DELETE", f"/products/{old['id']}")
        for code in ("KLP-1", "KLP-2"):
            self.planner.taps("/molds", {"code": code, "name": "Kalıp", "product_id": cap["id"]})
        gone = self.planner.get("/molds")[1]["id"]
        self.planner.change("PATCH", f"/molds/{gone}", {"status": "maintenance"})
        self.planner.change("DELETE", f"/molds/{gone}")

    def opens(self, lot_no: str, stages: int) -> list[Any]:
        """Open an order with the app, by the clock on the wall."""
        start, end = WINDOW
        body = {"product_code": "KPK-40", "lot_no": lot_no, "qty": 500, "stage_count": stages}
        made = self.planner.taps("/workorders", {**body, "planned_start": start, "planned_end": end})
        (order,) = (each for each in self.planner.get("/workorders")["data"] if each["lot_no"] == lot_no)
        assert (order["id"], order["planned_start"]) == (made["work_order_id"], start)
        return [stage["id"] for stage in made["stages"]]

    def works(self, command: str, stage: Any) -> None:
        """Tap a command on a stage of one's own list."""
        self.worker.taps(f"/stages/{stage}/{command}")

    def reports(self, stage: Any, kind: str, text: str) -> Any:
        """Report an issue with the app."""
        return self.worker.taps(f"/stages/{stage}/issue", {"type": kind, "description": text})["issue_id"]

    def answers(self, issue: Any, status: str) -> None:
        """Answer an issue with the app, which may be tapped twice too."""
        for _ in range(2):
            self.planner.change("PATCH", f"/issues/{issue}/status?new_status={status}")


@dataclass
class Today:
    """Somebody who calls today's API, with a key for each request."""

    api: httpx.Client

    def get(self, path: str) -> Any:
        """Read something."""
        return self.call("GET", path)

    def call(self, method: str, path: str, body: Any = None, *, times: int = 1) -> Any:
        """Send something, so many times with the same key."""
        headers = {"Idempotency-Key": uuid4().hex, "If-Match": "*"}
        *_, answer = (self.api.request(method, path, json=body, headers=headers) for _ in range(times))
        return answer.raise_for_status().json()["data"]


def signed_in(site: Site, tenant: str, username: str) -> Today:
    """Sign in with today's API."""
    account = {"tenant": tenant, "username": username, "password": PASSWORD}
    token = Today(site.opened()).call("POST", "/auth/login", account)["access_token"]
    return Today(site.opened(Authorization=f"Bearer {token}"))


@dataclass
class NewDay:
    """The same day with today's API."""

    site: Site
    tenant: str
    planner: Today = field(init=False)
    worker: Today = field(init=False)

    def admits(self) -> None:
        """Register people."""
        admin = signed_in(self.site, self.tenant, "admin")
        *_, made = (admin.call("POST", "/auth/register", each) for each in PEOPLE)
        admin.call("PATCH", f"/auth/users/{made['id']}/role", {"role": "planner"})
        admin.call("PATCH", f"/auth/users/{made['id']}", {"active": False})
        self.planner = signed_in(self.site, self.tenant, "planlama")
        self.worker = signed_in(self.site, self.tenant, "ayşe")

    def registers(self) -> None:
        """Register a machine, products, a route and moulds."""
        planner = self.planner
        press = {"id": "enjeksiyon-1", "name": "Enjeksiyon 1", "machine_type": "injection_molding"}
        planner.call("POST", "/machines", press)
        cap = {name: value for name, value in CAP.items() if name != "code"} | {"product_code": CAP["code"]}
        planner.call("POST", "/products", cap | {"note": "Renkli"}, times=2)
        stages = [{"name": "Enjeksiyon", "cycle_seconds": 24, "cavities": 8}, {"name": "Montaj"}]
        planner.call("PUT", "/routes/KPK-40", {"stages": stages})
        planner.call("POST", "/products", {"product_code": "ESKİ-9", "name": "Eski"})
        planner.call("PATCH", "/products/KPK-40", {"note": "Renksiz"})
        planner.call("PATCH", "/products/ESK%C4%B0-9", {"status": "retired"})
        moulds = [{"code": "KLP-1", "name": "Kalıp"}, {"code": "KLP-2", "name": "Kalıp"}]
        planner.call("PATCH", "/products/KPK-40", {"moulds": moulds[:1]})
        for status in ("active", "maintenance", "retired"):
            planner.call("PATCH", "/products/KPK-40", {"moulds": [moulds[0], {**moulds[1], "status": status}]})

    def opens(self, lot_no: str, stages: int) -> list[Any]:
        """Open an order, in the plant's time zone."""
        start, end = (f"{at}+03:00" for at in WINDOW)
        names = TWO_STAGES if stages == len(TWO_STAGES) else ("Üretim",)
        body = {"product_code": "KPK-40", "lot_no": lot_no, "quantity": 500, "planned_start": start}
        body |= {"planned_end": end, "stages": [{"name": name} for name in names]}
        return [stage["id"] for stage in self.planner.call("POST", "/workorders", body, times=2)["stages"]]

    def works(self, command: str, stage: Any) -> None:
        """Give a command on a stage. To go on after a pause is to start."""
        self.worker.call("POST", f"/stages/{stage}/{'start' if command == 'resume' else command}", times=2)

    def reports(self, stage: Any, kind: str, text: str) -> Any:
        """Report an issue."""
        body = {"type": {"machine_breakdown": "machine_failure"}.get(kind, kind), "description": text}
        return self.worker.call("POST", f"/stages/{stage}/issue", body, times=2)["id"]

    def answers(self, issue: Any, status: str) -> None:
        """Answer an issue."""
        self.planner.call("PATCH", f"/issues/{issue}", {"status": {"acknowledged": "ack"}.get(status, status)}, times=2)
