"""What `faust -A streams.worker worker` loads: the app of the site that the environment names."""

import os

from storage.registry import load
from streams.app import build
from streams.parts import Parts
from streams.settings import Settings

settings = Settings.of(os.environ)
site = load(settings.site)
app = build(site, settings, Parts(site, settings))
