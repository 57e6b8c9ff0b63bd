"""Publishes, lists and retries with the client that openapi-python-client made from openapi.json."""

import os
import time

from client import AuthenticatedClient
from client.api.deliveries import deliveries_list, deliveries_retry
from client.api.events import events_publish
from client.api.spaces import spaces_create
from client.api.subscriptions import subscriptions_create
from client.api.test_receivers import test_receivers_create
from client.models import CreateSpace, DeliveriesListStatus, NewEventInput, NewEventInputData, NewSubscription

client = AuthenticatedClient(base_url=os.environ["BASE"], token=os.environ["KEY"], raise_on_unexpected_status=True)


def until_succeeded(space, attempts):
    """The event's one delivery, once it has succeeded with this many attempts."""
    for _ in range(600):
        page = deliveries_list.sync(space, client=client, status=DeliveriesListStatus.SUCCEEDED)
        found = [delivery for delivery in page.data if delivery.attempt_count == attempts]
        if found:
            return found[0]
        time.sleep(0.1)
    raise AssertionError(f"no delivery succeeded with {attempts} attempts")


space = spaces_create.sync(client=client, body=CreateSpace(name="Python"))
receiver = test_receivers_create.sync(space.id, client=client)
subscriptions_create.sync(space.id, client=client, body=NewSubscription(url=receiver.url))

data = NewEventInputData.from_dict({"id": "lead-1", "first_name": "Ada"})
published = events_publish.sync(space.id, client=client, body=NewEventInput(type_="lead.create", data=data))
assert published.deliveries == 1, published

delivery = until_succeeded(space.id, attempts=1)
assert delivery.event_id == published.id, delivery
assert delivery.created_at.tzinfo is not None, "times are read as times"

retried = deliveries_retry.sync(space.id, delivery.id, client=client)
assert retried.id == delivery.id, retried
until_succeeded(space.id, attempts=2)
print("The Python client published, listed and retried.")
