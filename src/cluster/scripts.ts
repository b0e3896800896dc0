/**
 * What happens in Redis in one step. All names of one cluster begin alike (`{…}:`), so they lie in one slot.
 * Times are milliseconds.
 */

/** A node lives on and hears itself. KEYS: its lease, all nodes, since when this Redis knows of us. ARGV: node, lease, beat. */
export const beatScript = `
redis.call('SET', KEYS[1], '1', 'PX', ARGV[2])
redis.call('SADD', KEYS[2], ARGV[1])
local time = redis.call('TIME')
redis.call('SET', KEYS[3], time[1] * 1000 + math.floor(time[2] / 1000), 'NX')
redis.call('PUBLISH', KEYS[1], ARGV[3])
return redis.call('SCARD', KEYS[2])`;

/** KEYS: as above. ARGV: node. */
export const leaveScript = `
redis.call('DEL', KEYS[1])
redis.call('SREM', KEYS[2], ARGV[1])`;

/**
 * Publishes news and answers whom to wait for: how long for anybody this Redis may have forgotten in a restart, then each
 * node and what is left of its lease. KEYS: all nodes, the news, since when. ARGV: prefix of leases, lease, text.
 */
export const publishScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('SET', KEYS[3], now, 'NX')
local answer = { tostring(math.max(0, redis.call('GET', KEYS[3]) + ARGV[2] - now)) }
for _, node in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  local left = redis.call('PTTL', ARGV[1] .. node)
  if left > 0 then
    table.insert(answer, node)
    table.insert(answer, tostring(left))
  else
    redis.call('SREM', KEYS[1], node)
  end
end
redis.call('PUBLISH', KEYS[2], ARGV[3])
return answer`;

/**
 * Takes all names or none; what belongs to a node without a lease is free. Answers the fence and whether one of them was just
 * released, or nothing. KEYS: the highest fence, then the names. ARGV: node, deadline, prefix of leases.
 */
export const acquireScript = `
local repeated = 0
for i = 2, #KEYS do
  local held = redis.call('GET', KEYS[i])
  if held then
    local node = string.match(held, '^%S+')
    if node == 'free' then repeated = 1
    elseif redis.call('EXISTS', ARGV[3] .. node) == 1 then return false end
  end
end
local time = redis.call('TIME')
local fence = math.max((redis.call('GET', KEYS[1]) or 0) + 1, time[1] * 1000 + math.floor(time[2] / 1000))
fence = string.format('%.0f', fence)
redis.call('SET', KEYS[1], fence)
for i = 2, #KEYS do redis.call('SET', KEYS[i], ARGV[1] .. ' ' .. fence, 'PX', ARGV[2]) end
return { fence, repeated }`;

/** Leaves a mark for ten seconds. KEYS: the news, then the names. ARGV: what they hold, text for whoever waits. */
export const releaseScript = `
for i = 2, #KEYS do
  if redis.call('GET', KEYS[i]) == ARGV[1] then redis.call('SET', KEYS[i], 'free', 'PX', 10000) end
end
redis.call('PUBLISH', KEYS[1], ARGV[2])`;

/**
 * Answers the first account that has nothing left and what that is, or nothing.
 * KEYS: accounts. ARGV: amount, per minute, and `settle` to charge in any case.
 */
export const chargeScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local full = tonumber(ARGV[2])
local left = {}
for i, key in ipairs(KEYS) do
  local known = redis.call('HMGET', key, 'left', 'at')
  left[i] = full
  if known[1] then left[i] = math.min(full, known[1] + (now - known[2]) / 60000 * full) end
  if not ARGV[3] and left[i] <= 0 then return { i, tostring(left[i]) } end
end
for i, key in ipairs(KEYS) do
  local rest = left[i] - ARGV[1]
  redis.call('HSET', key, 'left', tostring(rest), 'at', string.format('%.3f', now))
  redis.call('PEXPIRE', key, math.ceil((full - rest) / full * 60000) + 1000)
end
return false`;

/** KEYS: a name. ARGV: window. */
export const countScript = `
local times = redis.call('INCR', KEYS[1])
if times == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return times`;
