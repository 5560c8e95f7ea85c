"""The bundle over HTTP, for programs and people on one machine or in one office.

    app = create_app(service)   (`app`; `run` gives it to uvicorn, `cli` reads the options)

A request passes `observing` (request id, log, figures), `guard` (keys), `admission` (limits, deadline), then one of the
routers: `tagging`, `reports`, `compare`, `votes`, `about`, `studio`, `home`. What they share
is a `Service`. Needs the extra `serve`.
"""
