"""Values to and from what keeps them: series stores, SQL, the site folder."""

import detectors  # noqa: F401  says under which edition numba keeps what is compiled here too
