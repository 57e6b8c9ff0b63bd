"""Real things for schemathesis: what no schema can say, such as which ids, event types and cursors there are.

REAL_THINGS names a JSON file with them, written by run.ts.
"""

import json
import os
import random
import re

import schemathesis
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import TestPhase

with open(os.environ["REAL_THINGS"], encoding="utf-8") as file:
    REAL = json.load(file)

# How many requests of the valid ones name things that exist: the others show how a 404 looks.
SHARE = 0.85


def is_valid(case, location):
    components = case.meta.components
    if case.meta.generation.mode.is_negative and all(each.mode.is_positive for each in components.values()):
        # Something is invalid, and it is not said what: a real thing in its place would make it valid.
        return False
    component = components.get(location)
    return component is None or component.mode.is_positive


def fill_path(case):
    for name in list(case.path_parameters or {}):
        if name in REAL["path"] and random.random() < SHARE:
            # What is deleted must not be what the other requests need.
            last = case.operation.path.endswith("{" + name + "}")
            gone = case.method.upper() == "DELETE" and last
            case.path_parameters[name] = "gone" if gone else REAL["path"][name]


def fit_path(case):
    """A link may bring what its operation does not take, such as the name of another catalogue's event type."""
    for parameter in case.operation.path_parameters:
        schema = parameter.definition.get("schema", {})
        value = (case.path_parameters or {}).get(parameter.name)
        if "pattern" in schema and not re.search(schema["pattern"], str(value)):
            case.path_parameters[parameter.name] = REAL["path"][parameter.name]


def avoid_built_in(case):
    """Where a definition of the instance is removed, the built-in event of that name is there again."""
    if case.operation.path == "/v1/event-types/{name}" and case.method.upper() != "GET":
        case.path_parameters["name"] = "shop.opened"


def names_real_things(case):
    return all(REAL["path"].get(name) == value for name, value in (case.path_parameters or {}).items())


def fill_query(case):
    query = case.query or {}
    # Where a list or an export goes on is of one list of one space.
    for name in ("cursor", "after"):
        if name not in query:
            continue
        cursor = REAL["cursors"].get(case.operation.path) if names_real_things(case) else None
        if cursor is None or random.random() > SHARE:
            del query[name]
        else:
            query[name] = cursor
            # It goes on as its list began: sorted by when things were made.
            query.pop("sort", None)
    for name, value in REAL["query"].items():
        if name in query:
            query[name] = value


def fill_body(value, case):
    """Replaces what depends on the instance: its catalogue, allowed addresses, forms of secrets."""
    if isinstance(value, list):
        for item in value:
            fill_body(item, case)
        return
    if not isinstance(value, dict):
        return
    real_of = REAL["body"].get(case.operation.path, {})
    for name, real in real_of.items():
        if name in value:
            value[name] = real
    if case.operation.path == "/v1/broadcasts" and isinstance(value.get("event"), dict):
        of_events = REAL["body"]["/v1/spaces/{space}/events"]
        value["event"].update({name: real for name, real in of_events.items() if name in value["event"]})
        # A broadcast is read as an object: names such as `constructor` are refused, which events of one space may have.
        value["event"]["data"] = {"id": "lead-1"}
    form = value.get("body")
    if isinstance(form, dict) and "template" in form and "template" in real_of:
        form["template"] = real_of["template"]
    if case.method.upper() == "PUT" and case.operation.path.endswith("/subscriptions/{sub}"):
        # One that exists has a secret, and no other one is taken for it; its uid is the path's.
        value.pop("secret", None)
        value.pop("uid", None)
    if case.operation.path in ("/v1/spaces", "/v1/spaces/{space}"):
        fit_retention(value.get("retention"))


def fit_retention(retention):
    """No days beyond the instance's, and none beyond those of the events, which an earlier request may have set."""
    if not isinstance(retention, dict):
        return
    for name, (least, most) in REAL["retention"].items():
        if isinstance(retention.get(name), (int, float)):
            retention[name] = max(least, min(retention[name], most))


def fit_conditions(case):
    """Whether a PUT makes or replaces depends on what is there, so none says which it wants."""
    headers = case.headers or {}
    if case.method.upper() == "PUT":
        headers.pop("if-match", None)
        headers.pop("if-none-match", None)
    elif "if-match" in headers:
        headers["if-match"] = "*"


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.meta is None:
        return
    # In the stateful phase ids come from earlier answers, by the document's links.
    is_stateful = case.meta.phase.name == TestPhase.STATEFUL
    if is_valid(case, ParameterLocation.PATH):
        if is_stateful:
            fit_path(case)
            avoid_built_in(case)
        else:
            fill_path(case)
    if is_valid(case, ParameterLocation.QUERY):
        fill_query(case)
    if is_valid(case, ParameterLocation.BODY):
        fill_body(case.body, case)
    if is_valid(case, ParameterLocation.HEADER):
        fit_conditions(case)
