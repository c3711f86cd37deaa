"""Views: what pages show, as markup made of a glance and words; pure functions without a web framework."""
