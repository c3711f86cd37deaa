"""Scenes: violations and faults composed onto a camera's footage, with the truth beside."""
