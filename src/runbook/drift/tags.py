"""Which images a tag stands for."""

from __future__ import annotations

from runbook.model import Target
from runbook.model.deployment import Deployment


def references(tag: str, target: Target, seen: Deployment) -> tuple[str, ...]:
    """The images a tag stands for: those of the services that are released with one.

    What is more than a tag is an image by itself.
    """
    if ":" in tag or "/" in tag:
        return (tag,)
    released = [name for name in (target.services.api, target.services.frontend) if name]
    own = (seen.services[name].shape.image for name in released if name in seen.services)
    return tuple(f"{image.rpartition(':')[0] or image}:{tag}" for image in own if image)
