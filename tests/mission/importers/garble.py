"""Ways in which a CSV file reaches us spoiled, for property tests of every importer."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

from hypothesis import strategies as st

from bluehelm.errors import ImportFileError

CELLS = st.sampled_from(
    ["", "NA", "unknown", "-1", "0", "1e400", "nan", "inf", "1,5", "12.5", "2016-12-31", "31/12/2016", "0000-00-00",
     "9" * 400, "\ufeff", '"', "''", "\n", "#date", "é", "名称", "2016-02-30", "-999999999999", "TRUE", "\x00"]
)  # fmt: skip


@st.composite
def spoiled(draw: st.DrawFn, good: str) -> bytes:
    """Draw a spoiled form of a good file."""
    lines = [line.split(",") for line in good.splitlines()]
    for _ in range(draw(st.integers(0, 4))):
        row = draw(st.integers(0, len(lines) - 1))
        column = draw(st.integers(0, len(lines[row]) - 1))
        lines[row][column] = draw(CELLS | st.text(max_size=8))
    if draw(st.booleans()):
        lines = [line for line in lines if draw(st.integers(0, 5))]
    separator = draw(st.sampled_from([",", ",", ",", ";", "\t", "|", " "]))
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    data = end.join(separator.join(line) for line in lines).encode("utf-8", errors="surrogatepass")
    data = draw(st.sampled_from([b"", b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\x1f\x8b"])) + data
    if draw(st.integers(0, 3)) == 0 and data:
        at = draw(st.integers(0, len(data) - 1))
        data = data[:at] + draw(st.binary(max_size=6)) + data[at + draw(st.integers(0, 40)) :]
    packed = draw(st.integers(0, 5))
    return data if packed else gzip.compress(data, mtime=0)[: draw(st.integers(0, 400))]


def reads_or_says_why(read: Callable[[Path], object], data: bytes, folder: Path) -> None:
    """Read the file; the only failure allowed is an error that a reader can act on."""
    for name in ("spoiled.csv", "spoiled.csv.gz"):
        path = folder / name
        path.write_bytes(data)
        said = "read"
        try:
            read(path)
        except ImportFileError as error:
            said = str(error)
        assert said
