"""AlacGAN in automatic mode, the thesis' first baseline (section 4.3), written anew from its paper.

Ci et al. 2018, "User-Guided Deep Anime Line Art Colorization with Conditional Adversarial Networks" (arXiv 1808.03240):
a U-Net of dilated ResNeXt blocks and sub-pixel convolutions that is shown what a pretrained net sees in the sketch;
a critic that is shown it too, with Wasserstein loss, gradient penalty and drift; a content loss on VGG16's features.

Where it departs from the paper:
- Automatic mode is meant, so there are no hints, neither in training nor afterwards, and no branch that reads them.
- What a pretrained net sees in the sketch are features of VGG16 (relu4_3, of the sketch at half size, so that they
  have the paper's 512 channels at a sixteenth of the picture) instead of Illustration2Vec's, whose weights have no open
  licence. VGG16 knows photographs, not illustrations. It is the one that LPIPS is measured with.
- It is a quarter as wide (16 instead of 64), which gives it about as many weights as salac-tiny, and works at
  the proposal's size and batch instead of 512 px and 4; the learning rate is higher, for the run is shorter.
- Groups of sixteen channels instead of 32 groups, which so narrow a net does not have; with groups of eight, some CPUs'
  bfloat16 gradients of dilated convolutions are not numbers.
- The content loss looks at pictures at half size, where it costs a quarter, and is measured in the mean square of the
  true picture's features, for this VGG16's are small beside those that the paper weighs the adversarial loss by.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ...evaluation.lpips import vgg_features, vgg_weights
from ...stages.torch_nets import pick_device
from .. import ranks
from ..loop import Settings, autocast, load_averages
from .picture import Painter, PictureBatch, PictureTask

WIDTH = 16
"""Channels at half size; ngf and ndf of the paper, which has 64."""
SEEN = 512
"""Channels of what the pretrained net sees."""
ADVERSARIAL, PENALTY, DRIFT = 1e-4, 10.0, 1e-3
"""Weights beside the content loss, of the gradient penalty, and of the drift, as in the paper."""

_GROUP = 16


class Bottleneck(nn.Module):
    """ResNeXt block: reduce, grouped and dilated convolution, expand, beside a shortcut; `stride` 2 halves the size."""

    def __init__(self, width: int, dilation: int = 1, stride: int = 1):
        super().__init__()
        inner = max(_GROUP, width // 2)
        self.reduce = nn.Conv2d(width, inner, 1, bias=False)
        self.middle = nn.Conv2d(
            inner, inner, 2 + stride, stride, dilation, dilation, groups=inner // _GROUP, bias=False
        )
        self.expand = nn.Conv2d(inner, width, 1, bias=False)
        self.stride = stride

    def forward(self, x: Tensor) -> Tensor:
        """Features (B, width, h, w) -> the same, or half as high and wide."""
        y = F.leaky_relu(self.middle(F.leaky_relu(self.reduce(x), 0.2)), 0.2)
        return self.expand(y) + (F.avg_pool2d(x, 2) if self.stride == 2 else x)


def activated(inputs: int, outputs: int, kernel: int = 3, stride: int = 1) -> nn.Sequential:
    """Convolution and leaky ReLU."""
    return nn.Sequential(nn.Conv2d(inputs, outputs, kernel, stride, (kernel - 1) // 2), nn.LeakyReLU(0.2))


def tunnel(inputs: int, width: int, outputs: int, dilations: tuple[int, ...]) -> nn.Sequential:
    """Dilated blocks between a convolution and a sub-pixel convolution that doubles the size."""
    return nn.Sequential(
        activated(inputs, width),
        *(Bottleneck(width, dilation) for dilation in dilations),
        nn.Conv2d(width, 4 * outputs, 3, padding=1),
        nn.PixelShuffle(2),
        nn.LeakyReLU(0.2),
    )


class AlacganGenerator(nn.Module):
    """The U-Net: the sketch down to a sixteenth, and up through four tunnels."""

    def __init__(self, width: int = WIDTH):
        super().__init__()
        w = width
        self.to0, self.to1 = activated(1, w // 2), activated(w // 2, w, 4, 2)
        self.to2, self.to3, self.to4 = (
            activated(w, 2 * w, 4, 2),
            activated(2 * w, 4 * w, 4, 2),
            activated(4 * w, 8 * w, 4, 2),
        )
        wide = (1, 1, 2, 2, 4, 4, 2, 1)
        self.tunnel4 = tunnel(8 * w + SEEN, 8 * w, 4 * w, (1,) * 20)
        self.tunnel3 = tunnel(8 * w, 4 * w, 2 * w, wide)
        self.tunnel2 = tunnel(4 * w, 2 * w, w, wide)
        self.tunnel1 = tunnel(2 * w, w, w // 2, (1, 2, 4, 2, 1))
        self.exit = nn.Conv2d(w, 3, 3, padding=1)

    def forward(self, sketch: Tensor, seen: Tensor) -> Tensor:
        """Sketch (B, 1, h, w) in [0, 1], seen (B, 512, h / 16, w / 16) -> paint float32 (B, 3, h, w) in [0, 1]."""
        x0 = self.to0(sketch * 2 - 1)
        x1 = self.to1(x0)
        x2 = self.to2(x1)
        x3 = self.to3(x2)
        x = self.tunnel4(torch.cat([self.to4(x3), seen], 1))
        x = self.tunnel3(torch.cat([x, x3], 1))
        x = self.tunnel2(torch.cat([x, x2], 1))
        x = self.tunnel1(torch.cat([x, x1], 1))
        return (self.exit(torch.cat([x, x0], 1)).float().tanh() + 1) / 2


class AlacganCritic(nn.Module):
    """How real a picture looks for a sketch in which the pretrained net saw this: a score, not a chance."""

    def __init__(self, width: int = WIDTH):
        super().__init__()
        w = width
        self.picture = nn.Sequential(
            activated(3, w, 7),
            activated(w, w, 4, 2),
            *(
                layer
                for wide in (w, 2 * w)
                for layer in (Bottleneck(wide), Bottleneck(wide, stride=2), activated(wide, 2 * wide, 1))
            ),
            Bottleneck(4 * w),
            Bottleneck(4 * w, stride=2),
        )
        self.both = nn.Sequential(
            activated(4 * w + SEEN, 8 * w),
            *(Bottleneck(8 * w, stride=stride) for stride in (1, 2, 1, 2, 1)),
        )
        self.score = nn.Linear(8 * w, 1)

    def forward(self, picture: Tensor, seen: Tensor) -> Tensor:
        """Picture (B, 3, h, w) in [0, 1], seen (B, 512, h / 16, w / 16) -> scores float32 (B,)."""
        x = self.both(torch.cat([self.picture(picture * 2 - 1), seen], 1))
        score: Tensor = self.score(F.leaky_relu(x, 0.2).mean((2, 3)))[:, 0]
        return score.float()


def gradient_penalty(critic: nn.Module, real: Tensor, made: Tensor, seen: Tensor) -> Tensor:
    """Mean of (|gradient of the critic| - 1)^2 between real and made pictures (B, 3, h, w), a scalar.

    Source: Gulrajani et al. 2017, "Improved Training of Wasserstein GANs" (arXiv 1704.00028), equation 3.
    """
    between = real.lerp(made, torch.rand(len(real), 1, 1, 1, device=real.device)).requires_grad_()
    (gradient,) = torch.autograd.grad(critic(between, seen).sum(), between, create_graph=True)
    return (gradient.float().flatten(1).norm(dim=1) - 1).square().mean()


class AlacganTask(PictureTask):
    """AlacGAN as a training task."""

    def __init__(self, data: Path, settings: Settings, *, learning_rate: float = 5e-4):
        """Set up on a data set.

        Raises:
            MissingExtraError: the weights of VGG16 cannot be had.
        """
        super().__init__(data, settings)
        self.vgg = {name: weight.to(self.device) for name, weight in vgg_weights().items()}
        self.generator, self.critic = AlacganGenerator(), AlacganCritic()
        self.nets = {"generator": self.generator, "critic": self.critic}
        for net in self.nets.values():
            net.to(self.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.optimizers = {
            name: torch.optim.Adam(net.parameters(), lr=learning_rate, betas=(0.5, 0.9))
            for name, net in self.nets.items()
        }

    def step(self, step: int, batch: PictureBatch) -> dict[str, float | Tensor]:
        """One step of the critic, then one of the generator."""
        batch = batch.to(self.device)
        with autocast(self.device):
            seen = see(self.vgg, batch.sketch)
            made, real = self.generator(batch.sketch, seen) * batch.ink, batch.paint * batch.ink
            of_real, of_made = self.critic(real, seen), self.critic(made.detach(), seen)
        penalty = gradient_penalty(self.critic, real, made.detach(), seen.float())
        distance = of_real.mean() - of_made.mean()
        ranks.descend(self.optimizers["critic"], PENALTY * penalty + DRIFT * of_real.square().mean() - distance)

        self.critic.requires_grad_(False)
        with autocast(self.device):
            content = self._content_loss(made, real)
            adversarial = -self.critic(made, seen).mean()
        ranks.descend(self.optimizers["generator"], content + ADVERSARIAL * adversarial)
        self.critic.requires_grad_(True)
        return {"content": content, "adversarial": adversarial, "distance": distance, "penalty": penalty}

    def _content_loss(self, made: Tensor, real: Tensor) -> Tensor:
        """Squared error of the fourth convolution of VGG16, relu2_2."""
        ours, true = (
            vgg_features(self.vgg, F.avg_pool2d(pictures, 2) * 2 - 1, 2)[-1].float() for pictures in (made, real)
        )
        return (ours - true).square().mean() / ranks.mean(true.square().mean())

    def paint(self, net: nn.Module, batch: PictureBatch) -> Tensor:
        """What a generator paints: float32 (B, 3, h, w) in [0, 1]."""
        with autocast(self.device):
            paint: Tensor = net(batch.sketch, see(self.vgg, batch.sketch))
        return paint


class Alacgan(Painter):
    """The trained generator."""

    name, steered = "AlacGAN (automatic)", False

    def __init__(self, checkpoint: Path, device: str | None = None):
        """Load a checkpoint.

        Raises:
            MissingExtraError: the weights of VGG16 cannot be had.
            ModelError: the checkpoint is damaged or of another net.
        """
        self.device, self.net = pick_device(device), AlacganGenerator()
        load_averages(checkpoint, {"generator": self.net})
        self.net.eval().to(self.device)
        self.vgg = {name: weight.to(self.device) for name, weight in vgg_weights().items()}

    def paint(self, sketch: Tensor, histogram: npt.NDArray[np.float32]) -> Tensor:
        """Paint a sketch float32 (1, 1, h, w) of net size -> float32 (1, 3, h, w) in [0, 1], whatever the histogram."""
        sketch = sketch.to(self.device)
        paint: Tensor = self.net(sketch, see(self.vgg, sketch))
        return paint


@torch.no_grad()
def see(vgg: dict[str, Tensor], sketch: Tensor) -> Tensor:
    """What VGG16 sees in sketches (B, 1, h, w): its relu4_3 at half their size, (B, 512, h / 16, w / 16)."""
    features = vgg_features(vgg, F.avg_pool2d(sketch, 2).expand(-1, 3, -1, -1) * 2 - 1, 4)[-1]
    # Its blurred poolings leave a row and a column more than half.
    return F.interpolate(features, [side // 16 for side in sketch.shape[2:]], mode="bilinear")
