"""The page in the browser: `streamlit run app.py`, or `make app`."""

from streamlit.starlette import App

from formcheck.live.site import LiveSite
from formcheck.web import main

# Both pages are one app, on one port. `streamlit run` finds it by the words `app = App(`.
site = LiveSite()
app = App(
    main.__file__,
    routes=site.routes(),
    middleware=site.middleware(),
    lifespan=site.lifespan,
)
