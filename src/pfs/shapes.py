"""Names for the shapes of tensors: `Float[Tensor, "batch time input"]`.

With `jaxtyping` installed (it is in the test environment) these are its types
and the tests check every shape that the package writes down. Without it the
annotations are plain `Tensor`: the package needs torch and NumPy only.

The axes have one name each, everywhere (see the glossary): `batch`, `time`,
`input`, `hidden`, `vocab`, `layer`; leading axes that do not matter: `*batch`.
"""

from typing import TYPE_CHECKING

from torch import Tensor

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int, Shaped
else:
    try:
        from jaxtyping import Bool, Float, Int, Shaped
    except ImportError:

        class _Named:
            def __class_getitem__(cls, item: tuple[type, str]) -> type:
                return item[0]

        Bool = Float = Int = Shaped = _Named

__all__ = ["Bool", "Float", "Int", "Shaped", "Tensor"]
