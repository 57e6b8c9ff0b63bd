# Stands in for valkey/valkey:8: Debian's Redis, whose commands it has.
FROM posthorn-test/debian
RUN apt-get update -q && apt-get install -y -q --no-install-recommends redis-server && rm -rf /var/lib/apt/lists/* \
  && ln -s redis-server /usr/bin/valkey-server && ln -s redis-cli /usr/bin/valkey-cli
EXPOSE 6379
# As in the real image: everybody in the network may connect.
ENTRYPOINT ["sh", "-c", "exec \"$@\" --protected-mode no --bind 0.0.0.0", "--"]
