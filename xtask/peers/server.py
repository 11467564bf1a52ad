"""The peers' moto server: ../shared/tools/moto_counted.py, where each database has an id of its own.

    python server.py TOOLS --port PORT

moto gives every RDS instance one DbiResourceId; AWS Config, and so Posture, tells instances apart by it.
"""

import hashlib
import sys

from moto.rds import models

sys.path.insert(0, sys.argv.pop(1))
import moto_counted

made = models.DBInstance.__init__


def distinct(self, *arguments, **named):
    made(self, *arguments, **named)
    digest = hashlib.sha256(self.db_instance_identifier.encode()).hexdigest()
    self.dbi_resource_id = f"db-{digest[:26].upper()}"


models.DBInstance.__init__ = distinct
moto_counted.main()
