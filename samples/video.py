"""Write pictures as a small video that every browser plays."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import av

from samples.scene import Picture

QUALITY = 27  # libx264's constant rate factor: about 0.5 Mbit/s here, without visible blocks


def write_video(path: Path, pictures: Iterable[Picture], fps: int) -> None:
    """Write RGB pictures as H.264 in an .mp4 file whose index comes first."""
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream(
            "libx264", rate=fps, options={"crf": str(QUALITY), "preset": "slow", "threads": "1"}
        )
        stream.pix_fmt = "yuv420p"
        for i, picture in enumerate(pictures):
            if i == 0:
                stream.height, stream.width = picture.shape[:2]
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
