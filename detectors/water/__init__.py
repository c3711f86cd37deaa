"""Water: what a hydrologist knows, from classes of quality to the way of the water, as pure rules."""
