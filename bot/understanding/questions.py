"""Whether a message asks something, apart from asking whether and when somebody can come."""

from __future__ import annotations

import re

_ASKS = re.compile(
    r"[吗么?]|哪[个种些里儿步天边]|什么|啥|咋|有没有|(?<![也都还就又])不$|怎么|多久|多少|几[档度次个]|如何|能不能|可不可以|是不是|要不要|好不好"
)
_COMING = re.compile(
    r"(?:能不能|什么时候|几点|哪天|能|可以|来得及|有空|方便|要得)*(?:来|到|上门|过来|派人|派师傅)[来修看人下个一]*(?:吗|么|不|嘛|没有?|\?)+"
    r"|(?:行|可以|方便|有空|来得及|得空)(?:吗|么|不|嘛|\?)+"
)


def asks(text: str) -> bool:
    """Whether something is asked besides whether somebody can come."""
    return bool(_ASKS.search(_COMING.sub("", text)))
