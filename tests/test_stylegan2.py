import math

import pytest
import torch
import torch.nn.functional as F

from salac.errors import ModelError
from salac.nets.stylegan2 import (
    StyleGAN2Config,
    StyleGAN2Discriminator,
    StyleGAN2Generator,
    blur,
    minibatch_deviation,
    modulated_conv,
    upsample,
)
from salac.training.losses import r1_penalty
from salac.training.style_gan import PathLength, StyleGANTask, sliced_wasserstein

TINY = StyleGAN2Config(widths=(8, 8, 8, 8, 6, 4), style_dim=16, mapping_layers=2)
"""As many sizes as the real net, so that layers 7 and 9 exist."""

SMALL = StyleGAN2Config(widths=(16, 16, 16, 16), style_dim=16, mapping_layers=2)
"""Of 32 px, to train for a few steps."""


@pytest.fixture
def generator():
    torch.manual_seed(0)
    return StyleGAN2Generator(TINY)


def latents(count, seed=0):
    return torch.randn(count, TINY.style_dim, generator=torch.Generator().manual_seed(seed))


def test_sizes_follow_from_the_widths():
    assert StyleGAN2Config().size == 128
    assert StyleGAN2Config().layers == 11
    assert StyleGAN2Config.from_dict(TINY.to_dict() | {"widths": [8, 8]}).size == 8


def test_layers_are_numbered_two_per_size_after_layer_0(generator):
    picture, features = generator(latents(2), features=range(TINY.layers))
    assert picture.shape == (2, 3, 128, 128)
    sizes = [features[number].shape[2] for number in range(TINY.layers)]
    assert sizes == [4, 8, 8, 16, 16, 32, 32, 64, 64, 128, 128]
    assert features[7].shape == (2, 6, 64, 64)
    assert features[9].shape == (2, 4, 128, 128)
    with pytest.raises(ModelError, match="no layer 11"):
        generator(latents(2), features=(7, 11))


def test_noise_makes_pictures_differ_and_without_it_they_repeat(generator):
    with torch.no_grad():
        for layer in generator.layers:
            layer.noise_strength.fill_(0.5)
        first, again = generator(latents(2))[0], generator(latents(2))[0]
        alone = generator(latents(2)[:1])[0]
        fresh = generator(latents(2), noise=True)[0]
    torch.testing.assert_close(first, again, rtol=0, atol=0)
    torch.testing.assert_close(first[:1], alone)
    assert not torch.allclose(first, fresh)


def test_one_style_is_the_same_style_for_every_layer(generator):
    with torch.no_grad():
        styles = generator.mapping(latents(2))
        one, all_layers = styles, styles[:, None].repeat(1, TINY.layers, 1)
        torch.testing.assert_close(generator.synthesize(one)[0], generator.synthesize(all_layers)[0])
        all_layers[:, -2:] = generator.mapping(latents(2, seed=1))[:, None]
        _, features = generator.synthesize(all_layers, features=(8, 9))
        _, before = generator.synthesize(one, features=(8, 9))
    torch.testing.assert_close(features[8], before[8])
    assert not torch.allclose(features[9], before[9])


def test_generator_and_discriminator_learn_from_each_other_everywhere(generator):
    discriminator = StyleGAN2Discriminator(TINY)
    for layer in generator.layers:
        torch.nn.init.constant_(layer.noise_strength, 0.1)
    logits = discriminator(generator(latents(4), noise=True)[0])
    assert logits.shape == (4,)
    F.softplus(-logits).mean().backward()
    for net in (generator, discriminator):
        for name, parameter in net.named_parameters():
            if name != "logit.bias":
                assert parameter.grad is not None, name
                assert parameter.grad.abs().sum() > 0, name


def test_activations_neither_vanish_nor_explode_at_the_start():
    torch.manual_seed(0)
    config = StyleGAN2Config(widths=(64, 64, 64, 32), style_dim=64)
    with torch.no_grad():
        features = StyleGAN2Generator(config)(torch.randn(8, 64), features=range(config.layers))[1]
    for number, feature in features.items():
        assert 0.25 < feature.square().mean().sqrt() < 2, number


@pytest.mark.parametrize("up", [False, True])
def test_modulated_conv_is_one_weight_set_per_picture(up):
    torch.manual_seed(1)
    x, weight, scales = torch.randn(3, 5, 6, 6), torch.randn(4, 5, 3, 3), torch.randn(3, 5)
    per_picture = weight * scales[:, None, :, None, None]
    per_picture = per_picture / per_picture.square().sum((2, 3, 4), keepdim=True).add(1e-8).sqrt()
    if up:
        kernels = per_picture.transpose(1, 2).reshape(15, 4, 3, 3)
        expected = F.conv_transpose2d(x.reshape(1, 15, 6, 6), kernels, stride=2, groups=3).reshape(3, 4, 13, 13)
        expected = blur(expected, padding=1, gain=4.0)
    else:
        kernels = per_picture.reshape(12, 5, 3, 3)
        expected = F.conv2d(x.reshape(1, 15, 6, 6), kernels, padding=1, groups=3).reshape(3, 4, 6, 6)
    torch.testing.assert_close(modulated_conv(x, weight, scales, up=up), math.sqrt(2) * expected)


