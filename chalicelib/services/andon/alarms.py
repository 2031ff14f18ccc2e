"""Alarms: the clock judges hours of machines, and looks whether machines became silent. An alarm is an issue.

A timer is taken in one transaction with the issue and with what was told. So an alarm is told once, however often a run
ends in between.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib import clock, ids
from chalicelib.domain.andon import alarms as texts
from chalicelib.domain.andon import machine_issues as rules
from chalicelib.domain.andon.answering import Answered
from chalicelib.domain.andon.machine_issues import MachineIssues
from chalicelib.domain.machines.alarms import LONGEST, Look, MachineAlarms, Told, is_broken, look, settled, silence
from chalicelib.domain.machines.excursions import is_past
from chalicelib.domain.machines.latest import silent_after, silent_since, unwatched
from chalicelib.domain.machines.machines import Machine, MachineStatus
from chalicelib.domain.machines.readings import Reading, hour_of, moment
from chalicelib.domain.machines.rollups import HOUR
from chalicelib.domain.markers import MachineHour
from chalicelib.domain.orders.commands import Command
from chalicelib.domain.orders.issues import ChangeIssue, Issue, NewIssue
from chalicelib.domain.timers import Timer, Watched
from chalicelib.services import outbox
from chalicelib.services.andon.machine_issues import written
from chalicelib.services.tenants import settings_of
from chalicelib.storage import timers, writes
from chalicelib.storage.machines import alarms as storage
from chalicelib.storage.machines import chunks, machine_issues, machines
from chalicelib.storage.machines import latest as latest_values
from chalicelib.storage.orders import issues
from chalicelib.storage.writes import Write

MOST_AT_ONCE = 20
"""Alarms of one machine that fit into one transaction. The others are told by the next run."""
_LEAST_WAIT = timedelta(minutes=1)


@dataclass(frozen=True)
class Alarm:
    """An alarm of which people must be told: the report, what is told, and its farthest value, if it has one."""

    report: NewIssue
    told: Told
    value: float | None = None


def judge(timer: Timer) -> int:
    """Judge an hour of a machine. Returns the number of new alarms.

    Costs four reads and a transaction, and a read more for each other hour into which something reaches.
    Raises ConditionFailed, Collision, StorageUnavailable.
    """
    tenant, hour, settings = timer.tenant, hour_of(timer.hour or timer.due_at), settings_of(timer.tenant)
    machine = machines.find(tenant, timer.id)
    if machine is None or is_past(hour, clock.now(), settings):
        writes.commit(timers.taken(timer))
        return 0
    known, before = storage.of_machine(tenant, machine.id), machine_issues.of_machine(tenant, machine.id)
    seen = look(machine, hour, _readings(tenant, machine, hour), clock.now() - settings.alarm_window)
    seen = _whole(tenant, seen, known, before)
    gone = seen.disproved(known)
    if gone:
        known = _taken_back(tenant, known, gone)
        before = machine_issues.of_machine(tenant, machine.id)
        seen = _whole(tenant, seen, known, before)
    new = [
        Alarm(texts.reported(machine, each), Told(each.cause, each.since, each.proven_at or each.until), each.value)
        for each in seen.new(known, before.issue_ids)
    ]
    # With more than fit, the timer stays for the next minute.
    taken = timers.taken(timer) if len(new) <= MOST_AT_ONCE else Write()
    writes.commit(taken + _told(tenant, machine, known, before, new[:MOST_AT_ONCE]))
    return len(new[:MOST_AT_ONCE])


def look_for_silence(timer: Timer) -> int:
    """Look whether a machine became silent. Returns the number of new alarms.

    While it sends, it is looked at again when it would be silent without another reading. A silent machine is not
    looked at again until it sends. Costs two reads and a transaction. Raises ConditionFailed, Collision.
    """
    tenant, now = timer.tenant, clock.now()
    machine, latest = machines.find_with_latest(tenant, timer.id)
    if machine is None or machine.status is MachineStatus.RETIRED:
        writes.commit(timers.taken(timer) + latest_values.change(tenant, unwatched(latest)))
        return 0
    within, known = settings_of(tenant).rollups_within, _since_it_spoke(tenant, machine)
    since, after = silent_since(machine, latest, now, within), silent_after(machine, within)
    if since is None or machine.status is MachineStatus.MAINTENANCE:
        again = max((latest.last_at or now) + after, now) + _LEAST_WAIT
        writes.commit(timers.taken(timer) + timers.put([Timer(tenant, Watched.MACHINE, machine.id, again)]))
        return 0
    before, told = machine_issues.of_machine(tenant, machine.id), silence(machine, since, since + after)
    new = [] if known.is_told(told.cause, before.issue_ids) else [Alarm(texts.silent(since), told)]
    write = timers.taken(timer) + latest_values.change(tenant, unwatched(latest))
    writes.commit(write + _told(tenant, machine, known, before, new))
    return len(new)


def _since_it_spoke(tenant: str, machine: Machine) -> MachineAlarms:
    """What people were told of, after looking once whether readings of the last silence have arrived since."""
    known = storage.of_machine(tenant, machine.id)
    for silent in known.unsettled_silences():
        if is_broken(silent, _readings_between(tenant, machine, silent)):
            return _taken_back(tenant, known, [silent])
        known = known.after((), [settled(silent)])
        writes.commit(storage.put(tenant, known))
    return known


def _whole(tenant: str, seen: Look, known: MachineAlarms, before: MachineIssues) -> Look:
    """A look with the other hours that it needs."""
    while (hour := seen.next_hour(known, before.issue_ids)) is not None:
        seen = seen.and_hour(hour, _readings(tenant, seen.machine, hour))
    return seen


def _readings(tenant: str, machine: Machine, hour: datetime) -> list[Reading]:
    return chunks.readings_of(tenant, MachineHour(machine.id, hour))


def _readings_between(tenant: str, machine: Machine, silent: Told) -> Iterator[Reading]:
    """The readings of the hours of a silence, of a day at most."""
    hour = hour_of(moment(silent.since))
    end = min(moment(silent.until), hour + LONGEST)
    while hour < end:
        yield from _readings(tenant, machine, hour)
        hour += HOUR


def _taken_back(tenant: str, known: MachineAlarms, gone: Iterable[Told]) -> MachineAlarms:
    """Add a note to the issue of each alarm that is none any more. Returns what is left.

    Costs two reads and a transaction for each.
    """
    actor, now = texts.nobody(tenant), clock.now()
    for told in gone:
        issue, known = issues.find(tenant, told.issue_id), known.after([told], ())
        write = storage.put(tenant, known)
        if issue is not None:
            before = machine_issues.of_machine(tenant, known.machine_id)
            command = Command(ids.new(), "alarm", issue.id, ChangeIssue(note=texts.taken_back(told)), now)
            answered = rules.change(before, actor, command, issue, settings_of(tenant))
            write += written(actor, command, before, answered, issue)
        writes.commit(write)
    return known


def _told(tenant: str, machine: Machine, known: MachineAlarms, before: MachineIssues, new: Sequence[Alarm]) -> Write:
    """The write of new alarms: the issue that they open or join, its notes, the events, and that people were told."""
    if not new:
        return Write()
    actor, now = texts.nobody(tenant), clock.now()
    open_issue = before.open_issue(texts.ISSUE_TYPE)
    joined = issues.find(tenant, open_issue) if open_issue else None
    commands = [Command(ids.new(), "alarm", machine.id, alarm.report, now, moment(alarm.told.since)) for alarm in new]
    answered = _answered(tenant, machine, commands, joined)
    told = [replace(alarm.told, issue_id=answered.issue.id) for alarm in new]
    events = [
        texts.told_to_others(machine, each, alarm.value, tenant, command.id)
        for each, alarm, command in zip(told, new, commands, strict=True)
    ]
    write = written(actor, commands[0], before, answered, joined) + outbox.recorded(events, now)
    return write + storage.put(tenant, known.after((), told))


def _answered(tenant: str, machine: Machine, commands: Sequence[Command[NewIssue]], joined: Issue | None) -> Answered:
    """The issue after these reports. The first one opens it, or joins the open one; the others join too."""
    first, *others = commands
    actor, settings = texts.nobody(tenant), settings_of(tenant)
    answered = rules.report(machine.id, actor, first, joined, settings)
    for command in others:
        more = rules.report(machine.id, actor, command, answered.issue, settings)
        answered = replace(answered, issue=more.issue, notes=(*answered.notes, *more.notes))
    return answered
