"""Sizes of the network that read zip codes, and what they add up to.

LeCun et al. (1989), section 3.
Note: notes/cnn
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

from pfs.errors import PfsValueError
from pfs.nn import checks

BLOCKS: Final = (
    *(4 * (tuple(range(8)),)),
    *(4 * (tuple(range(4, 12)),)),
    *(4 * ((*range(4), *range(8, 12)),)),
)
"""Which 8 of the 12 maps of H1 each map of H2 reads: thirds, two at a time."""


@dataclass(frozen=True, kw_only=True)
class ZipCodeConfig:
    r"""Sizes of the network, and what the paper leaves open.

    Examples:
        >>> ZIP_CODE.hidden_size
        30

    Source:
        LeCun et al. (1989), section 3 and figure 3.

    Differs:
        The paper does not print its table of connections ("a scheme that will
        not be described here"): `BLOCKS` is a plain one of the same size.
    """

    side: int = 16
    """Height and width of the image."""
    maps: int = 12
    """Feature maps of the first layer (H1)."""
    table: tuple[tuple[int, ...], ...] = BLOCKS
    """For each map of the second layer (H2) the maps that it reads."""
    kernel_size: int = 5
    """Height and width of the kernels."""
    stride: int = 2
    """From one window to the next: every layer has half the side."""
    hidden_size: int = 30
    """Units of the third layer (H3)."""
    num_classes: int = 10
    """Units of the output."""
    background: float = -1.0
    """What stands around the image, and around the maps."""
    own_bias: bool = True
    """Whether each unit has a bias of its own; if not, each map has one."""
    init: str = "fan_in"
    r"""`"fan_in"`: $U(-2.4/F, 2.4/F)$, as printed; `"root"`: $\sqrt F$."""


ZIP_CODE: Final = ZipCodeConfig()
"""The network of the paper."""
SHARED_BIAS: Final = ZipCodeConfig(own_bias=False)
"""The same with one bias for each map, as convolutions have it today."""


class Counts(NamedTuple):
    """What the paper counts."""

    units: int
    """Units, those of the input among them."""
    connections: int
    """Connections, one to a constant 1 for each bias among them."""
    parameters: int
    """Numbers that training may choose."""


def count(config: ZipCodeConfig) -> Counts:
    """Count as the paper does: a shared weight is one, its uses are many.

    Args:
        config: The sizes.

    Returns:
        Units, connections and free parameters. A connection to the background
        counts, and so does the one of each unit to its bias.

    Raises:
        ValueError: A01, A03 as of `ZipCodeNetwork`.

    Examples:
        >>> count(ZIP_CODE)
        Counts(units=1256, connections=64660, parameters=9760)

    Source:
        LeCun et al. (1989), section 3.

    Differs:
        nothing
    """
    check(config)
    window, maps = config.kernel_size**2, len(config.table)
    first = half(config.side, config.stride)
    second = half(first, config.stride)
    h1, h2 = config.maps * first**2, maps * second**2
    reads = window * len(config.table[0])
    full = config.hidden_size * (h2 + 1)
    full += config.num_classes * (config.hidden_size + 1)
    biases = h1 + h2 if config.own_bias else config.maps + maps
    return Counts(
        config.side**2 + h1 + h2 + config.hidden_size + config.num_classes,
        h1 * (window + 1) + h2 * (reads + 1) + full,
        config.maps * window + maps * reads + biases + full,
    )


def half(side: int, stride: int) -> int:
    """Return how many windows fit if a frame keeps the size at stride 1."""
    return (side - 1) // stride + 1


def check(config: ZipCodeConfig) -> None:
    """Refuse sizes that no network can have (A01, A02, A03)."""
    checks.positive(
        "ZipCodeNetwork",
        side=config.side,
        maps=config.maps,
        kernel_size=config.kernel_size,
        stride=config.stride,
        hidden_size=config.hidden_size,
        num_classes=config.num_classes,
    )
    checks.one_of("ZipCodeNetwork", "init", config.init, ("fan_in", "root"))
    check_table(config.table, config.maps)


def check_table(table: tuple[tuple[int, ...], ...], channels: int) -> None:
    """Refuse a table that does not fit the maps below (A01, A03)."""
    checks.positive("FeatureMaps", channels=channels, table=len(table))
    reads = {len(row) for row in table}
    fits = all(
        len(set(row)) == len(row) and set(row) <= set(range(channels))
        for row in table
    )
    if len(reads) != 1 or reads == {0} or not fits:
        raise PfsValueError(
            "A03",
            where="FeatureMaps, table",
            expected=f"rows of one length with different numbers below "
            f"{channels}",
            got=f"{table!r:.80}",
            todo="give each map the numbers of the maps that it reads",
        )
