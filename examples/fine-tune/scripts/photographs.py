"""Writes the photographs of this example, scaled down, and those that its base is trained on.

pip install scikit-learn scikit-image pillow
python scripts/photographs.py data            # china and flower, which are in the repository
python scripts/photographs.py --base folder   # for train-base.mjs

Each file is RGB, row by row, one byte per channel, compressed by gzip.
"""
import gzip
import os
import sys

import numpy as np
from PIL import Image

SIZE = (240, 160)


def write(folder, name, picture):
    scaled = Image.fromarray(picture).convert("RGB").resize(SIZE, Image.LANCZOS)
    path = os.path.join(folder, f"{name}.rgb.gz")
    with open(path, "wb") as file:
        file.write(gzip.compress(np.asarray(scaled, np.uint8).tobytes(), mtime=0))


def main(base, folder):
    os.makedirs(folder, exist_ok=True)
    if base:
        from skimage import data

        for name in ["astronaut", "brick", "chelsea", "coffee", "coins", "grass", "gravel", "hubble_deep_field",
                     "immunohistochemistry", "moon", "retina", "rocket"]:
            write(folder, name, getattr(data, name)())
    else:
        from sklearn.datasets import load_sample_image

        for name in ["china", "flower"]:
            write(folder, name, load_sample_image(f"{name}.jpg"))


if __name__ == "__main__":
    main(sys.argv[1] == "--base", sys.argv[-1])
