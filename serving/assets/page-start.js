// The page of `fazhi tag`: its reports stand in it.

start(JSON.parse(by("data").textContent));
