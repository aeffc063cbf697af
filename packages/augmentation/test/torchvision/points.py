"""Keypoints and boxes as torchvision moves them, for points.test.ts: python points.py > points.ts

Made with torchvision 0.29.2 and torch 2.15.0, on the CPU. torchvision turns keypoints about (W/2, H/2) although it
counts them from the first pixel's centre, so that the images' own centre is given to it here: ((W - 1)/2, (H - 1)/2).
Boxes are counted from its corner, and their centre is (W/2, H/2).
"""

import json
import math

import torch
from torchvision import tv_tensors
from torchvision.transforms.v2 import functional as F

HEIGHT, WIDTH = 40, 60
POINTS = [[3.0, 5.0], [30.0, 20.0], [58.0, 38.5], [0.0, 0.0], [59.0, 0.0], [12.25, 33.75]]
BOXES = [[2.0, 3.0, 10.0, 9.0], [20.0, 10.0, 45.0, 30.0], [50.0, 1.0, 60.0, 40.0], [0.0, 0.0, 60.0, 40.0]]
AFFINES = [
    {'angle': 0.0, 'translate': [7, -4], 'scale': 1.0, 'shear': 0.0},
    {'angle': 25.0, 'translate': [0, 0], 'scale': 1.0, 'shear': 0.0},
    {'angle': -90.0, 'translate': [0, 0], 'scale': 1.0, 'shear': 0.0},
    {'angle': 0.0, 'translate': [0, 0], 'scale': 0.5, 'shear': 0.0},
    {'angle': 0.0, 'translate': [0, 0], 'scale': 1.3, 'shear': 20.0},
    {'angle': 33.0, 'translate': [5, 3], 'scale': 0.8, 'shear': -12.0},
]


def keypoints():
    return tv_tensors.KeyPoints(torch.tensor(POINTS), canvas_size=(HEIGHT, WIDTH))


def boxes(form):
    given = tv_tensors.BoundingBoxes(torch.tensor(BOXES), format='XYXY', canvas_size=(HEIGHT, WIDTH))
    return F.convert_bounding_box_format(given, new_format=form)


def listed(moved):
    return [[round(value, 5) for value in row] for row in moved.tolist()]


def clamped(points):
    return F.clamp_keypoints(points)


def moves():
    yield {'flip': 'horizontal'}, F.horizontal_flip, F.horizontal_flip
    yield {'flip': 'vertical'}, F.vertical_flip, F.vertical_flip
    for affine in AFFINES:
        args = {**affine, 'shear': [affine['shear'], 0.0]}
        center = [(WIDTH - 1) / 2, (HEIGHT - 1) / 2]
        yield (
            {'affine': {**affine, 'angle': math.radians(affine['angle']), 'shear': math.radians(affine['shear'])}},
            lambda points, args=args: F.affine(points, **args, center=center),
            lambda them, args=args: F.affine(them, **args),
        )


cases = [
    {
        **what,
        'keypoints': listed(clamped(move_points(keypoints()))),
        'boxes': {form: listed(F.clamp_bounding_boxes(move_boxes(boxes(form.upper())))) for form in ('xyxy', 'xywh', 'cxcywh')},
    }
    for what, move_points, move_boxes in moves()
]
given = {form: listed(boxes(form.upper())) for form in ('xyxy', 'xywh', 'cxcywh')}
print('// Made by points.py, which says how.')
print('export const size = ' + json.dumps({'height': HEIGHT, 'width': WIDTH}) + ';')
print('export const keypoints = ' + json.dumps(POINTS) + ';')
print('export const boxes = ' + json.dumps(given) + ';')
print('export const cases = [')
for case in cases:
    print(json.dumps(case) + ',')
print('];')
