"""torchvision beside a torch that its compiled operators were not built for.

torchvision's wheels are linked against the torch of the same index. Beside the
CPU build its operators do not load, and then neither torchvision nor
`transformers`, which imports it when it is there, can be imported. Models and
transforms do not need these operators: it is enough that their names exist.
"""

import importlib.util
from pathlib import Path

import torch

OPERATORS = {
    "nms": "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms": "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    **dict.fromkeys(
        (
            *("roi_align", "_roi_align_backward", "qroi_align"),
            *("roi_pool", "_roi_pool_backward"),
            *("ps_roi_align", "_ps_roi_align_backward"),
            *("ps_roi_pool", "_ps_roi_pool_backward"),
            *("deform_conv2d", "_deform_conv2d_backward"),
        ),
        "(Tensor x) -> Tensor",
    ),
}
KEPT = []
"""A library is undone with its last reference."""


def make_importable() -> bool:
    """Give torchvision's operators a name if they do not load.

    Returns whether torchvision is there. Nothing is imported.
    """
    spec = importlib.util.find_spec("torchvision")
    if spec is None or spec.origin is None:
        return False
    if KEPT or hasattr(torch.ops.torchvision, "nms"):
        return True
    for compiled in Path(spec.origin).parent.glob("_C*"):
        try:
            torch.ops.load_library(str(compiled))
        except OSError:
            continue
        return True
    library = torch.library.Library("torchvision", "DEF")
    for name, arguments in OPERATORS.items():
        library.define(name + arguments)
    KEPT.append(library)
    return True
