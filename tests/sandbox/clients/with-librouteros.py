"""Debian's librouteros (python3-librouteros) against a router. Usage: with-librouteros.py HOST PORT USER PASSWORD plain|token

Prints one JSON object of what it saw.
"""
import json
import sys

from librouteros import connect
from librouteros.exceptions import MultiTrapError, TrapError
from librouteros.login import plain, token
from librouteros.query import And, Key, Or

host, port, user, password, method = sys.argv[1:6]
api = connect(host=host, port=int(port), username=user, password=password, login_method={"plain": plain, "token": token}[method])
seen = {"identity": next(iter(api("/system/identity/print")))["name"]}

secrets = api.path("ppp", "secret")
ids = [secrets.add(name=f"lib-{number}", password="pw", service="pppoe", profile="plan-a", disabled=number > 2) for number in (1, 2, 3)]
# ASCII: version 3.1 counts characters where the protocol counts bytes.
secrets.update(**{".id": ids[0], "comment": "a" * 256})
name, disabled, comment = Key("name"), Key("disabled"), Key("comment")
seen["comment"] = [row["comment"] for row in secrets if row["name"] == "lib-1"]
seen["disabled"] = [row["name"] for row in secrets.select(name).where(disabled == True)]
seen["either"] = [row["name"] for row in secrets.select(name).where(Or(name == "lib-1", name == "lib-3"))]
seen["both"] = [row["name"] for row in secrets.select(name).where(And(disabled == False, name != "lib-1"))]
seen["in"] = [row["name"] for row in secrets.select(name).where(name.In("lib-2", "lib-3", "lib-9"))]


def refusal(act):
    try:
        tuple(act())
    except MultiTrapError as error:
        return [str(trap) for trap in error.traps]
    except TrapError as error:
        return str(error)
    return None


seen["duplicate"] = refusal(lambda: api("/ppp/secret/add", name="lib-1"))
seen["unknown"] = refusal(lambda: api("/nowhere/print"))
seen["missing"] = refusal(lambda: api("/ppp/secret/set", comment="x"))
secrets.remove(*ids)
seen["left"] = [row["name"] for row in secrets]
seen["nothing"] = list(api("/ip/firewall/filter/print"))
api.close()
print(json.dumps(seen))
