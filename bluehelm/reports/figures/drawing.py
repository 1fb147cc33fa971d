"""Draw a specification as SVG and PNG with vl-convert: no browser, no network, the same bytes each time."""

from __future__ import annotations

import json
import re
from functools import lru_cache

from bluehelm.reports.figures.look import Spec


def svg_of(spec: Spec) -> str:
    """Draw a figure as SVG."""
    return _svg(json.dumps(spec, ensure_ascii=False, sort_keys=True))


@lru_cache(maxsize=64)
def _svg(spec: str) -> str:
    import vl_convert

    return str(vl_convert.vegalite_to_svg(spec))


def png_of(svg: str) -> bytes:
    """Draw an SVG as PNG at twice its size."""
    import vl_convert

    return bytes(vl_convert.svg_to_png(svg, scale=2))


def inline(svg: str, key: str, description: str) -> str:
    """Make an SVG ready to stand in a page: one name for readers of screens, ids that no other figure uses."""
    from markupsafe import escape

    svg = re.sub(r'\b(id="|url\(#|href="#)', rf"\g<1>{key}-", svg)
    opening = f'<svg role="img" aria-label="{escape(description)}" '
    return svg.replace("<svg ", opening, 1).replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "")
