"""The commands of the guide that need a real AWS are commands that AWS knows."""

import re
import shlex
from collections.abc import Iterator

import pytest
from botocore import xform_name
from botocore.session import Session

from infra.places import PROJECT

# What the AWS command line adds to a command by itself.
OF_THE_COMMAND_LINE = {"query", "output", "certificate-pem-outfile", "public-key-outfile", "private-key-outfile"}


def commands() -> Iterator[list[str]]:
    """Each command of the AWS command line that the guide shows, as words."""
    text = (PROJECT / "docs" / "machine_integration.md").read_text(encoding="utf-8").replace("\\\n", " ")
    for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
        yield from (
            shlex.split(line) for line in re.findall(r"(?<![\w-])aws (.*?)\)?(?:  +#.*)?$", block, re.MULTILINE)
        )


def is_known(service: str, operation: str, *options: str) -> bool:
    """Whether AWS has the operation, it takes the options, and none that it needs is missing."""
    model = Session().get_service_model(service)
    (name,) = (each for each in model.operation_names if xform_name(each, "-") == operation)
    shape = model.operation_model(name).input_shape
    assert shape
    given = {option.removeprefix("--") for option in options if option.startswith("--")} - OF_THE_COMMAND_LINE
    taken = {xform_name(member, "-") for member in shape.members}
    needed = {xform_name(member, "-") for member in shape.required_members}
    return needed <= given <= taken


def test_aws_knows_the_commands_of_the_guide() -> None:
    shown = list(commands())
    assert len(shown) == 7
    assert [words for words in shown if not is_known(*words)] == []


@pytest.mark.parametrize("wrong", ["create-thing --thing gateway-1", "create-thing"])
def test_a_command_that_aws_does_not_know_is_seen(wrong: str) -> None:
    assert not is_known("iot", *wrong.split())
