"""The journal: an SMTP or LMTP server that takes copies of letters and keeps nothing but their envelopes.

`door` decides who may come in, `server` speaks the protocol, `writer` keeps what came in, group by group, and only then
is a copy answered with 250; `running` starts and stops the three. All answers stand in `answers`.
"""
