"""A system we may break: an Aura Flow stand-in of real parts, and the faults to put into it."""
