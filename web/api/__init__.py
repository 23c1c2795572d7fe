"""The API, `/api/v1`: what the pages read and do, for programs. `docs/api.md` is written for those who use it.

A request comes with a token (`door`), never with a cookie. An *operation* (`operations`) is a function whose arguments
and answer are typed; pydantic checks what was sent against them and writes the schemas of the OpenAPI document
(`document`) from them, so that what is said of an operation is what it does. Operations call the same services and
queries as the pages, stand behind the same guards, and end in the same border: one commit, and every error in one place
(`problems`). The module is `web.api.service`; what there is stands in `web.api.resources`, one module a noun.
"""
