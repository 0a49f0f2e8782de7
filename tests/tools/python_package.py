"""The Python package of this build, for its tests; without it, or Gymnasium, they are skipped."""

import os
import sys
import sysconfig
import warnings
from pathlib import Path

BUILD = Path(os.environ.get("ANOLE_BUILD_DIR", "build/release")).resolve()
SOURCE = Path(os.environ["ANOLE_SOURCE_DIR"]).resolve()
MINOR = f"{sys.version_info.major}.{sys.version_info.minor}"
PACKAGES = SOURCE / ".deps" / f"python{MINOR}"
FOLDERS = [str(BUILD / "python"), str(PACKAGES)]


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(77)


if not PACKAGES.exists():
    skip(f"no {PACKAGES} (from tools/fetch_python gymnasium)")
if not (BUILD / f"python/anole/_native{sysconfig.get_config_var('EXT_SUFFIX')}").exists():
    skip(f"no package of Python {MINOR} in {BUILD} (tools/fetch_python nanobind, and headers)")
sys.path[:0] = FOLDERS
warnings.simplefilter("error")
