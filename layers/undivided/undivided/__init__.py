"""Ask an expert, and one expert answers you, with their whole attention, until you have what you came for.

Where things live: `conversation.py` and its neighbours are the heart (plain data and pure decisions); `attention/`, `expertise/`,
`promise/`, `mail/`, `sale/` and `insight/` are pure wings, one concern each; `steps/` loads, decides and commits;
`aws/` talks to AWS; `pages/` and `templates/` show things to people. docs/architecture.md is the map.
"""
