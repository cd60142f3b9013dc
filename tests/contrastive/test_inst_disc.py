"""Instance discrimination against explicit formulas and the authors' steps."""

import copy
import math
from dataclasses import replace
from itertools import pairwise

import pytest
import torch
import torch.distributed as dist
from torch import nn
from torch.nn.functional import binary_cross_entropy, normalize
from torch.testing import assert_close

from pfs import ledger
from pfs.contrastive.inst_disc import (
    IMAGENET,
    InstDisc,
    InstDiscConfig,
    estimate_normalizer,
    nce_loss,
    non_parametric_softmax_loss,
)

EXACT = {"rtol": 1e-9, "atol": 1e-9}
double = torch.float64
N, D, B, M = 11, 5, 3, 7


def sphere(rows, size, seed):
    chance = torch.Generator().manual_seed(seed)
    return normalize(torch.randn(rows, size, generator=chance, dtype=double))


def case(rows=N, negatives=M):
    chance = torch.Generator().manual_seed(3)
    f = sphere(B, D, 0).requires_grad_()
    noise = torch.randint(rows, (B, negatives), generator=chance)
    return f, sphere(rows, D, 1), torch.tensor([4, 0, 10]), noise


def slope(loss, f):
    return torch.autograd.grad(loss, f)[0]


def method(**changes):
    torch.manual_seed(0)
    sizes = {"num_images": N, "feature_size": 6, "embedding_size": D}
    form = {"negatives": M, "temperature": 0.2} | sizes | changes
    encoder = nn.Sequential(nn.Flatten(), nn.Linear(9, 6, dtype=double))
    return InstDisc(encoder, InstDiscConfig(**form)).double()


def images(seed=5, rows=B):
    chance = torch.Generator().manual_seed(seed)
    return torch.randn(rows, 1, 3, 3, generator=chance, dtype=double)


class TestSoftmax:
    def test_equals_cross_entropy_of_torch(self):
        f, bank, index, _ = case()
        ours = non_parametric_softmax_loss(f, bank, index, 0.3)
        theirs = nn.functional.cross_entropy(f @ bank.T / 0.3, index)
        assert_close(ours, theirs, **EXACT)
        assert_close(slope(ours, f), slope(theirs, f), **EXACT)

    def test_uninformative_embeddings_cost_ln_n(self):
        """All rows of the bank are the same: every image is as likely."""
        bank = sphere(1, D, 2).expand(N, D)
        f, _, index, _ = case()
        loss = non_parametric_softmax_loss(f, bank, index)
        assert_close(loss.item(), math.log(N), **EXACT)

    def test_a_random_bank_costs_a_little_more(self):
        """Scores of variance 1 / (d tau^2) add half of it to ln n."""
        d, tau, n = 128, 0.07, 30_000
        f, bank = sphere(20, d, 4), sphere(n, d, 5)
        logits = f @ bank.T / tau
        more = torch.logsumexp(logits, 1).mean().item() - math.log(n)
        assert more == pytest.approx(1 / (2 * d * tau**2), abs=0.02)
        named = ledger.value("inst-disc-loss-start") - math.log(1_281_167)
        assert more == pytest.approx(named, abs=0.02)

    def test_a_perfect_answer_costs_what_the_ledger_says(self):
        bank = torch.eye(4097, dtype=double)
        index = torch.tensor([17])
        loss = non_parametric_softmax_loss(bank[index], bank, index, 0.07)
        want = ledger.value("inst-disc-loss-perfect")
        assert loss.item() == pytest.approx(want, rel=2e-3)


def explicit(f, bank, index, noise, Z, tau):
    """Binary cross entropy of h against "is it data?", all terms in full."""
    n, m = len(bank), noise.shape[1]
    total = 0.0
    for b in range(len(f)):
        for row, data in [(index[b], 1.0)] + [(j, 0.0) for j in noise[b]]:
            P = (bank[row] @ f[b] / tau).exp() / Z
            h = P / (P + m / n)
            total += binary_cross_entropy(h, h.new_tensor(data))
    return total / len(f)


def authors(f, bank, index, noise, Z, tau, eps=1e-7):
    """NCEAverage and NCECriterion of the authors, without their in-place."""
    n, K = len(bank), noise.shape[1]
    weight = bank[torch.cat([index[:, None], noise], 1)]
    out = torch.bmm(weight, f[:, :, None]).div(tau).exp()[:, :, 0] / Z
    Pmt, Pms = out[:, 0], out[:, 1:]
    lnPmt = (Pmt / (Pmt + K / n + eps)).log()
    lnPon = ((K / n) / (Pms + K / n + eps)).log()
    return -(lnPmt.sum() + lnPon.sum()) / len(f)


