"""The names that the authors of MoCo gave to weights, and ours."""

from collections.abc import Mapping

from pfs.shapes import Tensor

PREFIX = "module."
"""What `DistributedDataParallel` puts before every name."""


def from_official(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Rename the weights of an authors' checkpoint to ours.

    | Authors | Here |
    |---|---|
    | `module.encoder_q.conv1.weight` | `encoder.conv1.weight` |
    | `module.encoder_q.fc.weight` | `head.weight` |
    | `module.encoder_q.fc.0.weight`, `fc.2` (v2) | `head.0.weight`, `head.2` |
    | `module.encoder_k.conv1.weight` | `key_encoder.conv1.weight` |
    | `module.encoder_k.fc.weight` | `key_head.weight` |
    | `module.queue` (embedding, queue) | `queue` (queue, embedding) |
    | `module.queue_ptr` (1) | `pointer` () |

    Args:
        state: The entry `state_dict` of their file.

    Returns:
        What `MoCo` or `MoCoV2` loads, with an encoder of torchvision's names
        and without its last layer.

    Examples:
        >>> import torch
        >>> list(from_official({"module.encoder_q.fc.bias": torch.zeros(2)}))
        ['head.bias']

    Source:
        The authors' `moco/builder.py` and torchvision's `resnet50`.

    Differs:
        nothing
    """
    renamed = {}
    for name, tensor in state.items():
        name = name.removeprefix(PREFIX)
        if name == "queue":
            renamed["queue"] = tensor.T.contiguous()
        elif name == "queue_ptr":
            renamed["pointer"] = tensor.reshape(())
        else:
            renamed[_ours(name)] = tensor
    return renamed


def to_official(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Rename our weights to those of an authors' checkpoint.

    Args:
        state: The state of a `MoCo` or `MoCoV2`.

    Returns:
        The entry `state_dict` of a file that their code reads.

    Examples:
        >>> import torch
        >>> list(to_official({"key_head.0.bias": torch.zeros(2)}))
        ['module.encoder_k.fc.0.bias']

    Source:
        The authors' `moco/builder.py` and torchvision's `resnet50`.

    Differs:
        nothing
    """
    renamed = {}
    for name, tensor in state.items():
        if name == "queue":
            renamed[f"{PREFIX}queue"] = tensor.T.contiguous()
        elif name == "pointer":
            renamed[f"{PREFIX}queue_ptr"] = tensor.reshape(1)
        else:
            renamed[PREFIX + _theirs(name)] = tensor
    return renamed


def _ours(name: str) -> str:
    side, _, rest = name.partition(".")
    start = "key_" if side == "encoder_k" else ""
    part, _, last = rest.partition(".")
    return f"{start}head.{last}" if part == "fc" else f"{start}encoder.{rest}"


def _theirs(name: str) -> str:
    side = "encoder_k" if name.startswith("key_") else "encoder_q"
    part, _, rest = name.removeprefix("key_").partition(".")
    return f"{side}.fc.{rest}" if part == "head" else f"{side}.{rest}"
