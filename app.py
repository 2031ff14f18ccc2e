"""Takip: names the application and registers its doors."""

from chalice.app import Chalice

from functions import (
    auth,
    compute_aggregates,
    issues,
    machines,
    metrics,
    stages,
    system,
    work_orders,
)

app = Chalice(app_name="takip")

for subject in (auth, issues, machines, metrics, stages, system, work_orders):
    app.register_blueprint(subject.doors.blueprint)
for event_door in (compute_aggregates,):
    app.register_blueprint(event_door.bp)