class TestNCE:
    Z = torch.tensor(30.0, dtype=double)

    def test_equals_explicit_binary_cross_entropy(self):
        f, bank, index, noise = case()
        ours = nce_loss(f, bank, index, noise, self.Z, 0.3)
        theirs = explicit(f, bank, index, noise, self.Z, 0.3)
        assert_close(ours, theirs, **EXACT)
        assert_close(slope(ours, f), slope(theirs, f), **EXACT)

    def test_eps_makes_it_the_authors_code(self):
        f, bank, index, noise = case()
        arguments = f, bank, index, noise, self.Z, 0.3
        for eps in (1e-7, 0.1):
            ours = nce_loss(*arguments, eps=eps)
            theirs = authors(*arguments, eps=eps)
            assert_close(ours, theirs, **EXACT)
            assert_close(slope(ours, f), slope(theirs, f), **EXACT)
        assert abs(ours - nce_loss(*arguments)) > 1e-3

    def test_large_scores_do_not_overflow(self):
        bank = torch.eye(3)
        f = bank[:1].clone().requires_grad_()
        noise, Z = torch.tensor([[1, 2]]), torch.tensor(3.0)
        loss = nce_loss(f, bank, torch.tensor([0]), noise, Z, 0.001)
        assert torch.isfinite(loss)
        assert torch.isfinite(slope(loss, f)).all()

    def test_uninformative_embeddings_cost_what_the_ledger_says(self):
        """P = 1/n everywhere, so h = 1 / (1 + m)."""
        bank = torch.ones(10, 1, dtype=double)
        noise = torch.randint(10, (2, 4096))
        index, f = torch.tensor([3, 4]), bank[:2]
        Z = estimate_normalizer(f, bank, noise)
        loss = nce_loss(f, bank, index, noise, Z).item()
        m = 4096
        assert loss == pytest.approx(math.log(1 + m) + m * math.log(1 + 1 / m))
        want = ledger.value("inst-disc-nce-uniform")
        assert loss == pytest.approx(want, rel=1e-4)

    def all_rows(self, repeats):
        """Noise that holds every row as often: its mean is exact."""
        f, bank, index, _ = case()
        f, index = f[:1].detach().requires_grad_(), index[:1]
        noise = torch.arange(N).repeat(1, repeats)
        Z = (bank @ f[0].detach() / 0.3).exp().sum()
        return f, bank, index, noise, Z

    @pytest.mark.parametrize("repeats", [1, 3, 100])
    def test_the_mean_gradient_is_a_damped_softmax(self, repeats):
        """Every term (P - [j = i]) v_j / tau, times m / (m + n P)."""
        f, bank, index, noise, Z = self.all_rows(repeats)
        P = (bank @ f[0].detach() / 0.3).exp() / Z
        damp = noise.shape[1] / (noise.shape[1] + N * P)
        off = P - nn.functional.one_hot(index[0], N)
        want = (damp * off) @ bank / 0.3
        ours = slope(nce_loss(f, bank, index, noise, Z, 0.3), f)[0]
        assert_close(ours, want, **EXACT)

    def test_more_noise_comes_nearer_to_the_softmax(self):
        gaps = []
        for repeats in (1, 10, 100, 1000):
            f, bank, index, noise, Z = self.all_rows(repeats)
            full = non_parametric_softmax_loss(f, bank, index, 0.3)
            nce = nce_loss(f, bank, index, noise, Z, 0.3)
            gaps.append((slope(full, f) - slope(nce, f)).norm().item())
        for wide, narrow in pairwise(gaps):
            assert narrow < wide / 5
        assert gaps[-1] < 1e-2

    def test_drawn_noise_has_the_right_gradient_on_average(self):
        """4,000 draws of 7: within five standard errors of the exact mean."""
        f, bank, index, _, Z = self.all_rows(1)
        draws = 4000
        chance = torch.Generator().manual_seed(7)
        drawn = torch.randint(N, (draws, M), generator=chance)
        many = f.detach().expand(draws, D).clone().requires_grad_()
        own = index.expand(draws)
        each = draws * slope(nce_loss(many, bank, own, drawn, Z, 0.3), many)
        P = (bank @ f[0].detach() / 0.3).exp() / Z
        off = P - nn.functional.one_hot(index[0], N)
        want = (M / (M + N * P) * off) @ bank / 0.3
        error = each.std(0) / draws**0.5
        assert (error < 0.1).all()
        assert ((each.mean(0) - want).abs() < 5 * error).all()

    @pytest.mark.parametrize("Z", [0.5, 30.0, 1e4])
    def test_the_own_row_among_the_noise_stops_at_a_probability_of_1(self, Z):
        """With every row drawn once, m = n and h = 1/2 at P = 1."""
        bank, index = torch.eye(N, dtype=double), torch.tensor([4, 4, 4])
        log_p = torch.tensor([-0.5, 0.0, 0.5], dtype=double)
        s = (log_p + math.log(Z)).requires_grad_()

        def push(noise):
            f = s[:, None] * bank[4]  # the score s with the own row, or 0
            return 3 * slope(nce_loss(f, bank, index, noise, z, 1.0), s)

        every, z = torch.arange(N).expand(3, N), torch.tensor(Z).double()
        h, pushed = torch.sigmoid(log_p), push(every)
        assert_close(pushed, -(1 - h) + h, **EXACT)
        assert pushed[0] < -0.1
        assert abs(pushed[1]) < 1e-9
        assert pushed[2] > 0.1
        assert (push(every[:, torch.arange(N) != 4]) < -0.1).all()


