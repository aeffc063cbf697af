"""PyTorch, trained by the loop that its tutorials show: `python torch_peer.py [plain | channels-last | compiled]`."""

import os
import sys

import numpy as np
import torch
from protocol import Clock, answer, read_data, read_weights, requests
from torch import nn
from torch.nn import functional as F

WAY = sys.argv[1] if len(sys.argv) > 1 else "plain"
FORMAT = torch.channels_last if WAY == "channels-last" else torch.contiguous_format
torch.set_num_threads(os.cpu_count() or 1)

ACTIVATIONS = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid, "linear": nn.Identity, "softmax": nn.Identity}


class LastState(nn.Module):
    """An LSTM's state after the last step."""

    def __init__(self, features, units):
        super().__init__()
        self.lstm = nn.LSTM(features, units, batch_first=True)
        # Keras and tfjs have one bias where PyTorch has two.
        self.lstm.bias_hh_l0.requires_grad_(False)

    def forward(self, x):
        return self.lstm(x)[1][0][0]


class Residual(nn.Module):
    def __init__(self, branch, shortcut):
        super().__init__()
        self.branch, self.shortcut = branch, shortcut

    def forward(self, x):
        return F.relu(self.branch(x) + self.shortcut(x))


class Tied(nn.Module):
    """A dense layer with the transpose of another one's kernel."""

    def __init__(self, source, units):
        super().__init__()
        self.source = [source]  # In a list, so that its weights are not counted twice.
        self.bias = nn.Parameter(torch.zeros(units))

    def forward(self, x):
        return F.linear(x, self.source[0].weight.t(), self.bias)


