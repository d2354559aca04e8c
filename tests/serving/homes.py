"""Homes of a test's own that share what is large with the served one."""

import shutil

from linewise.core.home import Home


def home_of_its_own(served: Home, home: Home) -> Home:
    """The served home's bank and features by links, its registry and release as copies that a test may change."""
    home.data_dir.mkdir(parents=True)
    for part in ("bank", "feast", "features"):
        (home.data_dir / part).symlink_to(served.data_dir / part)
    shutil.copytree(served.releases_dir, home.releases_dir, ignore=shutil.ignore_patterns("archive"))
    shutil.copytree(served.mlruns_dir, home.mlruns_dir, ignore=shutil.ignore_patterns("artifacts"))
    return home
