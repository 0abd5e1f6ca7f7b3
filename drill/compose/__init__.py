"""The same stand-in on real containers: what a deployment of Aura Flow looks like."""
