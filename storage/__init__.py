"""Values to and from what keeps them: series stores, SQL, the site folder."""
