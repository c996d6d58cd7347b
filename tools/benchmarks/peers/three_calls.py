"""What the tutorials do, with requests: a token, the client by its name, a new secret into a file. Nothing is checked."""
import os
import sys

import requests

base = os.environ["ORIGIN"]
name, path = sys.argv[1:]
token = requests.post(
    f"{base}/oauth/token",
    auth=(os.environ["GENESYSCLOUD_OAUTHCLIENT_ID"], os.environ["GENESYSCLOUD_OAUTHCLIENT_SECRET"]),
    data={"grant_type": "client_credentials"},
    timeout=30,
).json()["access_token"]
headers = {"Authorization": f"Bearer {token}"}
client, page = None, 1
while client is None:
    answer = requests.get(f"{base}/api/v2/oauth/clients?pageNumber={page}", headers=headers, timeout=30).json()
    client = next((client for client in answer["entities"] if client["name"] == name), None)
    page += 1
answer = requests.post(f"{base}/api/v2/oauth/clients/{client['id']}/secret", headers=headers, timeout=30).json()
with open(path, "w", encoding="utf-8") as file:
    file.write(f"client_id={answer['id']}\nclient_secret={answer['secret']}\n")
