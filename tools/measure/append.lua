-- Appends one completion a request, each with an id of its own: run, thread and number, ascending.
-- Run by wrk through tools/bench; the key comes in the environment, where it does not show in the list of processes.

local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(arguments)
  run = arguments[1]
  count = 0
  refused = 0
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/cloudevents+json"
  wrk.headers["Authorization"] = "Bearer " .. os.getenv("DAYBOOK_KEY")
end

function request()
  count = count + 1
  local id = string.format("%s-%d-%09d", run, number, count)
  local body = '{"specversion":"1.0","id":"' .. id .. '","source":"/bench/wrk","type":"completion.recorded",'
    .. '"subject":"call/' .. id .. '","data":{"operation":"chat_message","model":"deepseek","provider":"deepseek",'
    .. '"attempt":1,"status":"ok","usage":{"input_tokens":1154,"output_tokens":211},"usage_source":"provider",'
    .. '"latency_ms":4021,"team":"team-7","user":"user-' .. count % 1000 .. '"}}'
  return wrk.format(nil, nil, nil, body)
end

function done(summary, latency, requests)
  io.write(string.format('{"requests":%d,"duration":%d,"p50":%d,"p99":%d,"refused":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write
      + summary.errors.timeout))
end
