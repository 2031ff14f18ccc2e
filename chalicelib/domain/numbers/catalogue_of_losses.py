"""The metrics of losses in the catalogue."""

from chalicelib.domain.numbers.catalogue_entries import FLOOR, Entry, Of
from chalicelib.domain.numbers.examples_of_losses import LOSSES

ENTRIES = (
    Entry(
        "share",
        "percent",
        "100 × minutes or pieces lost for the reason ÷ those lost for all reasons",
        FLOOR,
        (Of.LOSS,),
        LOSSES,
        ("no_data",),
    ),
    Entry(
        "cumulative_share",
        "percent",
        "100 × minutes or pieces lost for this reason and all larger ones ÷ those lost for all reasons",
        FLOOR,
        (Of.LOSS,),
        LOSSES,
        ("no_data",),
    ),
)
