"""Print DATABASE_URL as the variables that PostgreSQL's programs read.

On a command line everybody on the machine would see the password.
"""

import os
import shlex

import dj_database_url

database = dj_database_url.parse(os.environ["DATABASE_URL"])
options = database.get("OPTIONS", {})
variables = {
    "PGHOST": database["HOST"] or options.get("host"),
    "PGPORT": database["PORT"],
    "PGUSER": database["USER"],
    "PGPASSWORD": database["PASSWORD"],
    "PGDATABASE": database["NAME"],
    "PGSSLMODE": options.get("sslmode"),
}
for name, value in variables.items():
    if value:
        print(f"export {name}={shlex.quote(str(value))}")
