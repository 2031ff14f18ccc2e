"""Takip's Chalice application: its name and its endpoints."""

from chalice.app import Chalice

from chalicelib.startup import uncollected

with uncollected():
    from functions import (
        aggregate_bucket,
        attachments,
        auth,
        board,
        calendars,
        compute_aggregates,
        contract,
        deliver_webhook,
        escalate_issues,
        escalation,
        exports,
        home,
        hourly,
        ingest_readings,
        issues,
        live,
        machines,
        make_thumbnails,
        meta,
        metrics,
        notifications,
        oee,
        old_people,
        pages,
        pareto,
        probe_plant,
        production,
        products,
        quarantine,
        readings,
        retry_webhooks,
        routes,
        scanning,
        screens,
        send_events,
        stages,
        sweep_events,
        sync,
        system,
        terminals,
        users,
        webhooks,
        work_orders,
    )

# Powertools writes the logs. Chalice's own handler on the same logger would write every line twice.
app = Chalice(app_name="takip", configure_logs=False)

for subject in (
    attachments,
    auth,
    board,
    calendars,
    contract,
    escalation,
    exports,
    home,
    hourly,
    issues,
    live,
    machines,
    meta,
    metrics,
    notifications,
    oee,
    old_people,
    pages,
    pareto,
    production,
    products,
    quarantine,
    readings,
    routes,
    screens,
    scanning,
    stages,
    sync,
    system,
    terminals,
    users,
    webhooks,
    work_orders,
):
    app.register_blueprint(subject.doors.blueprint)
for event_door in (
    *(aggregate_bucket, compute_aggregates, deliver_webhook, escalate_issues, ingest_readings, make_thumbnails),
    *(probe_plant, retry_webhooks, send_events, sweep_events),
):
    app.register_blueprint(event_door.bp)
