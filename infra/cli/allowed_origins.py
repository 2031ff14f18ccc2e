"""The option of `up` and `deploy` that names the web origins whose pages may call the API."""

import re

import rich_click as click

_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[a-z0-9.-]+(:[0-9]{1,5})?")
_NONE = "none"


def _joined(_context: click.Context, _parameter: click.Parameter, given: tuple[str, ...]) -> str | None:
    """The origins, separated by commas; None if the option is not there. Raises BadParameter for what is no origin."""
    for origin in given:
        if origin != _NONE and not _ORIGIN.fullmatch(origin):
            raise click.BadParameter(
                f"{origin!r} is no origin. An origin is what a browser sends: scheme, host and port in small letters, "
                "without a slash at the end, such as https://floor.example.com or http://localhost:5173."
            )
    return ",".join(origin for origin in given if origin != _NONE) if given else None


allow_origin_option = click.option(
    "--allow-origin",
    "origins",
    multiple=True,
    metavar="ORIGIN",
    callback=_joined,
    help="A web origin whose pages may call, such as https://floor.example.com. Repeat it for several. They replace "
    "the earlier ones and are kept for the next time; `none` allows no page of another site.",
)