def test_blur_and_upsampling_are_the_filter_1_3_3_1():
    impulse = torch.zeros(1, 2, 9, 9)
    impulse[:, :, 4, 4] = 1
    taps = torch.tensor([1.0, 3.0, 3.0, 1.0]) / 8
    torch.testing.assert_close(blur(impulse, padding=2)[0, 1, 3:7, 3:7], taps[:, None] * taps)
    torch.testing.assert_close(upsample(impulse)[0, 1, 7:11, 7:11], 4 * taps[:, None] * taps)


def test_minibatch_deviation_sees_only_its_own_group():
    x = torch.zeros(8, 2, 4, 4)
    x[5] = 4.0
    deviation = minibatch_deviation(x)
    assert deviation.shape == (8, 1, 4, 4)
    torch.testing.assert_close(deviation[4:], torch.full((4, 1, 4, 4), math.sqrt(3.0)))  # of 0, 4, 0, 0
    assert deviation[:4].max() < 1e-3


@pytest.fixture
def task(real_pictures):
    return StyleGANTask(SMALL, lambda step, share=0: real_pictures, real_pictures, device=torch.device("cpu"))


@pytest.fixture
def real_pictures():
    return torch.rand(4, 3, 32, 32, generator=torch.Generator().manual_seed(5)) * 2 - 1


def test_path_length_of_a_linear_map_is_its_gradient_norm():
    """Pictures that are a style's mean times one: every length is |sum of directions|, whatever the style."""
    torch.manual_seed(0)
    styles = torch.randn(3, 2, 4, requires_grad=True)
    pictures = styles[:, 0, 0][:, None, None, None] * torch.ones(3, 3, 8, 8)
    path_length = PathLength()
    torch.manual_seed(7)
    penalty = path_length(pictures, styles)
    torch.manual_seed(7)
    lengths = (torch.randn(3, 3, 8, 8) / 8).sum((1, 2, 3)).abs() / math.sqrt(2)  # one of two layers matters
    torch.testing.assert_close(path_length.mean, 0.01 * lengths.mean())
    torch.testing.assert_close(penalty, (lengths - 0.01 * lengths.mean()).square().mean())


def test_r1_on_a_linear_discriminator_is_half_gamma_times_its_squared_weights(real_pictures):
    weights = torch.randn(3, 32, 32)
    pictures = real_pictures.requires_grad_()
    penalty = r1_penalty((pictures * weights).sum((1, 2, 3)), pictures, 3.0)
    torch.testing.assert_close(penalty, 1.5 * weights.square().sum())


def test_a_step_moves_both_nets_and_repeats_from_its_seed(real_pictures):
    results = []
    for _ in range(2):
        task = StyleGANTask(SMALL, lambda step, share=0: real_pictures, real_pictures, device=torch.device("cpu"))
        before = {name: [p.clone() for p in net.parameters()] for name, net in task.nets.items()}
        torch.manual_seed(3)
        losses = task.step(0, task.batch(0))  # with both penalties
        for name in ("generator", "discriminator"):
            assert any((p != q).any() for p, q in zip(task.nets[name].parameters(), before[name], strict=True))
        assert all(p.requires_grad for p in task.discriminator.parameters())
        results.append({name: float(value) for name, value in losses.items()})
    assert results[0] == results[1]
    assert all(math.isfinite(value) for value in results[0].values())


def test_the_discriminator_learns_to_tell_real_from_fake(task, real_pictures):
    task.optimizers["generator"].param_groups[0]["lr"] = 0.0  # or it might learn to fool it
    torch.manual_seed(0)
    for step in range(1, 12):
        task.step(step, real_pictures)
    scores = task.evaluate({"generator": task.generator})
    assert scores["held_out_logit"] > scores["fake_logit"] + 0.1
    assert scores["sliced_wasserstein"] > 0
    assert task.preview({"generator": task.generator}).size == (4 * 36, 2 * 36)


def test_sliced_wasserstein_is_zero_for_equal_and_grows_with_blur(real_pictures):
    blurred = [F.avg_pool2d(real_pictures, k, 1, k // 2) for k in (3, 7)]
    distances = [sliced_wasserstein(real_pictures, other) for other in (real_pictures, *blurred)]
    assert distances[0] == 0
    assert 0 < distances[1] < distances[2]
