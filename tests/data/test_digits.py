import sys

import pytest
import torch
from sklearn.datasets import load_digits

from pfs.data import card, load
from pfs.errors import PfsFileError


def test_the_digits_are_those_of_scikit_learn():
    ours, theirs = load("digits"), load_digits()
    images = torch.cat([ours.train_images, ours.test_images])[:, 0]
    grey = (images.double() * 16 / 255).round()
    assert torch.equal(grey, torch.tensor(theirs.images))
    labels = torch.cat([ours.train_labels, ours.test_labels])
    assert torch.equal(labels, torch.tensor(theirs.target))
    counts = card("digits").counts
    assert len(ours.train_images) == counts["train"]
    assert len(ours.test_images) == counts["test"]
    assert images.dtype == torch.uint8
    assert images.max() == 255


def test_without_scikit_learn_the_message_names_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(PfsFileError, match="scikit-learn") as caught:
        load("digits")
    assert caught.value.code == "E05"


def test_one_writer_stands_on_both_sides_of_the_cut():
    """As the docstring says: the labels begin anew where a writer does."""
    labels = load_digits().target.tolist()
    for start in (1_415, 1_545):
        assert labels[start : start + 10] == list(range(10))
    assert len(load("digits").train_images) == 1_500