class TestNormalizer:
    def test_is_the_mean_times_the_rows(self):
        f, bank, _, noise = case()
        f = f.detach()
        total = sum(
            math.exp(float(bank[j] @ f[b] / 0.3))
            for b in range(B)
            for j in noise[b]
        )
        Z = estimate_normalizer(f.requires_grad_(), bank, noise, 0.3)
        assert_close(Z.item(), N * total / (B * M), **EXACT)
        assert not Z.requires_grad

    def test_all_rows_once_give_the_denominator(self):
        f, bank, *_ = case()
        noise = torch.arange(N)[None].expand(B, N)
        Z = estimate_normalizer(f, bank, noise, 0.3)
        want = (f @ bank.T / 0.3).exp().sum(1).mean()
        assert_close(Z, want.detach(), **EXACT)


class TestInstDisc:
    def test_the_bank_starts_on_the_sphere(self):
        bank = method(num_images=500).bank
        assert_close(bank.norm(dim=1), torch.ones(500, dtype=double))
        assert bank.mean(0).norm() < 0.2
        assert bank.T.cov().diagonal().min() > 0.05

    def test_embed_gives_unit_vectors(self):
        model = method()
        f = model.embed(images())
        assert_close(f.norm(dim=1), torch.ones(B, dtype=double))
        want = normalize(model.head(model.encoder(images())))
        assert_close(f, want, **EXACT)

    @pytest.mark.parametrize("negatives", [None, M])
    def test_the_loss_meets_the_bank_before_it_is_written(self, negatives):
        model = method(negatives=negatives, momentum=0.5, proximal=0.7)
        index, before = torch.tensor([9, 2, 5]), model.bank.clone()
        f = model.embed(images())
        torch.manual_seed(1)
        loss = model(images(), None, index)
        if negatives is None:
            want = non_parametric_softmax_loss(f, before, index, 0.2)
        else:
            torch.manual_seed(1)
            noise = torch.randint(N, (B, M))
            Z = estimate_normalizer(f, before, noise, 0.2)
            assert_close(model.normalizer, Z, **EXACT)
            want = nce_loss(f, before, index, noise, Z, 0.2)
        want = want + 0.7 * (f - before[index]).square().sum(1).mean()
        assert_close(loss, want, **EXACT)
        grads = torch.autograd.grad(loss, list(model.parameters()))
        wants = torch.autograd.grad(want, list(model.parameters()))
        assert_close(grads, wants, **EXACT)

    def test_the_second_view_does_not_matter(self):
        losses = []
        for second in (None, images(), images(6)):
            torch.manual_seed(2)
            loss = method()(images(), second, torch.tensor([0, 1, 2]))
            losses.append(loss.item())
        assert losses[0] == losses[1] == losses[2]

    @pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
    def test_a_row_moves_towards_its_embedding(self, momentum):
        """Steps of the authors: scale, add, divide by the length."""
        model = method(momentum=momentum)
        index, before = torch.tensor([9, 2, 5]), model.bank.clone()
        x = model.embed(images()).detach()
        model(images(), None, index).backward()
        weight_pos = before[index] * momentum
        weight_pos += x * (1 - momentum)
        weight_pos /= weight_pos.pow(2).sum(1, keepdim=True).pow(0.5)
        want = before.index_copy(0, index, weight_pos)
        assert_close(model.bank, want, **EXACT)
        if momentum == 0:
            assert_close(model.bank[index], x, **EXACT)

    def test_rows_keep_length_1_over_many_steps(self):
        model = method()
        for step in range(50):
            index = torch.randint(N, (B,))
            model(images(step), None, index)
        assert_close(model.bank.norm(dim=1), torch.ones(N, dtype=double))

    def test_no_gradient_reaches_the_bank(self):
        model = method(proximal=1.0)
        model(images(), None, torch.tensor([0, 1, 2])).backward()
        assert not model.bank.requires_grad
        assert not model.normalizer.requires_grad
        assert model.bank.grad_fn is None
        assert "bank" not in dict(model.named_parameters())
        assert all(p.grad.abs().sum() > 0 for p in model.head.parameters())

    def test_a_number_twice_is_written_once_with_the_mean(self):
        model = method(momentum=0.5)
        before = model.bank.clone()
        x = model.embed(images()).detach()
        model(images(), None, torch.tensor([4, 7, 4]))
        want = before.clone()
        want[4] = normalize(before[4] / 2 + (x[0] + x[2]) / 4, dim=0)
        want[7] = normalize(before[7] / 2 + x[1] / 2, dim=0)
        assert_close(model.bank, want, **EXACT)

    def test_the_constant_is_settled_by_the_first_batch(self):
        model = method()
        assert model.normalizer == 0
        model(images(), None, torch.tensor([0, 1, 2]))
        first = model.normalizer.clone()
        assert first > 0
        model(images(8), None, torch.tensor([3, 4, 5]))
        assert torch.equal(model.normalizer, first)

    def test_a_test_leaves_no_trace(self):
        model = method().eval()
        before = copy.deepcopy(model.state_dict())
        model(images(), None, torch.tensor([0, 1, 2]))
        assert_close(model.state_dict(), before, rtol=0, atol=0)

    def test_a_run_goes_on_exactly_from_its_state(self):
        model = method(proximal=0.1)
        model(images(), None, torch.tensor([0, 1, 2]))
        saved, chance = copy.deepcopy(model.state_dict()), torch.get_rng_state()

        def goes_on(model):
            torch.set_rng_state(chance)
            index = torch.tensor([1, 5, 6])
            losses = [model(images(s), None, index) for s in (1, 2, 3)]
            return torch.stack(losses).detach(), model.state_dict()

        want = goes_on(model)
        torch.manual_seed(99)
        fresh = method(proximal=0.1)
        fresh.load_state_dict(saved)
        assert_close(goes_on(fresh), want, rtol=0, atol=0)

    def test_it_learns_to_find_its_images(self):
        model = method(negatives=None, temperature=0.1)
        x, index = images(rows=N), torch.arange(N)
        optimizer = torch.optim.SGD(model.parameters(), 0.1)
        losses = []
        for _ in range(40):
            loss = model(x, None, index)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        assert losses[-1] < 0.3 < math.log(N) < losses[0]

    def test_the_preset_is_that_of_the_authors(self):
        assert IMAGENET.embedding_size == 128
        assert replace(IMAGENET, num_images=1) == InstDiscConfig(
            num_images=1, feature_size=2048
        )


def one_of_two(rank, folder, index):
    store = f"file://{folder}/store"
    dist.init_process_group("gloo", store, rank=rank, world_size=2)
    model = method(negatives=None)
    rows = slice(2 * rank, 2 * rank + 2)
    model(images(rows=4)[rows], None, index[rows])
    torch.save(model.bank, f"{folder}/bank{rank}")
    dist.destroy_process_group()


def test_two_processes_write_what_one_would(tmp_path):
    index = torch.tensor([3, 8, 3, 0])
    torch.multiprocessing.start_processes(
        one_of_two, (str(tmp_path), index), nprocs=2, start_method="fork"
    )
    model = method(negatives=None)
    model(images(rows=4), None, index)
    for rank in (0, 1):
        bank = torch.load(tmp_path / f"bank{rank}")
        assert_close(bank, model.bank, **EXACT)
