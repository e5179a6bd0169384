"""The dialects that storms use. A new dialect is one more value here."""

from tests.stack.dialects.growi import GROWI
from tests.stack.dialects.noticia import NOTICIA
from tests.stack.dialects.sequenzy import SEQUENZY
from tests.stack.dialects.siren import SIREN
from tests.stack.dialects.spoken import Dialect

DIALECTS: dict[str, Dialect] = {it.name: it for it in (SIREN, SEQUENZY, NOTICIA, GROWI)}
