#!/bin/sh
# Run once by the PostgreSQL image on an empty volume. Headend's login is no superuser, so that row-level security holds for
# it; it may create roles, because it makes one a subgraph, and owns its database.
set -eu
psql --set ON_ERROR_STOP=1 --set "password=$HEADEND_DATABASE_PASSWORD" --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
create role headend login noinherit createrole password :'password';
create database headend owner headend;
SQL
