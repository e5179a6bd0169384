"""The dialects that storms are thrown in. Another one is another value here, and nothing else."""

from tests.stack.dialects.growi import GROWI
from tests.stack.dialects.noticia import NOTICIA
from tests.stack.dialects.sequenzy import SEQUENZY
from tests.stack.dialects.siren import SIREN
from tests.stack.dialects.spoken import Dialect

DIALECTS: dict[str, Dialect] = {it.name: it for it in (SIREN, SEQUENZY, NOTICIA, GROWI)}
