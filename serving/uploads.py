"""What one session may leave in memory: files that were sent and that no field of its page took.

Streamlit bounds each file, and forgets one when the page no longer has its field; a program that only sends is bounded
here.
"""

from __future__ import annotations

import re

from streamlit.runtime import get_instance
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from files.limits import BENCHMARKS_ON_A_PAGE

PUT = re.compile(r"/_stcore/upload_file/([^/]+)/[^/]+")
# Room for the largest set of files that a page takes, several times.
SETS = 4
MOST_BYTES, MOST_FILES = SETS * BENCHMARKS_ON_A_PAGE.bytes, SETS * BENCHMARKS_ON_A_PAGE.parts


def is_too_much(method: str, path: str, length: int) -> bool:
    """Whether a session holds so many files already that this one, of so many bytes, is not taken as well."""
    found = PUT.fullmatch(path) if method == "PUT" else None
    if found is None:
        return False
    manager = get_instance().uploaded_file_mgr
    assert isinstance(manager, MemoryUploadedFileManager)
    held = manager.file_storage.get(found[1], {})
    return len(held) >= MOST_FILES or sum(len(each.data) for each in held.values()) + length > MOST_BYTES
