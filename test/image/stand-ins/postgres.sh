set -eu
export PATH="$(echo /usr/lib/postgresql/*/bin):$PATH" PGDATA=/var/lib/postgresql/stand-in
as_postgres() { setpriv --reuid postgres --regid postgres --clear-groups "$@"; }

if [ ! -f "$PGDATA/PG_VERSION" ]; then
  chown postgres: /var/lib/postgresql
  password=$(mktemp)
  printf %s "$POSTGRES_PASSWORD" >"$password"
  chown postgres: "$password"
  as_postgres initdb -U "$POSTGRES_USER" --pwfile="$password" --auth=scram-sha-256
  rm "$password"
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
  echo "CREATE DATABASE $POSTGRES_DB" | as_postgres postgres --single postgres
fi
mkdir -p /var/run/postgresql && chown postgres: /var/run/postgresql
exec setpriv --reuid postgres --regid postgres --clear-groups postgres -c listen_addresses='*'
