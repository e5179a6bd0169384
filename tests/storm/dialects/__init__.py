"""The dialects that storms are thrown in. Another one is another value here, and nothing else."""

from tests.storm.dialects.growi import GROWI
from tests.storm.dialects.noticia import NOTICIA
from tests.storm.dialects.sequenzy import SEQUENZY
from tests.storm.dialects.siren import SIREN
from tests.storm.dialects.spoken import Dialect

DIALECTS: dict[str, Dialect] = {it.name: it for it in (SIREN, SEQUENZY, NOTICIA, GROWI)}
