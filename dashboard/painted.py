"""Tables with colours and words of their own in some cells, as Streamlit reads them from a pandas Styler."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import pandas as pd
from pandas.io.formats.style import Styler


def painted(table: pd.DataFrame, words: Mapping[str, Iterable[str]], colours: Mapping[str, Iterable[str]]) -> Styler:
    """A Styler that knows beforehand what Streamlit asks of it: colours by cell and words by cell.

    pandas would write every cell as HTML, from which Streamlit takes these two back; for a ranking that was a third of
    what a live map's refresh costs. Streamlit knows a Styler by its very class, so this is one and no class of its own.

    Parameters
    ----------
    table
        What is shown; its values sort and draw bars.
    words
        By column, the words of its cells, top to bottom. Columns without stand as they are.
    colours
        By column, the CSS colours of its cells, "" for the theme's own.
    """
    numbers = {name: number for number, name in enumerate(table.columns)}
    cells: defaultdict[str, list[str]] = defaultdict(list)
    for name, inks in colours.items():
        for row, ink in enumerate(inks):
            if ink:
                cells[ink].append(f"row{row}_col{numbers[name]}")
    said = [
        {"id": f"row{row}_col{numbers[name]}", "display_value": word}
        for name, told in words.items()
        for row, word in enumerate(told)
    ]
    styles = [{"props": [("color", ink)], "selectors": own} for ink, own in cells.items()]
    styler = table.style
    styler._compute = lambda: styler
    styler._translate = lambda *_args, **_options: {"cellstyle": styles, "body": [said]}
    return styler
