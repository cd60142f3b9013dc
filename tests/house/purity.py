"""From scratch: what of torch may be used."""

import ast
import re

from house.syntax import dotted, imports, names

# From torch.nn: the containers of parameters and their filling, nothing else.
NN_ALLOWED = {
    *("Buffer", "Module", "ModuleDict", "ModuleList", "Parameter"),
    *("ParameterDict", "ParameterList", "Sequential", "init"),
}
# Several processes, no layer.
PARALLEL = "torch.nn.parallel.DistributedDataParallel"
OPTIM_ALLOWED = {"Optimizer"}  # the base class: groups, state, closures
# The same names in torch and in torch.nn.functional that are arithmetic.
ARITHMETIC = {"sigmoid", "tanh", "one_hot", "pad", "unfold"}
# Ready-made layers and losses that torch also offers as plain functions or
# methods of a tensor. `test_purity.py` compares with torch's own lists.
READY_MADE = {
    *("adaptive_avg_pool1d", "adaptive_max_pool1d", "avg_pool1d"),
    *("max_pool1d", "max_pool1d_with_indices", "max_pool2d", "max_pool3d"),
    *("conv1d", "conv2d", "conv3d", "conv_tbc", "convolution"),
    *("conv_transpose1d", "conv_transpose2d", "conv_transpose3d"),
    *("batch_norm", "group_norm", "instance_norm", "layer_norm", "rms_norm"),
    *("native_batch_norm", "native_group_norm", "native_layer_norm"),
    *("local_response_norm", "normalize", "native_channel_shuffle"),
    *("dropout", "dropout_", "alpha_dropout", "alpha_dropout_"),
    *("feature_dropout", "feature_dropout_", "feature_alpha_dropout"),
    *("feature_alpha_dropout_", "native_dropout"),
    *("gru", "gru_cell", "lstm", "lstm_cell", "rnn_relu", "rnn_relu_cell"),
    *("rnn_tanh", "rnn_tanh_cell"),
    *("bilinear", "embedding", "embedding_bag", "embedding_renorm_"),
    *("scaled_dot_product_attention",),
    *("softmax", "log_softmax", "softmin", "gumbel_softmax", "logsigmoid"),
    *("relu", "relu_", "relu6", "rrelu", "rrelu_", "prelu", "selu", "selu_"),
    *("celu", "celu_", "gelu", "elu", "glu", "silu", "mish", "softplus"),
    *("hardshrink", "softshrink", "tanhshrink", "softsign", "hardtanh"),
    *("threshold", "threshold_", "leaky_relu", "hardsigmoid", "hardswish"),
    *("cross_entropy", "nll_loss", "binary_cross_entropy_with_logits"),
    *("cosine_embedding_loss", "cosine_similarity", "ctc_loss", "kl_div"),
    *("hinge_embedding_loss", "margin_ranking_loss", "poisson_nll_loss"),
    *("triplet_margin_loss", "pairwise_distance", "pdist"),
    *("pixel_shuffle", "pixel_unshuffle", "channel_shuffle", "grid_sampler"),
    *("affine_grid_generator",),
}
METHODS_ALLOWED = {"relu_"}  # the in-place maximum with 0, inside a loop
FORBIDDEN_MODULES = (
    *("torch.nn.functional", "torch.nn.modules", "torch.nn.utils"),
    *("torch.ops", "torch.special.softmax", "torch.special.log_softmax"),
    *("torch.ao", "torch.jit", "torch.hub", "torchvision", "torchaudio"),
    *("torchtext", "transformers", "timm", "tensorflow", "jax"),
)
# torch._C, torch._softmax ...; `_foreach_` is arithmetic on many tensors.
PRIVATE = re.compile(r"_(?!_version__$|foreach_)")
HIDING = {"getattr", "eval", "exec", "compile", "__import__", "vars"}


def impure(source: str) -> list[str]:
    """Return the uses of torch that are ready-made layers."""
    tree = ast.parse(source)
    known = names(tree)
    used = list(imports(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and (name := dotted(node, known)):
            used.append((node.lineno, name))
        elif isinstance(node, ast.Call):
            used += _called(node, known)
        elif isinstance(node, ast.Constant) and _names_torch(node.value):
            used.append((node.lineno, f"hidden: {node.value!r}"))
    return sorted(
        {
            f"line {line}: {name} is ready-made"
            for line, name in used
            if _is_ready_made(name)
        }
    )


def _called(node: ast.Call, known: dict[str, str]) -> list[tuple[int, str]]:
    """Return a method that is a layer, or a call that hides a name."""
    function = node.func
    if isinstance(function, ast.Attribute):
        layer = function.attr in READY_MADE - METHODS_ALLOWED
        own = ast.unparse(function.value) == "self"
        if layer and not own and not dotted(function, known):
            return [(node.lineno, f"Tensor.{function.attr}")]
    if isinstance(function, ast.Name) and function.id in HIDING:
        if any(dotted(a, known).startswith("torch") for a in node.args):
            return [(node.lineno, f"hidden: {function.id}")]
        if function.id in ("eval", "exec", "compile", "__import__"):
            return [(node.lineno, f"hidden: {function.id}")]
    return []


def _names_torch(value: object) -> bool:
    text = value if isinstance(value, str) else ""
    return text.startswith(("torch.", "torchvision")) and " " not in text


def _is_ready_made(name: str) -> bool:
    if name.startswith("hidden: "):
        return True
    if name == PARALLEL:
        return False
    if name.endswith(".*") and name.startswith("torch"):
        return True
    if any(name == m or name.startswith(f"{m}.") for m in FORBIDDEN_MODULES):
        return True
    parts = name.split(".")
    if parts[0] == "torch" and any(PRIVATE.match(p) for p in parts[1:]):
        return True
    if parts[:2] == ["torch", "nn"] and len(parts) > 2:
        return parts[2] not in NN_ALLOWED
    if parts[:2] == ["torch", "optim"] and len(parts) > 2:
        return parts[2] not in OPTIM_ALLOWED
    if parts[:2] == ["torch", "Tensor"] and len(parts) > 2:
        return parts[2] in READY_MADE - METHODS_ALLOWED
    if parts[0] in ("torch", "Tensor") and len(parts) == 2:
        return parts[1] in READY_MADE
    return False
