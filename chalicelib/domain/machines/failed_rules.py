"""Messages that a topic rule of AWS IoT could not put on the queue: AWS keeps what the device published, and its topic.

They are among the dead letters. Put back on the queue, they are what the rule would have made of them.
"""

_ORIGINAL = "base64OriginalPayload"
_BASIC_INGEST = ["$aws", "rules"]


def as_the_rule_sends_it(sent: object) -> object:
    """What the rule of the topic makes of a message that it could not deliver. Any other message stays as it is."""
    if not isinstance(sent, dict) or _ORIGINAL not in sent or "machine_id" in sent:
        return sent
    topic, payload = sent.get("topic"), sent[_ORIGINAL]
    levels = topic.split("/") if isinstance(topic, str) else []
    if levels[:2] == _BASIC_INGEST:
        levels = levels[3:]
    match levels:
        case ["takip", tenant, "machines", machine_id, "readings"]:
            return {"tenant": tenant, "machine_id": machine_id, "unreadable": payload}
        case ["umh", *_]:
            return {"umh": payload, "topic": "/".join(levels)}
        case ["spBv1.0", *_]:
            return {"sparkplug": payload, "topic": "/".join(levels)}
    return sent
