/**
 * Lua scripts that Redis runs atomically. All keys of a cluster share a hash tag (`{…}:`), so they lie in one slot.
 * Times are milliseconds.
 */

/**
 * Renews a node's lease and publishes its heartbeat to it. Returns the number of nodes. KEYS: its lease, set of nodes,
 * time when this Redis first saw the cluster. ARGV: node, lease duration, heartbeat number.
 */
export const beatScript = `
redis.call('SET', KEYS[1], '1', 'PX', ARGV[2])
redis.call('SADD', KEYS[2], ARGV[1])
local time = redis.call('TIME')
redis.call('SET', KEYS[3], time[1] * 1000 + math.floor(time[2] / 1000), 'NX')
redis.call('PUBLISH', KEYS[1], ARGV[3])
return redis.call('SCARD', KEYS[2])`;

/** Removes a node. KEYS: its lease, set of nodes. ARGV: node. */
export const leaveScript = `
redis.call('DEL', KEYS[1])
redis.call('SREM', KEYS[2], ARGV[1])`;

/**
 * Publishes a message. Returns how long to wait for nodes that a restart of Redis may have lost, then each node with
 * the rest of its lease. KEYS: set of nodes, message channel, time when this Redis first saw the cluster. ARGV: prefix
 * of leases, lease duration, message.
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
 * Takes all names or none; names held by a node without a lease are free. Returns the fence and 1 if a name was just
 * released (else 0), or nothing if a name is taken. KEYS: highest fence, names. ARGV: node, deadline, prefix of leases.
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

/**
 * Releases names and marks them as released for ten seconds. KEYS: message channel, names. ARGV: value of the lease,
 * message.
 */
export const releaseScript = `
for i = 2, #KEYS do
  if redis.call('GET', KEYS[i]) == ARGV[1] then redis.call('SET', KEYS[i], 'free', 'PX', 10000) end
end
redis.call('PUBLISH', KEYS[1], ARGV[2])`;

/**
 * Charges all accounts or none. Returns the index and balance of the first empty account, or nothing.
 * KEYS: accounts. ARGV: amount, refill per minute, and `settle` to charge empty accounts too.
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

/**
 * Counts an event and returns the count. The count expires a window after its first event. KEYS: counter. ARGV: window.
 */
export const countScript = `
local times = redis.call('INCR', KEYS[1])
if times == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return times`;