class Builder:
    """Builds a case's layers and gives them the weights that every peer starts from."""

    def __init__(self, weights):
        self.weights, self.named, self.flattened = weights, {}, None

    def chain(self, layers, shape):
        modules = []
        for layer in layers:
            built, shape = getattr(self, layer["kind"])(layer, shape)
            modules += built
        return nn.Sequential(*modules), shape

    def dense(self, layer, shape):
        kernel, bias = self.weights[layer["name"]]
        if self.flattened:  # Pictures were flattened channels first here, and channels last there.
            height, width, channels = self.flattened
            kernel = kernel.reshape(height, width, channels, -1).transpose(2, 0, 1, 3).reshape(*kernel.shape)
            self.flattened = None
        module = nn.Linear(shape[-1], layer["units"])
        put(module.weight, kernel.T)
        put(module.bias, bias)
        self.named[layer["name"]] = module
        return [module, ACTIVATIONS[layer["activation"]]()], [layer["units"]]

    def tied(self, layer, shape):
        module = Tied(self.named[layer["to"]], layer["units"])
        return [module, ACTIVATIONS[layer["activation"]]()], [layer["units"]]

    def conv(self, layer, shape):
        height, width, channels = shape
        size, strides = layer["size"], layer["strides"]
        out = [-(-side // strides) for side in (height, width)]
        module = nn.Conv2d(channels, layer["filters"], size, strides, padding=0, bias=False)
        put(module.weight, self.weights[layer["name"]][0].transpose(3, 2, 0, 1))
        # Where strides divide the sides unevenly, TensorFlow pads one more after than before.
        pads = [max((o - 1) * strides + size - side, 0) for o, side in zip(out, (height, width))]
        if pads[0] == pads[1] and pads[0] % 2 == 0:
            module.padding = (pads[0] // 2, pads[1] // 2)
            return [module], [*out, layer["filters"]]
        before = [pad // 2 for pad in pads]
        padding = nn.ZeroPad2d((before[1], pads[1] - before[1], before[0], pads[0] - before[0]))
        return [padding, module], [*out, layer["filters"]]

    def norm(self, layer, shape):
        return [nn.BatchNorm2d(shape[-1], eps=1e-3, momentum=0.1)], shape

    def relu(self, layer, shape):
        return [nn.ReLU()], shape

    def pool(self, layer, shape):
        return [nn.MaxPool2d(2)], [shape[0] // 2, shape[1] // 2, shape[2]]

    def flatten(self, layer, shape):
        self.flattened = shape
        return [nn.Flatten()], [int(np.prod(shape))]

    def average(self, layer, shape):
        return [nn.AdaptiveAvgPool2d(1), nn.Flatten()], [shape[-1]]

    def lstm(self, layer, shape):
        module = LastState(shape[-1], layer["units"])
        kernel, recurrent, bias = self.weights[layer["name"]]
        put(module.lstm.weight_ih_l0, kernel.T)
        put(module.lstm.weight_hh_l0, recurrent.T)
        put(module.lstm.bias_ih_l0, bias)
        put(module.lstm.bias_hh_l0, bias)
        return [module], [layer["units"]]

    def residual(self, layer, shape):
        shortcut, _ = self.chain(layer["shortcut"], shape)
        branch, shape = self.chain(layer["branch"], shape)
        return [Residual(branch, shortcut)], shape


def put(parameter, values):
    with torch.no_grad():
        parameter.copy_(torch.from_numpy(np.ascontiguousarray(values)))


class Training:
    """A model under way."""

    def __init__(self, task, examples=None):
        self.task, spec = task, task["spec"]
        x, y = read_data(task)
        x = torch.from_numpy(x[:examples])
        y = torch.from_numpy(y[:examples])
        if len(spec["input"]) == 3:
            x = x.permute(0, 3, 1, 2).contiguous(memory_format=FORMAT)
        # Targets as PyTorch takes them: class numbers.
        self.x, self.y = x, y.argmax(1) if spec["loss"] == "categoricalCrossentropy" else y
        model, _ = Builder(read_weights(task)).chain(spec["layers"], spec["input"])
        self.model = model.to(memory_format=FORMAT).train()
        if WAY == "compiled":
            self.model = torch.compile(self.model)
        self.loss = F.cross_entropy if spec["loss"] == "categoricalCrossentropy" else F.mse_loss
        rate = spec["optimizer"]["learningRate"]
        trained = [p for p in self.model.parameters() if p.requires_grad]
        self.optimizer = (
            torch.optim.Adam(trained, lr=rate, eps=1e-7)
            if spec["optimizer"]["kind"] == "adam"
            else torch.optim.SGD(trained, lr=rate, momentum=0.9)
        )

    def turn(self):
        clock, batch, count = Clock(), self.task["batch"], len(self.x)
        order = torch.randperm(count) if self.task["shuffle"] else torch.arange(count)
        total = 0.0
        for at in range(0, count, batch):
            picked = order[at : at + batch]
            loss = self.loss(self.model(self.x[picked]), self.y[picked])
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            total += loss.item() * len(picked)
        return {"milliseconds": clock.milliseconds(), "loss": total / count}


def augment(task):
    """One picture after the other, each changed in its own way, as a data set's `transform` does."""
    from torchvision.transforms import InterpolationMode, v2

    x, _ = read_data(task)
    images = torch.from_numpy(x[: task["batch"]]).permute(0, 3, 1, 2).contiguous()
    change = v2.Compose(
        [
            v2.RandomHorizontalFlip(0.5),
            v2.RandomAffine(15, translate=(3 / 28, 3 / 28), interpolation=InterpolationMode.BILINEAR),
        ]
    )
    clock = Clock()
    for _ in range(task["steps"]):
        torch.stack([change(image) for image in images])
    return {"milliseconds": clock.milliseconds()}


def ensemble(task, members, turns):
    clock = Clock()
    for _ in range(members):
        training = Training(task)
        for _ in range(turns):
            training.turn()
    return {"milliseconds": clock.milliseconds()}


def first(task):
    training = Training(task)
    return training.turn()


sessions = {}
for request in requests():
    try:
        op = request["op"]
        if op == "start":
            sessions[request["session"]] = Training(request["task"])
            answer(**sessions[request["session"]].turn())
        elif op == "turn":
            answer(**sessions[request["session"]].turn())
        elif op == "stop":
            del sessions[request["session"]]
            answer(milliseconds=0)
        elif op == "first":
            answer(**first(request["task"]))
        elif op == "ensemble":
            answer(**ensemble(request["task"], request["members"], request["turns"]))
        elif op == "augment":
            answer(**augment(request["task"]))
        else:
            answer(error=f"cannot {op}")
    except Exception as error:  # The benchmark says which peer could not do what, and goes on.
        answer(error=repr(error))
