-- Ranges of one size at places all over the film, the same places in every run.
-- arguments: size of the film, size of a range, both in bytes
local requests = {}
local turn = 0

function init(args)
  local film, range = tonumber(args[1]), tonumber(args[2])
  math.randomseed(7)
  for index = 1, 256 do
    local first = math.random(0, film - range)
    requests[index] = wrk.format("GET", nil, { Range = string.format("bytes=%d-%d", first, first + range - 1) })
  end
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"bytes":%d,"microseconds":%d,"p50Microseconds":%d,"p99Microseconds":%d,"errors":%d}\n',
    summary.requests, summary.bytes, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout
  ))
end
