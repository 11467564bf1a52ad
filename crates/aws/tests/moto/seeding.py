"""What scripts share that seed a moto server: SCRIPT URL … The tests put this folder on Python's path."""

import sys

import boto3

URL = sys.argv[1]


def clients(region):
    """boto3's clients of the server, in a Region where no other is named."""

    def client(name, region=region):
        return boto3.client(
            name,
            region_name=region,
            endpoint_url=URL,
            aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
            aws_secret_access_key="secret",
        )

    return client
