# Stands in for postgres:18: Debian's PostgreSQL with the settings of the environment that docker-compose.yml uses.
FROM posthorn-test/debian
RUN apt-get update -q && apt-get install -y -q --no-install-recommends postgresql && rm -rf /var/lib/apt/lists/*
COPY postgres.sh /usr/local/bin/postgres.sh
VOLUME /var/lib/postgresql
STOPSIGNAL SIGINT
CMD ["sh", "/usr/local/bin/postgres.sh"]
