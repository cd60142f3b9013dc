"""Which modules the API documentation shows, and on which page."""

from functools import cache

from pfs import papers
from website.generated import noted_papers

PAGES = {
    "nn": [
        *("activation", "attention", "multihead", "cache", "gelu"),
        *("dropout", "embedding", "linear", "loss", "norm", "softmax"),
        *("conv", "conv_layer", "batch_norm", "batch_norm_layers", "pool"),
        *("pool_layers", "adaptive_pool", "similarity"),
    ],
    "optim": ["sgd", "adam", "lars", "schedule"],
    "text": [
        *("vocabulary", "cleaning", "files", "words", "wordpiece"),
        *("byte_pair", "pieces"),
    ],
    "data": [
        *("datasets", "cards", "described", "cache", "story", "corpora"),
        *("images", "digits", "pairs", "questions", "words", "vocabularies"),
        *("batches", "streams", "augment", "augment_color", "augment_space"),
        *("generated.numbers", "generated.dates"),
        *("generated.templates", "generated.planted_words"),
        "generated.captioned_shapes",
    ],
    "training": [
        *("trainer", "callbacks", "logs", "checkpoint", "keeping", "faults"),
        *("distributed", "launch", "interrupts", "language", "ngram"),
        *("sampling", "saved", "provenance", "between", "probes"),
    ],
    "translation": [
        *("transformer_encoder", "transformer_decoder", "transformer_inputs"),
        *("translator", "decoding", "beam", "batches", "codec"),
    ],
    "words": [
        *("bert_config", "bert_embeddings", "bert_heads", "bert_pairs"),
        *("bert_pretraining", "bert_names", "bert_weights", "bert_files"),
        *("bert_windows", "bert_spans", "bert_questions", "answer_scores"),
    ],
    "language": [
        *("gpt_config", "gpt_classification", "gpt_generate", "gpt_names"),
    ],
    "basics": ["cnn_config"],
    "contrastive": [
        *("inst_disc_config", "inst_disc_loss"),
        *("inva_spread_loss", "inva_spread_gather"),
        *("moco_config", "moco_loss", "moco_shuffle", "moco_names"),
        "simclr_config",
    ],
    "vision": [
        *("resnet_config", "resnet_blocks", "resnet_shortcuts"),
        *("resnet_costs", "resnet_names"),
    ],
    "homework": ["notebook", "battery"],
    "recipes": [
        *("char_rnn", "char_window", "char_gpt", "fill_gaps", "translate"),
        *("bert_qa", "contrast", "raw_pixels", "settings", "corpus"),
        "running",
    ],
}
TOP = [
    *("pfs.papers", "pfs.orders", "pfs.ledger", "pfs.terms", "pfs.errors"),
    *("pfs.explain", "pfs.results", "pfs.backend"),
]


@cache
def api_pages() -> dict[str, str]:
    """Return one page of API documentation for each package."""
    modules = {
        name: [f"pfs.{name}.{member}" for member in members]
        for name, members in PAGES.items()
    }
    modules["registry"] = TOP
    for name in noted_papers():
        module = papers.load()[name].module
        modules[module.removeprefix("pfs.")] = [module]
    pages = {}
    for name, members in sorted(modules.items()):
        title = f"pfs.{name}" if name != "registry" else "pfs"
        parts = [f"# {title}"]
        for member in members:
            anchor = member.removeprefix("pfs.").replace(".", "-")
            if len(members) > 1:
                parts.append(f"## {member} {{ #{anchor} }}")
            level = 3 if len(members) > 1 else 2
            parts.append(
                f"::: {member}\n    options: {{skip_local_inventory: false, "
                f"show_root_heading: false, show_root_toc_entry: false, "
                f"heading_level: {level}}}"
            )
        pages[f"api/{name}.md"] = "\n\n".join(parts) + "\n"
    return pages
