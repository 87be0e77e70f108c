-- Reads one path again and again; with a number, for a position of so many each time.
-- Run by wrk through tools/bench; the key comes in the environment, where it does not show in the list of processes.

function init(arguments)
  last = tonumber(arguments[1] or "")
  math.randomseed(os.time())
  wrk.headers["Authorization"] = "Bearer " .. os.getenv("DAYBOOK_KEY")
end

function request()
  if not last then return wrk.format() end
  return wrk.format(nil, string.format("%s?position=%d", wrk.path, math.random(1, last)))
end

function done(summary, latency, requests)
  io.write(string.format('{"requests":%d,"duration":%d,"p50":%d,"p99":%d,"refused":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write
      + summary.errors.timeout))
end
