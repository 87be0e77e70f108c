-- Asks for decisions, each with an id of its own and the next of ten thousand users.
-- Run by wrk through tools/bench with the name of the run and, where it is to be paced, the requests a second of all threads.
-- A paced run sends each request at its time by a clock of its own, whether those before are answered or not, as far as
-- there are connections that wait.

local ffi = require("ffi")
ffi.cdef [[
  typedef struct { long seconds; long nanoseconds; } daybook_time;
  int clock_gettime(int clock, daybook_time *time);
]]
local threads = 0
local clock = ffi.new("daybook_time")

local function milliseconds()
  ffi.C.clock_gettime(1, clock)
  return tonumber(clock.seconds) * 1000 + tonumber(clock.nanoseconds) / 1e6
end

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(arguments)
  run = arguments[1]
  -- Two threads share the pace.
  interval = arguments[2] and 2000 / tonumber(arguments[2])
  count = 0
  due = 0
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
  wrk.headers["Authorization"] = "Bearer " .. os.getenv("DAYBOOK_KEY")
end

function delay()
  if not interval then return 0 end
  local now = milliseconds()
  if due == 0 then due = now end
  due = due + interval
  return math.max(0, math.floor(due - now + 0.5))
end

function request()
  count = count + 1
  local id = string.format("%s-%d-%09d", run, number, count)
  local body = '{"id":"' .. id .. '","operation":"sentiment_analysis","team":"team-7","user":"user-'
    .. (count * 2 + number) % 10000 .. '","estimate":{"input_tokens":1154,"output_tokens":211}}'
  return wrk.format(nil, nil, nil, body)
end

function done(summary, latency, requests)
  io.write(string.format('{"requests":%d,"duration":%d,"p50":%d,"p99":%d,"refused":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write
      + summary.errors.timeout))
end
